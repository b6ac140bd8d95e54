import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Engine } from '../../core/engine/engine.ts';
import { RecordMaker } from '../../core/engine/testing/records.ts';
import type { TopicKindName } from '../../core/model/topics.ts';
import { createFleet, FAULT_KINDS, type FleetOptions } from '../fleet.ts';
import { NOON_MS } from '../testing/collect.ts';
import { compare, type RaisedAlert } from './compare.ts';
import { WIRE_FAULTS } from './kinds.ts';

const RULES = readFileSync(join(import.meta.dirname, '../../resources/rules/base.yaml'), 'utf8');

/** Lets the room's engine hear a fleet, a record and a tick a second, and answers what both say of it. */
function listen(options: Omit<FleetOptions, 'startMs'> & { seconds: number }) {
  const fleet = createFleet({ ...options, startMs: NOON_MS });
  const engine = new Engine({ maxVehicles: 1000 });
  const maker = new RecordMaker();
  const alerts = new Map<string, RaisedAlert>();
  let pending: [TopicKindName, string][] = [];
  engine.process(maker.rules(NOON_MS, RULES));
  for (let ms = NOON_MS + 1000; ms <= NOON_MS + options.seconds * 1000; ms += 1000) {
    while (fleet.nextMs() <= ms) fleet.step((kind, payload) => pending.push([kind, payload]));
    engine.process(maker.messages(ms, ...pending));
    engine.process(maker.tick(ms));
    pending = [];
    maker.records.length = 0;
    for (const a of engine.takeOutputs({ vehicles: true, checkpoint: false }).alerts) alerts.set(a.id, a);
  }
  const endMs = NOON_MS + options.seconds * 1000;
  return { fleet, engine, alerts, result: compare(fleet.truth, [...alerts.values()], endMs) };
}

test('the base rules raise every fault that has a rule, in time, and nothing else', () => {
  const { fleet, engine, result } = listen({ vehicles: 200, seconds: 1500, seed: 'agree', faults: FAULT_KINDS });
  expect(engine.ruleErrors).toEqual([]);
  expect(new Set(fleet.truth.map((line) => line.fault))).toEqual(new Set(FAULT_KINDS));
  expect(result.missed).toEqual([]);
  expect(result.falseAlerts).toEqual([]);
  const alerted = result.tallies.filter((tally) => tally.alerted > 0).map((tally) => tally.fault);
  expect(alerted.length).toBeGreaterThanOrEqual(9);
  const injected = (faults: readonly string[]) =>
    fleet.truth.reduce((sum, line) => sum + (faults.includes(line.fault) ? (line.count ?? 0) : 0), 0);
  expect(injected(WIRE_FAULTS)).toBeGreaterThan(0);
  expect(engine.counters).toMatchObject({
    quarantined: injected(['broken_json', 'type_change', 'impossible_value']),
    duplicates: injected(['duplicate']),
    late: injected(['late']),
  });
});

test('a healthy fleet raises nothing', () => {
  const { engine, alerts } = listen({ vehicles: 150, seconds: 1200, seed: 'healthy' });
  expect([...alerts.values()]).toEqual([]);
  expect(engine.counters).toMatchObject({ quarantined: 0, duplicates: 0, late: 0 });
});
