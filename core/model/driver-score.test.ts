import { describe, expect, test } from 'vitest';
import { type DriverTotals, driverScore, driverScores, scoreRange, sumPanes } from './driver-score.ts';
import { DRIVER_PANE_COLUMNS, type RowBlock } from './stream-outputs.ts';
import { DEFAULT_SETTINGS } from './stream-settings.ts';

const HOUR = 3_600_000;
const PANE = 600_000;
const T0 = Date.UTC(2026, 2, 1, 10);

const totals: DriverTotals = {
  ...{ distanceM: 400_000, drivingMs: 5 * HOUR, idlingMs: HOUR },
  ...{ speedingMinorMs: 0.1 * HOUR, speedingMajorMs: 0.05 * HOUR, speedingSevereMs: 0 },
  ...{ harshBrakes: 2, harshAccelerations: 0, harshCorners: 1, severeEvents: 1 },
};

describe('a score', () => {
  test('worked out by hand: 400 km, 3 harsh events of which 1 severe, 2 % minor and 1 % major speeding', () => {
    // Events: 2 brakes × 2 × 1600/400 = 16; 1 corner × 2 × 4 = 8; 1 severe × (4 − 2) × 4 = 8. Speeding: 2 × 0.5 + 1 × 1 = 2.
    const { score, insufficient, deductions } = driverScore(totals, DEFAULT_SETTINGS);
    expect(score).toBeCloseTo(100 - 16 - 8 - 8 - 1 - 1, 9);
    expect(insufficient).toBe(false);
    expect(deductions.map((d) => [d.kind, Number(d.points.toFixed(9)), d.amount, d.weight])).toEqual([
      ['harsh-brake', 16, 2, 2],
      ['harsh-corner', 8, 1, 2],
      ['severe', 8, 1, 2],
      ['speeding-minor', 1, 0.02, 0.5],
      ['speeding-major', 1, 0.01, 1],
    ]);
  });

  test('is not below 0; its deductions stay what they are', () => {
    const { score, deductions } = driverScore({ ...totals, harshBrakes: 50 }, DEFAULT_SETTINGS);
    expect([score, deductions[0].points]).toEqual([0, 400]);
  });

  test('is 100 when nothing happened', () => {
    const calm = {
      ...totals,
      harshBrakes: 0,
      harshCorners: 0,
      severeEvents: 0,
      speedingMinorMs: 0,
      speedingMajorMs: 0,
    };
    expect(driverScore(calm, DEFAULT_SETTINGS)).toMatchObject({ score: 100, deductions: [] });
  });

  test('is not given under 160 km, nor over no distance at all', () => {
    expect(driverScore({ ...totals, distanceM: 159_999 }, DEFAULT_SETTINGS)).toMatchObject({
      ...{ score: undefined, insufficient: true, deductions: [] },
    });
    expect(driverScore({ ...totals, distanceM: 160_000 }, DEFAULT_SETTINGS).insufficient).toBe(false);
    const any = { ...DEFAULT_SETTINGS, scoreMinDistanceKm: 0 };
    expect(driverScore({ ...totals, distanceM: 0 }, any).score).toBeUndefined();
  });

  test('takes no more than all of the driving time as speeding', () => {
    const { deductions } = driverScore({ ...totals, drivingMs: 1, speedingSevereMs: HOUR }, DEFAULT_SETTINGS);
    expect(deductions.find((d) => d.kind === 'speeding-severe')).toMatchObject({ amount: 1, points: 200 });
  });
});

/** Panes of 10 km and one harsh brake each. */
function panesOf(driver: string, starts: number[]): RowBlock {
  const width = DRIVER_PANE_COLUMNS.length;
  const values = new Float64Array(starts.length * width);
  starts.forEach((start, i) => {
    values[i * width] = start;
    values[i * width + DRIVER_PANE_COLUMNS.indexOf('distance_m')] = 10_000;
    values[i * width + DRIVER_PANE_COLUMNS.indexOf('harsh_brakes')] = 1;
  });
  return { keys: starts.map(() => driver), values };
}

describe('rolling windows', () => {
  test('end with the pane that is open and reach back their length', () => {
    expect(scoreRange('hour', T0 + 1)).toEqual({ fromMs: T0 + PANE - HOUR, toMs: T0 + PANE });
    expect(scoreRange('hour', T0 - 1)).toEqual({ fromMs: T0 - HOUR, toMs: T0 });
  });

  test('sum the panes of the driver that start in them', () => {
    const days = Array.from({ length: 30 }, (_, day) => T0 - day * 24 * HOUR);
    const panes = panesOf('d1', days);
    expect(sumPanes(panes, 'd1', days[2], days[0])).toMatchObject({ distanceM: 20_000, harshBrakes: 2 });
    expect(sumPanes(panes, 'd2', 0, T0 * 2).distanceM).toBe(0);
    const scores = driverScores(panes, 'd1', T0 + 5, { ...DEFAULT_SETTINGS, scoreMinDistanceKm: 50 });
    const { hour, day, week, fourWeeks } = scores;
    expect([hour, day, week, fourWeeks].map((s) => s.totals.harshBrakes)).toEqual([1, 1, 7, 28]);
    expect([hour, day, week, fourWeeks].map((s) => s.insufficient)).toEqual([true, true, false, false]);
    // A brake in 10 km costs 2 × 160 points, whatever the window.
    expect(week.deductions).toEqual([{ kind: 'harsh-brake', points: 320, amount: 7, weight: 2 }]);
  });
});
