import { grown, NONE, RecordPool } from './record-pool.ts';

const STRIDE = 5;
const STATE = 0;
const LIST = 1;
const START_MS = 2;
const START_SEQ = 3;
const NEXT = 4;

/**
 * The partial matches of each key, oldest first: what state each is in, the list of the events that it has taken, and when it
 * began. Those that go on from a partial match are put next to it, so the order by first event holds.
 */
export class PartialMatches {
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

  /** The oldest; NONE when there is none. */
  head(key: number): number {
    return this.#head[key];
  }

  /** The newest; NONE when there is none. */
  tail(key: number): number {
    return this.#tail[key];
  }

  next(at: number): number {
    return this.#pool.values[at + NEXT];
  }

  state(at: number): number {
    return this.#pool.values[at + STATE];
  }

  list(at: number): number {
    return this.#pool.values[at + LIST];
  }

  startMs(at: number): number {
    return this.#pool.values[at + START_MS];
  }

  startSeq(at: number): number {
    return this.#pool.values[at + START_SEQ];
  }

  /** Adds one behind `before` (NONE = first of all). */
  insert(key: number, before: number, state: number, list: number, startMs: number, startSeq: number): number {
    const at = this.#pool.take();
    const { values } = this.#pool;
    const next = before === NONE ? this.#head[key] : values[before + NEXT];
    values[at + STATE] = state;
    values[at + LIST] = list;
    values[at + START_MS] = startMs;
    values[at + START_SEQ] = startSeq;
    values[at + NEXT] = next;
    if (before === NONE) this.#head[key] = at;
    else values[before + NEXT] = at;
    if (next === NONE) this.#tail[key] = at;
    this.#count[key]++;
    return at;
  }

  /** Takes out the one behind `before` (NONE = the first); answers its list, on which it still hangs. */
  remove(key: number, before: number): number {
    const { values } = this.#pool;
    const at = before === NONE ? this.#head[key] : values[before + NEXT];
    const next = values[at + NEXT];
    const list = values[at + LIST];
    if (before === NONE) this.#head[key] = next;
    else values[before + NEXT] = next;
    if (next === NONE) this.#tail[key] = before;
    this.#count[key]--;
    this.#pool.give(at);
    return list;
  }
}
