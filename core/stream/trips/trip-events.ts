import type { TripBook } from './trip-book.ts';
import * as C from './trip-columns.ts';
import { correctClosed, moveEnd, moveStart, RECONCILE_MS } from './trip-corrections.ts';
import { GAP_MS, type TripDetector } from './trip-detector.ts';
import type { TripHolds } from './trip-holds.ts';
import type { ClosedTrip, TripEvent, TripNotes } from './trip-notes.ts';
import { toldTripRow } from './trip-rows.ts';

/** A trip whose end was told is not kept for corrections much longer: no other end is expected. */
const TOLD_MS = 60_000;

/**
 * Brings what senders say of their trips together with what the telemetry shows.
 *
 * An event ahead of its vehicle's telemetry waits until the telemetry gets there, so events and steps are taken in order of time
 * whichever came first; one behind the telemetry is taken at once. When the vehicle falls silent, those up to GAP_MS after its
 * last step are taken, the others when it has no open trip. The same event twice counts once.
 *
 * A start: the trip that runs with that id, or without any and begun at most RECONCILE_MS before or after, takes the id and the event's
 * time. Where a trip with another id runs, or one without id for longer, it ends there (it had no end of its own) and another
 * begins. Where none runs, the next one takes the id, and the time if it begins within RECONCILE_MS. A start that is followed by
 * another with no movement in between gives a row only where there was no telemetry either.
 *
 * An end: the trip that runs with that id or without any ends there, however the vehicle goes on: at the event's time if it stood for
 * no longer than RECONCILE_MS before, else where it began to stand. A trip that the rules have ended already is corrected: it ends at
 * the event's time where that is no further than RECONCILE_MS away, and takes the reported distance and duration. An end of more
 * than RECONCILE_MS ago that a running trip contradicts, one before its own start, and one of another trip than any known here
 * change nothing, save that an end without a start and without telemetry gives a row if it reports a duration.
 *
 * A trip that only events tell of has the source `events`; it may lie over a stop that the telemetry shows. A cancelled trip keeps
 * what was measured, with state `cancelled`. Closed trips are corrected for ten minutes of the vehicle's clock, and for one
 * after their end was told.
 */
export class TripEvents {
  readonly #book: TripBook;
  readonly #notes: TripNotes;
  readonly #detector: TripDetector;
  readonly #holds: TripHolds;

  constructor(book: TripBook, detector: TripDetector, holds: TripHolds) {
    this.#book = book;
    this.#notes = book.notes;
    this.#detector = detector;
    this.#holds = holds;
  }

  /** An event as it comes. One without a trip id tells nothing. */
  add(event: TripEvent): void {
    const { slot } = event;
    if (event.trip === 0) return;
    // Held meanwhile, so that the number of an event that changes nothing is given back.
    this.#holds.take(event.trip);
    const heardMs = this.#heardMs(slot);
    if (heardMs === 0 || event.timeMs <= heardMs) this.#apply(event, heardMs);
    else this.#notes.wait(event);
    this.#holds.drop(slot, event.trip);
    this.#book.schedule(slot, heardMs);
  }

  /** Takes the waiting events up to a time at which the vehicle has been heard, or nearly; what it says at that time comes after. */
  release(slot: number, untilMs: number): void {
    for (let event = this.#notes.next(slot, untilMs); event; event = this.#notes.next(slot, untilMs)) {
      const heardMs = this.#heardMs(slot);
      if (heardMs > 0 && event.timeMs > heardMs) this.#detector.advance(slot, event.timeMs);
      this.#apply(event, heardMs);
      this.#holds.drop(slot, event.trip);
    }
  }

  /** The vehicle is silent: it is taken to have gone on for a moment with what it did. */
  idle(slot: number): void {
    if (!this.#notes.get(slot)) return;
    this.release(slot, this.#heardMs(slot) + GAP_MS);
    this.#book.schedule(slot, this.#heardMs(slot));
  }

  /** The vehicle is silent and no trip of it is open: what its sender says is all there is. Its own time stands still. */
  expire(slot: number, nowMs: number): void {
    if (this.#book.columns.state(slot) === C.STATE.trip) return;
    for (let event = this.#notes.next(slot, nowMs); event; event = this.#notes.next(slot, nowMs)) {
      this.#apply(event, this.#heardMs(slot));
      this.#holds.drop(slot, event.trip);
      this.#book.schedule(slot, this.#heardMs(slot));
    }
    const { closed } = this.#notes.get(slot) ?? {};
    if (closed && nowMs >= closed.untilMs) this.#notes.setClosed(slot, undefined);
  }

  #apply(event: TripEvent, heardMs: number): void {
    if (event.type === 'trip_start') this.#start(event, heardMs);
    else this.#end(event, heardMs);
  }

  /** `heardMs`: what was known before the event. */
  #start(event: TripEvent, heardMs: number): void {
    const { slot, timeMs, trip } = event;
    const { columns } = this.#book;
    const notes = this.#notes.get(slot);
    const { closed } = notes ?? {};
    if (notes?.start?.trip === trip) return;
    if (columns.state(slot) === C.STATE.trip && this.#startOfOpen(event)) return;
    if (closed?.trip === trip) {
      this.#startOfClosed(closed, event);
      return;
    }
    if (timeMs < columns.reals[slot * C.REALS + C.STOP_MS]) return;
    if (columns.state(slot) === C.STATE.trip) return;
    this.#await(event, notes?.start, heardMs);
  }

  /** The later of two starts is the one that waits. The other ended there, if nothing was heard that says that it never began. */
  #await(event: TripEvent, other: TripEvent | undefined, heardMs: number): void {
    if (other) {
      const [first, second] = event.timeMs < other.timeMs ? [event, other] : [other, event];
      if (heardMs <= first.timeMs) this.#told(first, undefined, first.timeMs, second.timeMs);
      if (second === other) return;
    }
    this.#notes.setStart(event.slot, event);
  }

  /** Answers false when the event is about another trip than the open one. */
  #startOfOpen(event: TripEvent): boolean {
    const { slot, timeMs, trip } = event;
    const { reals, counts } = this.#book.columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    const startMs = reals[at + C.START_MS];
    const near = Math.abs(timeMs - startMs) <= RECONCILE_MS;
    const open = counts[c + C.TRIP];
    const hidden = reals[at + C.ID_MS] === 0 || startMs === timeMs;
    if (open === trip || hidden || (open === 0 && near)) {
      if (open === trip && (counts[c + C.FLAGS] & C.BY_EVENT) !== 0) return true;
      if (near) moveStart(this.#book, slot, timeMs);
      this.#bySender(event);
      return true;
    }
    if (timeMs < reals[at + C.LAST_MS]) return false;
    this.#another(event);
    return true;
  }

  /** The open trip is the one the sender tells of. */
  #bySender(event: TripEvent): void {
    const { slot } = event;
    const book = this.#book;
    const { reals, counts } = book.columns;
    const c = slot * C.COUNTS;
    book.setTrip(slot, event.trip);
    counts[c + C.FLAGS] |= C.BY_EVENT;
    if (counts[c + C.DRIVER] === 0) counts[c + C.DRIVER] = event.driver;
    if (reals[slot * C.REALS + C.ID_MS] === 0) {
      book.confirm(slot);
      return;
    }
    book.giveStop(slot, reals[slot * C.REALS + C.START_MS]);
    book.giveOpen(slot);
  }

  /** The sender begins a trip while another, given out, is open. */
  #another(event: TripEvent): void {
    const { slot, timeMs, trip } = event;
    const book = this.#book;
    if (book.columns.reals[slot * C.REALS + C.STAND_MS] > 0) {
      book.end(slot, 'event');
      this.#notes.setStart(slot, event);
      return;
    }
    book.end(slot, 'event', 'goes on');
    book.beginAnother(slot, timeMs, trip, event.driver, true);
  }

  /** Its id is known already; the time is taken where nothing else depends on it. */
  #startOfClosed(closed: ClosedTrip, event: TripEvent): void {
    const { row } = closed;
    if (row.source === 'telemetry') correctClosed(this.#book, event.slot, closed, { source: 'both' });
    else if (row.source === 'events' && Number.isNaN(row.startLat) && event.timeMs <= row.endMs) {
      const gapMs = row.endMs - event.timeMs;
      const from = { startMs: event.timeMs, startLat: event.lat, startLon: event.lon, gapMs };
      correctClosed(this.#book, event.slot, closed, from);
    }
  }

  #end(event: TripEvent, heardMs: number): void {
    const { slot, trip, timeMs } = event;
    const notes = this.#notes.get(slot);
    const { columns } = this.#book;
    const { closed, start } = notes ?? {};
    if (columns.state(slot) === C.STATE.trip && this.#endOfOpen(event)) return;
    const running = columns.state(slot) === C.STATE.trip;
    if (closed && closed.trip === trip) this.#endOfClosed(closed, event);
    else if (closed && closed.trip === 0 && !running && Math.abs(timeMs - closed.row.endMs) <= RECONCILE_MS) {
      this.#endOfClosed(closed, event);
    } else if (start?.trip === trip && !running) {
      if (timeMs < start.timeMs) return;
      this.#told(start, event, start.timeMs, timeMs);
      this.#notes.setStart(slot, undefined);
    } else if (event.durationS > 0) {
      const startMs = timeMs - event.durationS * 1000;
      if (heardMs <= startMs) this.#told(undefined, event, startMs, timeMs);
    }
  }

  /** Answers false when the event is about another trip than the open one. */
  #endOfOpen(event: TripEvent): boolean {
    const { slot, timeMs, trip } = event;
    const book = this.#book;
    const { reals, counts } = book.columns;
    const at = slot * C.REALS;
    const open = counts[slot * C.COUNTS + C.TRIP];
    if ((open !== trip && open !== 0) || timeMs <= reals[at + C.START_MS]) return false;
    const lastMs = reals[at + C.LAST_MS];
    if (lastMs - timeMs > RECONCILE_MS) return open === trip;
    counts[slot * C.COUNTS + C.FLAGS] |= C.BY_EVENT;
    book.setTrip(slot, trip);
    if (reals[at + C.STAND_MS] > 0 && timeMs === lastMs && timeMs - reals[at + C.STAND_MS] <= RECONCILE_MS) {
      book.commitTail(slot);
    }
    book.confirm(slot);
    if (reals[at + C.ID_MS] === 0) {
      book.discard(slot, 'event');
      return false;
    }
    book.end(slot, 'event', 'no row');
    this.#endOfClosed(this.#notes.get(slot)!.closed!, event);
    book.giveStop(slot, Number.NaN);
    return true;
  }

  #endOfClosed(closed: ClosedTrip, event: TripEvent): void {
    const { slot, distanceM, durationS } = event;
    const { row } = closed;
    const said = Object.is(row.reportedDistanceM, distanceM) && Object.is(row.reportedDurationS, durationS);
    const state = event.cancelled ? 'cancelled' : 'completed';
    const moved = event.timeMs === row.endMs ? undefined : moveEnd(this.#book, slot, closed, event.timeMs);
    if (said && row.state === state && moved === undefined) return;
    if (closed.trip !== event.trip) {
      this.#holds.take(event.trip);
      this.#holds.drop(slot, closed.trip);
      closed.trip = event.trip;
    }
    correctClosed(this.#book, slot, closed, {
      ...moved,
      tripId: this.#book.deps.tripName(event.trip),
      source: row.source === 'events' ? 'events' : 'both',
      state,
      endReason: moved || event.timeMs === row.endMs ? 'event' : row.endReason,
      reportedDistanceM: distanceM,
      reportedDurationS: durationS,
    });
    closed.untilMs = Math.min(closed.untilMs, Math.max(this.#heardMs(slot), event.timeMs) + TOLD_MS);
  }

  /** A row of what events alone say. It can be corrected like others. */
  #told(start: TripEvent | undefined, end: TripEvent | undefined, startMs: number, endMs: number): void {
    const event = (start ?? end)!;
    const row = toldTripRow(start, end, startMs, endMs, this.#book.deps);
    this.#book.give(row);
    this.#notes.setClosed(event.slot, { row, trip: event.trip, idMs: 0, untilMs: endMs + RECONCILE_MS });
  }

  #heardMs(slot: number): number {
    return this.#book.columns.reals[slot * C.REALS + C.LAST_MS];
  }
}
