import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { NO_PLAN } from '../../model/notices.ts';
import { readPlan, samePlan, webhookSecret } from './plan-file.ts';

function dataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-plan-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

it('a directory without the file has no routes', () => {
  expect(readPlan(dataDir())).toMatchObject({ plan: NO_PLAN });
});

it('a file is read, and one that is wrong is refused whole', () => {
  const dir = dataDir();
  writeFileSync(join(dir, 'notify.yaml'), 'repeat: 1h');
  expect(readPlan(dir)).toMatchObject({ plan: { repeatMs: 3_600_000 } });
  writeFileSync(join(dir, 'notify.yaml'), 'repeat: 1h\nrepaet: 2h');
  expect(readPlan(dir)).toEqual({ errors: ['notify.yaml:2:1: the file has no `repaet`; did you mean `repeat`?'] });
});

it('plans are the same whatever the order of their keys', () => {
  const { repeatMs, ...rest } = NO_PLAN;
  expect(samePlan({ repeatMs, ...rest, mqtt: undefined }, NO_PLAN)).toBe(true);
  expect(samePlan({ ...NO_PLAN, mqtt: false }, NO_PLAN)).toBe(false);
});

it('the secret comes from the environment, else from a file that only its owner may read and that is made once', () => {
  const dir = dataDir();
  expect(webhookSecret(dir, { WATCHFLOOR_WEBHOOK_SECRET: 'mine' })).toBe('mine');
  const made = webhookSecret(dir, {});
  expect(made).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(webhookSecret(dir, {})).toBe(made);
  expect(readFileSync(join(dir, 'notify.secret'), 'utf8').trim()).toBe(made);
  if (process.platform !== 'win32') expect(statSync(join(dir, 'notify.secret')).mode & 0o077).toBe(0);
});
