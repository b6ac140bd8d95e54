import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readRulePacks } from '../../core/control-room/rule-files.ts';
import { type JournalRecord, RECORD_KIND, type RulePackSource, type RulesChange } from '../../core/model/records.ts';
import { START_MS } from './record-fleet.ts';

/** The folder of the rule packs every room starts with. */
export const RULES_DIR = fileURLToPath(new URL('../../resources/rules', import.meta.url));

/** The record that puts the base rules in force. */
export function baseRulesRecord(): JournalRecord {
  return rulesRecord(readRulePacks(RULES_DIR));
}

/** The record that puts the base rules and fifteen more in force: 25 rules. */
export function moreRulesRecord(): JournalRecord {
  const name = 'more-rules.yaml';
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  return rulesRecord([...readRulePacks(RULES_DIR), { name, text }]);
}

function rulesRecord(packs: readonly RulePackSource[]): JournalRecord {
  const change: RulesChange = { packs, by: 'startup' };
  const payload = new TextEncoder().encode(JSON.stringify(change));
  return { position: 0, nextPosition: 0, kind: RECORD_KIND.rules, flags: 0, count: 0, receivedMs: START_MS, payload };
}
