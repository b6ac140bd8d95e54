import { grown } from './arrays.ts';
import type { StateArray } from './fleet-state.ts';

const FIRST_ENTRIES = 4096;
/** An entry is 48 bytes, seen as doubles and as whole numbers. */
const REALS = 6;
const TIME = 0;
const LAT = 1;
const LON = 2;
const SPEED = 3;
const INTS = 12;
const HEADING = 8;
const TRIP = 9;
/** driver × 8 + engine × 2 + fix. */
const PACKED = 10;
const NEXT = 11;
const NONE = -1;

/** An entry taken out. */
export interface LaneEntry {
  timeMs: number;
  lat: number;
  lon: number;
  speedKmph: number;
  headingDeg: number;
  trip: number;
  driver: number;
  /** See ENGINE. */
  engine: number;
  /** 1 for telemetry. */
  fix: number;
}

/**
 * What waits for its place in order: one list per vehicle, sorted by time, all of them in one pool, so that memory follows what
 * really waits (some nine entries of 48 bytes for a vehicle at 1 Hz and a bound of 5 s), not the worst case of every vehicle.
 */
export class LanePool {
  /** What `shift` took out last. */
  readonly entry: LaneEntry = {
    timeMs: 0,
    lat: 0,
    lon: 0,
    speedKmph: 0,
    headingDeg: 0,
    trip: 0,
    driver: 0,
    engine: 0,
    fix: 0,
  };
  #reals = new Float64Array(0);
  #ints = new Int32Array(this.#reals.buffer);
  #floats = new Float32Array(this.#reals.buffer);
  /**
   * Free entries, used in the order in which they became free: what comes and goes together then lies together in memory, whatever
   * vehicles it is of.
   */
  #free = NONE;
  #lastFree = NONE;
  #head = new Int32Array(0);
  #tail = new Int32Array(0);
  /** Times of the last ones: what is appended need not fetch the entry before it. */
  #tailMs = new Float64Array(0);

  get bytes(): number {
    return this.#reals.byteLength + this.#head.byteLength + this.#tail.byteLength + this.#tailMs.byteLength;
  }

  reserve(slots: number): void {
    if (slots <= this.#head.length) return;
    this.#head = grown(this.#head, slots, NONE);
    this.#tail = grown(this.#tail, slots, NONE);
    this.#tailMs = grown(this.#tailMs, slots, Number.NEGATIVE_INFINITY);
  }

  /** Time of the first that waits; +∞ when none does. */
  headMs(slot: number): number {
    const head = this.#head[slot];
    return head === NONE ? Number.POSITIVE_INFINITY : this.#reals[head * REALS + TIME];
  }

  /** Time of the last that waits; −∞ when none does. */
  tailMs(slot: number): number {
    return this.#tailMs[slot];
  }

  /** Puts an entry behind all those that are not newer. */
  insert(
    slot: number,
    timeMs: number,
    lat: number,
    lon: number,
    speedKmph: number,
    headingDeg: number,
    trip: number,
    driver: number,
    engine: number,
    fix: number,
  ): void {
    if (this.#free === NONE) this.#grow();
    const at = this.#free;
    const reals = this.#reals;
    const ints = this.#ints;
    const r = at * REALS;
    const n = at * INTS;
    this.#free = ints[n + NEXT];
    if (this.#free === NONE) this.#lastFree = NONE;
    reals[r + TIME] = timeMs;
    reals[r + LAT] = lat;
    reals[r + LON] = lon;
    reals[r + SPEED] = speedKmph;
    this.#floats[n + HEADING] = headingDeg;
    ints[n + TRIP] = trip;
    ints[n + PACKED] = driver * 8 + engine * 2 + fix;
    const tail = this.#tail[slot];
    if (tail === NONE) this.#head[slot] = at;
    else if (this.#tailMs[slot] <= timeMs) ints[tail * INTS + NEXT] = at;
    else {
      this.#linkBetween(slot, at, timeMs);
      return;
    }
    ints[n + NEXT] = NONE;
    this.#tail[slot] = at;
    this.#tailMs[slot] = timeMs;
  }

  /** Takes the first entry out into `entry`; there must be one. */
  shift(slot: number): void {
    const ints = this.#ints;
    const at = this.#head[slot];
    this.#read(at);
    const next = ints[at * INTS + NEXT];
    this.#head[slot] = next;
    if (next === NONE) {
      this.#tail[slot] = NONE;
      this.#tailMs[slot] = Number.NEGATIVE_INFINITY;
    }
    ints[at * INTS + NEXT] = NONE;
    if (this.#lastFree === NONE) this.#free = at;
    else ints[this.#lastFree * INTS + NEXT] = at;
    this.#lastFree = at;
  }

  /** True when one of those that wait passes. */
  some(slot: number, passes: (entry: LaneEntry) => boolean): boolean {
    for (let at = this.#head[slot]; at !== NONE; at = this.#ints[at * INTS + NEXT]) {
      this.#read(at);
      if (passes(this.entry)) return true;
    }
    return false;
  }

  /** Entries of all slots one after the other, and how many each has. */
  arrays(count: number): [name: string, array: StateArray][] {
    const lengths = new Int32Array(count);
    let total = 0;
    for (let slot = 0; slot < count; slot++) {
      for (let at = this.#head[slot]; at !== NONE; at = this.#ints[at * INTS + NEXT]) lengths[slot]++;
      total += lengths[slot];
    }
    const packed = new Float64Array(total * REALS);
    const links = new Int32Array(packed.buffer);
    let to = 0;
    for (let slot = 0; slot < count; slot++) {
      for (let at = this.#head[slot]; at !== NONE; at = this.#ints[at * INTS + NEXT], to++) {
        packed.set(this.#reals.subarray(at * REALS, (at + 1) * REALS), to * REALS);
        links[to * INTS + NEXT] = 0;
      }
    }
    return [
      ['lane.lengths', lengths],
      ['lane.entries', packed],
    ];
  }

  restore(count: number, read: (name: string) => StateArray | undefined): void {
    const lengths = read('lane.lengths');
    const packed = read('lane.entries') as Float64Array | undefined;
    if (!lengths || !packed) return;
    let from = 0;
    for (let slot = 0; slot < count; slot++) {
      for (let i = 0; i < lengths[slot]; i++, from++) {
        this.insert(slot, packed[from * REALS + TIME], 0, 0, 0, 0, 0, 0, 0, 0);
        const at = this.#tail[slot];
        this.#reals.set(packed.subarray(from * REALS, (from + 1) * REALS), at * REALS);
        this.#ints[at * INTS + NEXT] = NONE;
      }
    }
  }

  #read(at: number): void {
    const { entry } = this;
    const reals = this.#reals;
    const ints = this.#ints;
    const r = at * REALS;
    const n = at * INTS;
    entry.timeMs = reals[r + TIME];
    entry.lat = reals[r + LAT];
    entry.lon = reals[r + LON];
    entry.speedKmph = reals[r + SPEED];
    entry.headingDeg = this.#floats[n + HEADING];
    entry.trip = ints[n + TRIP];
    const packed = ints[n + PACKED];
    entry.driver = packed >>> 3;
    entry.engine = (packed >>> 1) & 3;
    entry.fix = packed & 1;
  }

  /** Links an entry that is older than the last one. */
  #linkBetween(slot: number, at: number, timeMs: number): void {
    const ints = this.#ints;
    let before = NONE;
    let next = this.#head[slot];
    while (this.#reals[next * REALS + TIME] <= timeMs) {
      before = next;
      next = ints[next * INTS + NEXT];
    }
    ints[at * INTS + NEXT] = next;
    if (before === NONE) this.#head[slot] = at;
    else ints[before * INTS + NEXT] = at;
  }

  #grow(): void {
    const from = this.#reals.length / REALS;
    const count = Math.max(FIRST_ENTRIES, from * 2);
    const bigger = new Float64Array(count * REALS);
    bigger.set(this.#reals);
    this.#reals = bigger;
    this.#ints = new Int32Array(bigger.buffer);
    this.#floats = new Float32Array(bigger.buffer);
    for (let at = from; at < count; at++) this.#ints[at * INTS + NEXT] = at + 1 < count ? at + 1 : NONE;
    this.#free = from;
    this.#lastFree = count - 1;
  }
}
