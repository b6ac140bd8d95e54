import {
  BEHAVIOUR_COLUMNS,
  type BreakViolationRow,
  DRIVER_PANE_COLUMNS,
  type DriverEventRow,
  HEALTH_WINDOW_COLUMNS,
  type LateRow,
  type RowBlock,
  type StopRow,
  type StreamOutputs,
  type TripRow,
  type TripSummaryRow,
  UTILISATION_COLUMNS,
  VEHICLE_ROLLUP_COLUMNS,
  VEHICLE_WINDOW_COLUMNS,
} from '../../model/stream-outputs.ts';
import { T0_MS } from './batches.ts';

export function block(
  columns: readonly string[],
  rows: readonly [key: string, values: Record<string, number>][],
): RowBlock {
  const values = new Float64Array(rows.length * columns.length);
  rows.forEach(([, row], i) => {
    columns.forEach((column, j) => {
      values[i * columns.length + j] = row[column] ?? 0;
    });
  });
  return { keys: rows.map(([key]) => key), values };
}

type Rows = readonly [key: string, values: Record<string, number>][];

/** Outputs of the stream from rows by column name; nothing where nothing is given. */
export function streamOutputs(
  more: Partial<
    Omit<
      StreamOutputs,
      'vehicleWindows' | 'behaviour' | 'utilisation' | 'healthWindows' | 'driverPanes' | 'vehicleHours' | 'vehicleDays'
    >
  > & {
    vehicleWindows?: Rows;
    behaviour?: Rows;
    utilisation?: Rows;
    healthWindows?: Rows;
    driverPanes?: Rows;
    vehicleHours?: Rows;
    vehicleDays?: Rows;
  } = {},
): StreamOutputs {
  return {
    trips: more.trips ?? [],
    stops: more.stops ?? [],
    tripSummaries: more.tripSummaries ?? [],
    breakViolations: more.breakViolations ?? [],
    driverEvents: more.driverEvents ?? [],
    late: more.late ?? [],
    vehicleWindows: block(VEHICLE_WINDOW_COLUMNS, more.vehicleWindows ?? []),
    behaviour: block(BEHAVIOUR_COLUMNS, more.behaviour ?? []),
    utilisation: block(UTILISATION_COLUMNS, more.utilisation ?? []),
    healthWindows: block(HEALTH_WINDOW_COLUMNS, more.healthWindows ?? []),
    driverPanes: block(DRIVER_PANE_COLUMNS, more.driverPanes ?? []),
    vehicleHours: block(VEHICLE_ROLLUP_COLUMNS, more.vehicleHours ?? []),
    vehicleDays: block(VEHICLE_ROLLUP_COLUMNS, more.vehicleDays ?? []),
  };
}

export function trip(id: string, more: Partial<TripRow> = {}): TripRow {
  return {
    id,
    vehicleId: 'V-1',
    driverId: 'D-1',
    tripId: '',
    state: 'completed',
    source: 'telemetry',
    revision: 0,
    startMs: T0_MS,
    endMs: T0_MS + 600_000,
    endReason: 'ignition-off',
    startLat: 52.5,
    startLon: 13.4,
    endLat: 52.6,
    endLon: 13.5,
    distanceM: 8123.456,
    movingMs: 540_000,
    idlingMs: 60_000,
    stoppedMs: 0,
    gapMs: 0,
    avgSpeedKmph: 54.15,
    maxSpeedKmph: 71.2,
    fixes: 600,
    harshEvents: 1,
    fuelUsedPct: Number.NaN,
    odometerKm: Number.NaN,
    reportedDistanceM: Number.NaN,
    reportedDurationS: Number.NaN,
    ...more,
  };
}

export function stop(id: string, more: Partial<StopRow> = {}): StopRow {
  return {
    id,
    vehicleId: 'V-1',
    startMs: T0_MS,
    endMs: Number.NaN,
    lat: 52.6,
    lon: 13.5,
    idlingMs: 0,
    reason: 'ignition-off',
    tripRowId: '',
    ...more,
  };
}

export function tripSummary(tripId: string, more: Partial<TripSummaryRow> = {}): TripSummaryRow {
  return {
    tripId,
    vehicleId: 'V-1',
    firstMs: T0_MS,
    lastMs: T0_MS + 600_000,
    events: 600,
    distanceM: 8123.456,
    avgSpeedKmph: 54.15,
    minSpeedKmph: 0,
    maxSpeedKmph: 71.2,
    ...more,
  };
}

export function violation(id: string, more: Partial<BreakViolationRow> = {}): BreakViolationRow {
  return { id, driverId: 'D-1', vehicleId: 'V-1', startMs: T0_MS, endMs: T0_MS + 300_000, allowedS: 900, ...more };
}

export function driverEvent(id: string, more: Partial<DriverEventRow> = {}): DriverEventRow {
  return {
    id,
    driverId: 'D-1',
    vehicleId: 'V-1',
    tripId: '',
    kind: 'harsh-brake',
    severity: 'minor',
    startMs: T0_MS,
    endMs: T0_MS + 2000,
    peak: 3.9,
    lat: 52.5,
    lon: 13.4,
    ...more,
  };
}

export function late(position: number, more: Partial<LateRow> = {}): LateRow {
  return {
    position,
    messageIndex: 0,
    objectIndex: 0,
    vehicleId: 'V-1',
    topicKind: 0,
    eventMs: T0_MS - 9000,
    receivedMs: T0_MS,
    behindMs: 4000,
    ...more,
  };
}
