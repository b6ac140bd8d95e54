import { grown, NONE, RecordPool } from './record-pool.ts';

const STRIDE = 7;
const PREV = 0;
const REFS = 1;
const STEP = 2;
const SEQ = 3;
const TIME = 4;
const EVENT = 5;
const TOLD = 6;

/** One event of a list, as a checkpoint holds it. */
export interface ListedEvent {
  readonly step: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly event: number;
}

/**
 * The events that partial matches have taken: immutable lists from the last event back to the first, which share what they have
 * in common. A list is named by its last event; each counts how many lists and partial matches hang on it.
 */
export class EventLists {
  readonly #pool = new RecordPool(STRIDE);
  /** Events in the lists of each key. */
  #count = new Int32Array(0);
  readonly #left: number[] = [];
  readonly #right: number[] = [];

  get bytes(): number {
    return this.#pool.bytes + this.#count.byteLength;
  }

  reserve(keys: number): void {
    this.#count = grown(this.#count, keys, 0);
  }

  count(key: number): number {
    return this.#count[key];
  }

  /** The list `prev` (or NONE) with one more event. Nothing hangs on it yet. */
  push(key: number, prev: number, step: number, seq: number, timeMs: number, event: number): number {
    const at = this.#pool.take();
    const { values } = this.#pool;
    values[at + PREV] = prev;
    values[at + REFS] = 0;
    values[at + STEP] = step;
    values[at + SEQ] = seq;
    values[at + TIME] = timeMs;
    values[at + EVENT] = event;
    values[at + TOLD] = 0;
    if (prev !== NONE) values[prev + REFS]++;
    this.#count[key]++;
    return at;
  }

  retain(at: number): void {
    this.#pool.values[at + REFS]++;
  }

  /** Lets go of a list. */
  release(key: number, at: number): void {
    const { values } = this.#pool;
    for (let node = at; node !== NONE && --values[node + REFS] <= 0; ) {
      const prev = values[node + PREV];
      this.#pool.give(node);
      this.#count[key]--;
      node = prev;
    }
  }

  prev(at: number): number {
    return this.#pool.values[at + PREV];
  }

  /** Place of the last event among those of its key. */
  seq(at: number): number {
    return this.#pool.values[at + SEQ];
  }

  timeMs(at: number): number {
    return this.#pool.values[at + TIME];
  }

  /** The first event of a list. */
  first(at: number): ListedEvent {
    let node = at;
    for (let prev = this.prev(node); prev !== NONE; prev = this.prev(node)) node = prev;
    return this.entry(node);
  }

  entry(at: number): ListedEvent {
    const { values } = this.#pool;
    return { step: values[at + STEP], seq: values[at + SEQ], timeMs: values[at + TIME], event: values[at + EVENT] };
  }

  /** Answers true the first time it is asked of a list. */
  tellOnce(at: number): boolean {
    const { values } = this.#pool;
    if (values[at + TOLD] === 1) return false;
    values[at + TOLD] = 1;
    return true;
  }

  /** Place of the first or last event that a step took; −1 when it took none. */
  seqOfStep(at: number, step: number, which: 'first' | 'last'): number {
    const { values } = this.#pool;
    let seq = -1;
    for (let node = at; node !== NONE; node = values[node + PREV]) {
      if (values[node + STEP] !== step) continue;
      seq = values[node + SEQ];
      if (which === 'last') break;
    }
    return seq;
  }

  /** Events that a step took, first to last. */
  eventsOfStep(at: number, step: number): number[] {
    const { values } = this.#pool;
    const events: number[] = [];
    for (let node = at; node !== NONE; node = values[node + PREV]) {
      if (values[node + STEP] === step) events.push(values[node + EVENT]);
    }
    return events.reverse();
  }

  /** Events by name of the step; steps that took none are left out. */
  byStep(at: number, names: readonly string[]): Record<string, number[]> {
    const steps: Record<string, number[]> = {};
    const path = this.#path(at, this.#left);
    const { values } = this.#pool;
    for (const node of path) {
      const name = names[values[node + STEP]];
      steps[name] ??= [];
      steps[name].push(values[node + EVENT]);
    }
    return steps;
  }

  /**
   * Order of two lists of a key that is the same however they came about: the one that takes the earlier event where they first
   * differ, the longer one when the other is its beginning, the one that stays longer in the earlier step.
   */
  compare(a: number, b: number): number {
    const left = this.#path(a, this.#left);
    const right = this.#path(b, this.#right);
    const { values } = this.#pool;
    const length = Math.min(left.length, right.length);
    for (let i = 0; i < length; i++) {
      const gap = values[left[i] + SEQ] - values[right[i] + SEQ];
      if (gap !== 0) return gap;
    }
    if (left.length !== right.length) return right.length - left.length;
    for (let i = 0; i < length; i++) {
      const gap = values[left[i] + STEP] - values[right[i] + STEP];
      if (gap !== 0) return gap;
    }
    return 0;
  }

  #path(at: number, into: number[]): number[] {
    const { values } = this.#pool;
    into.length = 0;
    for (let node = at; node !== NONE; node = values[node + PREV]) into.push(node);
    return into.reverse();
  }
}
