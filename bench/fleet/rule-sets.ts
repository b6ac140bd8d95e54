import { fileURLToPath } from 'node:url';
import { readRulePacks } from '../../core/control-room/rule-files.ts';
import { type JournalRecord, RECORD_KIND, type RulePackSource } from '../../core/model/records.ts';
import { compilePacks } from '../../core/rules/rule-set.ts';
import { FleetState } from '../../core/stream/fleet-state.ts';
import { createFleet } from '../../simulator/fleet.ts';
import { fleetReference } from '../../simulator/reference/fleet-reference.ts';
import { FLEET_SEED, START_MS } from './record-fleet.ts';

/** The folder of the rule packs every room starts with. */
export const RULES_DIR = fileURLToPath(new URL('../../resources/rules', import.meta.url));

/**
 * What a fleet's own rules look like beside the shipped ones, with limits no healthy vehicle reaches: thresholds, several conditions, classes,
 * places, windows. `n` makes each another one.
 */
const SHAPES: readonly ((n: number) => string)[] = [
  (n) => `engine_temp_c > ${112 + n / 50}`,
  (n) => `speed_kmph > ${101 + n / 10} && vehicle.class == 'van'`,
  (n) => `ignition && fuel_pct < ${4 - n / 200} && speed_kmph < 1`,
  (n) => `rpm > ${4000 + n} && oil_temp_c > 60`,
  (n) => `battery_v > ${16 + n / 500} || battery_v < ${10 - n / 500}`,
  (n) => `avg(engine_temp_c, '5m') > ${106 + n / 50}`,
  (n) => `inside('depots') && speed_kmph > ${75 + n / 10}`,
  (n) => `tyre_pressure_kpa_${1 + (n % 4)} > ${330 + n}`,
  (n) => `ecu_temp_c > ${95 + n / 20} && ignition`,
  (n) => `max(oil_temp_c, '10m') - oil_temp_c > ${40 + n / 10}`,
  (n) => `accel_mps2 < ${-6 - n / 100} && prev_speed_kmph > 20`,
  (n) => `cargo_temp_c > vehicle.cargo_max_c + ${6 + n / 50}`,
];

/** The shipped packs, with as many rules more as it takes to have `count` in all. */
export function packsOf(count = 0): RulePackSource[] {
  const packs = readRulePacks(RULES_DIR);
  const shipped = compilePacks(packs, new FleetState()).rules.length;
  const more = Array.from({ length: Math.max(0, count - shipped) }, (_, i) => {
    return ruleText(i, SHAPES[i % SHAPES.length](Math.floor(i / SHAPES.length)));
  });
  return more.length === 0 ? packs : [...packs, { name: 'more.yaml', text: `rules:\n${more.join('\n')}\n` }];
}

/** Rules over signals alone, without windows, places and business data; no other rules beside. */
export function plainRulesRecord(count: number): JournalRecord {
  const shapes = SHAPES.filter((shape) => !/'|vehicle\./.test(shape(0)));
  const rules = Array.from({ length: count }, (_, i) =>
    ruleText(i, shapes[i % shapes.length](Math.floor(i / shapes.length))),
  );
  const packs = [{ name: 'plain.yaml', text: `rules:\n${rules.join('\n')}\n` }];
  return jsonRecord(RECORD_KIND.rules, { packs, by: 'startup' });
}

function ruleText(i: number, when: string): string {
  return `  - {id: more-${i}, name: Rule ${i}, priority: low, when: "${when}", for: 30s, keep: 30s, message: "{speed_kmph:0} km/h"}`;
}

/** The record that puts the shipped rules in force, or `count` rules. */
export function rulesRecord(count = 0): JournalRecord {
  return jsonRecord(RECORD_KIND.rules, { packs: packsOf(count), by: 'startup' });
}

/** The record with the business data of the recorded fleet: places, orders, limits. */
export function referenceRecord(vehicles: number): JournalRecord {
  const fleet = createFleet({ vehicles, rate: 1, seed: FLEET_SEED, startMs: START_MS });
  return jsonRecord(RECORD_KIND.reference, { data: fleetReference(fleet), by: 'startup' });
}

function jsonRecord(kind: (typeof RECORD_KIND)['rules' | 'reference'], change: object): JournalRecord {
  const payload = new TextEncoder().encode(JSON.stringify(change));
  return { position: 0, nextPosition: 0, kind, flags: 0, count: 0, receivedMs: START_MS, payload };
}
