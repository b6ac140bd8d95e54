import type { Alert, AlertTransition } from '../../core/model/alerts.ts';
import { MOVEMENT } from '../../core/model/movement.ts';
import {
  type MinuteRows,
  type OutputBatch,
  TRACK_POINT_BYTES,
  type TrackChunk,
  type VehicleRow,
} from '../../core/model/outputs.ts';
import { SIGNALS } from '../../core/model/signals.ts';
import { encodeTrackPoint } from '../../core/model/track-codec.ts';
import { random } from '../../simulator/random.ts';

const CHUNK_POINTS = 32;
const POINT_EVERY_MS = 10_000;
const MINUTE_MS = 60_000;
/** Alerts per vehicle and second: about one per vehicle in twenty minutes, far more than a good rule set raises. */
const ALERTS_PER_VEHICLE_SECOND = 1 / 1200;
/** Journal bytes per message: the batches pretend to come from a journal of this size. */
const BYTES_PER_MESSAGE = 320;

export interface BatchShape {
  readonly vehicles: number;
  readonly startMs: number;
  /** Event time a batch covers, ms: 1,000 as the room commits, more to fill a history fast. */
  readonly stepMs: number;
}

/** Rows that a batch puts into the history, of every kind. */
export function rowsOf(batch: OutputBatch): number {
  const { vehicles, tracks, minutes, alerts, transitions } = batch;
  return vehicles.length + tracks.length + minutes.vehicleIds.length + alerts.length + transitions.length;
}

/**
 * What an engine with a moving fleet gives to history, batch after batch without end: track chunks as they fill up, a row per
 * vehicle and minute, all vehicles every ten seconds, alerts with their transitions. The same shape gives the same batches.
 */
export function* historyBatches({ vehicles, startMs, stepMs }: BatchShape): Generator<OutputBatch, never, void> {
  const draw = random(1);
  const ids = Array.from({ length: vehicles }, (_, i) => `veh_${1000 + i}`);
  const track = pointTemplate();
  let position = 0;
  let chunksDue = 0;
  let alertsDue = 0;
  let nextChunk = 0;
  let alertCount = 0;
  for (let atMs = startMs; ; atMs += stepMs) {
    const endMs = atMs + stepMs;
    chunksDue += (vehicles * stepMs) / (CHUNK_POINTS * POINT_EVERY_MS);
    alertsDue += (vehicles * stepMs * ALERTS_PER_VEHICLE_SECOND) / 1000;
    const tracks: TrackChunk[] = [];
    for (; chunksDue >= 1; chunksDue--) tracks.push(chunk(ids[nextChunk++ % vehicles], endMs, track));
    const alerts: Alert[] = [];
    for (; alertsDue >= 1; alertsDue--) alerts.push(alert(alertCount++, ids[Math.floor(draw() * vehicles)], endMs));
    const firstMinute = Math.ceil(atMs / MINUTE_MS);
    const minutes = Math.ceil(endMs / MINUTE_MS) - firstMinute;
    const tenth = Math.floor(endMs / 10_000) !== Math.floor(atMs / 10_000);
    const fromPosition = position;
    position += (vehicles * stepMs * BYTES_PER_MESSAGE) / 1000;
    yield {
      ...EMPTY,
      fromPosition,
      toPosition: position,
      engineMs: endMs,
      vehicles: tenth ? ids.map((id) => vehicleRow(id, endMs, draw)) : [],
      tracks,
      minutes: minuteRows(ids, firstMinute * MINUTE_MS, minutes, draw),
      alerts,
      transitions: alerts.map(raised),
      counters: { ...EMPTY.counters, processed: position / BYTES_PER_MESSAGE },
    };
  }
}

const EMPTY = {
  operatorActions: [],
  rulesChanges: [],
  quarantineCounts: {},
  quarantineSamples: [],
  schemaNotices: [],
  counters: { processed: 0, events: 0, quarantined: 0, duplicates: 0, late: 0, ignored: 0 },
};

function pointTemplate(): Uint8Array {
  const data = new Uint8Array(CHUNK_POINTS * TRACK_POINT_BYTES);
  const view = new DataView(data.buffer);
  for (let i = 0; i < CHUNK_POINTS; i++) {
    encodeTrackPoint(view, i * TRACK_POINT_BYTES, 0, i * POINT_EVERY_MS, 52 + i / 1000, 13 + i / 900, 30 + i, i * 11);
  }
  return data;
}

function chunk(vehicleId: string, endMs: number, data: Uint8Array): TrackChunk {
  return { vehicleId, startMs: endMs - (CHUNK_POINTS - 1) * POINT_EVERY_MS, endMs, points: CHUNK_POINTS, data };
}

/** Flags as 0 or 1, numbers with one digit behind the point: what senders round to. */
function signalRow(into: Float64Array, at: number, draw: () => number): void {
  for (const { column, flag } of SIGNALS)
    into[at + column] = flag ? Math.round(draw()) : Math.round(draw() * 1000) / 10;
}

function minuteRows(ids: readonly string[], firstMs: number, minutes: number, draw: () => number): MinuteRows {
  const rows = ids.length * minutes;
  const values = new Float64Array(rows * SIGNALS.length);
  for (let row = 0; row < rows; row++) signalRow(values, row * SIGNALS.length, draw);
  return {
    vehicleIds: Array.from({ length: rows }, (_, row) => ids[row % ids.length]),
    minuteMs: Array.from({ length: rows }, (_, row) => firstMs + Math.floor(row / ids.length) * MINUTE_MS),
    maxSpeedKmph: Array.from({ length: rows }, () => Math.round(draw() * 900) / 10),
    values,
    signalCount: SIGNALS.length,
  };
}

function vehicleRow(vehicleId: string, atMs: number, draw: () => number): VehicleRow {
  const signals = new Float64Array(SIGNALS.length);
  signalRow(signals, 0, draw);
  return {
    vehicleId,
    firstSeenMs: atMs,
    lastEventMs: atMs,
    lastReceivedMs: atMs,
    lat: 52 + draw(),
    lon: 13 + draw(),
    movement: MOVEMENT.moving,
    driverId: `drv_${vehicleId}`,
    tripId: `trip_${vehicleId}`,
    signals,
    faultCodes: '',
  };
}

function alert(index: number, vehicleId: string, atMs: number): Alert {
  return {
    id: `bench-alert-${index}`,
    ruleId: 'overspeed',
    ruleName: 'Overspeed',
    vehicleId,
    priority: 3,
    onsetMs: atMs - 60_000,
    raisedMs: atMs,
    condition: 'active',
    latched: false,
    acknowledged: false,
    unit: 'km/h',
    message: '97 km/h for more than a minute, limit 80',
  };
}

function raised({ id, raisedMs }: Alert): AlertTransition {
  return { id: `${id}-raised`, alertId: id, kind: 'raised', atMs: raisedMs, by: 'engine' };
}
