import { type OutputBatch, TRACK_POINT_BYTES, type TrackChunk } from '../../core/model/outputs.ts';
import { SIGNALS } from '../../core/model/signals.ts';
import {
  BEHAVIOUR_COLUMNS,
  DRIVER_PANE_COLUMNS,
  HEALTH_WINDOW_COLUMNS,
  type RowBlock,
  type StreamOutputs,
  type TripRow,
  UTILISATION_COLUMNS,
  VEHICLE_ROLLUP_COLUMNS,
  VEHICLE_WINDOW_COLUMNS,
} from '../../core/model/stream-outputs.ts';
import { encodeTrackPoint } from '../../core/model/track-codec.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHUNK_POINTS = 32;
const POINT_EVERY_MS = 10_000;
const CHUNK_MS = CHUNK_POINTS * POINT_EVERY_MS;
const TRIPS_PER_DAY = 10;

const EMPTY: Omit<OutputBatch, 'fromPosition' | 'toPosition' | 'engineMs'> = {
  vehicles: [],
  tracks: [],
  minutes: { vehicleIds: [], minuteMs: [], maxSpeedKmph: [], values: new Float64Array(0), signalCount: SIGNALS.length },
  alerts: [],
  transitions: [],
  operatorActions: [],
  rulesChanges: [],
  quarantineCounts: {},
  quarantineSamples: [],
  schemaNotices: [],
  counters: { processed: 0, events: 0, quarantined: 0, duplicates: 0, late: 0, ignored: 0 },
};

export const vehicleIds = (vehicles: number): string[] => Array.from({ length: vehicles }, (_, i) => `veh_${1000 + i}`);
const driverOf = (vehicleId: string): string => vehicleId.replace('veh', 'drv');

/** Rows whose values depend on their place alone, of about the size of real ones: `seed` × a number by column. */
function block(columns: readonly string[], keys: readonly string[], row: (i: number) => readonly number[]): RowBlock {
  const values = new Float64Array(keys.length * columns.length);
  keys.forEach((_, i) => {
    values.set(row(i), i * columns.length);
  });
  return { keys: [...keys], values };
}

function rollups(keys: readonly string[], startMs: number, lengthMs: number): RowBlock {
  const part = lengthMs / 10;
  return block(VEHICLE_ROLLUP_COLUMNS, keys, (i) => [
    ...[startMs, lengthMs / 1000, (lengthMs / 90) * (1 + (i % 7) / 10), part * 3 + i, part + (i % 600) * 1000],
    ...[part * 4, part * 2, 70 + (i % 400) / 10, 3.4, i % 3, (i % 90) * 1000, i % 4, 91.5, 12.6],
  ]);
}

function trips(keys: readonly string[], atMs: number): TripRow[] {
  return keys.map((vehicleId, i) => ({
    id: `${vehicleId.slice(4).padStart(8, '0')}${(Math.floor(atMs / 1000) % 1e8).toString().padStart(8, '0')}`,
    vehicleId,
    driverId: driverOf(vehicleId),
    tripId: `trip_${vehicleId}_${Math.floor(atMs / 1000)}`,
    state: 'completed',
    source: 'both',
    revision: 3,
    startMs: atMs - 1_800_000,
    endMs: atMs,
    endReason: 'ignition-off',
    startLat: 52.5123 + i / 1e5,
    startLon: 13.4321,
    endLat: 52.6123,
    endLon: 13.5321 + i / 1e5,
    distanceM: 18_234.5678,
    movingMs: 1_500_000,
    idlingMs: 300_000,
    stoppedMs: 0,
    gapMs: 0,
    avgSpeedKmph: 43.7654,
    maxSpeedKmph: 82.4,
    fixes: 1800,
    harshEvents: 1,
    fuelUsedPct: 2.5,
    odometerKm: 18.3,
    reportedDistanceM: Number.NaN,
    reportedDurationS: Number.NaN,
  }));
}

const NOTHING: StreamOutputs = {
  vehicleWindows: block(VEHICLE_WINDOW_COLUMNS, [], () => []),
  behaviour: block(BEHAVIOUR_COLUMNS, [], () => []),
  utilisation: block(UTILISATION_COLUMNS, [], () => []),
  healthWindows: block(HEALTH_WINDOW_COLUMNS, [], () => []),
  driverPanes: block(DRIVER_PANE_COLUMNS, [], () => []),
  vehicleHours: block(VEHICLE_ROLLUP_COLUMNS, [], () => []),
  vehicleDays: block(VEHICLE_ROLLUP_COLUMNS, [], () => []),
  trips: [],
  stops: [],
  tripSummaries: [],
  breakViolations: [],
  driverEvents: [],
  late: [],
};

function pointTemplate(): Uint8Array {
  const data = new Uint8Array(CHUNK_POINTS * TRACK_POINT_BYTES);
  const view = new DataView(data.buffer);
  for (let i = 0; i < CHUNK_POINTS; i++) {
    encodeTrackPoint(view, i * TRACK_POINT_BYTES, 0, i * POINT_EVERY_MS, 52 + i / 1000, 13 + i / 900, 30 + i, i * 11);
  }
  return data;
}

const POINTS = pointTemplate();

function chunk(vehicleId: string, startMs: number): TrackChunk {
  return { vehicleId, startMs, endMs: startMs + CHUNK_MS - POINT_EVERY_MS, points: CHUNK_POINTS, data: POINTS };
}

/** Hours and days of a week for every vehicle, then a day of tracks that ends with it, batch after batch. */
export function* weekBatches(vehicles: number, endMs: number): Generator<OutputBatch, void, void> {
  const ids = vehicleIds(vehicles);
  let position = 0;
  const next = (more: Partial<OutputBatch>): OutputBatch => {
    position += 1000;
    return { ...EMPTY, fromPosition: position - 1000, toPosition: position, engineMs: endMs, ...more };
  };
  for (let startMs = endMs - 7 * DAY_MS; startMs < endMs; startMs += HOUR_MS) {
    const day = startMs % DAY_MS === 0 ? { vehicleDays: rollups(ids, startMs, DAY_MS) } : {};
    yield next({ stream: { ...NOTHING, vehicleHours: rollups(ids, startMs, HOUR_MS), ...day } });
  }
  for (let startMs = endMs - DAY_MS; startMs + CHUNK_MS <= endMs; startMs += CHUNK_MS) {
    yield next({ tracks: ids.map((id, i) => chunk(id, startMs + (i % 100) * 10)) });
  }
}

/** Signals of a row with the decimals senders give; flags 0 or 1. */
function minutes(keys: readonly string[], minuteMs: number, second: number): OutputBatch['minutes'] {
  const values = new Float64Array(keys.length * SIGNALS.length);
  keys.forEach((_, i) => {
    for (const { column, flag, min, max, normalLow = min, normalHigh = max } of SIGNALS) {
      const part = ((i * 37 + column * 101 + second * 7) % 1000) / 1000;
      const value = normalLow + (normalHigh - normalLow) * part;
      values[i * SIGNALS.length + column] = flag ? i % 2 : Math.round(Math.min(value, 250_000) * 10) / 10;
    }
  });
  return {
    vehicleIds: [...keys],
    minuteMs: keys.map(() => minuteMs),
    maxSpeedKmph: keys.map((_, i) => 40 + (i % 500) / 10),
    values,
    signalCount: SIGNALS.length,
  };
}

/** What 10,000 messages/s of 10,000 vehicles come to, second by second, spread evenly: the n-th batch is of the n-th second after `startMs`. */
export function* secondBatches(
  vehicles: number,
  startMs: number,
  position: number,
): Generator<OutputBatch, never, void> {
  const ids = vehicleIds(vehicles);
  for (let second = 0; ; second++) {
    const engineMs = startMs + (second + 1) * 1000;
    const turn = (periodS: number): string[] => ids.filter((_, i) => i % periodS === second % periodS);
    const floored = (ms: number): number => Math.floor(engineMs / ms) * ms;
    const panes = turn(600).map(driverOf);
    const windowMs = floored(20_000);
    const ended = turn(Math.round(86_400 / TRIPS_PER_DAY));
    const stream: StreamOutputs = {
      ...NOTHING,
      vehicleWindows: block(VEHICLE_WINDOW_COLUMNS, turn(20), (i) => [
        ...[windowMs - 20_000, 0, windowMs - 19_800 + (i % 500), windowMs - 700 + (i % 500), 20, 181.3 + i / 10],
        ...[43.21, 31.5, 52.75],
      ]),
      healthWindows: block(HEALTH_WINDOW_COLUMNS, turn(600), () => [floored(60_000), 0, 93.5, 4]),
      behaviour: block(BEHAVIOUR_COLUMNS, turn(200).map(driverOf), () => [engineMs, engineMs + 7000, 3, 0, 1, 7]),
      utilisation: block(UTILISATION_COLUMNS, [''], () => [engineMs, 0, vehicles - 1200, 1000, 200]),
      driverPanes: block(DRIVER_PANE_COLUMNS, panes, (i) => [
        ...[floored(600_000), 7000 + i / 10, 540_000, 60_000, 4000, 0, 0, i % 2, 0, 0, 0],
      ]),
      vehicleHours: rollups(turn(300), floored(HOUR_MS), HOUR_MS),
      vehicleDays: rollups(turn(300), floored(DAY_MS), DAY_MS),
      trips: trips(ended, engineMs),
    };
    const tracks = turn(CHUNK_MS / 1000).map((id) => chunk(id, engineMs - CHUNK_MS));
    const fromPosition = position;
    position += vehicles * 320;
    const own = minutes(turn(60), floored(60_000) - 60_000, second);
    yield { ...EMPTY, fromPosition, toPosition: position, engineMs, tracks, minutes: own, stream };
  }
}
