import { haversineM } from '../../model/geometry.ts';
import type { OrderStop, ReferenceOrder, ReferenceRoute } from '../../model/reference.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import { minutesFor, roadLeftM } from './arrival.ts';
import { NO_STOP, Stops } from './stops.ts';
import type { OnWay, Way } from './way.ts';

/** A stop is reached within this distance below this speed, and left beyond the other distance, m and km/h. Own judgement. */
const REACH_M = 150;
const REACH_KMPH = 5;
const LEAVE_M = 200;

/** Speeds from this on count in the vehicle's average, km/h: standing is not driving slowly. */
const DRIVING_KMPH = 5;
/** Average of a vehicle of which nothing is known yet, km/h. Own judgement. */
const FIRST_AVERAGE_KMPH = 40;
/** The average forgets so that what it stands on is 5 min old on average: as old as in a plain mean over 10 min. */
const AVERAGE_MS = 300_000;
/** A longer gap between two fixes counts as this much, ms. */
const LONGEST_GAP_MS = 120_000;

/** The stop is looked up when first needed. */
const NOT_LOOKED_UP = -2;
const NO_SEGMENT = -1;

/** What `move` answers, as bits. */
export const MOVED = { figures: 1, stop: 2 } as const;

const STATE = {
  /** Since when it is at its stop, Unix ms; NaN while it is not. */
  reachedMs: Number.NaN,
  /** Average speed while driving, km/h. */
  averageKmph: FIRST_AVERAGE_KMPH,
  /** Its newest fix, Unix ms; 0 = none. */
  fixMs: 0,
  /** Distance from its route, m; NaN = no route or no fix. */
  offM: Number.NaN,
  /** Until it reaches its stop, min; 0 at the stop, NaN without one or without a fix. */
  etaMin: Number.NaN,
} as const;
type StateName = keyof typeof STATE;
const STATE_NAMES = Object.keys(STATE) as StateName[];

/**
 * How vehicles get on with their orders. Each works its orders one after the other, stop by stop. Follows fixes in the order in which
 * they are applied, by their event time. docs/reference-data.md has the formulas.
 */
export class Journeys {
  readonly #nameOf: (slot: number) => string;
  #stops = new Stops([], []);
  /** By stop: 1 once the vehicle has been there and left. */
  #done = new Uint8Array(0);
  /** By slot: the stop it is on its way to or at; NO_STOP; NOT_LOOKED_UP. */
  #stop = new Int32Array(0);
  /** By slot: segment of the route it was last on; −1 = not known. */
  #segment = new Int32Array(0);
  #state = Object.fromEntries(STATE_NAMES.map((name) => [name, new Float64Array(0)])) as Record<
    StateName,
    Float64Array
  >;
  readonly #place: OnWay = { offM: 0, segment: -1, alongM: 0 };

  constructor(nameOf: (slot: number) => string) {
    this.#nameOf = nameOf;
  }

  /** False: there are no orders, and nothing to move. */
  get any(): boolean {
    return this.#stops.orders.length > 0;
  }

  /**
   * Puts other orders and routes in force. What was done stays done, for stops that are still there under their order's and their own
   * id. `positions` has the last fix of each of the first `count` slots, NaN = none.
   */
  use(
    orders: readonly ReferenceOrder[],
    routes: readonly ReferenceRoute[],
    positions: { readonly lat: Float64Array; readonly lon: Float64Array; readonly count: number },
  ): void {
    const before = this.#stops;
    const wasDone = new Set<string>();
    for (const [stop, done] of this.#done.entries()) if (done === 1) wasDone.add(before.keyOf(stop));
    const stopBefore = this.#stop.slice();
    this.#stops = new Stops(orders, routes);
    this.#done = Uint8Array.from(this.#stops.stops, (_, stop) => (wasDone.has(this.#stops.keyOf(stop)) ? 1 : 0));
    this.#stop.fill(NOT_LOOKED_UP);
    // Nothing is followed without orders, so nothing is remembered either.
    if (!this.any) this.#forget();
    for (let slot = 0; slot < Math.min(positions.count, stopBefore.length); slot++) {
      const old = stopBefore[slot];
      const stop = this.#stopOf(slot);
      if (old < 0 || stop < 0 || before.keyOf(old) !== this.#stops.keyOf(stop)) this.#begin(slot);
      if (this.#state.fixMs[slot] > 0) this.#reckon(slot, positions.lat[slot], positions.lon[slot]);
    }
  }

  /** A fix of a vehicle: degrees, Unix ms, km/h (NaN = not known). Answers bits of MOVED. */
  move(slot: number, timeMs: number, lat: number, lon: number, speedKmph: number): number {
    const stop = this.#stopOf(slot);
    if (stop === NO_STOP) return 0;
    const { reachedMs, fixMs } = this.#state;
    this.#average(slot, timeMs, speedKmph);
    fixMs[slot] = Math.max(fixMs[slot], timeMs);
    const { lat: stopLat, lon: stopLon } = this.#stops.stops[stop];
    const awayM = haversineM(lat, lon, stopLat, stopLon);
    let moved: number = MOVED.figures;
    if (Number.isNaN(reachedMs[slot])) {
      if (awayM <= REACH_M && !(speedKmph >= REACH_KMPH)) reachedMs[slot] = timeMs;
    } else if (awayM > LEAVE_M) {
      this.#done[stop] = 1;
      this.#stop[slot] = NOT_LOOKED_UP;
      const isSameOrder = this.#orderOf(this.#stopOf(slot)) === this.#orderOf(stop);
      this.#begin(slot, isSameOrder ? this.#segment[slot] : NO_SEGMENT);
      moved |= MOVED.stop;
    }
    this.#reckon(slot, lat, lon);
    return moved;
  }

  /** The stop a vehicle is on its way to, or at. */
  stop(slot: number): OrderStop | undefined {
    return this.#stops.stops[this.#stopOf(slot)];
  }

  order(slot: number): ReferenceOrder | undefined {
    return this.#stops.orders[this.#orderOf(this.#stopOf(slot))];
  }

  route(slot: number): ReferenceRoute | undefined {
    return this.#wayOf(this.#stopOf(slot))?.route;
  }

  /** Distance from its route, m; NaN = no route, or no fix since there is one. */
  offM(slot: number): number {
    return this.#stopOf(slot) === NO_STOP ? Number.NaN : this.#state.offM[slot];
  }

  /** Limit of the route while the vehicle is in its corridor, km/h; else NaN. */
  limitKmph(slot: number): number {
    const route = this.route(slot);
    return route && this.offM(slot) <= route.corridorM ? (route.limitKmph ?? Number.NaN) : Number.NaN;
  }

  /** Until it reaches its stop, min: 0 at the stop; NaN without one. */
  etaMin(slot: number): number {
    return this.#stopOf(slot) === NO_STOP ? Number.NaN : this.#state.etaMin[slot];
  }

  /** Expected arrival, or the arrival once it is there, less what was promised, min; NaN without a stop. */
  lateMin(slot: number): number {
    const stop = this.stop(slot);
    if (stop === undefined) return Number.NaN;
    const { reachedMs, fixMs } = this.#state;
    const arrivalMs = Number.isNaN(reachedMs[slot]) ? fixMs[slot] + this.etaMin(slot) * 60_000 : reachedMs[slot];
    return (arrivalMs - stop.promisedMs) / 60_000;
  }

  /** How long it has been at its stop as of its newest fix, min; NaN while it is at none. */
  waitMin(slot: number): number {
    const { reachedMs, fixMs } = this.#state;
    return this.#stopOf(slot) === NO_STOP ? Number.NaN : (fixMs[slot] - reachedMs[slot]) / 60_000;
  }

  /** Stops of its order that it has not left yet; 0 when all its orders are done, NaN when it has none. */
  stopsLeft(slot: number): number {
    const stop = this.#stopOf(slot);
    const order = this.#orderOf(stop);
    if (order === NO_STOP) return this.#stops.ordersOf(this.#nameOf(slot)).length > 0 ? 0 : Number.NaN;
    let left = 0;
    for (let s = this.#stops.firstOf[order]; s < this.#stops.firstOf[order + 1]; s++) left += 1 - this.#done[s];
    return left;
  }

  arrays(count: number): Sections {
    if (!this.any) return [];
    this.#reserve(count);
    return [
      ['reference.done', this.#done],
      ['reference.stop', this.#stop.subarray(0, count)],
      ['reference.segment', this.#segment.subarray(0, count)],
      ...STATE_NAMES.map((name): Sections[0] => [`reference.${name}`, this.#state[name].subarray(0, count)]),
    ];
  }

  /** Fills fresh journeys from what `arrays` gave; orders and routes are those of the checkpoint. */
  restore(
    orders: readonly ReferenceOrder[],
    routes: readonly ReferenceRoute[],
    count: number,
    read: ReadSection,
  ): void {
    this.#stops = new Stops(orders, routes);
    this.#done = new Uint8Array(this.#stops.stops.length);
    restoreSections(this.arrays(count), read);
  }

  #forget(): void {
    this.#segment.fill(NO_SEGMENT);
    for (const name of STATE_NAMES) this.#state[name].fill(STATE[name]);
  }

  /** On its way to a stop that is new to it. */
  #begin(slot: number, segment = NO_SEGMENT): void {
    this.#state.reachedMs[slot] = Number.NaN;
    this.#segment[slot] = segment;
    this.#state.offM[slot] = Number.NaN;
    this.#state.etaMin[slot] = Number.NaN;
  }

  /** What follows from where the vehicle is. */
  #reckon(slot: number, lat: number, lon: number): void {
    const stop = this.#stopOf(slot);
    if (stop === NO_STOP) return;
    const { offM, etaMin, averageKmph, reachedMs } = this.#state;
    const way = this.#wayOf(stop);
    const place = this.#place;
    if (way) {
      way.find(lat, lon, this.#stops.segmentBefore(stop), this.#segment[slot], place);
      this.#segment[slot] = place.segment;
      offM[slot] = way.distanceM(lat, lon, place.offM);
    } else offM[slot] = Number.NaN;
    const isThere = !Number.isNaN(reachedMs[slot]);
    etaMin[slot] = isThere ? 0 : minutesFor(roadLeftM(this.#stops, stop, lat, lon, place), averageKmph[slot]);
  }

  #average(slot: number, timeMs: number, speedKmph: number): void {
    const { averageKmph, fixMs } = this.#state;
    if (!(speedKmph >= DRIVING_KMPH) || fixMs[slot] === 0) return;
    const gapMs = Math.min(LONGEST_GAP_MS, Math.max(0, timeMs - fixMs[slot]));
    averageKmph[slot] += (gapMs / (AVERAGE_MS + gapMs)) * (speedKmph - averageKmph[slot]);
  }

  /** The first stop of the vehicle's orders that is not done. */
  #stopOf(slot: number): number {
    if (slot >= this.#stop.length) this.#reserve(slot + 1);
    if (this.#stop[slot] === NOT_LOOKED_UP) this.#stop[slot] = this.#nextStop(this.#nameOf(slot));
    return this.#stop[slot];
  }

  #nextStop(vehicleId: string): number {
    const { firstOf } = this.#stops;
    for (const order of this.#stops.ordersOf(vehicleId)) {
      for (let stop = firstOf[order]; stop < firstOf[order + 1]; stop++) if (this.#done[stop] === 0) return stop;
    }
    return NO_STOP;
  }

  #orderOf(stop: number): number {
    return stop === NO_STOP ? NO_STOP : this.#stops.orderOf[stop];
  }

  #wayOf(stop: number): Way | undefined {
    return stop === NO_STOP ? undefined : this.#stops.ways[this.#stops.orderOf[stop]];
  }

  #reserve(count: number): void {
    const old = this.#stop.length;
    if (count <= old) return;
    const capacity = capacityFor(count, old);
    this.#stop = grown(this.#stop, capacity);
    this.#stop.fill(NOT_LOOKED_UP, old);
    this.#segment = grown(this.#segment, capacity);
    this.#segment.fill(NO_SEGMENT, old);
    for (const name of STATE_NAMES) this.#state[name] = grown(this.#state[name], capacity, STATE[name]);
  }
}
