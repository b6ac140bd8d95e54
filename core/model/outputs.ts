import type { AlertFlood } from './alert-floods.ts';
import type { Alert, AlertTransition } from './alerts.ts';
import type { Counters } from './counters.ts';
import type { Movement } from './movement.ts';
import type { Notice } from './notices.ts';
import type { QuarantineReason, QuarantineSample, SchemaNotice } from './quarantine.ts';
import type { OperatorAction, RulesChange } from './records.ts';
import type { StreamOutputs } from './stream-outputs.ts';

/** The latest of one vehicle, as history keeps it. NaN or undefined = not known. Times are Unix ms. */
export interface VehicleRow {
  readonly vehicleId: string;
  readonly firstSeenMs: number;
  /** Newest event time, 0 when no event carried one. */
  readonly lastEventMs: number;
  readonly lastReceivedMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly movement: Movement;
  readonly driverId: string;
  readonly tripId: string;
  /** By signal column; NaN = never reported. */
  readonly signals: Float64Array;
  readonly faultCodes: string;
}

/** A finished run of track points of one vehicle: `points` × 12 bytes, see TRACK_POINT_BYTES. */
export interface TrackChunk {
  readonly vehicleId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly points: number;
  readonly data: Uint8Array;
}

/**
 * A track point: u16 time since the chunk's start in 0.1 s, u8 heading in 360/256°, u8 speed in km/h (255 = 255 or more),
 * i32 latitude and i32 longitude in 1e-7 degrees. Little-endian.
 */
export const TRACK_POINT_BYTES = 12;

/**
 * Minute samples, struct of arrays: for row i, `vehicleIds[i]` at `minuteMs[i]`, `values[i * signalCount + column]`
 * = the last value of that signal in the minute (NaN = none yet), `maxSpeedKmph[i]` the highest speed in it.
 */
export interface MinuteRows {
  readonly vehicleIds: string[];
  readonly minuteMs: number[];
  readonly maxSpeedKmph: number[];
  readonly values: Float64Array;
  readonly signalCount: number;
}

/**
 * What the engine gives to history, committed in one transaction. Applying the same batch twice, or batches that overlap
 * after a crash, leaves the same rows: ids are hashes of causes, counters are absolute.
 */
export interface OutputBatch {
  /** Journal positions it covers: records in [fromPosition, toPosition). */
  readonly fromPosition: number;
  readonly toPosition: number;
  /** The engine's clock after the last record (receivedMs of the newest record), Unix ms. */
  readonly engineMs: number;
  readonly vehicles: VehicleRow[];
  readonly tracks: TrackChunk[];
  readonly minutes: MinuteRows;
  readonly alerts: Alert[];
  readonly transitions: AlertTransition[];
  readonly operatorActions: { readonly action: OperatorAction; readonly atMs: number; readonly position: number }[];
  readonly rulesChanges: { readonly change: RulesChange; readonly atMs: number; readonly position: number }[];
  readonly quarantineCounts: Partial<Record<QuarantineReason, number>>;
  readonly quarantineSamples: QuarantineSample[];
  readonly schemaNotices: SchemaNotice[];
  readonly counters: Counters;
  readonly stream?: StreamOutputs;
  /** What people and systems are to be told; see Notice. */
  readonly notices?: readonly Notice[];
  /** Floods of alerts that began, went on or ended; a row replaces an earlier one with the same start. */
  readonly floods?: readonly AlertFlood[];
  /** Engine state after `toPosition`, when this batch carries one. */
  readonly checkpoint?: Uint8Array;
}
