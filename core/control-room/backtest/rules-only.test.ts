import { afterAll, expect, test } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import type { Alert } from '../../model/alerts.ts';
import { RECORD_KIND } from '../../model/records.ts';
import { openRecording } from '../../recording/open-recording.ts';
import { GOLDEN_FILE } from '../../recording/testing/golden.ts';
import { readRecords } from '../../recording/testing/recording-fixtures.ts';
import { readRulePacks } from '../rule-files.ts';
import { rulesRecord } from '../rules/trial-engine.ts';
import { RULES_DIR } from '../testing/room-bench.ts';

const golden = openRecording(GOLDEN_FILE);
afterAll(() => golden.close());

/** What an engine raises over the golden recording: every alert as it was last, and every change of one. */
function alertsOf(rulesOnly: boolean, withShippedRules: boolean) {
  const options = { maxVehicles: 100_000, topicPrefix: golden.topicPrefix, rulesOnly };
  const engine = golden.startState ? Engine.restore(golden.startState, options) : new Engine(options);
  if (withShippedRules) engine.process(rulesRecord(engine, readRulePacks(RULES_DIR), golden.startMs));
  const alerts = new Map<string, Alert>();
  const transitions: unknown[] = [];
  let messages = 0;
  const gather = (): void => {
    const batch = engine.takeOutputs({ vehicles: false, checkpoint: false });
    for (const alert of batch.alerts) alerts.set(alert.id, alert);
    transitions.push(...batch.transitions);
  };
  for (const record of golden.records(golden.startPosition)) {
    if (withShippedRules && record.kind === RECORD_KIND.rules) continue;
    engine.process(record);
    engine.fleet.lagSampleCount = 0;
    messages += record.count;
    if (messages % 7 === 0) gather();
  }
  gather();
  return { alerts: [...alerts.values()], transitions, counters: engine.counters, errors: engine.ruleErrors };
}

test('it goes on from the checkpoint of a whole one', () => {
  const options = { maxVehicles: 100_000, topicPrefix: golden.topicPrefix };
  const first = new Engine(options);
  const middle = golden.positionAt((golden.startMs + golden.endMs) / 2);
  const records = readRecords(golden);
  for (const record of records.filter((r) => r.position < middle)) first.process(record);
  first.takeOutputs({ vehicles: false, checkpoint: false });
  const state = first.checkpoint();
  const [whole, rulesOnly] = [false, true].map((only) => {
    const engine = Engine.restore(state, { ...options, rulesOnly: only });
    for (const record of records.filter((r) => r.position >= middle)) engine.process(record);
    const { alerts, transitions, counters } = engine.takeOutputs({ vehicles: false, checkpoint: false });
    return { alerts, transitions, counters };
  });
  expect(whole.alerts.length).toBeGreaterThan(10);
  expect(rulesOnly).toEqual(whole);
});

test.each([
  ['its own rules', false],
  ['the shipped rules', true],
])('an engine for rules only raises exactly what a whole one does, with %s', (_, shipped) => {
  const whole = alertsOf(false, shipped);
  const rulesOnly = alertsOf(true, shipped);
  expect(whole.errors).toEqual([]);
  expect(whole.alerts.length).toBeGreaterThan(20);
  expect(rulesOnly).toEqual(whole);
});
