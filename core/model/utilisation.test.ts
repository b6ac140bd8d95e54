import { describe, expect, test } from 'vitest';
import { type RowBlock, type TripRow, VEHICLE_ROLLUP_COLUMNS } from './stream-outputs.ts';
import { DEFAULT_SETTINGS } from './stream-settings.ts';
import {
  downtime,
  rollupRows,
  tripCountAnomalies,
  tripSequenceAnomalies,
  usage,
  type VehicleRollup,
} from './utilisation.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 2, 1);

const day = (n: number, values: Partial<VehicleRollup>): VehicleRollup => ({
  ...{ vehicleId: 'v1', startMs: T0 + n * DAY, movingMs: 0, idlingMs: 0, tripsStarted: 0 },
  ...values,
});

function trip(startH: number, endH: number, state: TripRow['state'] = 'completed'): TripRow {
  const { NaN: none } = Number;
  return {
    ...{ id: `${startH}`, vehicleId: 'v1', driverId: '', tripId: '', state, source: 'telemetry', revision: 0 },
    ...{
      startMs: T0 + startH * HOUR,
      endMs: T0 + endH * HOUR,
      endReason: '',
      startLat: 0,
      startLon: 0,
      endLat: 0,
      endLon: 0,
    },
    ...{ distanceM: 0, movingMs: 0, idlingMs: 0, stoppedMs: 0, gapMs: 0, avgSpeedKmph: 0, maxSpeedKmph: 0, fixes: 0 },
    ...{ harshEvents: 0, fuelUsedPct: none, odometerKm: none, reportedDistanceM: none, reportedDurationS: none },
  };
}

test('rows of a block: the last one of each vehicle and start', () => {
  const width = VEHICLE_ROLLUP_COLUMNS.length;
  const values = new Float64Array(width * 3);
  const set = (row: number, name: (typeof VEHICLE_ROLLUP_COLUMNS)[number], value: number): void => {
    values[row * width + VEHICLE_ROLLUP_COLUMNS.indexOf(name)] = value;
  };
  [T0, T0, T0].forEach((start, row) => {
    set(row, 'start_ms', start);
    set(row, 'moving_ms', row + 1);
    set(row, 'idling_ms', 10);
    set(row, 'trips_started', row);
  });
  const block: RowBlock = { keys: ['v1', 'v2', 'v1'], values };
  expect(rollupRows(block)).toEqual([
    { vehicleId: 'v1', startMs: T0, movingMs: 3, idlingMs: 10, tripsStarted: 2 },
    { vehicleId: 'v2', startMs: T0, movingMs: 2, idlingMs: 10, tripsStarted: 1 },
  ]);
});

describe('usage', () => {
  test('5 h of 2 × 10 h are a quarter; rows outside do not count', () => {
    const days = [
      day(0, { movingMs: 2 * HOUR }),
      day(1, { movingMs: 2 * HOUR, idlingMs: HOUR }),
      day(2, { movingMs: HOUR }),
    ];
    const found = usage(days, T0, T0 + 2 * DAY, DEFAULT_SETTINGS);
    expect(found).toEqual({ usedH: 5, availableH: 20, share: 0.25, underUsed: false });
    expect(usage(days, T0 + DAY, T0 + 3 * DAY, { ...DEFAULT_SETTINGS, underUsedShare: 0.21 }).underUsed).toBe(true);
  });

  test('of no time is none', () => {
    expect(usage([], T0, T0, DEFAULT_SETTINGS)).toEqual({ usedH: 0, availableH: 0, share: 0, underUsed: false });
  });
});

describe('downtime', () => {
  test('is what no trip covers: in all and the longest stretch', () => {
    const trips = [trip(8, 10), trip(1, 2), trip(9, 11)];
    expect(downtime(trips, T0, T0 + 14 * HOUR)).toEqual({
      totalMs: 10 * HOUR,
      longest: { startMs: T0 + 2 * HOUR, endMs: T0 + 8 * HOUR },
    });
  });

  test('trips over the ends are cut; an open one lasts to the end', () => {
    const trips = [trip(-1, 1), trip(5, 5.1, 'open')];
    expect(downtime(trips, T0, T0 + 8 * HOUR).totalMs).toBe(4 * HOUR);
    expect(downtime([trip(-1, 9)], T0, T0 + 8 * HOUR)).toEqual({ totalMs: 0, longest: undefined });
    expect(downtime([trip(20, 30)], T0, T0 + 8 * HOUR).totalMs).toBe(8 * HOUR);
  });
});

describe('anomalies', () => {
  test('a trip that begins before the end of one before, and one that begins soon after it', () => {
    const [a, b, c, d] = [trip(1, 4), trip(2, 3), trip(4.05, 5), trip(5.1, 6)];
    const cancelled = trip(1.5, 1.6, 'cancelled');
    expect(tripSequenceAnomalies([d, c, b, a, cancelled], 5 * MINUTE)).toEqual([
      { kind: 'overlap', trip: a, next: b, overlapMs: HOUR },
      { kind: 'quick-restart', trip: a, next: c, pauseMs: 3 * MINUTE },
    ]);
    expect(tripSequenceAnomalies([], MINUTE)).toEqual([]);
  });

  test('days with twice or half the usual number of trips and at least three off', () => {
    const counts = [4, 5, 0, 4, 12, 1, 4, 7];
    const days = counts.map((tripsStarted, n) => day(n, { tripsStarted }));
    expect(tripCountAnomalies(days)).toEqual([
      { kind: 'trip-count', startMs: T0 + 4 * DAY, trips: 12, usual: 4 },
      { kind: 'trip-count', startMs: T0 + 5 * DAY, trips: 1, usual: 4 },
    ]);
  });

  test('fewer than five days with trips have no usual number', () => {
    expect(tripCountAnomalies([1, 1, 1, 9].map((tripsStarted, n) => day(n, { tripsStarted })))).toEqual([]);
  });
});
