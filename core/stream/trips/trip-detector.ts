import { haversineM } from '../../model/geometry.ts';
import { MOVEMENT } from '../../model/movement.ts';
import type { TripEndReason } from '../../model/stream-outputs.ts';
import { ENGINE, type Step } from '../step.ts';
import type { TripBook } from './trip-book.ts';
import * as C from './trip-columns.ts';
import { moveStart, RECONCILE_MS } from './trip-corrections.ts';

/** Time without telemetry beyond this is a gap: trackers report at least once a minute while they drive [own choice]. */
export const GAP_MS = 120_000;
/** A vehicle found further than this from where it stood before a gap has moved in it; less is how far positions drift [own choice]. */
const DRIFT_M = 100;
/** Found further away than this it made a move worth telling of [own choice]. */
const UNHEARD_MOVE_M = 500;
/** A straight line faster than this is a wrong position, not a way [own choice]. */
const PLAUSIBLE_KMPH = 200;
/** Fuel levels that rise by more than this are a refill; less is the tank's unrest (thresholds: deadband of fuel). */
const REFILL_PCT = 2;

const KMPH_PER_M_MS = 3600;

/**
 * Follows each vehicle's steps and finds its trips and stops (Geotab's and Traccar's rules; every threshold is a setting).
 *
 * - A trip begins with the first fix of a movement, or when the ignition was turned on if that was at most `tripIdleEndS` before; it
 *   is one when the vehicle got further than `jitterM` from there and the trip is as far as `tripMinDistanceM` or as long as
 *   `tripMinDurationS`. Until then it is hidden; one that ends hidden is part of the stop.
 * - It ends when the engine is off for `ignitionFlipS`, when the vehicle stands for `tripParkEndS` with the engine off or unknown or for
 *   `tripIdleEndS` in any way, or when nothing is heard for `tripGapS`; the end is stamped where it was last seen moving.
 * - Where the trip id in the telemetry changes from one to another, another trip begins.
 * - Silence: up to GAP_MS between fixes the vehicle is taken to have gone on with what it did. A longer one within a trip is time of
 *   which nothing is known; its straight line counts if the sender's trip is the same on both sides or it could be driven at
 *   PLAUSIBLE_KMPH. A vehicle that stands where it stood before a silence stood all the time. One that was parked (engine off or
 *   unknown) and is found more than DRIFT_M away ended its trip where it parked.
 * - A move outside a trip that nothing was heard of (towed, device off), of more than UNHEARD_MOVE_M: a trip of its own, all gap, without
 *   fixes, from the last fix to the next, with reason `gap`.
 * - Status messages say that a vehicle without telemetry stands with its engine off; they do not say that it moves.
 */
export class TripDetector {
  readonly #book: TripBook;

  constructor(book: TripBook) {
    this.#book = book;
  }

  /**
   * The next step of a vehicle; its columns exist. One that lies before a trip event that was taken while the vehicle was silent is
   * not looked at.
   */
  step(step: Step): void {
    const { slot, timeMs } = step;
    const { reals, counts } = this.#book.columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    const flags = counts[c + C.FLAGS];
    const state = flags & C.STATE_MASK;
    const before = (flags & C.MOVEMENT_MASK) >> C.MOVEMENT_SHIFT;
    const lastMs = reals[at + C.LAST_MS];
    if (timeMs < lastMs) return;
    reals[at + C.LAST_MS] = timeMs;
    const moving = step.movement === MOVEMENT.moving && step.fix;
    if (state === C.STATE.trip) {
      const known = reals[at + C.STAND_MS] === 0 && moving && !(step.fixGapMs > GAP_MS);
      if (known) this.#drive(step, timeMs - lastMs, step.legM);
      else this.#tripOrNot(step, before, lastMs);
      if (step.trip !== counts[c + C.TRIP] && step.trip !== 0) this.#tripId(step);
    } else if (state === C.STATE.stop) {
      this.#addStopTime(slot, before, timeMs - lastMs);
      this.#outside(step, before, true);
    } else if (moving) this.#begin(step, false);
    else if (step.movement !== MOVEMENT.noData && step.movement !== MOVEMENT.moving) this.#book.firstStop(step);
    const keep = counts[c + C.FLAGS] & ~(C.MOVEMENT_MASK | C.ENGINE_MASK);
    counts[c + C.FLAGS] = keep | (step.movement << C.MOVEMENT_SHIFT) | (step.engine << C.ENGINE_SHIFT);
  }

  /** Time passes up to a trip event, which comes before the next step; the vehicle goes on with what it did. */
  advance(slot: number, timeMs: number): void {
    const { reals, counts } = this.#book.columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    const lastMs = reals[at + C.LAST_MS];
    const spanMs = timeMs - lastMs;
    const movement = (counts[c + C.FLAGS] & C.MOVEMENT_MASK) >> C.MOVEMENT_SHIFT;
    const state = this.#book.columns.state(slot);
    if (state === C.STATE.stop) this.#addStopTime(slot, movement, spanMs);
    else if (state === C.STATE.trip && reals[at + C.STAND_MS] === 0 && spanMs <= GAP_MS) counts[c + C.MOVING] += spanMs;
    else if (state === C.STATE.trip) {
      if (reals[at + C.STAND_MS] === 0) reals[at + C.STAND_MS] = lastMs;
      counts[c + tailColumn(movement, spanMs)] += spanMs;
    }
    reals[at + C.LAST_MS] = timeMs;
  }

  /** Nothing was heard of the vehicle until `nowMs`: ends its trip when the rules say so. */
  expire(slot: number, nowMs: number): void {
    const { reals, counts } = this.#book.columns;
    if (this.#book.columns.state(slot) !== C.STATE.trip) return;
    const at = slot * C.REALS;
    const parkMs = reals[at + C.PARK_MS];
    const settings = this.#book.deps.settings();
    const engine = (counts[slot * C.COUNTS + C.FLAGS] & C.ENGINE_MASK) >> C.ENGINE_SHIFT;
    if (parkMs > 0 && nowMs - parkMs >= settings.tripParkEndS * 1000) {
      this.#book.end(slot, engine === ENGINE.off ? 'ignition-off' : 'park', 'stop', nowMs);
    } else if (nowMs - reals[at + C.LAST_MS] >= settings.tripGapS * 1000) {
      this.#book.end(slot, 'silence', 'stop', nowMs);
    }
  }

  /** The trip goes on to this fix. */
  #drive(step: Step, spanMs: number, legM: number): void {
    const { slot } = step;
    const { columns } = this.#book;
    const { reals, counts, fuels } = columns;
    const c = slot * C.COUNTS;
    counts[c + C.MOVING] += spanMs;
    counts[c + C.FIXES]++;
    reals[slot * C.REALS + C.DISTANCE_M] += legM;
    if (step.harsh !== 0) counts[c + C.HARSH_EVENTS]++;
    const speed = Math.round(step.speedKmph * 100);
    if (speed > counts[c + C.MAX_SPEED]) counts[c + C.MAX_SPEED] = speed;
    if (step.odometerKm > 0) {
      counts[c + C.ODOMETER] = Math.round(step.odometerKm * 1000);
      if (counts[c + C.ODOMETER_START] === 0) counts[c + C.ODOMETER_START] = counts[c + C.ODOMETER];
    }
    const fuel = slot * C.FUELS;
    const low = fuels[fuel + C.FUEL_LOW];
    if (step.fuelPct < low) {
      fuels[fuel + C.FUEL_USED] += low - step.fuelPct;
      fuels[fuel + C.FUEL_LOW] = step.fuelPct;
    } else if (step.fuelPct > low + REFILL_PCT || Number.isNaN(low)) fuels[fuel + C.FUEL_LOW] = step.fuelPct;
    columns.put(slot, C.END_AT, step.lat, step.lon);
    if (counts[c + C.DRIVER] === 0) counts[c + C.DRIVER] = step.driver;
    if (reals[slot * C.REALS + C.ID_MS] === 0) this.#hidden(step);
  }

  #hidden(step: Step): void {
    const { slot } = step;
    const { columns } = this.#book;
    const c = slot * C.COUNTS;
    if ((columns.counts[c + C.FLAGS] & C.PASSED_JITTER) === 0) {
      const lat = columns.degrees(slot, C.START_AT);
      const lon = columns.degrees(slot, C.START_AT + 1);
      if (haversineM(lat, lon, step.lat, step.lon) < this.#book.deps.settings().jitterM) return;
      columns.counts[c + C.FLAGS] |= C.PASSED_JITTER;
    }
    this.#book.confirm(slot);
  }

  /** A step within a trip at which the vehicle stands, or before which it stood or was not heard. */
  #tripOrNot(step: Step, before: number, lastMs: number): void {
    const { slot, timeMs } = step;
    const { reals, counts } = this.#book.columns;
    const at = slot * C.REALS;
    const c = slot * C.COUNTS;
    const spanMs = timeMs - lastMs;
    const unheard = !step.fix || step.fixGapMs > GAP_MS;
    if (reals[at + C.STAND_MS] === 0 && !unheard) {
      this.#drive(step, spanMs, step.legM);
      this.#stand(step);
      return;
    }
    if (reals[at + C.STAND_MS] === 0) reals[at + C.STAND_MS] = lastMs;
    const moved = step.fix && unheard && step.legM > DRIFT_M;
    counts[c + (moved ? C.TAIL_GAP : tailColumn(before, spanMs))] += spanMs;
    if (before === MOVEMENT.moving && !unheard) {
      // Status messages came in between, but the silence was too short to be a gap.
      counts[c + C.MOVING] += counts[c + C.TAIL_GAP];
      counts[c + C.TAIL_GAP] = 0;
      this.#goOn(step, unheard);
      return;
    }
    const reason = this.#ended(step, before, moved);
    if (reason !== '') {
      // No stop of no length between a trip that was given out and a move that begins where it ended.
      const stops =
        reals[at + C.STAND_MS] < timeMs - step.fixGapMs || reals[at + C.ID_MS] === 0 || !isUnheardMove(step);
      this.#book.end(slot, reason, stops ? 'stop' : 'no row');
      this.#outside(step, before, stops);
    } else if (moved || (step.fix && step.movement === MOVEMENT.moving)) {
      this.#goOn(step, unheard);
    } else {
      if (step.fix) counts[c + C.TAIL_FIXES]++;
      if (step.movement !== MOVEMENT.stopped) reals[at + C.PARK_MS] = 0;
      else if (reals[at + C.PARK_MS] === 0) reals[at + C.PARK_MS] = timeMs;
    }
  }

  /** The trip goes on after all; it may be over again with this step. */
  #goOn(step: Step, unheard: boolean): void {
    this.#book.commitTail(step.slot);
    this.#drive(step, 0, this.#wayM(step, unheard));
    if (step.movement !== MOVEMENT.moving) this.#stand(step);
  }

  /** The vehicle came to rest with this step. What was only jitter is over at once. */
  #stand(step: Step): void {
    const { slot } = step;
    const { reals, counts } = this.#book.columns;
    reals[slot * C.REALS + C.STAND_MS] = step.timeMs;
    reals[slot * C.REALS + C.PARK_MS] = step.movement === MOVEMENT.stopped ? step.timeMs : 0;
    if ((counts[slot * C.COUNTS + C.FLAGS] & C.PASSED_JITTER) === 0) {
      this.#book.discard(slot, step.movement === MOVEMENT.stopped ? 'park' : 'idle');
    }
  }

  /** Why the trip is over, having stood or been silent up to this step; empty when it is not. */
  #ended(step: Step, before: number, moved: boolean): TripEndReason | '' {
    const { reals, counts } = this.#book.columns;
    const at = step.slot * C.REALS;
    const { tripGapS, tripIdleEndS, tripParkEndS, ignitionFlipS } = this.#book.deps.settings();
    const off = (counts[step.slot * C.COUNTS + C.FLAGS] & C.ENGINE_MASK) >> C.ENGINE_SHIFT === ENGINE.off;
    if (moved || before === MOVEMENT.moving) {
      if (before === MOVEMENT.stopped) return off ? 'ignition-off' : 'park';
      return step.fixGapMs >= tripGapS * 1000 ? 'gap' : '';
    }
    const parkedMs = before === MOVEMENT.stopped ? step.timeMs - reals[at + C.PARK_MS] : 0;
    if (before === MOVEMENT.stopped && off && parkedMs >= ignitionFlipS * 1000) return 'ignition-off';
    if (before === MOVEMENT.stopped && parkedMs >= tripParkEndS * 1000) return 'park';
    return step.timeMs - reals[at + C.STAND_MS] >= tripIdleEndS * 1000 ? 'idle' : '';
  }

  /** Distance from where the trip was last seen moving. */
  #wayM(step: Step, unheard: boolean): number {
    const { columns } = this.#book;
    const lat = columns.degrees(step.slot, C.END_AT);
    const straightM = haversineM(lat, columns.degrees(step.slot, C.END_AT + 1), step.lat, step.lon);
    if (Number.isNaN(straightM)) return 0;
    const sameTrip = step.trip !== 0 && step.trip === step.prevTrip;
    return !unheard || sameTrip || plausible(straightM, step.fixGapMs) ? straightM : 0;
  }

  #tripId(step: Step): void {
    const { slot, timeMs } = step;
    const book = this.#book;
    if (book.columns.state(slot) !== C.STATE.trip) return;
    if (book.columns.counts[slot * C.COUNTS + C.TRIP] === 0) {
      book.setTrip(slot, step.trip);
      return;
    }
    // Where it stayed the same the sender's events say otherwise, and are believed.
    if (step.trip === step.prevTrip) return;
    const moving = book.columns.reals[slot * C.REALS + C.STAND_MS] === 0;
    const shown = book.columns.reals[slot * C.REALS + C.ID_MS] > 0;
    if (moving && shown && timeMs > book.columns.reals[slot * C.REALS + C.START_MS]) {
      book.end(slot, 'event', 'goes on');
      book.beginAnother(slot, timeMs, step.trip, step.driver, false);
      this.#meetStart(slot);
    } else if (moving) {
      book.setTrip(slot, step.trip);
      this.#meetStart(slot);
    } else {
      book.end(slot, 'event');
      if (step.movement === MOVEMENT.idling) book.columns.reals[slot * C.REALS + C.MARK_MS] = timeMs;
    }
  }

  /** Time outside a trip. */
  #addStopTime(slot: number, before: number, spanMs: number): void {
    const { reals, counts } = this.#book.columns;
    const c = slot * C.COUNTS;
    if (reals[slot * C.REALS + C.MARK_MS] > 0) counts[c + tailColumn(before, spanMs)] += spanMs;
    else if (before === MOVEMENT.idling && spanMs <= GAP_MS) counts[c + C.STOP_IDLING] += spanMs;
  }

  /** A step outside a trip: does one begin? */
  #outside(step: Step, before: number, stopShown: boolean): void {
    const { slot, timeMs } = step;
    const { reals } = this.#book.columns;
    const at = slot * C.REALS;
    if (isUnheardMove(step)) this.#book.unheardMove(step, stopShown);
    const { tripIdleEndS, ignitionFlipS } = this.#book.deps.settings();
    const markMs = reals[at + C.MARK_MS];
    const flip = before !== MOVEMENT.stopped || timeMs - reals[at + C.PARK_MS] < ignitionFlipS * 1000;
    if (step.movement === MOVEMENT.moving && step.fix) {
      this.#begin(step, markMs > 0 && flip && timeMs - markMs <= tripIdleEndS * 1000);
    } else if (step.movement === MOVEMENT.stopped && before !== MOVEMENT.stopped) reals[at + C.PARK_MS] = timeMs;
    else if (step.movement === MOVEMENT.idling && before === MOVEMENT.stopped && !(markMs > 0 && flip)) {
      this.#book.dropMark(slot);
      reals[at + C.MARK_MS] = timeMs;
    }
  }

  #begin(step: Step, fromMark: boolean): void {
    const { slot } = step;
    const book = this.#book;
    book.begin(step, fromMark);
    const far = step.fixGapMs > GAP_MS && !plausible(step.legM, step.fixGapMs);
    const wayM = isUnheardMove(step) || far ? 0 : step.legM;
    this.#meetStart(slot);
    this.#drive(step, 0, wayM);
  }

  /** A start that the sender told of and that waits for a movement is that of the hidden trip, if it is about the same id. */
  #meetStart(slot: number): void {
    const book = this.#book;
    const { reals, counts } = book.columns;
    const c = slot * C.COUNTS;
    const start = book.notes.get(slot)?.start;
    if (!start || (counts[c + C.TRIP] !== 0 && counts[c + C.TRIP] !== start.trip)) return;
    counts[c + C.FLAGS] |= C.BY_EVENT;
    book.setTrip(slot, start.trip);
    if (counts[c + C.DRIVER] === 0) counts[c + C.DRIVER] = start.driver;
    const near = Math.abs(reals[slot * C.REALS + C.START_MS] - start.timeMs) <= RECONCILE_MS;
    if (near) moveStart(book, slot, start.timeMs);
  }
}

/** Where the time goes that the trip has only if it goes on. Whether an engine ran all through a silence is not known. */
function tailColumn(movement: number, spanMs: number): number {
  if (movement === MOVEMENT.idling && spanMs <= GAP_MS) return C.TAIL_IDLING;
  return movement === MOVEMENT.stopped ? C.TAIL_STOPPED : C.TAIL_GAP;
}

function plausible(wayM: number, ms: number): boolean {
  return wayM * KMPH_PER_M_MS <= PLAUSIBLE_KMPH * ms;
}

function isUnheardMove(step: Step): boolean {
  const { fixGapMs, legM } = step;
  return step.fix && fixGapMs > GAP_MS && legM > UNHEARD_MOVE_M && plausible(legM, fixGapMs);
}
