import { type EventRow, FIGURE, TEXT } from '../decode/event-row.ts';
import { TextMemo } from '../decode/text-memo.ts';
import type { Counters } from '../model/counters.ts';
import { MOVEMENT } from '../model/movement.ts';
import type { MinuteRows, TrackChunk, VehicleRow } from '../model/outputs.ts';
import { SIGNALS } from '../model/signals.ts';
import { TOPIC_KIND } from '../model/topics.ts';
import type { Evaluator } from '../rules/evaluator.ts';
import { MAX_TERMS, SOURCE, SOURCE_COUNT } from '../rules/terms/term.ts';
import { COLUMN, COLUMNS } from '../stream/columns.ts';
import { Dedupe } from '../stream/dedupe.ts';
import { FleetState, type StateArray } from '../stream/fleet-state.ts';
import type { ObjectRef } from '../stream/late-log.ts';
import { MinuteStore } from '../stream/minute-store.ts';
import { deriveAcceleration, deriveMovement, OFFLINE_AFTER_S } from '../stream/motion.ts';
import { CHANGED, Reference } from '../stream/reference/reference.ts';
import { SilenceClock } from '../stream/silence-clock.ts';
import { watermarkFor } from '../stream/time/watermark.ts';
import { TrackStore } from '../stream/track-store.ts';
import { VehicleStream } from '../stream/vehicle-stream.ts';

/** Every 16th event time is kept for the lag figure; the owner drains them after each record. */
const LAG_SAMPLE_MASK = 15;
const LAG_SAMPLES = 64;

const SWEEP_EVERY_MS = 3_600_000;

/** What terms read of a vehicle that was never heard of before. */
const FIRST_SOURCES = [SOURCE.facts, SOURCE.trip, SOURCE.driver, SOURCE.faultCodes];

type StoredStream = Parameters<VehicleStream['restore']>[2];

/** Applies events and ticks to the fleet's columns, its tracks and its minutes, and runs the rules after each. */
export class Fleet {
  readonly state = new FleetState();
  readonly silence = new SilenceClock();
  readonly tracks: TrackStore;
  readonly stream: VehicleStream;
  readonly reference: Reference;
  /** Arrival of the events that are applied now, Unix ms. */
  receivedMs = 0;
  readonly lagSamplesMs = new Float64Array(LAG_SAMPLES);
  lagSampleCount = 0;
  readonly #dedupe: Dedupe;
  readonly #minutes = new MinuteStore();
  /** Columns that the event being applied changed: the rules look at no others. */
  readonly #changed = new Uint16Array(COLUMNS.length + MAX_TERMS + SOURCE_COUNT);
  #changedCount = 0;
  readonly #tripMemo = new TextMemo();
  readonly #driverMemo = new TextMemo();
  readonly #nameOf: (slot: number) => string;
  /** No tracks and minutes either: see EngineOptions. */
  readonly #rulesOnly: boolean;
  #chunks: TrackChunk[] = [];
  #rowsTakenAt = 0;

  constructor(nameOf: (slot: number) => string, dedupeLog2: number | undefined, rulesOnly = false) {
    this.#nameOf = nameOf;
    this.#rulesOnly = rulesOnly;
    this.#dedupe = new Dedupe(dedupeLog2);
    this.stream = new VehicleStream(this.state, nameOf, rulesOnly);
    this.reference = new Reference(this.state, nameOf);
    this.tracks = new TrackStore((slot, chunk) => this.#chunks.push({ vehicleId: nameOf(slot), ...chunk }));
  }

  /** Applies one decoded object; `ref` says where it is in the journal. */
  event(row: EventRow, counters: Counters, rules: Evaluator, ref: ObjectRef): void {
    const { state, receivedMs } = this;
    const { slot, kind, timeMs } = row;
    const isNew = state.use(slot, receivedMs);
    if (this.#dedupe.seen(row.idA, row.idB)) {
      counters.duplicates++;
      return;
    }
    if ((counters.events++ & LAG_SAMPLE_MASK) === 0 && this.lagSampleCount < LAG_SAMPLES) {
      this.lagSamplesMs[this.lagSampleCount++] = timeMs;
    }
    state.receivedMs[slot] = receivedMs;
    state.heardS[slot] = this.silence.nowS;
    const newestMs = state.kindMs[kind][slot];
    const inOrder = timeMs >= newestMs;
    const wanted = inOrder || timeMs > this.stream.lanes.watermarkMs(slot);
    this.#changedCount = 0;
    const trip = wanted ? this.#tripOf(row, inOrder) : 0;
    const driver = this.#driverOf(row, inOrder);
    if (inOrder) {
      if (!this.#rulesOnly) this.#minutes.roll(state, slot, timeMs, this.#nameOf);
      this.#apply(row, isNew);
    }
    if (!this.#order(row, Math.max(timeMs, newestMs), trip, driver)) {
      counters.late++;
      const watermarkMs = this.#watermarkMs(row, newestMs);
      this.stream.late(ref, slot, kind, timeMs, receivedMs, watermarkMs);
    }
    this.#happening(row, rules, driver);
    if (inOrder) rules.event(slot, state.clockMs[slot], this.#changed, this.#changedCount);
    this.#tellBreaks(rules);
    state.touch(slot);
  }

  /** True when that fingerprint was met before; remembers it. */
  seen(a: number, b: number): boolean {
    return this.#dedupe.seen(a, b);
  }

  /** Advances the silence clock and everything that depends on hearing nothing. */
  tick(atMs: number, listening: boolean, rules: Evaluator): void {
    const { state, silence } = this;
    if (Math.floor(atMs / SWEEP_EVERY_MS) > Math.floor(silence.lastTickMs / SWEEP_EVERY_MS)) this.stream.sweep();
    silence.tick(atMs, listening);
    const silentS = state.values[COLUMN.silentS];
    const { idleAfterS } = this.stream.settings;
    for (let slot = 0; slot < state.count; slot++) {
      if (state.receivedMs[slot] === 0) continue;
      const seconds = silence.nowS - state.heardS[slot];
      silentS[slot] = seconds;
      if (seconds >= idleAfterS) this.stream.silent(slot, seconds);
      if (seconds >= OFFLINE_AFTER_S && state.movement[slot] !== MOVEMENT.offline) {
        state.movement[slot] = MOVEMENT.offline;
        state.touch(slot);
        rules.silence(slot, atMs);
      }
      rules.tick(slot, seconds, atMs, silence.nowS);
    }
    this.#tellBreaks(rules);
  }

  /** Rows of tracks, minutes, windows, trips and scores that nobody has taken yet. */
  get pendingRows(): number {
    return this.#chunks.length + this.#minutes.pendingRows + this.stream.pendingRows;
  }

  /** Gives up what `pendingRows` counts; answers how many that were. */
  dropRows(): number {
    const rows = this.pendingRows;
    this.takeTracks();
    this.takeMinutes();
    this.stream.take();
    return rows;
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
      ...this.stream.arrays(count),
      ...this.reference.arrays(count),
    ];
  }

  restore(count: number, read: (name: string) => StateArray | undefined, stream: StoredStream): void {
    this.state.restore(count, read);
    this.#dedupe.restore(read);
    this.tracks.restore(count, read);
    this.#minutes.restore(count, read);
    this.stream.restore(count, read, stream);
    this.reference.restore(count, read);
  }

  #apply(row: EventRow, isNew: boolean): void {
    const { state } = this;
    const { slot, kind, timeMs } = row;
    const changed = this.#changed;
    let count = this.#changedCount;
    if (isNew) for (const source of FIRST_SOURCES) changed[count++] = source;
    state.kindMs[kind][slot] = timeMs;
    for (let i = 0; i < row.touchedCount; i++) {
      const column = row.touched[i];
      const value = row.values[column];
      changed[count++] = column;
      if (column === COLUMN.speedKmph) {
        deriveAcceleration(state, slot, value, timeMs);
        if (!this.#rulesOnly) this.#minutes.speed(slot, value);
        changed[count++] = COLUMN.accelMps2;
        changed[count++] = COLUMN.prevSpeedKmph;
      }
      state.values[column][slot] = value;
    }
    if (!Number.isNaN(row.lat)) {
      state.lat[slot] = row.lat;
      state.lon[slot] = row.lon;
      changed[count++] = SOURCE.position;
      count = this.#place(slot, timeMs, changed, count);
      if (kind === TOPIC_KIND.telemetry && !this.#rulesOnly && this.tracks.mayKeep(slot, timeMs)) {
        const speedKmph = state.values[COLUMN.speedKmph][slot];
        this.tracks.add(slot, timeMs, row.lat, row.lon, speedKmph, state.values[COLUMN.heading][slot]);
      }
    }
    if (!sameText(row, TEXT.faultCodes, state.faultCodes[slot])) {
      state.faultCodes[slot] = row.text(TEXT.faultCodes);
      changed[count++] = SOURCE.faultCodes;
    }
    if (timeMs > state.clockMs[slot]) state.clockMs[slot] = timeMs;
    const movement = deriveMovement(state, slot);
    state.movement[slot] = movement;
    state.values[COLUMN.wasMoving][slot] = movement === MOVEMENT.moving ? 1 : 0;
    changed[count++] = COLUMN.wasMoving;
    this.#changedCount = count;
  }

  /** Tells business data where the vehicle is now; answers how many changes are listed then. */
  #place(slot: number, timeMs: number, changed: Uint16Array, from: number): number {
    const { state } = this;
    const speedKmph = state.values[COLUMN.speedKmph][slot];
    const moved = this.reference.position(slot, timeMs, state.lat[slot], state.lon[slot], speedKmph);
    let count = from;
    if ((moved & CHANGED.places) !== 0) changed[count++] = SOURCE.places;
    if ((moved & CHANGED.figures) !== 0) changed[count++] = SOURCE.journey;
    if ((moved & CHANGED.stop) !== 0) changed[count++] = SOURCE.stop;
    return count;
  }

  /** Gives the event to its place in event time; false when it came behind its watermark. */
  #order(row: EventRow, newestMs: number, trip: number, driver: number): boolean {
    const { stream } = this;
    const { slot, kind, timeMs } = row;
    if (kind === TOPIC_KIND.telemetry) {
      return stream.telemetry(slot, timeMs, row.lat, row.lon, reported(row, COLUMN.speedKmph), trip, driver);
    }
    const inTime = timeMs > this.#watermarkMs(row, newestMs);
    if (kind === TOPIC_KIND.status) {
      stream.status(slot, timeMs, newestMs, reported(row, COLUMN.engineTempC), trip, driver, inTime);
    }
    return inTime;
  }

  #watermarkMs(row: EventRow, newestMs: number): number {
    if (row.kind === TOPIC_KIND.telemetry) return this.stream.lanes.watermarkMs(row.slot);
    return watermarkFor(newestMs, this.stream.boundMs(row.kind));
  }

  /** Number of the trip the row belongs to; remembered as the vehicle's when the row is its newest. */
  #tripOf(row: EventRow, inOrder: boolean): number {
    const { state } = this;
    const { slot } = row;
    if (row.textLength[TEXT.tripId] < 0 || this.#tripMemo.knows(row, TEXT.tripId, slot)) return state.tripNo[slot];
    const tripId = row.text(TEXT.tripId);
    const trip = this.stream.tripNumber(slot, tripId);
    if (inOrder) {
      state.tripIds[slot] = tripId;
      state.tripNo[slot] = trip;
      this.#changed[this.#changedCount++] = SOURCE.trip;
      this.#tripMemo.remember(row, TEXT.tripId, slot);
    }
    return trip;
  }

  #driverOf(row: EventRow, inOrder: boolean): number {
    const { state } = this;
    const { slot } = row;
    if (row.textLength[TEXT.driverId] < 0 || this.#driverMemo.knows(row, TEXT.driverId, slot))
      return state.driverNo[slot];
    const driverId = row.text(TEXT.driverId);
    const driver = this.stream.drivers.number(driverId);
    if (inOrder) {
      state.driverIds[slot] = driverId;
      state.driverNo[slot] = driver;
      this.#changed[this.#changedCount++] = SOURCE.driver;
      this.#driverMemo.remember(row, TEXT.driverId, slot);
    }
    return driver;
  }

  /** Things that happen once are acted on however late they come. */
  #happening(row: EventRow, rules: Evaluator, driver: number): void {
    const { slot, kind, timeMs } = row;
    if (kind === TOPIC_KIND.telemetry || kind === TOPIC_KIND.status) return;
    if (kind === TOPIC_KIND.driver) {
      const type = row.text(TEXT.eventType);
      rules.happened(slot, `driver.${type}`, timeMs);
      this.stream.driverEvent(driver, slot, type, timeMs);
    } else if (kind === TOPIC_KIND.trip) this.#tripEvent(row, driver, rules);
    else if (kind === TOPIC_KIND.alert) {
      const type = row.text(TEXT.alertType);
      const message = row.text(TEXT.details) || type.replaceAll('_', ' ');
      rules.external(slot, type, row.text(TEXT.alertId), Number(row.text(TEXT.severity)), message, timeMs);
    }
  }

  #tellBreaks(rules: Evaluator): void {
    for (const { slot, endMs } of this.stream.takeBreakViolations())
      rules.happened(slot, 'driver.break_violation', endMs);
  }

  #tripEvent(row: EventRow, driver: number, rules: Evaluator): void {
    const type = row.text(TEXT.eventType);
    const atStart = type === 'trip_start';
    if (atStart || type === 'trip_end') rules.happened(row.slot, atStart ? 'trip.start' : 'trip.end', row.timeMs);
    this.stream.tripEvent({
      slot: row.slot,
      type,
      tripId: row.text(TEXT.tripId),
      driver,
      timeMs: row.timeMs,
      lat: row.figures[atStart ? FIGURE.originLat : FIGURE.endLat],
      lon: row.figures[atStart ? FIGURE.originLon : FIGURE.endLon],
      distanceM: row.figures[FIGURE.distanceM],
      durationS: row.figures[FIGURE.durationS],
      cancelled: row.text(TEXT.status) === 'cancelled',
    });
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

/** True when the object says the same as `kept`, or nothing; makes no string. */
function sameText(row: EventRow, field: number, kept: string): boolean {
  const length = row.textLength[field];
  if (length < 0) return true;
  if (kept.length !== length) return false;
  const start = row.textStart[field];
  const { bytes } = row;
  for (let i = 0; i < length; i++) if (bytes[start + i] !== kept.charCodeAt(i)) return false;
  return true;
}

/** What this object reports of a column, NaN when it does not. */
function reported(row: EventRow, column: number): number {
  for (let i = 0; i < row.touchedCount; i++) if (row.touched[i] === column) return row.values[column];
  return Number.NaN;
}
