import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RulePackSource } from '../model/records.ts';

/** Files of a folder that are packs. */
export const PACK_FILE = /\.ya?ml$/;

/** The `*.yaml` packs of a folder, by name. Throws with a sentence when the folder cannot be read. */
export function readRulePacks(dir: string): RulePackSource[] {
  try {
    const names = readdirSync(dir).filter((name) => PACK_FILE.test(name));
    return names.sort().map((name) => ({ name, text: readFileSync(join(dir, name), 'utf8') }));
  } catch (error) {
    throw new Error(`The rule packs in ${dir} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** True when both hold the same files with the same text. */
export function samePacks(a: readonly RulePackSource[], b: readonly RulePackSource[]): boolean {
  return a.length === b.length && a.every((pack, i) => pack.name === b[i].name && pack.text === b[i].text);
}
