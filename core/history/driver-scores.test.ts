import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driverScore, driverScores, SCORE_PANE_MS, SCORE_WINDOWS, type ScoreWindow } from '../model/driver-score.ts';
import { DRIVER_PANE_COLUMNS } from '../model/stream-outputs.ts';
import { DEFAULT_SETTINGS } from '../model/stream-settings.ts';
import { openMemoryHistory } from './memory.ts';
import { partsOf } from './query-scores.ts';
import { batch, T0_MS } from './testing/batches.ts';
import { block, streamOutputs } from './testing/streams.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WINDOWS = Object.keys(SCORE_WINDOWS) as ScoreWindow[];
const settings = { ...DEFAULT_SETTINGS, scoreMinDistanceKm: 5 };

const pane = fc
  .record({
    driver: fc.constantFrom('D-1', 'D-2', 'D-3'),
    pane: fc.oneof(fc.integer({ min: 0, max: 4500 }), fc.integer({ min: 3800, max: 4100 })),
    distance_m: fc.integer({ min: 0, max: 150_000 }).map((dm) => dm / 10),
    driving_ms: fc.integer({ min: 1, max: 600_000 }),
    speeding_major_ms: fc.nat(60_000),
    harsh_brakes: fc.nat(3),
    severe_events: fc.nat(1),
  })
  .map(({ driver, pane, ...values }): [string, Record<string, number>] => [
    driver,
    { ...values, start_ms: Math.floor(T0_MS / SCORE_PANE_MS) * SCORE_PANE_MS + pane * SCORE_PANE_MS },
  ]);
/** Batches, each with panes of its own; what comes later replaces. */
const batches = fc.array(fc.array(pane, { maxLength: 30 }), { minLength: 1, maxLength: 4 });

describe('scores of drivers', () => {
  it('are those of the panes themselves, in whatever pieces they came', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 3700, max: 4200 }), (all, at) => {
        const history = openMemoryHistory();
        all.forEach((driverPanes, i) => {
          history.writer.commit(batch(i, i + 1, { stream: streamOutputs({ driverPanes }) }));
        });
        const queries = history.queries;
        const last = new Map(all.flat().map((row) => [`${row[0]} ${row[1].start_ms}`, row]));
        const panes = block(DRIVER_PANE_COLUMNS, [...last.values()]);
        const atMs = T0_MS + at * SCORE_PANE_MS;
        for (const window of WINDOWS) {
          const found = queries.driverScores({ window, atMs });
          const within = [...last.values()].filter(
            ([, { start_ms }]) => start_ms >= found.fromMs && start_ms < found.toMs,
          );
          expect(found.drivers.map((row) => row.driverId).toSorted()).toEqual(
            [...new Set(within.map(([driver]) => driver))].toSorted(),
          );
          for (const row of found.drivers) {
            const expected = driverScores(panes, row.driverId, atMs, DEFAULT_SETTINGS)[window];
            expect(row.totals.distanceM).toBeCloseTo(expected.totals.distanceM, 6);
            expect({ ...row.totals, distanceM: 0 }).toEqual({ ...expected.totals, distanceM: 0 });
            expect(queries.driverScores({ window, atMs, driverId: row.driverId }).drivers).toEqual([row]);
          }
        }
        history.close();
      }),
      { numRuns: 40 },
    );
  });

  it('say so when the distance does not suffice, and put the lowest first', () => {
    const history = openMemoryHistory();
    const row = (driver: string, distance_m: number, harsh_brakes: number): [string, Record<string, number>] => [
      driver,
      { start_ms: Math.floor(T0_MS / SCORE_PANE_MS) * SCORE_PANE_MS, distance_m, harsh_brakes, driving_ms: 1 },
    ];
    const driverPanes = [row('good', 900_000, 0), row('short', 100, 0), row('bad', 900_000, 9)];
    history.writer.commit(batch(0, 10, { engineMs: T0_MS, stream: streamOutputs({ driverPanes }) }));
    const { drivers, toMs } = history.queries.driverScores({ window: 'day' });
    expect(drivers.map((d) => [d.driverId, d.score])).toEqual([
      ['bad', 68],
      ['good', 100],
      ['short', null],
    ]);
    expect(toMs).toBe((Math.floor(T0_MS / SCORE_PANE_MS) + 1) * SCORE_PANE_MS);
    expect(drivers[0].deductions).toEqual(driverScore(drivers[0].totals, settings).deductions);
    expect(history.queries.driverScores({ window: 'day', driverId: 'nobody' }).drivers).toEqual([]);
    expect(() => history.queries.driverScores({ window: 'year' as ScoreWindow })).toThrow(/window is "year"/);
    history.close();
  });
});

describe('partsOf', () => {
  const panes = fc.integer({ min: 0, max: 9000 }).map((n) => n * SCORE_PANE_MS);

  it('covers a span exactly once, with days and hours wherever they fit', () => {
    fc.assert(
      fc.property(panes, panes, (a, b) => {
        const [fromMs, toMs] = a < b ? [a, b] : [b, a];
        const parts = partsOf(fromMs, toMs);
        let atMs = fromMs;
        for (const part of parts) {
          expect(part.fromMs).toBe(atMs);
          expect(part.fromMs % part.stepMs).toBe(0);
          expect(part.toMs).toBeGreaterThan(part.fromMs);
          atMs = part.toMs;
        }
        expect(atMs).toBe(toMs);
        const rows = parts.reduce((sum, part) => sum + (part.toMs - part.fromMs) / part.stepMs, 0);
        expect(rows).toBeLessThanOrEqual(
          (toMs - fromMs) / DAY_MS + 2 * (DAY_MS / HOUR_MS) + 2 * (HOUR_MS / SCORE_PANE_MS),
        );
      }),
    );
  });
});
