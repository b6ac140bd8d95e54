import { expect, test } from 'vitest';
import { compare, type RaisedAlert } from './compare.ts';
import type { TruthLine } from './truth.ts';

const fault = (overrides: Partial<TruthLine>): TruthLine => ({
  fault: 'speeding',
  vehicle_id: 'A',
  start_ms: 100_000,
  end_ms: 250_000,
  expected_rule: 'overspeed',
  due_ms: 170_000,
  also: [],
  detail: '',
  ...overrides,
});
const alert = (overrides: Partial<RaisedAlert> = {}): RaisedAlert => ({
  ruleId: 'overspeed',
  vehicleId: 'A',
  onsetMs: 105_000,
  raisedMs: 165_000,
  ...overrides,
});
const END_MS = 1_000_000;

test('an alert of the same vehicle, rule and time answers a fault', () => {
  const { tallies, precision, recall, falseAlerts } = compare([fault({})], [alert()], END_MS);
  expect(tallies).toEqual([expect.objectContaining({ injected: 1, alerted: 1, missed: 0, delaysMs: [65_000] })]);
  expect({ precision, recall, falseAlerts }).toEqual({ precision: 1, recall: 1, falseAlerts: [] });
});

test.each([
  ['another vehicle', { vehicleId: 'B' }],
  ['another rule', { ruleId: 'idling' }],
  ['too early', { onsetMs: 94_999 }],
  ['too late', { onsetMs: 400_000, raisedMs: 460_000 }],
])('%s is a miss and a false alert', (_, overrides) => {
  const { missed, falseAlerts, precision, recall } = compare([fault({})], [alert(overrides)], END_MS);
  expect([missed.length, falseAlerts.length, precision, recall]).toEqual([1, 1, 0, 0]);
});

test('one alert answers one fault only', () => {
  const twice = [fault({}), fault({ start_ms: 102_000 })];
  expect(compare(twice, [alert()], END_MS).missed).toHaveLength(1);
});

test('a fault that was not due when the run ended is not missed', () => {
  const { tallies, missed, recall } = compare([fault({})], [], 169_999);
  expect(tallies[0]).toMatchObject({ notDue: 1, missed: 0 });
  expect([missed.length, recall]).toEqual([0, undefined]);
});

test('faults without a rule count, and need no alert', () => {
  const wire = fault({ fault: 'duplicate', expected_rule: null, count: 8 });
  const { tallies, recall } = compare([wire, { ...wire, vehicle_id: 'B' }], [], END_MS);
  expect(tallies).toEqual([expect.objectContaining({ injected: 2, noRule: 2, messages: 16, missed: 0 })]);
  expect(recall).toBeUndefined();
});

test('a consequence of a fault is no false alert, however late in the fault it comes', () => {
  const crash = fault({ fault: 'crash', expected_rule: 'external:crash', also: ['harsh-braking'], end_ms: 900_000 });
  const alerts = [
    alert({ ruleId: 'external:crash' }),
    alert({ ruleId: 'harsh-braking' }),
    alert({ ruleId: 'external:crash', onsetMs: 800_000, raisedMs: 800_000 }),
  ];
  expect(compare([crash], alerts, END_MS)).toMatchObject({ consequences: 2, falseAlerts: [], precision: 1 });
});

test('what is raised when the fleet is off is set apart', () => {
  const quiet = alert({ ruleId: 'silent-moving', vehicleId: 'Z', onsetMs: END_MS, raisedMs: END_MS + 120_000 });
  expect(compare([], [quiet], END_MS)).toMatchObject({ afterEnd: 1, falseAlerts: [], precision: undefined });
});
