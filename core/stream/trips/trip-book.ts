import { MOVEMENT } from '../../model/movement.ts';
import type { StopRow, TripEndReason, TripRow } from '../../model/stream-outputs.ts';
import type { Step } from '../step.ts';
import * as C from './trip-columns.ts';
import type { TripHolds } from './trip-holds.ts';
import type { TripNotes } from './trip-notes.ts';
import { openTripRow, reasonNumber, stopRow, type TripDeps, unheardMoveRow } from './trip-rows.ts';

/** The row of an open trip is given out again after this much event time. */
const EVERY_MS = 300_000;
/** A closed trip can be corrected for this long of its vehicle's clock after it was closed. */
const CORRECT_MS = 600_000;

/**
 * Opens, closes and corrects trips and stops, and keeps the rows that tell of it. A trip is hidden at first: it is given out when
 * it is long enough not to be discarded, and until then the stop before it goes on, so nothing is ever taken back.
 */
export class TripBook {
  readonly columns = new C.TripColumns();
  readonly notes: TripNotes;
  readonly deps: TripDeps;
  readonly #holds: TripHolds;
  #trips: TripRow[] = [];
  #stops: StopRow[] = [];

  constructor(deps: TripDeps, notes: TripNotes, holds: TripHolds) {
    this.deps = deps;
    this.notes = notes;
    this.#holds = holds;
  }

  get rows(): number {
    return this.#trips.length + this.#stops.length;
  }

  take(): { trips: TripRow[]; stops: StopRow[] } {
    const taken = { trips: this.#trips, stops: this.#stops };
    this.#trips = [];
    this.#stops = [];
    return taken;
  }

  give(row: TripRow): void {
    this.#trips.push(row);
  }

  /** Gives out the open trip as it stands. */
  giveOpen(slot: number): void {
    const { counts } = this.columns;
    counts[slot * C.COUNTS + C.REVISION]++;
    this.give(openTripRow(this.columns, slot, this.deps));
  }

  /** Gives out the stop; `endMs` NaN while it lasts. Nothing where there is none. */
  giveStop(slot: number, endMs: number): void {
    const startMs = this.columns.reals[slot * C.REALS + C.STOP_MS];
    if (startMs > 0) this.#stops.push(stopRow(this.columns, slot, endMs, this.deps));
  }

  /** Stands where the vehicle was first heard of. */
  firstStop(step: Step): void {
    const { columns } = this;
    columns.put(step.slot, C.STOP_AT, step.lat, step.lon);
    this.#openStop(step.slot, step.timeMs, step.movement === MOVEMENT.idling ? 'idle' : 'park', 0);
    this.giveStop(step.slot, Number.NaN);
  }

  /** A movement begins with this step, hidden for now; with `fromMark` it began when the ignition was turned on. */
  begin(step: Step, fromMark: boolean): void {
    const { slot } = step;
    const { columns } = this;
    const { reals, counts } = columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    if (!fromMark) this.dropMark(slot);
    const startMs = fromMark ? reals[at + C.MARK_MS] : step.timeMs;
    this.#open(slot, startMs, step.trip, step.driver);
    if (fromMark) counts[c + C.FLAGS] |= C.FROM_MARK;
    columns.put(slot, C.START_AT, step.lat, step.lon);
    columns.put(slot, C.END_AT, step.lat, step.lon);
    columns.fuels[slot * C.FUELS + C.FUEL_LOW] = step.fuelPct;
  }

  /** The movement goes on as another trip of the sender's, which begins at `timeMs`. */
  beginAnother(slot: number, timeMs: number, trip: number, driver: number, byEvent: boolean): void {
    const { columns } = this;
    columns.copyPlace(slot, C.END_AT, C.START_AT);
    this.#open(slot, timeMs, trip, driver);
    const flags = C.PASSED_JITTER | (byEvent ? C.BY_EVENT : 0);
    columns.counts[slot * C.COUNTS + C.FLAGS] |= flags;
  }

  setTrip(slot: number, trip: number): void {
    const { counts } = this.columns;
    const at = slot * C.COUNTS + C.TRIP;
    if (counts[at] === trip) return;
    this.#holds.take(trip);
    this.#holds.drop(slot, counts[at]);
    counts[at] = trip;
  }

  /** Gives the open trip out once it is long enough to be one. A trip that the sender told of only has to be more than jitter. */
  confirm(slot: number): void {
    const { reals, counts } = this.columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    const flags = counts[c + C.FLAGS];
    if (reals[at + C.ID_MS] !== 0 || (flags & C.PASSED_JITTER) === 0) return;
    const { tripMinDistanceM, tripMinDurationS } = this.deps.settings();
    const long = reals[at + C.DISTANCE_M] >= tripMinDistanceM || this.knownMs(slot) >= tripMinDurationS * 1000;
    if (!long && (flags & C.BY_EVENT) === 0) return;
    reals[at + C.ID_MS] = reals[at + C.START_MS];
    if ((flags & C.BY_EVENT) !== 0 && this.notes.get(slot)?.start) this.notes.setStart(slot, undefined);
    this.giveStop(slot, reals[at + C.START_MS]);
    this.giveOpen(slot);
    this.schedule(slot, reals[at + C.LAST_MS]);
  }

  /** Length of the open trip up to where it last moved, ms. */
  knownMs(slot: number): number {
    const { counts } = this.columns;
    const c = slot * C.COUNTS;
    return counts[c + C.MOVING] + counts[c + C.IDLING] + counts[c + C.STOPPED] + counts[c + C.GAP];
  }

  /** What the vehicle did since it last moved is part of the trip after all. */
  commitTail(slot: number): void {
    const { reals, counts } = this.columns;
    const c = slot * C.COUNTS;
    counts[c + C.IDLING] += counts[c + C.TAIL_IDLING];
    counts[c + C.STOPPED] += counts[c + C.TAIL_STOPPED];
    counts[c + C.GAP] += counts[c + C.TAIL_GAP];
    counts[c + C.FIXES] += counts[c + C.TAIL_FIXES];
    this.#clearTail(slot);
    reals[slot * C.REALS + C.STAND_MS] = 0;
  }

  /** Outside a trip: the time since the ignition was turned on is part of the stop. */
  dropMark(slot: number): void {
    const { reals, counts } = this.columns;
    const c = slot * C.COUNTS;
    counts[c + C.STOP_IDLING] += counts[c + C.TAIL_IDLING];
    this.#clearTail(slot);
    reals[slot * C.REALS + C.MARK_MS] = 0;
  }

  /**
   * Ends the open trip where its tail begins, which becomes part of the stop; a hidden trip becomes part of the stop altogether.
   * `clockMs` is the vehicle's time where that is beyond its newest step. Without `stop` no row of the stop is given out, and none begins where the vehicle `goesOn` as another trip.
   */
  end(slot: number, reason: TripEndReason, stop: 'stop' | 'no row' | 'goes on' = 'stop', clockMs = 0): void {
    const { columns } = this;
    const { reals, counts } = columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    if (reals[at + C.ID_MS] === 0) {
      this.discard(slot, reason);
      return;
    }
    const endMs = reals[at + C.START_MS] + this.knownMs(slot);
    const nowMs = Math.max(clockMs, reals[at + C.LAST_MS]);
    const tailIdlingMs = counts[c + C.TAIL_IDLING];
    this.#clearTail(slot);
    counts[c + C.REVISION]++;
    const open = openTripRow(columns, slot, this.deps);
    const row: TripRow = { ...open, state: 'completed', endMs, endReason: reason };
    const idMs = reals[at + C.ID_MS];
    this.give(row);
    this.notes.setClosed(slot, { row, trip: counts[c + C.TRIP], idMs, untilMs: nowMs + CORRECT_MS });
    this.setTrip(slot, 0);
    columns.copyPlace(slot, C.END_AT, C.STOP_AT);
    this.#openStop(slot, stop === 'goes on' ? 0 : endMs, reason, idMs);
    counts[c + C.STOP_IDLING] = tailIdlingMs;
    if (stop === 'stop') this.giveStop(slot, Number.NaN);
    this.schedule(slot, reals[at + C.LAST_MS]);
  }

  /** The hidden trip was none: its time is part of the stop. */
  discard(slot: number, reason: TripEndReason): void {
    const { columns } = this;
    const { reals, counts } = columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    const flags = counts[c + C.FLAGS];
    const idlingMs = counts[c + C.IDLING] + counts[c + C.TAIL_IDLING];
    const startMs = reals[at + C.START_MS];
    const knownMs = this.knownMs(slot);
    this.setTrip(slot, 0);
    if (reals[at + C.STOP_MS] === 0) {
      columns.copyPlace(slot, C.START_AT, C.STOP_AT);
      this.#openStop(slot, startMs, reason, columns.stopTripMs(slot));
      this.giveStop(slot, Number.NaN);
    }
    this.#clearTail(slot);
    this.#setState(slot, C.STATE.stop);
    reals[at + C.START_MS] = 0;
    reals[at + C.STAND_MS] = 0;
    if ((flags & C.FROM_MARK) !== 0 && (flags & C.PASSED_JITTER) === 0) {
      // The engine still runs: the trip that may follow began when it was turned on.
      reals[at + C.MARK_MS] = startMs;
      counts[c + C.TAIL_IDLING] = knownMs - counts[c + C.STOPPED];
      counts[c + C.TAIL_STOPPED] = counts[c + C.STOPPED];
    } else counts[c + C.STOP_IDLING] += idlingMs;
  }

  /** The vehicle was found elsewhere after it had not been heard: that is a trip of which nothing is known. */
  unheardMove(step: Step, giveStop: boolean): void {
    const { slot } = step;
    const { columns } = this;
    const { reals } = columns;
    const stopMs = reals[slot * C.REALS + C.STOP_MS];
    const fromMs = Math.max(stopMs, step.timeMs - step.fixGapMs);
    if (giveStop || fromMs > stopMs) this.giveStop(slot, fromMs);
    this.give(unheardMoveRow(columns, step, fromMs, this.deps));
    this.dropMark(slot);
    columns.put(slot, C.STOP_AT, step.lat, step.lon);
    this.#openStop(slot, step.timeMs, 'gap', fromMs);
    if (step.movement !== MOVEMENT.moving) this.giveStop(slot, Number.NaN);
    else reals[slot * C.REALS + C.STOP_MS] = 0;
  }

  /** Gives the open trip out where a mark of five minutes lies between its newest step and `timeMs`. */
  giveOpenInTime(slot: number, timeMs: number): void {
    const { reals } = this.columns;
    const idMs = reals[slot * C.REALS + C.ID_MS];
    if (idMs > 0 && timeMs >= nextMark(idMs, reals[slot * C.REALS + C.LAST_MS])) this.giveOpen(slot);
  }

  /** Sets when something is to be done next for the vehicle, whose clock is at `timeMs`. */
  schedule(slot: number, timeMs: number): void {
    const { reals } = this.columns;
    const at = slot * C.REALS;
    const notes = this.notes.get(slot);
    const idMs = reals[at + C.ID_MS];
    let dueMs = idMs > 0 ? nextMark(idMs, timeMs) : Number.POSITIVE_INFINITY;
    if (notes && notes.pending.length > 0) dueMs = Math.min(dueMs, notes.pending[0].timeMs);
    if (notes?.closed) dueMs = Math.min(dueMs, notes.closed.untilMs);
    reals[at + C.DUE_MS] = dueMs;
  }

  /** Takes time off the beginning or the end of the open trip, from what the vehicle did in the order given. */
  shave(slot: number, ms: number, order: readonly number[]): void {
    const { counts } = this.columns;
    let left = ms;
    for (const column of order) {
      const taken = Math.min(left, counts[slot * C.COUNTS + column]);
      counts[slot * C.COUNTS + column] -= taken;
      left -= taken;
    }
  }

  #open(slot: number, startMs: number, trip: number, driver: number): void {
    const { columns } = this;
    const { reals, counts } = columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    this.#setState(slot, C.STATE.trip);
    reals[at + C.START_MS] = startMs;
    reals[at + C.ID_MS] = 0;
    reals[at + C.STAND_MS] = 0;
    reals[at + C.PARK_MS] = 0;
    reals[at + C.DISTANCE_M] = 0;
    counts[c + C.MOVING] = 0;
    counts[c + C.IDLING] = counts[c + C.TAIL_IDLING];
    counts[c + C.STOPPED] = counts[c + C.TAIL_STOPPED];
    counts[c + C.GAP] = counts[c + C.TAIL_GAP];
    this.#clearTail(slot);
    counts[c + C.FIXES] = 0;
    counts[c + C.DRIVER] = driver;
    counts[c + C.REVISION] = 0;
    counts[c + C.HARSH_EVENTS] = 0;
    counts[c + C.MAX_SPEED] = 0;
    counts[c + C.ODOMETER_START] = 0;
    counts[c + C.ODOMETER] = 0;
    columns.fuels[slot * C.FUELS + C.FUEL_USED] = 0;
    columns.fuels[slot * C.FUELS + C.FUEL_LOW] = Number.NaN;
    this.setTrip(slot, trip);
  }

  #openStop(slot: number, startMs: number, reason: TripEndReason, tripMs: number): void {
    const { reals, counts } = this.columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    this.#setState(slot, C.STATE.stop);
    counts[c + C.FLAGS] = (counts[c + C.FLAGS] & ~C.REASON_MASK) | (reasonNumber(reason) << C.REASON_SHIFT);
    counts[c + C.STOP_IDLING] = 0;
    this.columns.setStopTripMs(slot, tripMs);
    reals[at + C.START_MS] = 0;
    reals[at + C.ID_MS] = 0;
    reals[at + C.MARK_MS] = 0;
    reals[at + C.STOP_MS] = startMs;
  }

  #clearTail(slot: number): void {
    this.columns.counts.fill(0, slot * C.COUNTS + C.TAIL_IDLING, slot * C.COUNTS + C.TAIL_GAP + 1);
    this.columns.counts[slot * C.COUNTS + C.TAIL_FIXES] = 0;
  }

  #setState(slot: number, state: number): void {
    const { counts } = this.columns;
    const at = slot * C.COUNTS + C.FLAGS;
    const gone = C.STATE_MASK | C.PASSED_JITTER | C.BY_EVENT | C.FROM_MARK;
    counts[at] = (counts[at] & ~gone) | state;
  }
}

/** The first mark after a time. */
function nextMark(idMs: number, timeMs: number): number {
  return idMs + (Math.floor((timeMs - idMs) / EVERY_MS) + 1) * EVERY_MS;
}
