import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Alert, AlertTransition } from '../../model/alerts.ts';
import { ZERO_COUNTERS } from '../../model/counters.ts';
import { MOVEMENT } from '../../model/movement.ts';
import type { MinuteRows, OutputBatch, TrackChunk, VehicleRow } from '../../model/outputs.ts';
import { TRACK_POINT_BYTES } from '../../model/outputs.ts';
import type { QuarantineSample } from '../../model/quarantine.ts';
import { columnOf, SIGNALS } from '../../model/signals.ts';
import { encodeTrackPoint } from '../../model/track-codec.ts';

/** A whole minute. */
export const T0_MS = 1_750_000_020_000;

/** A path for a history in a folder of its own that goes when the test ends. */
export function temporaryFile(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-history-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, 'history.sqlite');
}

export function signals(values: Readonly<Record<string, number>> = {}): Float64Array {
  const row = new Float64Array(SIGNALS.length).fill(Number.NaN);
  for (const [name, value] of Object.entries(values)) row[columnOf(name)] = value;
  return row;
}

export function vehicleRow(vehicleId: string, more: Partial<VehicleRow> = {}): VehicleRow {
  return {
    vehicleId,
    firstSeenMs: T0_MS,
    lastEventMs: T0_MS,
    lastReceivedMs: T0_MS + 100,
    lat: Number.NaN,
    lon: Number.NaN,
    movement: MOVEMENT.noData,
    driverId: '',
    tripId: '',
    signals: signals(),
    faultCodes: '',
    ...more,
  };
}

/** A chunk of one point every `stepMs`, driving north. */
export function trackChunk(vehicleId: string, startMs: number, points: number, stepMs = 1000): TrackChunk {
  const data = new Uint8Array(points * TRACK_POINT_BYTES);
  const view = new DataView(data.buffer);
  for (let i = 0; i < points; i++) {
    encodeTrackPoint(view, i * TRACK_POINT_BYTES, startMs, startMs + i * stepMs, 50 + i / 1000, 10, 40 + i, 0);
  }
  return { vehicleId, startMs, endMs: startMs + (points - 1) * stepMs, points, data };
}

export interface Minute {
  readonly vehicleId: string;
  readonly minuteMs: number;
  readonly maxSpeedKmph: number;
  readonly signals: Float64Array;
}

export function minuteRows(minutes: readonly Minute[]): MinuteRows {
  const values = new Float64Array(minutes.length * SIGNALS.length);
  for (const [i, minute] of minutes.entries()) values.set(minute.signals, i * SIGNALS.length);
  return {
    vehicleIds: minutes.map((minute) => minute.vehicleId),
    minuteMs: minutes.map((minute) => minute.minuteMs),
    maxSpeedKmph: minutes.map((minute) => minute.maxSpeedKmph),
    values,
    signalCount: SIGNALS.length,
  };
}

export function alert(id: string, more: Partial<Alert> = {}): Alert {
  return {
    id,
    ruleId: 'overspeed',
    ruleName: 'Overspeed',
    vehicleId: 'V-1',
    priority: 2,
    onsetMs: T0_MS - 5000,
    raisedMs: T0_MS,
    condition: 'active',
    latched: false,
    acknowledged: false,
    unit: 'km/h',
    message: 'Speed 104 km/h, limit 90 km/h.',
    ...more,
  };
}

export function transition(id: string, alertId: string, more: Partial<AlertTransition> = {}): AlertTransition {
  return { id, alertId, kind: 'raised', atMs: T0_MS, by: 'engine', ...more };
}

export function sample(position: number, more: Partial<QuarantineSample> = {}): QuarantineSample {
  return {
    reason: 'bad-json',
    detail: 'Unexpected end of JSON input',
    topic: 'fleet/prod/telemetry/raw',
    receivedMs: T0_MS + position,
    position,
    index: 0,
    bytes: 12,
    head: '{"vehicle_id',
    ...more,
  };
}

export function batch(fromPosition: number, toPosition: number, more: Partial<OutputBatch> = {}): OutputBatch {
  return {
    fromPosition,
    toPosition,
    engineMs: T0_MS + toPosition,
    vehicles: [],
    tracks: [],
    minutes: minuteRows([]),
    alerts: [],
    transitions: [],
    operatorActions: [],
    rulesChanges: [],
    quarantineCounts: {},
    quarantineSamples: [],
    schemaNotices: [],
    counters: { ...ZERO_COUNTERS },
    ...more,
  };
}
