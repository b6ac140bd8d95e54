import { type RowBlock, UTILISATION_COLUMNS } from '../../model/stream-outputs.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import { RowBlockBuilder } from '../row-block.ts';
import type { Step } from '../step.ts';
import type { DrivingDeps } from './deps.ts';

const SECOND_MS = 1000;
const WINDOW_S = 5;

/** Counts of vehicles. A fix whose speed is not known is heard, but neither active nor idle. */
const ACTIVE = 0;
const IDLE = 1;
const UNKNOWN = 2;
const KNOWN = 3;
const KINDS = 4;

const FIRST_RING = 256;
/** Fixes further ahead of the fleet's clock than this (36 h) are left out. */
const LONGEST_RING = 1 << 17;

/**
 * The seeds' fleet utilisation in hopping windows of 5 s every second of the fleet's clock. In the window [end − 5 s,
 * end) a vehicle counts once, by its latest fix in it: active above `movingKmph`, idle otherwise. Offline are the
 * vehicles that have been heard before but not in it. A window in which no vehicle was heard has no row.
 *
 * Nothing is counted per window: a fix of second s is its vehicle's latest in the windows that end from s + 1 to s + 5,
 * or until the one that ends with the vehicle's next fix. Only where those begin and end is noted, by second; a window
 * is the sum of what began and ended up to it.
 */
export class FleetUtilisation {
  readonly #deps: DrivingDeps;
  readonly #rows = new RowBlockBuilder(UTILISATION_COLUMNS.length);
  /** Second and kind of each vehicle's latest fix; second 0 = none. */
  #second = new Uint32Array(0);
  #kind = new Uint8Array(0);
  #capacity = 0;
  /** Changes of the counts from one window to the next, `KINDS` numbers a window, a ring by the window's end in s. */
  #changes = new Int32Array(FIRST_RING * KINDS);
  #size = FIRST_RING;
  /** Counts of the window given out last. */
  #counts = new Float64Array(KINDS);
  /** End of the next window, s; 0 before the first fix or watermark. */
  #next = 0;
  /** No change is noted at or after this end. */
  #end = 0;
  #fired = false;
  #leftOut = 0;

  constructor(deps: DrivingDeps) {
    this.#deps = deps;
  }

  /** Fixes too far ahead of the fleet's clock. */
  get leftOut(): number {
    return this.#leftOut;
  }

  step(step: Step): void {
    if (!step.fix) return;
    const { slot, speedKmph } = step;
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const second = Math.floor(step.timeMs / SECOND_MS);
    const from = second + 1;
    const until = from + WINDOW_S;
    if ((from < this.#next || until >= this.#end) && !this.#include(from, until)) {
      this.#leftOut++;
      return;
    }
    const kind = kindOf(speedKmph, this.#deps.settings().movingKmph);
    const before = this.#second[slot];
    const beforeUntil = before + 1 + WINDOW_S;
    if (before === 0) this.#change(KNOWN, from, 1);
    else if (from < beforeUntil) this.#move(this.#kind[slot], from, beforeUntil, -1);
    this.#move(kind, from, until, 1);
    this.#second[slot] = second;
    this.#kind[slot] = kind;
  }

  /** Gives out the windows that end at or before the fleet's watermark (their last instant is in it). */
  fleetWatermark(fleetMs: number): void {
    const last = Math.floor((fleetMs + 1) / SECOND_MS);
    if (last < this.#next) return;
    if (this.#next > 0) {
      const busy = Math.min(last, this.#end);
      for (let end = this.#next; end <= busy; end++) this.#window(end);
    }
    this.#next = last + 1;
    this.#fired = true;
  }

  get pendingRows(): number {
    return this.#rows.rows;
  }

  take(): RowBlock {
    return this.#rows.take();
  }

  get bytes(): number {
    return this.#second.byteLength + this.#kind.byteLength + this.#changes.byteLength;
  }

  arrays(slots: number): Sections {
    const windows = Math.max(0, this.#end - this.#next);
    const changes = new Int32Array(windows * KINDS);
    for (let i = 0; i < windows; i++) {
      const at = ((this.#next + i) & (this.#size - 1)) * KINDS;
      changes.set(this.#changes.subarray(at, at + KINDS), i * KINDS);
    }
    const clock = Float64Array.of(this.#next, this.#end, this.#fired ? 1 : 0, this.#leftOut);
    return [
      ...this.#slotArrays(slots),
      ['utilisation.changes', changes],
      ['utilisation.counts', this.#counts],
      ['utilisation.clock', clock],
    ];
  }

  restore(slots: number, read: ReadSection): void {
    const clock = read('utilisation.clock');
    const changes = read('utilisation.changes');
    if (!clock || !changes) return;
    restoreSections([...this.#slotArrays(slots), ['utilisation.counts', this.#counts]], read);
    [this.#next, this.#end, , this.#leftOut] = clock;
    this.#fired = clock[2] === 1;
    while (this.#size < this.#end - this.#next) this.#size *= 2;
    this.#changes = new Int32Array(this.#size * KINDS);
    for (let i = 0; i * KINDS < changes.length; i++) {
      const at = ((this.#next + i) & (this.#size - 1)) * KINDS;
      this.#changes.set(changes.subarray(i * KINDS, (i + 1) * KINDS), at);
    }
  }

  #slotArrays(slots: number): Sections {
    this.#reserve(slots);
    return [
      ['utilisation.second', this.#second.subarray(0, slots)],
      ['utilisation.kind', this.#kind.subarray(0, slots)],
    ];
  }

  /** A vehicle counts as `kind` in the windows that end in [from, until) once more (1) or no longer (−1). */
  #move(kind: number, from: number, until: number, by: number): void {
    this.#change(kind, from, by);
    this.#change(kind, until, -by);
  }

  /** What concerns windows already given out takes effect from the next one. */
  #change(kind: number, end: number, by: number): void {
    const at = end < this.#next ? this.#next : end;
    this.#changes[(at & (this.#size - 1)) * KINDS + kind] += by;
  }

  #window(end: number): void {
    const at = (end & (this.#size - 1)) * KINDS;
    const counts = this.#counts;
    for (let kind = 0; kind < KINDS; kind++) {
      counts[kind] += this.#changes[at + kind];
      this.#changes[at + kind] = 0;
    }
    const heard = counts[ACTIVE] + counts[IDLE] + counts[UNKNOWN];
    if (heard === 0) return;
    const row = this.#rows.add('');
    const { values } = this.#rows;
    values[row] = end * SECOND_MS;
    values[row + 1] = 0;
    values[row + 2] = counts[ACTIVE];
    values[row + 3] = counts[IDLE];
    values[row + 4] = counts[KNOWN] - heard;
  }

  /** Makes room for changes in [from, until]; before the first watermark also for earlier ones than before. */
  #include(from: number, until: number): boolean {
    const next = this.#next === 0 || (!this.#fired && from < this.#next) ? from : this.#next;
    const end = Math.max(this.#end, until + 1, next + 1);
    if (end - next > LONGEST_RING) return false;
    if (end - next > this.#size) this.#widen(end - next);
    this.#next = next;
    this.#end = end;
    return true;
  }

  #widen(windows: number): void {
    let size = this.#size;
    while (size < windows) size *= 2;
    const changes = new Int32Array(size * KINDS);
    for (let end = this.#next; end < this.#end; end++) {
      const at = (end & (this.#size - 1)) * KINDS;
      changes.set(this.#changes.subarray(at, at + KINDS), (end & (size - 1)) * KINDS);
    }
    this.#changes = changes;
    this.#size = size;
  }

  #reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    this.#capacity = capacityFor(slots, this.#capacity);
    this.#second = grown(this.#second, this.#capacity);
    this.#kind = grown(this.#kind, this.#capacity);
  }
}

function kindOf(speedKmph: number, movingKmph: number): number {
  if (speedKmph > movingKmph) return ACTIVE;
  return Number.isNaN(speedKmph) ? UNKNOWN : IDLE;
}
