import { expect, test } from 'vitest';
import { Engine } from '../engine/engine.ts';
import { RecordMaker, telemetry } from '../engine/testing/records.ts';
import { openHistory } from '../history/writer.ts';
import type { Alert } from '../model/alerts.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const OPTIONS = { maxVehicles: 10, dedupeLog2: 10 };
const RULES = `
rules:
  - {id: fast, name: Fast, priority: high, when: speed_kmph > 80, message: "{speed_kmph} km/h"}
`;

test('row 43: a crash between an alert and the checkpoint gives the same alert again, and the store ends with one', () => {
  const make = new RecordMaker();
  make.rules(T0, RULES);
  make.messages(T0, ['telemetry', telemetry('v1', T0, { speed_kmph: 50 })]);
  const history = openHistory({ file: ':memory:' });
  const first = new Engine(OPTIONS);
  for (const record of make.records.splice(0)) first.process(record);
  history.commit(first.takeOutputs({ vehicles: true, checkpoint: true }));
  const [checkpoint] = history.loadCheckpoint();

  make.messages(T0 + 1000, ['telemetry', telemetry('v1', T0 + 1000, { speed_kmph: 95 })]);
  const after = make.records.splice(0);
  const raised: Alert[] = [];
  for (const record of after) first.process(record);
  const batch = first.takeOutputs({ vehicles: false, checkpoint: false });
  raised.push(...batch.alerts);
  history.commit(batch);

  const second = Engine.restore(checkpoint.state, OPTIONS);
  for (const record of after) second.process(record);
  make.messages(T0 + 2000, ['telemetry', telemetry('v1', T0 + 2000, { speed_kmph: 96 })]);
  for (const record of make.records.splice(0)) second.process(record);
  const again = second.takeOutputs({ vehicles: true, checkpoint: true });
  raised.push(...again.alerts);
  history.commit(again);

  expect(new Set(raised.map((alert) => alert.id)).size).toBe(1);
  expect(again.transitions.map((t) => t.id)).toEqual(batch.transitions.map((t) => t.id));
  expect(history.counters()).toMatchObject({ processed: 3, events: 3 });
  history.close();
});
