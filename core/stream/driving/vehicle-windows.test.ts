import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VEHICLE_WINDOW_COLUMNS } from '../../model/stream-outputs.ts';
import { KeyedWindows } from '../windows/keyed-windows.ts';
import { kept, rowsOf, S, StepMaker, someSteps, stored, T0, testDeps } from './testing/drive.ts';
import { VehicleWindows } from './vehicle-windows.ts';

const SIZE = 20 * S;
const rows = (windows: VehicleWindows) => rowsOf(windows.take(), VEHICLE_WINDOW_COLUMNS);

describe('a window by hand', () => {
  test('three fixes of a trip: the leg into the trip does not count, the one into the next window counts there', () => {
    const windows = new VehicleWindows(testDeps());
    const maker = new StepMaker();
    for (const [s, speedKmph, trip, legM] of [
      [1, 10, 0, 0],
      [5, 50, 1, 100],
      [12, 30, 1, 200],
      [21, 40, 1, 300],
    ])
      windows.step(maker.step(0, T0 + s * S, { speedKmph, trip, legM }));
    windows.watermark(0, T0 + 39_998);
    expect(rows(windows)).toEqual([
      {
        ...{ key: 'v0', start_ms: T0, revision: 0, first_ms: T0 + S, last_ms: T0 + 12 * S, events: 3 },
        ...{ distance_m: 200, avg_speed_kmph: 30, min_speed_kmph: 10, max_speed_kmph: 50 },
      },
    ]);
    windows.watermark(0, T0 + 39_999);
    expect(rows(windows)).toMatchObject([{ start_ms: T0 + SIZE, events: 1, distance_m: 300, avg_speed_kmph: 40 }]);
  });

  test('a vehicle that falls silent gives it out as it is, and a revision when more comes', () => {
    const windows = new VehicleWindows(testDeps());
    const maker = new StepMaker();
    windows.step(maker.step(0, T0, { speedKmph: 10 }));
    windows.idle(0);
    windows.idle(0);
    expect(rows(windows)).toMatchObject([{ revision: 0, events: 1 }]);
    windows.step(maker.step(0, T0 + S, { speedKmph: 30 }));
    windows.watermark(0, T0 + SIZE);
    expect(rows(windows)).toMatchObject([{ revision: 1, events: 2, avg_speed_kmph: 20 }]);
  });

  test('without a known speed has none; status messages do not count', () => {
    const windows = new VehicleWindows(testDeps());
    const maker = new StepMaker();
    windows.step(maker.step(0, T0, { speedKmph: Number.NaN }));
    windows.step(maker.step(0, T0 + S, { fix: false }));
    windows.watermark(0, T0 + SIZE);
    const [row] = rows(windows);
    expect(row).toMatchObject({ events: 1, avg_speed_kmph: Number.NaN, min_speed_kmph: Number.NaN });
  });
});

const timed = fc.record({
  key: fc.integer({ min: 0, max: 2 }),
  aheadMs: fc.integer({ min: -90_000, max: 25_000 }),
  kmph: fc.integer({ min: 0, max: 120 }),
});

test('windows, revisions and what is too late are those of the general windows', () => {
  fc.assert(
    fc.property(
      fc.array(timed, { maxLength: 150, size: 'max' }),
      fc.constantFrom(0, 7000, 20_000, 60_000),
      (events, latenessMs) => {
        const windows = new VehicleWindows(testDeps({ allowedLatenessMs: latenessMs }));
        const expected: object[] = [];
        let refused = 0;
        let late = 0;
        const oracle = new KeyedWindows({
          ...{ name: 'oracle', window: { type: 'tumbling', sizeMs: SIZE }, latenessMs, inputs: 2 },
          aggregates: [
            { name: 'events', fn: 'count' },
            { name: 'avg', fn: 'mean', input: 0 },
            { name: 'min', fn: 'min', input: 0 },
            { name: 'max', fn: 'max', input: 0 },
            { name: 'first', fn: 'min', input: 1 },
            { name: 'last', fn: 'max', input: 1 },
          ],
          onResult: ({ key, startMs, revision, values }) => expected.push([key, startMs, revision, ...values]),
          onLate: () => late++,
        });
        const maker = new StepMaker();
        const clocks = [T0, T0, T0];
        for (const key of clocks.keys()) {
          windows.watermark(key, T0);
          oracle.advance(key, T0);
        }
        for (const { key, aheadMs, kmph } of events) {
          const timeMs = clocks[key] + aheadMs;
          oracle.add(key, timeMs, Float64Array.of(kmph, timeMs));
          if (aheadMs > 0) {
            clocks[key] = timeMs;
            windows.step(maker.step(key, timeMs, { speedKmph: kmph }));
            windows.watermark(key, timeMs);
            oracle.advance(key, timeMs);
          } else if (!windows.late(key, timeMs, kmph)) refused++;
        }
        const got = rows(windows).map((r) => [
          ...[Number(r.key.slice(1)), r.start_ms, r.revision, r.events],
          ...[r.avg_speed_kmph, r.min_speed_kmph, r.max_speed_kmph, r.first_ms, r.last_ms],
        ]);
        expect(got).toEqual(expected);
        expect(refused).toBe(late);
      },
    ),
  );
});

test('over random streams it is what a look at all fixes gives', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const windows = new VehicleWindows(testDeps());
      for (const step of steps) {
        windows.step(step);
        windows.watermark(step.slot, step.timeMs);
      }
      for (const slot of [0, 1, 2]) windows.idle(slot);
      const got = kept(windows.take(), VEHICLE_WINDOW_COLUMNS, 'start_ms');
      const fixes = steps.filter((step) => step.fix);
      const groups = Map.groupBy(fixes, (f) => `v${f.slot} ${Math.floor(f.timeMs / SIZE) * SIZE}`);
      expect([...got.keys()].sort()).toEqual([...groups.keys()].sort());
      for (const [id, group] of groups) {
        const speeds = group.map((f) => f.speedKmph).filter((v) => !Number.isNaN(v));
        const legs = group.map((f) => (f.trip !== 0 && f.trip === f.prevTrip ? f.legM : 0));
        const row = got.get(id)!;
        expect(row).toMatchObject({ events: group.length, first_ms: group[0].timeMs, last_ms: group.at(-1)!.timeMs });
        expect(row.distance_m).toBeCloseTo(sum(legs), 6);
        if (speeds.length === 0) expect(row.max_speed_kmph).toBeNaN();
        else {
          expect(row.avg_speed_kmph).toBeCloseTo(sum(speeds) / speeds.length, 9);
          expect([row.min_speed_kmph, row.max_speed_kmph]).toEqual([Math.min(...speeds), Math.max(...speeds)]);
        }
      }
    }),
  );
});

test('stored and restored with open and kept windows it goes on as it was', () => {
  const deps = testDeps({ allowedLatenessMs: 60_000 });
  const before = new VehicleWindows(deps);
  const maker = new StepMaker();
  for (const s of [1, 22, 45, 50]) before.step(maker.step(1, T0 + s * S, { speedKmph: s }));
  before.watermark(1, T0 + 50 * S);
  before.take();
  const after = new VehicleWindows(deps);
  after.restore(2, stored(before.arrays(2)));
  for (const windows of [before, after]) {
    expect(windows.late(1, T0 + 25 * S, 100)).toBe(true);
    windows.idle(1);
  }
  const expected = rows(before);
  expect(expected).toMatchObject([
    { start_ms: T0 + SIZE, revision: 1, events: 2, avg_speed_kmph: 61 },
    { start_ms: T0 + 2 * SIZE, revision: 0, events: 2 },
  ]);
  expect(rows(after)).toEqual(expected);
});

test('kept windows are given up when they can no longer be revised', () => {
  const windows = new VehicleWindows(testDeps({ allowedLatenessMs: 2 * SIZE }));
  const maker = new StepMaker();
  const records = (): number => windows.arrays(1).find(([name]) => name === 'vehicleWindow.records')![1].length;
  let most = 0;
  for (let s = 0; s < 3000; s++) {
    windows.step(maker.step(0, T0 + s * S, { speedKmph: 50 }));
    windows.watermark(0, T0 + s * S);
    if (s === 200) most = records();
  }
  expect(records()).toBe(most);
});

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
