import { DRIVER_PANE_COLUMNS, type RowBlock } from './stream-outputs.ts';
import type { StreamSettings } from './stream-settings.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Length of the panes a score is made of. */
export const SCORE_PANE_MS = 10 * MINUTE_MS;

/** The windows a score rolls over, ms. */
export const SCORE_WINDOWS = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  fourWeeks: 28 * DAY_MS,
} as const;
export type ScoreWindow = keyof typeof SCORE_WINDOWS;

/** Deductions for events are per this distance (Samsara: 1,000 miles). */
const PER_M = 1_600_000;
const BEST = 100;

/** What a driver did, as in DRIVER_PANE_COLUMNS. */
export interface DriverTotals {
  readonly distanceM: number;
  readonly drivingMs: number;
  readonly idlingMs: number;
  readonly speedingMinorMs: number;
  readonly speedingMajorMs: number;
  readonly speedingSevereMs: number;
  readonly harshBrakes: number;
  readonly harshAccelerations: number;
  readonly harshCorners: number;
  /** Those of the harsh events that were severe. */
  readonly severeEvents: number;
}

export type DeductionKind =
  | 'harsh-brake'
  | 'harsh-acceleration'
  | 'harsh-corner'
  | 'severe'
  | 'speeding-minor'
  | 'speeding-major'
  | 'speeding-severe';

export interface Deduction {
  readonly kind: DeductionKind;
  readonly points: number;
  /** Number of events, or share of the driving time speeding in that tier (0…1). */
  readonly amount: number;
  /** Points per event and 1,600 km, or per 1 % of the driving time. */
  readonly weight: number;
}

export interface DriverScore {
  /** 0…100; undefined when the distance does not suffice. */
  readonly score: number | undefined;
  readonly insufficient: boolean;
  readonly totals: DriverTotals;
  /**
   * All that take points off, the largest first. Their sum may be over 100. Empty when the distance does not suffice.
   */
  readonly deductions: readonly Deduction[];
}

const FIELDS: readonly (keyof DriverTotals)[] = [
  'distanceM',
  'drivingMs',
  'idlingMs',
  'speedingMinorMs',
  'speedingMajorMs',
  'speedingSevereMs',
  'harshBrakes',
  'harshAccelerations',
  'harshCorners',
  'severeEvents',
];

/** Sums of the panes of one driver that start in [fromMs, toMs). Each pane must be in the block once. */
export function sumPanes(panes: RowBlock, driverId: string, fromMs: number, toMs: number): DriverTotals {
  const width = DRIVER_PANE_COLUMNS.length;
  const sums = FIELDS.map(() => 0);
  for (let row = 0; row < panes.keys.length; row++) {
    const startMs = panes.values[row * width];
    if (panes.keys[row] !== driverId || !(startMs >= fromMs && startMs < toMs)) continue;
    for (let i = 0; i < FIELDS.length; i++) sums[i] += panes.values[row * width + 1 + i];
  }
  return Object.fromEntries(FIELDS.map((field, i) => [field, sums[i]])) as unknown as DriverTotals;
}

/** The panes of a window that ends with the pane of `atMs`: starts in [fromMs, toMs). */
export function scoreRange(window: ScoreWindow, atMs: number): { fromMs: number; toMs: number } {
  const toMs = (Math.floor(atMs / SCORE_PANE_MS) + 1) * SCORE_PANE_MS;
  return { fromMs: toMs - SCORE_WINDOWS[window], toMs };
}

/**
 * Score of a driver (after Samsara): 100 − Σ(events × weight) / distance × 1,600 km − Σ(share of driving time speeding
 * × weight × 100), not below 0. A severe event costs `scoreSevereWeight`: the harsh weight under its kind, the rest
 * under `severe`. Under `scoreMinDistanceKm` there is no score.
 */
export function driverScore(totals: DriverTotals, settings: StreamSettings): DriverScore {
  const insufficient = !(totals.distanceM > 0 && totals.distanceM >= settings.scoreMinDistanceKm * 1000);
  if (insufficient) return { score: undefined, insufficient, totals, deductions: [] };
  const event = (kind: DeductionKind, amount: number, weight: number): Deduction => ({
    kind,
    points: ((amount * weight) / totals.distanceM) * PER_M,
    amount,
    weight,
  });
  const speeding = (kind: DeductionKind, ms: number, weight: number): Deduction => {
    const amount = totals.drivingMs > 0 ? Math.min(1, ms / totals.drivingMs) : 0;
    return { kind, points: amount * weight * 100, amount, weight };
  };
  const harsh = settings.scoreHarshWeight;
  const deductions = [
    event('harsh-brake', totals.harshBrakes, harsh),
    event('harsh-acceleration', totals.harshAccelerations, harsh),
    event('harsh-corner', totals.harshCorners, harsh),
    event('severe', totals.severeEvents, settings.scoreSevereWeight - harsh),
    speeding('speeding-minor', totals.speedingMinorMs, settings.scoreSpeedingMinorWeight),
    speeding('speeding-major', totals.speedingMajorMs, settings.scoreSpeedingMajorWeight),
    speeding('speeding-severe', totals.speedingSevereMs, settings.scoreSpeedingSevereWeight),
  ].filter((deduction) => deduction.points !== 0);
  deductions.sort((a, b) => b.points - a.points);
  const points = deductions.reduce((sum, deduction) => sum + deduction.points, 0);
  return { score: Math.max(0, BEST - points), insufficient, totals, deductions };
}

/** The scores of one driver over every window, from panes that reach back as far as the longest. */
export function driverScores(
  panes: RowBlock,
  driverId: string,
  atMs: number,
  settings: StreamSettings,
): Record<ScoreWindow, DriverScore> {
  const score = (window: ScoreWindow): DriverScore => {
    const { fromMs, toMs } = scoreRange(window, atMs);
    return driverScore(sumPanes(panes, driverId, fromMs, toMs), settings);
  };
  return { hour: score('hour'), day: score('day'), week: score('week'), fourWeeks: score('fourWeeks') };
}
