import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_PLAN, type NotifyPlan } from '../../model/notices.ts';
import { type ParsedPlan, PLAN_FILE, parsePlan } from './parse-plan.ts';

/** The file that holds what webhooks are signed with, where the environment does not. */
export const SECRET_FILE = 'notify.secret';

const NO_FILE: ParsedPlan = { plan: NO_PLAN, delivery: { webhooks: {} } };
const SECRET_BYTES = 32;

/** Reads `notify.yaml` of a data directory; a directory without one has no routes. Errors are sentences with line and column. */
export function readPlan(dataDir: string): ParsedPlan | { readonly errors: string[] } {
  try {
    return parsePlan(readFileSync(join(dataDir, PLAN_FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NO_FILE;
    return { errors: [`${PLAN_FILE} cannot be read: ${error instanceof Error ? error.message : error}`] };
  }
}

export function samePlan(a: NotifyPlan, b: NotifyPlan): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

/**
 * What webhooks are signed with: WATCHFLOOR_WEBHOOK_SECRET, else the text of `notify.secret`, which is made when it is missing and
 * which only its owner may read.
 */
export function webhookSecret(dataDir: string, env: NodeJS.ProcessEnv): string {
  if (env.WATCHFLOOR_WEBHOOK_SECRET) return env.WATCHFLOOR_WEBHOOK_SECRET;
  const file = join(dataDir, SECRET_FILE);
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if (secret !== '') return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}

/** With the keys of every object in one order: one plan may have been read from a checkpoint. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, v]) => [key, inOrder(v)]),
  );
}
