import type { StopRow, TripRow, TripSummaryRow } from '../../model/stream-outputs.ts';
import type { StateArray } from '../fleet-state.ts';
import type { Step, StepConsumer } from '../step.ts';
import { TripBook } from './trip-book.ts';
import * as C from './trip-columns.ts';
import { TripDetector } from './trip-detector.ts';
import { TripEvents } from './trip-events.ts';
import { TripHolds } from './trip-holds.ts';
import { type StoredNotes, type TripEvent, TripNotes } from './trip-notes.ts';
import { openTripRow, type TripDeps } from './trip-rows.ts';
import { TripSummaries } from './trip-summaries.ts';

export interface TripsOptions extends TripDeps {
  /** Nobody here needs the number of that vehicle's trip id any more. */
  releaseTrip(slot: number, trip: number): void;
}

/**
 * Trips and stops of every vehicle, and the seeds' summaries by trip id. TripDetector tells the rules, TripEvents how trip events are
 * brought together with them. Rows are given out when a trip is long enough to be one, every 5 min of event time while it is open, at
 * its end, and at later corrections; rows of one id replace each other.
 */
export class Trips implements StepConsumer {
  readonly #book: TripBook;
  readonly #notes: TripNotes;
  readonly #detector: TripDetector;
  readonly #events: TripEvents;
  readonly #summaries: TripSummaries;
  readonly #holds: TripHolds;
  readonly #options: TripsOptions;

  constructor(options: TripsOptions) {
    this.#options = options;
    this.#holds = new TripHolds((slot, trip) => options.releaseTrip(slot, trip));
    this.#summaries = new TripSummaries(options, this.#holds);
    this.#notes = new TripNotes(this.#holds);
    this.#book = new TripBook(options, this.#notes, this.#holds);
    this.#detector = new TripDetector(this.#book);
    this.#events = new TripEvents(this.#book, this.#detector, this.#holds);
  }

  step(step: Step): void {
    const { slot } = step;
    const { columns } = this.#book;
    if (slot >= columns.capacity) columns.reserve(slot + 1);
    if (step.timeMs >= columns.reals[slot * C.REALS + C.DUE_MS]) this.#due(slot, step.timeMs);
    this.#detector.step(step);
    this.#summaries.step(step);
  }

  watermark(): void {}

  /** The vehicle is silent; its trip stays open. */
  idle(slot: number, _lastMs: number): void {
    this.#book.columns.reserve(slot + 1);
    this.#events.idle(slot);
    this.#summaries.idle(slot);
  }

  /**
   * Nothing was heard of the vehicle until `nowMs` of its clock: ends its trip where the rules say so, and takes the trip events that
   * wait for its telemetry. To be called every now and then from `idle` on: it is cheap where there is nothing to do.
   */
  expire(slot: number, nowMs: number): void {
    if (slot >= this.#book.columns.capacity) return;
    this.#events.idle(slot);
    this.#detector.expire(slot, nowMs);
    this.#events.expire(slot, nowMs);
  }

  tripEvent(event: TripEvent): void {
    this.#book.columns.reserve(event.slot + 1);
    this.#events.add(event);
  }

  /** The open trip as it stands, once it is more than jitter; it may still turn out to be too short to be kept. */
  openTrip(slot: number): TripRow | undefined {
    const { columns } = this.#book;
    if (slot >= columns.capacity || columns.state(slot) !== C.STATE.trip) return undefined;
    if ((columns.counts[slot * C.COUNTS + C.FLAGS] & C.PASSED_JITTER) === 0) return undefined;
    return openTripRow(columns, slot, this.#options);
  }

  /** True while something here goes by that number of a trip id. */
  holds(trip: number): boolean {
    return this.#holds.held(trip);
  }

  get pendingRows(): number {
    return this.#book.rows + this.#summaries.pendingRows;
  }

  take(): { trips: TripRow[]; stops: StopRow[]; summaries: TripSummaryRow[] } {
    return { ...this.#book.take(), summaries: this.#summaries.take() };
  }

  get bytes(): number {
    return this.#book.columns.bytes + this.#notes.bytes + this.#holds.bytes + this.#summaries.bytes;
  }

  arrays(count: number): [name: string, array: StateArray][] {
    return [...this.#book.columns.arrays(count), ...this.#holds.arrays(), ...this.#summaries.arrays(count)];
  }

  /** What is not in `arrays`, for JSON. */
  serialize(): StoredNotes {
    return this.#notes.serialize();
  }

  restore(count: number, read: (name: string) => StateArray | undefined, stored: unknown): void {
    this.#book.columns.restore(count, read);
    this.#holds.restore(read);
    this.#summaries.restore(count, read);
    this.#notes.restore((stored ?? []) as StoredNotes);
  }

  #due(slot: number, timeMs: number): void {
    const closed = this.#notes.get(slot)?.closed;
    this.#events.release(slot, timeMs);
    if (closed && timeMs >= closed.untilMs && this.#notes.get(slot)?.closed === closed) {
      this.#notes.setClosed(slot, undefined);
    }
    this.#book.giveOpenInTime(slot, timeMs);
    this.#book.schedule(slot, timeMs);
  }
}
