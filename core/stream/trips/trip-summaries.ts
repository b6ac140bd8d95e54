import type { TripSummaryRow } from '../../model/stream-outputs.ts';
import type { StateArray } from '../fleet-state.ts';
import type { Step, StepConsumer } from '../step.ts';
import type { TripHolds } from './trip-holds.ts';

/** While a trip is open its row is given out again after this much event time. */
const EVERY_MS = 60_000;
/** A vehicle that left a trip may come back to it within this much event time. */
const LINGER_MS = 600_000;

const FIRST_ENTRIES = 1024;
const NONE = -1;

/** Numbers of 32 bits of an entry, in one place. */
const WORDS = 18;

/** Doubles of an entry. */
const REALS = WORDS / 2;
const FIRST_MS = 0;
const LAST_MS = 1;
/** When to act next: give the row out again (the current trip), or forget it (one that was left). */
const DUE_MS = 2;
const DISTANCE_M = 3;
const SPEED_SUM = 4;
const MIN_SPEED = 5;
const MAX_SPEED = 6;

/** Whole numbers of an entry. */
const COUNTS = WORDS;
const TRIP = 14;
const EVENTS = 15;
const SPEEDS = 16;
const NEXT = 17;

export interface SummaryDeps {
  vehicleName(slot: number): string;
  tripName(trip: number): string;
}

/**
 * The seed pipeline's trip summary: all telemetry with one trip id of one vehicle. A leg counts between two consecutive fixes of the
 * same non-empty trip only; a speed that is not known does not count.
 *
 * A row is given out every 60 s of the vehicle's time while it is on the trip, when it leaves the trip, and when it falls silent. A
 * later row of the trip replaces an earlier one. A vehicle may leave a trip and come back: the trip is forgotten once the vehicle
 * has been off it for 10 min of its own clock, so one that is silent keeps it.
 */
export class TripSummaries implements StepConsumer {
  readonly #deps: SummaryDeps;
  readonly #holds: TripHolds;
  /** By slot: its trips as a list, the one it is on or was on last at the head. */
  #head = new Int32Array(0);
  /** By slot: earliest `DUE_MS` of its list; infinite when there is none. */
  #dueMs = new Float64Array(0);
  /** By slot: number of the trip it is on, 0 = none. */
  #current = new Uint32Array(0);
  /** Two views of one buffer. */
  #counts = new Int32Array(FIRST_ENTRIES * WORDS);
  #reals = new Float64Array(this.#counts.buffer);
  #used = 0;
  #free = NONE;
  #rows: TripSummaryRow[] = [];

  constructor(deps: SummaryDeps, holds: TripHolds) {
    this.#deps = deps;
    this.#holds = holds;
  }

  step(step: Step): void {
    const { slot, timeMs } = step;
    if (slot >= this.#head.length) this.#reserve(slot + 1);
    if (step.fix) {
      if (step.trip !== this.#current[slot]) this.#change(slot, step.trip, timeMs);
      if (step.trip !== 0) this.#add(this.#head[slot], step);
    }
    if (timeMs >= this.#dueMs[slot]) this.#due(slot, timeMs);
  }

  watermark(): void {}

  idle(slot: number): void {
    if (slot < this.#head.length && this.#current[slot] !== 0) this.#give(slot, this.#head[slot]);
  }

  get pendingRows(): number {
    return this.#rows.length;
  }

  take(): TripSummaryRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  get bytes(): number {
    const bySlot = this.#head.byteLength + this.#dueMs.byteLength + this.#current.byteLength;
    return bySlot + this.#counts.byteLength;
  }

  arrays(count: number): [name: string, array: StateArray][] {
    this.#reserve(count);
    return [
      ['summary.head', this.#head.subarray(0, count)],
      ['summary.due', this.#dueMs.subarray(0, count)],
      ['summary.current', this.#current.subarray(0, count)],
      ['summary.entries', this.#counts.subarray(0, this.#used * WORDS)],
      ['summary.pool', Int32Array.of(this.#used, this.#free)],
    ];
  }

  restore(count: number, read: (name: string) => StateArray | undefined): void {
    this.#reserve(count);
    const pool = read('summary.pool');
    if (!pool) return;
    [this.#used, this.#free] = pool;
    while (this.#used * COUNTS > this.#counts.length) this.#growPool();
    this.#head.set(read('summary.head') ?? []);
    this.#dueMs.set(read('summary.due') ?? []);
    this.#current.set(read('summary.current') ?? []);
    this.#counts.set(read('summary.entries') ?? []);
  }

  #add(entry: number, step: Step): void {
    const reals = this.#reals;
    const counts = this.#counts;
    const at = entry * REALS;
    const { timeMs, speedKmph } = step;
    if (counts[entry * COUNTS + EVENTS]++ === 0) reals[at + FIRST_MS] = timeMs;
    reals[at + LAST_MS] = timeMs;
    if (step.trip === step.prevTrip) reals[at + DISTANCE_M] += step.legM;
    if (Number.isNaN(speedKmph)) return;
    if (counts[entry * COUNTS + SPEEDS]++ === 0) {
      reals[at + MIN_SPEED] = speedKmph;
      reals[at + MAX_SPEED] = speedKmph;
    } else if (speedKmph < reals[at + MIN_SPEED]) reals[at + MIN_SPEED] = speedKmph;
    else if (speedKmph > reals[at + MAX_SPEED]) reals[at + MAX_SPEED] = speedKmph;
    reals[at + SPEED_SUM] += speedKmph;
  }

  #change(slot: number, trip: number, timeMs: number): void {
    if (this.#current[slot] !== 0) {
      const left = this.#head[slot];
      this.#give(slot, left);
      this.#reals[left * REALS + DUE_MS] = timeMs + LINGER_MS;
    }
    this.#current[slot] = trip;
    if (trip !== 0) {
      const entry = this.#unlink(slot, trip);
      this.#counts[entry * COUNTS + NEXT] = this.#head[slot];
      this.#reals[entry * REALS + DUE_MS] = timeMs + EVERY_MS;
      this.#head[slot] = entry;
    }
    this.#schedule(slot);
  }

  /** The vehicle's entry for the trip, taken out of its list; a new one when it has none. */
  #unlink(slot: number, trip: number): number {
    const counts = this.#counts;
    let before = NONE;
    for (let entry = this.#head[slot]; entry !== NONE; entry = counts[entry * COUNTS + NEXT]) {
      if (counts[entry * COUNTS + TRIP] === trip) {
        if (before === NONE) this.#head[slot] = counts[entry * COUNTS + NEXT];
        else counts[before * COUNTS + NEXT] = counts[entry * COUNTS + NEXT];
        return entry;
      }
      before = entry;
    }
    return this.#newEntry(trip);
  }

  #due(slot: number, timeMs: number): void {
    const reals = this.#reals;
    const counts = this.#counts;
    let before = NONE;
    let entry = this.#head[slot];
    while (entry !== NONE) {
      const next = counts[entry * COUNTS + NEXT];
      const due = timeMs >= reals[entry * REALS + DUE_MS];
      if (due && counts[entry * COUNTS + TRIP] !== this.#current[slot]) {
        if (before === NONE) this.#head[slot] = next;
        else counts[before * COUNTS + NEXT] = next;
        this.#freeEntry(slot, entry);
      } else {
        if (due) {
          this.#give(slot, entry);
          reals[entry * REALS + DUE_MS] = timeMs + EVERY_MS;
        }
        before = entry;
      }
      entry = next;
    }
    this.#schedule(slot);
  }

  #schedule(slot: number): void {
    let dueMs = Number.POSITIVE_INFINITY;
    for (let entry = this.#head[slot]; entry !== NONE; entry = this.#counts[entry * COUNTS + NEXT]) {
      dueMs = Math.min(dueMs, this.#reals[entry * REALS + DUE_MS]);
    }
    this.#dueMs[slot] = dueMs;
  }

  #give(slot: number, entry: number): void {
    const reals = this.#reals;
    const at = entry * REALS;
    const speeds = this.#counts[entry * COUNTS + SPEEDS];
    this.#rows.push({
      tripId: this.#deps.tripName(this.#counts[entry * COUNTS + TRIP]),
      vehicleId: this.#deps.vehicleName(slot),
      firstMs: reals[at + FIRST_MS],
      lastMs: reals[at + LAST_MS],
      events: this.#counts[entry * COUNTS + EVENTS],
      distanceM: reals[at + DISTANCE_M],
      avgSpeedKmph: speeds === 0 ? Number.NaN : reals[at + SPEED_SUM] / speeds,
      minSpeedKmph: speeds === 0 ? Number.NaN : reals[at + MIN_SPEED],
      maxSpeedKmph: speeds === 0 ? Number.NaN : reals[at + MAX_SPEED],
    });
  }

  #newEntry(trip: number): number {
    let entry = this.#free;
    if (entry === NONE) {
      entry = this.#used++;
      if (this.#used * COUNTS > this.#counts.length) this.#growPool();
    } else this.#free = this.#counts[entry * COUNTS + NEXT];
    this.#counts.fill(0, entry * COUNTS, (entry + 1) * COUNTS);
    this.#counts[entry * COUNTS + TRIP] = trip;
    this.#holds.take(trip);
    return entry;
  }

  #freeEntry(slot: number, entry: number): void {
    this.#counts[entry * COUNTS + NEXT] = this.#free;
    this.#free = entry;
    this.#holds.drop(slot, this.#counts[entry * COUNTS + TRIP]);
  }

  #reserve(count: number): void {
    const before = this.#head.length;
    if (count <= before) return;
    const capacity = Math.max(1024, count, before * 2);
    const head = new Int32Array(capacity).fill(NONE, before);
    const dueMs = new Float64Array(capacity).fill(Number.POSITIVE_INFINITY, before);
    const current = new Uint32Array(capacity);
    head.set(this.#head);
    dueMs.set(this.#dueMs);
    current.set(this.#current);
    this.#head = head;
    this.#dueMs = dueMs;
    this.#current = current;
  }

  #growPool(): void {
    const counts = new Int32Array(this.#counts.length * 2);
    counts.set(this.#counts);
    this.#counts = counts;
    this.#reals = new Float64Array(counts.buffer);
  }
}
