import { fileURLToPath } from 'node:url';
import { readRulePacks } from '../../core/control-room/rule-files.ts';
import { type JournalRecord, RECORD_KIND, type RulesChange } from '../../core/model/records.ts';
import { START_MS } from './record-fleet.ts';

/** The folder of the rule packs every room starts with. */
export const RULES_DIR = fileURLToPath(new URL('../../resources/rules', import.meta.url));

/** The record that puts the base rules in force. */
export function baseRulesRecord(): JournalRecord {
  const change: RulesChange = { packs: readRulePacks(RULES_DIR), by: 'startup' };
  const payload = new TextEncoder().encode(JSON.stringify(change));
  return { position: 0, nextPosition: 0, kind: RECORD_KIND.rules, flags: 0, count: 0, receivedMs: START_MS, payload };
}
