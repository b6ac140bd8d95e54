import { type RowBlock, type TripRow, VEHICLE_ROLLUP_COLUMNS } from './stream-outputs.ts';
import type { StreamSettings } from './stream-settings.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What the functions below need of a row of VEHICLE_ROLLUP_COLUMNS. */
export interface VehicleRollup {
  readonly vehicleId: string;
  readonly startMs: number;
  readonly movingMs: number;
  readonly idlingMs: number;
  readonly tripsStarted: number;
}

/** Rows of a block, the last one of each vehicle and start. */
export function rollupRows(block: RowBlock): VehicleRollup[] {
  const width = VEHICLE_ROLLUP_COLUMNS.length;
  const value = (row: number, name: (typeof VEHICLE_ROLLUP_COLUMNS)[number]): number =>
    block.values[row * width + VEHICLE_ROLLUP_COLUMNS.indexOf(name)];
  const rows = new Map<string, VehicleRollup>();
  block.keys.forEach((vehicleId, row) => {
    const startMs = value(row, 'start_ms');
    rows.set(`${startMs} ${vehicleId}`, {
      vehicleId,
      startMs,
      movingMs: value(row, 'moving_ms'),
      idlingMs: value(row, 'idling_ms'),
      tripsStarted: value(row, 'trips_started'),
    });
  });
  return [...rows.values()];
}

export interface Usage {
  /** Moving or idling. */
  readonly usedH: number;
  readonly availableH: number;
  /** Used of available; over 1 when it is used for longer than it is meant to be available. */
  readonly share: number;
  readonly underUsed: boolean;
}

/**
 * Hours a vehicle was used against those it was meant to be available, `availableHoursPerDay` for each day of [fromMs,
 * toMs). `rows` are its hours or its days (not both) that start in it. Under `underUsedShare` it is under-used.
 */
export function usage(rows: readonly VehicleRollup[], fromMs: number, toMs: number, settings: StreamSettings): Usage {
  const usedMs = rows
    .filter((row) => row.startMs >= fromMs && row.startMs < toMs)
    .reduce((sum, row) => sum + row.movingMs + row.idlingMs, 0);
  const usedH = usedMs / HOUR_MS;
  const availableH = (Math.max(0, toMs - fromMs) / DAY_MS) * settings.availableHoursPerDay;
  const share = availableH > 0 ? usedH / availableH : 0;
  return { usedH, availableH, share, underUsed: availableH > 0 && share < settings.underUsedShare };
}

export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Downtime {
  readonly totalMs: number;
  /** The first of the longest; undefined when the vehicle was on trips all the time. */
  readonly longest: Stretch | undefined;
}

/** Time of [fromMs, toMs) in which a vehicle was on none of its trips. Open trips last until `toMs`. */
export function downtime(trips: readonly TripRow[], fromMs: number, toMs: number): Downtime {
  const used = trips
    .map((trip) => ({ startMs: trip.startMs, endMs: trip.state === 'open' ? toMs : trip.endMs }))
    .sort((a, b) => a.startMs - b.startMs);
  let totalMs = 0;
  let longest: Stretch | undefined;
  let freeMs = fromMs;
  for (const { startMs, endMs } of [...used, { startMs: toMs, endMs: toMs }]) {
    const stretch = { startMs: freeMs, endMs: Math.min(startMs, toMs) };
    const ms = stretch.endMs - stretch.startMs;
    if (ms > 0) {
      totalMs += ms;
      if (!longest || ms > longest.endMs - longest.startMs) longest = stretch;
    }
    freeMs = Math.max(freeMs, endMs);
  }
  return { totalMs, longest };
}

export type TripAnomaly =
  /** The vehicle's next trip began while this one lasted. */
  | { readonly kind: 'overlap'; readonly trip: TripRow; readonly next: TripRow; readonly overlapMs: number }
  /** The vehicle's next trip began soon after this one. */
  | { readonly kind: 'quick-restart'; readonly trip: TripRow; readonly next: TripRow; readonly pauseMs: number }
  /** A day with far more or far fewer trips than is usual for the vehicle. */
  | { readonly kind: 'trip-count'; readonly startMs: number; readonly trips: number; readonly usual: number };

/**
 * Trips of one vehicle that follow their predecessor within `withinMs`, or begin before its end. A trip is compared
 * with the one that ended last of those before it. Cancelled trips do not count.
 */
export function tripSequenceAnomalies(trips: readonly TripRow[], withinMs: number): TripAnomaly[] {
  const found: TripAnomaly[] = [];
  const ordered = trips
    .filter((t) => t.state !== 'cancelled')
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  let trip = ordered[0];
  for (const next of ordered.slice(1)) {
    const pauseMs = next.startMs - trip.endMs;
    if (pauseMs < 0)
      found.push({ kind: 'overlap', trip, next, overlapMs: Math.min(trip.endMs, next.endMs) - next.startMs });
    else if (pauseMs < withinMs) found.push({ kind: 'quick-restart', trip, next, pauseMs });
    if (next.endMs > trip.endMs) trip = next;
  }
  return found;
}

/** A median of fewer days says little. */
const FEWEST_DAYS = 5;
/** A count is out of line when it differs by at least this many trips and by a factor of two: both are judgements. */
const COUNT_GAP = 3;
const COUNT_FACTOR = 2;

/**
 * Days of one vehicle with a trip count out of line with the median of its days. `days` are its day rows; days without
 * trips do not count.
 */
export function tripCountAnomalies(days: readonly VehicleRollup[]): TripAnomaly[] {
  const used = days.filter((day) => day.tripsStarted > 0);
  if (used.length < FEWEST_DAYS) return [];
  const usual = median(used.map((day) => day.tripsStarted));
  const outOfLine = (trips: number): boolean =>
    Math.abs(trips - usual) >= COUNT_GAP && (trips >= usual * COUNT_FACTOR || trips * COUNT_FACTOR <= usual);
  return used
    .filter((day) => outOfLine(day.tripsStarted))
    .sort((a, b) => a.startMs - b.startMs)
    .map((day) => ({ kind: 'trip-count', startMs: day.startMs, trips: day.tripsStarted, usual }));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
