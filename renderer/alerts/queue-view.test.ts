import { expect, test } from 'vitest';
import { compareAlerts } from '../../core/model/alerts.ts';
import { anAlert } from '../room/testing/room-harness.tsx';
import { ALL_PRIORITIES } from '../stores/queue-store.ts';
import { nextAfterAcknowledge, rowWindow, step, visibleAlerts } from './queue-view.ts';

const everything = { priorities: ALL_PRIORITIES, unacknowledgedOnly: false, text: '' };
const alerts = [
  anAlert({ id: 'low', priority: 4, raisedMs: 1 }),
  anAlert({ id: 'taken', priority: 1, raisedMs: 2, acknowledged: true }),
  anAlert({ id: 'young', priority: 1, raisedMs: 9, ruleName: 'SOS', vehicleId: 'Van-77' }),
  anAlert({ id: 'old', priority: 1, raisedMs: 3 }),
].sort(compareAlerts);
const idsOf = (list: readonly { id: string }[]): string[] => list.map((a) => a.id);

test('what waits comes first, then priority, then the oldest', () => {
  expect(idsOf(alerts)).toEqual(['old', 'young', 'low', 'taken']);
});

test('filters narrow without changing the order', () => {
  expect(idsOf(visibleAlerts(alerts, everything))).toEqual(['old', 'young', 'low', 'taken']);
  expect(idsOf(visibleAlerts(alerts, { ...everything, unacknowledgedOnly: true }))).toEqual(['old', 'young', 'low']);
  expect(idsOf(visibleAlerts(alerts, { ...everything, priorities: new Set([1, 4] as const) }))).toHaveLength(4);
  expect(idsOf(visibleAlerts(alerts, { ...everything, priorities: new Set([4] as const) }))).toEqual(['low']);
  expect(idsOf(visibleAlerts(alerts, { ...everything, text: ' van-77 ' }))).toEqual(['young']);
  expect(idsOf(visibleAlerts(alerts, { ...everything, text: 'sos' }))).toEqual(['young']);
});

test('stepping begins at an end, stops at the ends and recovers from a selection that has left', () => {
  expect(step(alerts, undefined, 1)).toBe('old');
  expect(step(alerts, undefined, -1)).toBe('taken');
  expect(step(alerts, 'old', 1)).toBe('young');
  expect(step(alerts, 'old', -1)).toBe('old');
  expect(step(alerts, 'taken', 1)).toBe('taken');
  expect(step(alerts, 'gone', 1)).toBe('old');
  expect(step([], 'old', 1)).toBeUndefined();
});

test('after an acknowledgement comes the next that waits, at the end the one before', () => {
  expect(nextAfterAcknowledge(alerts, 'old')).toBe('young');
  expect(nextAfterAcknowledge(alerts, 'low')).toBe('young');
  expect(nextAfterAcknowledge([alerts[0]], 'old')).toBeUndefined();
});

test('only rows near the view exist', () => {
  expect(rowWindow(0, 740, 74, 5000)).toEqual({ first: 0, end: 14 });
  expect(rowWindow(74_000, 740, 74, 5000)).toEqual({ first: 996, end: 1014 });
  expect(rowWindow(74_000, 740, 74, 3)).toEqual({ first: 3, end: 3 });
});
