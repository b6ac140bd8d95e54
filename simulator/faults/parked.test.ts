import { expect, test } from 'vitest';
import { faultStory, heldAt } from '../testing/fault-story.ts';

const story = faultStory(['flat_battery', 'headlights_left_on', 'fuel_theft', 'short_break', 'odd_second_trip']);

test('a flat battery falls below 11.9 V at rest', () => {
  const { line, during } = story.see('flat_battery');
  expect(heldAt(during, 60_000, (f) => f.battery_v < 12.2)).toBeLessThanOrEqual(line.due_ms);
  expect(during.at(-1)?.battery_v).toBeLessThan(11.9);
  expect(during.every((f) => f.speed_kmph === 0)).toBe(true);
});

test('headlights burn with the engine off and the doors closed, and the battery stays above what is low', () => {
  const { line, during, duringStatus } = story.see('headlights_left_on');
  expect(duringStatus.every((s) => s.headlights_on && !s.ignition && !s.doors_open)).toBe(true);
  expect(heldAt(duringStatus, 180_000, (s) => s.headlights_on)).toBeLessThanOrEqual(line.due_ms);
  expect(Math.min(...during.map((f) => f.battery_v))).toBeGreaterThan(12.25);
});

test('fuel goes from a parked vehicle: 5 % in the mean of four readings by the due time', () => {
  const { line, statuses, duringStatus } = story.see('fuel_theft');
  const mean = statuses.map((s, i) => ({
    ms: s.ms,
    pct: statuses.slice(Math.max(0, i - 3), i + 1).reduce((sum, r) => sum + r.fuel_pct / Math.min(4, i + 1), 0),
  }));
  const before = mean.findLast((m) => m.ms <= line.start_ms)?.pct ?? Number.NaN;
  const stolen = mean.find((m) => m.ms > line.start_ms && before - m.pct >= 5);
  expect(stolen?.ms).toBeLessThanOrEqual(line.due_ms);
  expect(duringStatus.every((s) => !s.ignition)).toBe(true);
});

test('a short break ends before its quarter of an hour is over', () => {
  const { line } = story.see('short_break');
  const events = story.messages
    .filter((m) => m.topicKind === 'driver' && m.vehicleId === line.vehicle_id && m.timeMs >= line.start_ms)
    .map((m) => [JSON.parse(m.payload).event_type, m.timeMs] as const);
  const [[begin, fromMs], [end, toMs]] = events;
  expect([begin, end]).toEqual(['break_start', 'break_end']);
  expect(toMs - fromMs).toBeGreaterThan(200_000);
  expect(toMs - fromMs).toBeLessThan(600_000);
  expect(toMs + 30_000).toBeLessThanOrEqual(line.due_ms);
});

test('an odd trip is one of a vehicle that stood in the depot and that nobody has', () => {
  const { line, fixes } = story.see('odd_second_trip');
  expect(fixes.filter((f) => f.ms < line.start_ms).every((f) => f.speed_kmph === 0 && f.trip_id === '')).toBe(true);
  const starts = story.messages.filter((m) => m.topicKind === 'trip' && m.vehicleId === line.vehicle_id);
  expect(JSON.parse(starts[0].payload).event_type).toBe('trip_start');
  expect(starts[0].timeMs).toBe(line.start_ms);
});
