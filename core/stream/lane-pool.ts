import type { StateArray } from './fleet-state.ts';

const FIRST_ENTRIES = 4096;
/** Numbers an entry: one cache line. */
const STRIDE = 8;
const TIME = 0;
const LAT = 1;
const LON = 2;
const SPEED = 3;
const HEADING = 4;
const TRIP = 5;
/** driver × 8 + engine × 2 + fix. */
const PACKED = 6;
const NEXT = 7;
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
 * really waits (some six entries of 64 bytes for a vehicle at 1 Hz and a bound of 5 s), not the worst case of every vehicle.
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
  #entries = new Float64Array(0);
  #free = NONE;
  #head = new Int32Array(0);
  #tail = new Int32Array(0);

  get bytes(): number {
    return this.#entries.byteLength + this.#head.byteLength + this.#tail.byteLength;
  }

  reserve(slots: number): void {
    const before = this.#head.length;
    if (slots <= before) return;
    const head = new Int32Array(slots).fill(NONE, before);
    head.set(this.#head);
    const tail = new Int32Array(slots).fill(NONE, before);
    tail.set(this.#tail);
    this.#head = head;
    this.#tail = tail;
  }

  /** Time of the first that waits; +∞ when none does. */
  headMs(slot: number): number {
    const head = this.#head[slot];
    return head === NONE ? Number.POSITIVE_INFINITY : this.#entries[head + TIME];
  }

  /** Time of the last that waits; −∞ when none does. */
  tailMs(slot: number): number {
    const tail = this.#tail[slot];
    return tail === NONE ? Number.NEGATIVE_INFINITY : this.#entries[tail + TIME];
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
    const at = this.#take();
    const entries = this.#entries;
    entries[at + TIME] = timeMs;
    entries[at + LAT] = lat;
    entries[at + LON] = lon;
    entries[at + SPEED] = speedKmph;
    entries[at + HEADING] = headingDeg;
    entries[at + TRIP] = trip;
    entries[at + PACKED] = driver * 8 + engine * 2 + fix;
    this.#link(slot, at);
  }

  /** Takes the first entry out into `entry`; there must be one. */
  shift(slot: number): void {
    const entries = this.#entries;
    const at = this.#head[slot];
    this.#read(at);
    const next = entries[at + NEXT];
    this.#head[slot] = next;
    if (next === NONE) this.#tail[slot] = NONE;
    entries[at + NEXT] = this.#free;
    this.#free = at;
  }

  /** True when one of those that wait passes. */
  some(slot: number, passes: (entry: LaneEntry) => boolean): boolean {
    for (let at = this.#head[slot]; at !== NONE; at = this.#entries[at + NEXT]) {
      this.#read(at);
      if (passes(this.entry)) return true;
    }
    return false;
  }

  /** Entries of all slots one after the other, and how many each has. */
  arrays(count: number): [name: string, array: StateArray][] {
    const lengths = new Int32Array(count);
    const packed: number[] = [];
    for (let slot = 0; slot < count; slot++) {
      for (let at = this.#head[slot]; at !== NONE; at = this.#entries[at + NEXT]) {
        lengths[slot]++;
        for (let i = 0; i < NEXT; i++) packed.push(this.#entries[at + i]);
      }
    }
    return [
      ['lane.lengths', lengths],
      ['lane.entries', Float64Array.from(packed)],
    ];
  }

  restore(count: number, read: (name: string) => StateArray | undefined): void {
    const lengths = read('lane.lengths');
    const packed = read('lane.entries');
    if (!lengths || !packed) return;
    let from = 0;
    for (let slot = 0; slot < count; slot++) {
      for (let i = 0; i < lengths[slot]; i++, from += NEXT) {
        const at = this.#take();
        this.#entries.set((packed as Float64Array).subarray(from, from + NEXT), at);
        this.#link(slot, at);
      }
    }
  }

  #read(at: number): void {
    const { entry } = this;
    const entries = this.#entries;
    entry.timeMs = entries[at + TIME];
    entry.lat = entries[at + LAT];
    entry.lon = entries[at + LON];
    entry.speedKmph = entries[at + SPEED];
    entry.headingDeg = entries[at + HEADING];
    entry.trip = entries[at + TRIP];
    const packed = entries[at + PACKED];
    entry.driver = packed >>> 3;
    entry.engine = (packed >>> 1) & 3;
    entry.fix = packed & 1;
  }

  #link(slot: number, at: number): void {
    const entries = this.#entries;
    const tail = this.#tail[slot];
    const timeMs = entries[at + TIME];
    if (tail === NONE || entries[tail + TIME] <= timeMs) {
      entries[at + NEXT] = NONE;
      if (tail === NONE) this.#head[slot] = at;
      else entries[tail + NEXT] = at;
      this.#tail[slot] = at;
      return;
    }
    let before = NONE;
    let next = this.#head[slot];
    while (entries[next + TIME] <= timeMs) {
      before = next;
      next = entries[next + NEXT];
    }
    entries[at + NEXT] = next;
    if (before === NONE) this.#head[slot] = at;
    else entries[before + NEXT] = at;
  }

  #take(): number {
    if (this.#free === NONE) this.#grow();
    const at = this.#free;
    this.#free = this.#entries[at + NEXT];
    return at;
  }

  #grow(): void {
    const from = this.#entries.length;
    const bigger = new Float64Array(Math.max(FIRST_ENTRIES * STRIDE, from * 2));
    bigger.set(this.#entries);
    for (let at = from; at < bigger.length; at += STRIDE) {
      bigger[at + NEXT] = at + STRIDE < bigger.length ? at + STRIDE : NONE;
    }
    this.#entries = bigger;
    this.#free = from;
  }
}
