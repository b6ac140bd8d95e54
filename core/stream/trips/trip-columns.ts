import type { StateArray } from '../fleet-state.ts';

/** Numbers of 32 bits a vehicle has, all in one place, because a step touches most of them. */
const WORDS = 44;

/** Doubles of a vehicle; times in Unix ms, 0 = none. */
export const REALS = WORDS / 2;
/** Newest time known: of a step, or of a trip event that came before the next one. */
export const LAST_MS = 0;
/** Start of the open trip. */
export const START_MS = 1;
/** Start of the open trip as first given out: what its id is made of. 0 while it is not given out. */
export const ID_MS = 2;
/** Within a trip: since when it has not been seen moving; 0 while it moves. */
export const STAND_MS = 3;
/** Outside a trip: when the ignition was turned on. */
export const MARK_MS = 3;
/** Since when its engine has been off or unknown while it stands; 0 otherwise. */
export const PARK_MS = 4;
/** When something else than following the steps is to be done; infinite = never. */
export const DUE_MS = 5;
export const DISTANCE_M = 6;
/** Start of the stop that lasts, or of the one before the open trip; 0 = none. */
export const STOP_MS = 7;

/** Unsigned whole numbers of a vehicle. */
export const COUNTS = WORDS;
/** Time of the open trip by what the vehicle did, up to where it last moved, ms. */
export const MOVING = 16;
export const IDLING = 17;
export const STOPPED = 18;
export const GAP = 19;
/**
 * The tail, ms: time since it stood still, which belongs to the trip if it goes on and to the stop if not. Outside a trip: the
 * time since the ignition was turned on, which belongs to the trip if one begins.
 */
export const TAIL_IDLING = 20;
export const TAIL_STOPPED = 21;
export const TAIL_GAP = 22;
/** Idling within the stop, ms. */
export const STOP_IDLING = 23;
export const FIXES = 24;
export const TAIL_FIXES = 25;
/** Number of the sender's trip id and of the driver, 0 = none. */
export const TRIP = 26;
export const DRIVER = 27;
export const REVISION = 28;
export const HARSH_EVENTS = 29;
/** Odometer at the start and now, m; 0 = not reported. */
export const ODOMETER_START = 30;
export const ODOMETER = 31;
/** See the masks below. */
export const FLAGS = 32;
/** `ID_MS` of the trip at whose end the stop began, as high and low word; 0 = none. */
export const STOP_TRIP_HIGH = 33;
export const STOP_TRIP_LOW = 34;
/** Highest speed of the trip, 0.01 km/h. */
export const MAX_SPEED = 35;

export const STATE_MASK = 3;
/** Nothing known yet; outside a trip; in a trip. */
export const STATE = { unknown: 0, stop: 1, trip: 2 } as const;
/** Movement and engine at `LAST_MS`: see MOVEMENT, ENGINE. */
export const MOVEMENT_SHIFT = 2;
export const MOVEMENT_MASK = 7 << MOVEMENT_SHIFT;
export const ENGINE_SHIFT = 5;
export const ENGINE_MASK = 3 << ENGINE_SHIFT;
/** Place of the stop's reason in TRIP_END_REASONS. */
export const REASON_SHIFT = 7;
export const REASON_MASK = 7 << REASON_SHIFT;
/** The open trip went further than jitter. */
export const PASSED_JITTER = 1 << 10;
/** A trip event told of the open trip. */
export const BY_EVENT = 1 << 11;
/** The open trip began with the ignition. */
export const FROM_MARK = 1 << 12;

/** Positions of a vehicle, 1e-7 degrees; NO_POSITION = none. */
export const PLACES = WORDS;
export const START_AT = 36;
/** Where it last moved in the open trip. */
export const END_AT = 38;
export const STOP_AT = 40;
const NO_POSITION = 0x7fffffff;

/** Fuel, %: used by the open trip, and the lowest level since it began or was last refuelled. */
export const FUELS = WORDS;
export const FUEL_USED = 42;
export const FUEL_LOW = 43;

const STOP_TRIP_WORD = 2 ** 32;

/** What is known of every vehicle's trips, 176 bytes each. `reals[slot * REALS + START_MS]` and so on: four views of one buffer,
 * replaced when it grows. */
export class TripColumns {
  reals = new Float64Array(0);
  counts = new Uint32Array(0);
  places = new Int32Array(0);
  fuels = new Float32Array(0);
  #capacity = 0;

  get capacity(): number {
    return this.#capacity;
  }

  get bytes(): number {
    return this.counts.byteLength;
  }

  /** Makes room for `count` vehicles. */
  reserve(count: number): void {
    if (count <= this.#capacity) return;
    const before = this.counts;
    const from = this.#capacity;
    this.#capacity = Math.max(1024, count, from * 2);
    this.counts = new Uint32Array(this.#capacity * WORDS);
    this.counts.set(before);
    this.reals = new Float64Array(this.counts.buffer);
    this.places = new Int32Array(this.counts.buffer);
    this.fuels = new Float32Array(this.counts.buffer);
    for (let slot = from; slot < this.#capacity; slot++) {
      this.reals[slot * REALS + DUE_MS] = Number.POSITIVE_INFINITY;
      this.places.fill(NO_POSITION, slot * PLACES + START_AT, slot * PLACES + STOP_AT + 2);
    }
  }

  /** Degrees; NaN = not known. `place` is START_AT, END_AT or STOP_AT, and one more for the longitude. */
  degrees(slot: number, place: number): number {
    const value = this.places[slot * PLACES + place];
    return value === NO_POSITION ? Number.NaN : value / 1e7;
  }

  /** Puts a position; one that is not known leaves the one that is there. */
  put(slot: number, place: number, lat: number, lon: number): void {
    if (Number.isNaN(lat) || Number.isNaN(lon)) return;
    const at = slot * PLACES + place;
    this.places[at] = Math.round(lat * 1e7);
    this.places[at + 1] = Math.round(lon * 1e7);
  }

  copyPlace(slot: number, from: number, to: number): void {
    const at = slot * PLACES;
    this.places[at + to] = this.places[at + from];
    this.places[at + to + 1] = this.places[at + from + 1];
  }

  state(slot: number): number {
    return this.counts[slot * COUNTS + FLAGS] & STATE_MASK;
  }

  /** `ID_MS` of the trip at whose end the stop began; 0 = none. */
  stopTripMs(slot: number): number {
    const at = slot * COUNTS;
    return this.counts[at + STOP_TRIP_HIGH] * STOP_TRIP_WORD + this.counts[at + STOP_TRIP_LOW];
  }

  setStopTripMs(slot: number, ms: number): void {
    const at = slot * COUNTS;
    this.counts[at + STOP_TRIP_HIGH] = Math.floor(ms / STOP_TRIP_WORD);
    this.counts[at + STOP_TRIP_LOW] = ms % STOP_TRIP_WORD;
  }

  arrays(count: number): [name: string, array: StateArray][] {
    this.reserve(count);
    return [['trip.state', this.counts.subarray(0, count * WORDS)]];
  }

  restore(count: number, read: (name: string) => StateArray | undefined): void {
    this.reserve(count);
    this.counts.set(read('trip.state') ?? []);
  }
}
