import { grown, NONE, RecordPool } from './record-pool.ts';

const STRIDE = 5;
const TIME = 0;
const EVENT = 1;
const MASK = 2;
const PREV = 3;
const NEXT = 4;

/** An event taken out. */
export interface HeldEvent {
  timeMs: number;
  event: number;
  mask: number;
}

/** Events that wait for the watermark of their key: by event time, those of equal times in order of arrival. */
export class HeldEvents {
  /** What `shift` took out last. */
  readonly entry: HeldEvent = { timeMs: 0, event: 0, mask: 0 };
  readonly #pool = new RecordPool(STRIDE);
  #head = new Int32Array(0);
  #tail = new Int32Array(0);
  #count = new Int32Array(0);

  get bytes(): number {
    return this.#pool.bytes + this.#head.byteLength + this.#tail.byteLength + this.#count.byteLength;
  }

  reserve(keys: number): void {
    this.#head = grown(this.#head, keys, NONE);
    this.#tail = grown(this.#tail, keys, NONE);
    this.#count = grown(this.#count, keys, 0);
  }

  count(key: number): number {
    return this.#count[key];
  }

  /** Time of the first that waits; +∞ when none does. */
  headMs(key: number): number {
    const head = this.#head[key];
    return head === NONE ? Number.POSITIVE_INFINITY : this.#pool.values[head + TIME];
  }

  insert(key: number, timeMs: number, event: number, mask: number): void {
    const at = this.#pool.take();
    const { values } = this.#pool;
    let prev = this.#tail[key];
    while (prev !== NONE && values[prev + TIME] > timeMs) prev = values[prev + PREV];
    const next = prev === NONE ? this.#head[key] : values[prev + NEXT];
    values[at + TIME] = timeMs;
    values[at + EVENT] = event;
    values[at + MASK] = mask;
    values[at + PREV] = prev;
    values[at + NEXT] = next;
    if (prev === NONE) this.#head[key] = at;
    else values[prev + NEXT] = at;
    if (next === NONE) this.#tail[key] = at;
    else values[next + PREV] = at;
    this.#count[key]++;
  }

  /** Takes the first one out into `entry`; there must be one. */
  shift(key: number): void {
    const { values } = this.#pool;
    const at = this.#head[key];
    const next = values[at + NEXT];
    this.entry.timeMs = values[at + TIME];
    this.entry.event = values[at + EVENT];
    this.entry.mask = values[at + MASK];
    this.#head[key] = next;
    if (next === NONE) this.#tail[key] = NONE;
    else values[next + PREV] = NONE;
    this.#count[key]--;
    this.#pool.give(at);
  }

  /** Time, event and mask of all that wait, first to last. */
  list(key: number): number[] {
    const { values } = this.#pool;
    const list: number[] = [];
    for (let at = this.#head[key]; at !== NONE; at = values[at + NEXT])
      list.push(values[at + TIME], values[at + EVENT], values[at + MASK]);
    return list;
  }
}
