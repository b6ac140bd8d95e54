import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HEALTH_WINDOW_COLUMNS } from '../../model/stream-outputs.ts';
import { HealthWindows } from './health-windows.ts';
import { MINUTE, rowsOf, S, stored, T0, testDeps } from './testing/drive.ts';

const rows = (windows: HealthWindows) => rowsOf(windows.take(), HEALTH_WINDOW_COLUMNS);

describe('by hand', () => {
  test('the maximum and the number of readings over 90 °C, when the minute is over', () => {
    const windows = new HealthWindows(testDeps());
    for (const [s, tempC] of [
      [0, 90],
      [50, 95.5],
      [10, 91],
      [61, 93],
      [59, Number.NaN],
    ])
      expect(windows.status(0, T0 + s * S, tempC)).toBe(true);
    windows.statusWatermark(0, T0 + MINUTE - 2);
    expect(rows(windows)).toEqual([]);
    windows.statusWatermark(0, T0 + MINUTE - 1);
    expect(rows(windows)).toEqual([{ key: 'v0', start_ms: T0, revision: 0, max_engine_temp_c: 95.5, readings: 2 }]);
    windows.idle(0);
    windows.status(0, T0 + 62 * S, 99);
    windows.statusWatermark(0, T0 + 2 * MINUTE);
    expect(rows(windows)).toMatchObject([
      { start_ms: T0 + MINUTE, revision: 0, max_engine_temp_c: 93, readings: 1 },
      { start_ms: T0 + MINUTE, revision: 1, max_engine_temp_c: 99, readings: 2 },
    ]);
  });

  test('a late reading revises its minute while it is kept, and is refused after that', () => {
    const windows = new HealthWindows(testDeps({ allowedLatenessMs: 10 * S }));
    windows.status(0, T0, 95);
    windows.statusWatermark(0, T0 + MINUTE + 9 * S - 2);
    expect(windows.status(0, T0 + S, 97)).toBe(true);
    expect(rows(windows)).toMatchObject([
      { revision: 0, max_engine_temp_c: 95 },
      { revision: 1, max_engine_temp_c: 97, readings: 2 },
    ]);
    windows.statusWatermark(0, T0 + MINUTE + 10 * S - 1);
    expect(windows.status(0, T0 + 2 * S, 99)).toBe(false);
    expect(stored(windows.arrays(1))('healthWindow.first')).toEqual(Int32Array.of(0));
    expect(rows(windows)).toEqual([]);
  });
});

const reading = fc.record({
  slot: fc.integer({ min: 0, max: 2 }),
  aheadMs: fc.integer({ min: -150_000, max: 40_000 }),
  tempC: fc.integer({ min: 80, max: 110 }),
});

test('in any order, and stored at any time, it is what a look at all readings in time gives', () => {
  fc.assert(
    fc.property(
      fc.array(reading, { maxLength: 80, size: 'max' }),
      fc.constantFrom(0, 30_000),
      fc.nat(40),
      (readings, allowedLatenessMs, cut) => {
        const deps = testDeps({ allowedLatenessMs });
        let windows = new HealthWindows(deps);
        const clocks = [T0, T0, T0];
        for (const slot of clocks.keys()) windows.statusWatermark(slot, T0 - 5001);
        const inTime: { id: string; tempC: number }[] = [];
        const found: ReturnType<typeof rows> = [];
        readings.forEach(({ slot, aheadMs, tempC }, i) => {
          if (i === cut) {
            found.push(...rows(windows));
            const restored = new HealthWindows(deps);
            restored.restore(3, stored(windows.arrays(3)));
            windows = restored;
          }
          const timeMs = clocks[slot] + aheadMs;
          const start = Math.floor(timeMs / MINUTE) * MINUTE;
          const isInTime = clocks[slot] - 5001 < start + MINUTE - 1 + allowedLatenessMs;
          expect(windows.status(slot, timeMs, tempC)).toBe(isInTime);
          if (isInTime && tempC > 90) inTime.push({ id: `v${slot} ${start}`, tempC });
          clocks[slot] = Math.max(clocks[slot], timeMs);
          windows.statusWatermark(slot, clocks[slot] - 5001);
        });
        for (const slot of clocks.keys()) windows.statusWatermark(slot, clocks[slot] + 10 * MINUTE);
        found.push(...rows(windows));
        const got = new Map(found.map((row) => [`${row.key} ${row.start_ms}`, row]));
        expect([...got.keys()].sort()).toEqual([...new Set(inTime.map((r) => r.id))].sort());
        for (const [id, row] of got) {
          const temps = inTime.filter((r) => r.id === id).map((r) => r.tempC);
          expect(row).toMatchObject({ max_engine_temp_c: Math.max(...temps), readings: temps.length });
        }
      },
    ),
  );
});
