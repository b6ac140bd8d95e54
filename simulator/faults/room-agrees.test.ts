import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRulePacks } from '../../core/control-room/rule-files.ts';
import { Engine } from '../../core/engine/engine.ts';
import { RecordMaker } from '../../core/engine/testing/records.ts';
import { RECORD_KIND } from '../../core/model/records.ts';
import type { TopicKindName } from '../../core/model/topics.ts';
import { createFleet, FAULT_KINDS, type FleetOptions } from '../fleet.ts';
import { NOON_MS } from '../testing/collect.ts';
import { compare, type RaisedAlert } from './compare.ts';
import { type FaultKind, WIRE_FAULTS } from './kinds.ts';

const packs = readRulePacks(join(import.meta.dirname, '../../resources/rules'));
/** What a room can see only when it knows of places, orders and reservations. */
const NEED_BUSINESS_DATA: readonly FaultKind[] = [
  'geofence_exit',
  'forbidden_zone',
  'long_dwell',
  'odd_second_trip',
  'route_deviation',
  'eta_slip',
  'loading_overrun',
];
const FAULTS = FAULT_KINDS.filter((kind) => !NEED_BUSINESS_DATA.includes(kind));

/** How much later than due a room may be. */
const GRACE_MS = 5000;

/** Lets the room's engine hear a fleet, a record and a tick a second, and answers what both say of it. */
function listen(options: Omit<FleetOptions, 'startMs'> & { seconds: number }) {
  const fleet = createFleet({ ...options, startMs: NOON_MS });
  const engine = new Engine({ maxVehicles: 1000 });
  const maker = new RecordMaker();
  const alerts = new Map<string, RaisedAlert>();
  let pending: [TopicKindName, string][] = [];
  const change = new TextEncoder().encode(JSON.stringify({ packs, by: 'test' }));
  engine.process(maker.add(RECORD_KIND.rules, 0, 0, NOON_MS, change));
  for (let ms = NOON_MS + 1000; ms <= NOON_MS + options.seconds * 1000; ms += 1000) {
    while (fleet.nextMs() <= ms) fleet.step((kind, payload) => pending.push([kind, payload]));
    engine.process(maker.messages(ms, ...pending));
    engine.process(maker.tick(ms));
    pending = [];
    maker.records.length = 0;
    for (const a of engine.takeOutputs({ vehicles: true, checkpoint: false }).alerts) alerts.set(a.id, a);
  }
  const endMs = NOON_MS + options.seconds * 1000;
  return { fleet, engine, alerts, result: compare(fleet.truth, [...alerts.values()], endMs, GRACE_MS) };
}

test('without business data the rules raise every other fault in time, and nothing else', () => {
  const { fleet, engine, result } = listen({ vehicles: 200, seconds: 1800, seed: 'agree', faults: FAULTS });
  expect(engine.ruleErrors).toEqual([]);
  expect(new Set(fleet.truth.map((line) => line.fault))).toEqual(new Set(FAULTS));
  expect(result.missed).toEqual([]);
  expect(result.falseAlerts).toEqual([]);
  const alerted = result.tallies.filter((tally) => tally.alerted > 0).map((tally) => tally.fault);
  expect(alerted.length).toBeGreaterThanOrEqual(24);
  const injected = (faults: readonly string[]) =>
    fleet.truth.reduce((sum, line) => sum + (faults.includes(line.fault) ? (line.count ?? 0) : 0), 0);
  expect(injected(WIRE_FAULTS)).toBeGreaterThan(0);
  expect(engine.counters).toMatchObject({
    quarantined: injected(['broken_json', 'type_change', 'impossible_value']),
    duplicates: injected(['duplicate']),
  });
  // A clock that is behind makes its vehicle's messages late as well.
  expect(engine.counters.late).toBeGreaterThanOrEqual(injected(['late']));
});

test('a healthy fleet raises nothing', () => {
  const { engine, alerts } = listen({ vehicles: 150, seconds: 1200, seed: 'healthy' });
  expect([...alerts.values()]).toEqual([]);
  expect(engine.counters).toMatchObject({ quarantined: 0, duplicates: 0, late: 0 });
});
