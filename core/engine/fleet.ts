import { type EventRow, TEXT } from '../decode/event-row.ts';
import type { Counters } from '../model/counters.ts';
import { MOVEMENT } from '../model/movement.ts';
import type { MinuteRows, TrackChunk, VehicleRow } from '../model/outputs.ts';
import { SIGNALS } from '../model/signals.ts';
import { TOPIC_KIND } from '../model/topics.ts';
import type { Evaluator } from '../rules/evaluator.ts';
import { COLUMN } from '../stream/columns.ts';
import { Dedupe } from '../stream/dedupe.ts';
import { FleetState, type StateArray } from '../stream/fleet-state.ts';
import { MinuteStore } from '../stream/minute-store.ts';
import { deriveAcceleration, deriveMovement, OFFLINE_AFTER_S } from '../stream/motion.ts';
import { SilenceClock } from '../stream/silence-clock.ts';
import { TrackStore } from '../stream/track-store.ts';

/** Watermark bound of the seed pipeline: an event this far behind its vehicle's clock is late. */
export const LATE_AFTER_MS = 5000;

/** Every 16th event time is kept for the lag figure; the owner drains them after each record. */
const LAG_SAMPLE_MASK = 15;
const LAG_SAMPLES = 64;

/** Applies events and ticks to the fleet's columns, its tracks and its minutes, and runs the rules after each. */
export class Fleet {
  readonly state = new FleetState();
  readonly silence = new SilenceClock();
  readonly tracks: TrackStore;
  readonly lagSamplesMs = new Float64Array(LAG_SAMPLES);
  lagSampleCount = 0;
  readonly #dedupe: Dedupe;
  readonly #minutes = new MinuteStore();
  readonly #nameOf: (slot: number) => string;
  #chunks: TrackChunk[] = [];
  #rowsTakenAt = 0;

  constructor(nameOf: (slot: number) => string, dedupeLog2: number | undefined) {
    this.#nameOf = nameOf;
    this.#dedupe = new Dedupe(dedupeLog2);
    this.tracks = new TrackStore((slot, chunk) => this.#chunks.push({ vehicleId: nameOf(slot), ...chunk }));
  }

  /** Applies one decoded object that arrived at `receivedMs`. */
  event(row: EventRow, receivedMs: number, counters: Counters, rules: Evaluator): void {
    const { state } = this;
    const { slot, kind, timeMs } = row;
    state.use(slot, receivedMs);
    if (this.#dedupe.seen(row.idA, row.idB)) {
      counters.duplicates++;
      return;
    }
    if ((counters.events++ & LAG_SAMPLE_MASK) === 0 && this.lagSampleCount < LAG_SAMPLES) {
      this.lagSamplesMs[this.lagSampleCount++] = timeMs;
    }
    state.receivedMs[slot] = receivedMs;
    state.heardS[slot] = this.silence.nowS;
    if (timeMs < state.clockMs[slot] - LATE_AFTER_MS) counters.late++;
    const lastMs = state.kindMs[kind][slot];
    if (timeMs >= lastMs) {
      this.#minutes.roll(state, slot, timeMs, this.#nameOf);
      this.#apply(row);
    }
    this.#happening(row, rules);
    if (timeMs >= lastMs) rules.event(slot, state.clockMs[slot]);
    state.touch(slot);
  }

  /** Advances the silence clock and everything that depends on hearing nothing. */
  tick(atMs: number, listening: boolean, rules: Evaluator): void {
    const { state, silence } = this;
    silence.tick(atMs, listening);
    const silentS = state.values[COLUMN.silentS];
    for (let slot = 0; slot < state.count; slot++) {
      if (state.receivedMs[slot] === 0) continue;
      silentS[slot] = silence.nowS - state.heardS[slot];
      if (silentS[slot] >= OFFLINE_AFTER_S && state.movement[slot] !== MOVEMENT.offline) {
        state.movement[slot] = MOVEMENT.offline;
        state.touch(slot);
        rules.silence(slot, atMs);
      }
      rules.tick(slot, atMs);
    }
  }

  /** Finished chunks and minutes that nobody has taken yet. */
  get pendingRows(): number {
    return this.#chunks.length + this.#minutes.pendingRows;
  }

  takeTracks(): TrackChunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  takeMinutes(): MinuteRows {
    return this.#minutes.take();
  }

  /** Rows of the vehicles that changed since the last call. */
  takeVehicles(): VehicleRow[] {
    const { state } = this;
    const rows: VehicleRow[] = [];
    for (let slot = 0; slot < state.count; slot++) {
      if (state.changedAt[slot] > this.#rowsTakenAt) rows.push(this.#row(slot));
    }
    this.#rowsTakenAt = state.version;
    return rows;
  }

  arrays(): [name: string, array: StateArray][] {
    const { count } = this.state;
    return [
      ...this.state.arrays(),
      ...this.#dedupe.arrays(),
      ...this.tracks.arrays(count),
      ...this.#minutes.arrays(count),
    ];
  }

  restore(count: number, read: (name: string) => StateArray | undefined): void {
    this.state.restore(count, read);
    this.#dedupe.restore(read);
    this.tracks.restore(count, read);
    this.#minutes.restore(count, read);
  }

  #apply(row: EventRow): void {
    const { state } = this;
    const { slot, kind, timeMs } = row;
    state.kindMs[kind][slot] = timeMs;
    for (let i = 0; i < row.touchedCount; i++) {
      const column = row.touched[i];
      const value = row.values[column];
      if (column === COLUMN.speedKmph) {
        deriveAcceleration(state, slot, value, timeMs);
        this.#minutes.speed(slot, value);
      }
      state.values[column][slot] = value;
    }
    if (!Number.isNaN(row.lat)) {
      state.lat[slot] = row.lat;
      state.lon[slot] = row.lon;
      if (kind === TOPIC_KIND.telemetry) {
        const speedKmph = state.values[COLUMN.speedKmph][slot];
        this.tracks.add(slot, timeMs, row.lat, row.lon, speedKmph, state.values[COLUMN.heading][slot]);
      }
    }
    keepText(row, TEXT.driverId, state.driverIds);
    keepText(row, TEXT.tripId, state.tripIds);
    keepText(row, TEXT.faultCodes, state.faultCodes);
    if (timeMs > state.clockMs[slot]) state.clockMs[slot] = timeMs;
    const movement = deriveMovement(state, slot);
    state.movement[slot] = movement;
    state.values[COLUMN.wasMoving][slot] = movement === MOVEMENT.moving ? 1 : 0;
  }

  /** Things that happen once are acted on however late they come. */
  #happening(row: EventRow, rules: Evaluator): void {
    if (row.kind === TOPIC_KIND.driver) rules.driverEvent(row.slot, row.text(TEXT.eventType), row.timeMs);
    if (row.kind !== TOPIC_KIND.alert) return;
    const type = row.text(TEXT.alertType);
    const message = row.text(TEXT.details) || type.replaceAll('_', ' ');
    rules.external(row.slot, type, row.text(TEXT.alertId), Number(row.text(TEXT.severity)), message, row.timeMs);
  }

  #row(slot: number): VehicleRow {
    const { state } = this;
    return {
      vehicleId: this.#nameOf(slot),
      firstSeenMs: state.firstSeenMs[slot],
      lastEventMs: state.clockMs[slot],
      lastReceivedMs: state.receivedMs[slot],
      lat: state.lat[slot],
      lon: state.lon[slot],
      movement: state.movement[slot] as VehicleRow['movement'],
      driverId: state.driverIds[slot],
      tripId: state.tripIds[slot],
      signals: Float64Array.from(SIGNALS, (s) => state.values[s.column][slot]),
      faultCodes: state.faultCodes[slot],
    };
  }
}

/** Keeps a text per slot; makes a string only when it differs from the one that is there. */
function keepText(row: EventRow, field: number, kept: string[]): void {
  const length = row.textLength[field];
  if (length < 0) return;
  const current = kept[row.slot];
  if (current.length === length) {
    const start = row.textStart[field];
    let i = 0;
    while (i < length && row.bytes[start + i] === current.charCodeAt(i)) i++;
    if (i === length) return;
  }
  kept[row.slot] = row.text(field);
}
