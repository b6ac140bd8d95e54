import { expect, test } from 'vitest';
import { random } from '../random.ts';
import { FAULT_KINDS, isWireFault, parseFaults } from './kinds.ts';
import { type Onset, type Schedule, timedSchedule, trickleSchedule } from './schedule.ts';

function take(schedule: Schedule, untilMs: number): Onset[] {
  const onsets: Onset[] = [];
  for (let next = schedule(); next && next.atMs <= untilMs; next = schedule()) onsets.push(next);
  return onsets;
}

test.each([
  [10, 1],
  [1000, 1],
  [7_500, 7],
  [100_000, 20],
])(
  '%d vehicles: %d of each fault, twice as many on the wire, all before 55 percent of the run',
  (vehicles, perKind) => {
    const lengthMs = 120 * 60_000;
    const onsets = take(timedSchedule(random(1), FAULT_KINDS, vehicles, 5_000, lengthMs), 1e9);
    const counts = Map.groupBy(onsets, (onset) => onset.kind);
    for (const kind of FAULT_KINDS) expect(counts.get(kind)).toHaveLength(isWireFault(kind) ? 2 * perKind : perKind);
    const ofOrders = new Set<string>(['route_deviation', 'eta_slip', 'loading_overrun']);
    for (const { atMs, untilMs, kind } of onsets) {
      expect(atMs).toBeGreaterThanOrEqual(5_000 + (ofOrders.has(kind) ? 0 : 0.1 * lengthMs));
      expect(untilMs).toBeLessThanOrEqual(5_000 + 0.55 * lengthMs);
      expect(untilMs).toBeGreaterThan(atMs);
    }
    expect(onsets.map((o) => o.atMs)).toEqual(onsets.map((o) => o.atMs).toSorted((a, b) => a - b));
  },
);

test('in a short run what needs long begins early', () => {
  const onsets = take(timedSchedule(random(1), FAULT_KINDS, 10_000, 0, 40 * 60_000), 1e9);
  const latest = (kind: string) => Math.max(...onsets.filter((o) => o.kind === kind).map((o) => o.atMs));
  expect(latest('stranded')).toBeLessThanOrEqual(15 * 60_000);
  expect(latest('eta_slip')).toBeLessThanOrEqual(5 * 60_000);
  expect(latest('sos')).toBeGreaterThan(15 * 60_000);
});

test('an endless run of 1,000 vehicles: three within 15 s, then about one vehicle fault every 20 s', () => {
  const onsets = take(trickleSchedule(random(2), FAULT_KINDS, 1000, 0), 3_600_000).filter((o) => !isWireFault(o.kind));
  expect(onsets.filter((o) => o.atMs <= 15_000).length).toBeGreaterThanOrEqual(3);
  expect(onsets.length).toBeGreaterThan(3600 / 24);
  expect(onsets.length).toBeLessThan(3600 / 16);
  const share = (kind: string) => onsets.filter((o) => o.kind === kind).length / onsets.length;
  expect(share('crash') + share('sos')).toBeLessThan(0.12);
});

test('only the faults that were asked for come', () => {
  const kinds = parseFaults('sos, late');
  const onsets = take(trickleSchedule(random(3), kinds, 1000, 0), 600_000);
  expect(new Set(onsets.map((o) => o.kind))).toEqual(new Set(kinds));
  expect(trickleSchedule(random(3), [], 1000, 0)()).toBeUndefined();
});

test('fault lists', () => {
  expect(parseFaults('all')).toEqual(FAULT_KINDS);
  expect(parseFaults('none')).toEqual([]);
  expect(() => parseFaults('sos,flying')).toThrow(
    'no fault is called "flying". Use all, none, or some of: harsh_braking',
  );
});
