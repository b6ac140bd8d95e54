import { grown, NONE, RecordPool } from './record-pool.ts';

const STRIDE = 4;
const LIST = 0;
const START_SEQ = 1;
const END_MS = 2;
const NEXT = 3;

/**
 * Matches that a skip strategy keeps back because an older partial match may still complete and take them away: by first event,
 * then as they were completed.
 */
export class WaitingMatches {
  readonly #pool = new RecordPool(STRIDE);
  #head = new Int32Array(0);

  get bytes(): number {
    return this.#pool.bytes + this.#head.byteLength;
  }

  reserve(keys: number): void {
    this.#head = grown(this.#head, keys, NONE);
  }

  insert(key: number, list: number, startSeq: number, endMs: number): void {
    const at = this.#pool.take();
    const { values } = this.#pool;
    let before = NONE;
    let next = this.#head[key];
    while (next !== NONE && values[next + START_SEQ] <= startSeq) {
      before = next;
      next = values[next + NEXT];
    }
    values[at + LIST] = list;
    values[at + START_SEQ] = startSeq;
    values[at + END_MS] = endMs;
    values[at + NEXT] = next;
    if (before === NONE) this.#head[key] = at;
    else values[before + NEXT] = at;
  }

  /** Place of the first event of the first one; +∞ when none waits. */
  headSeq(key: number): number {
    const head = this.#head[key];
    return head === NONE ? Number.POSITIVE_INFINITY : this.#pool.values[head + START_SEQ];
  }

  headMs(key: number): number {
    return this.#pool.values[this.#head[key] + END_MS];
  }

  /** Takes the first one out; answers its list, on which it still hangs. */
  shift(key: number): number {
    const at = this.#head[key];
    const list = this.#pool.values[at + LIST];
    this.#head[key] = this.#pool.values[at + NEXT];
    this.#pool.give(at);
    return list;
  }

  /** List, place of the first event and end of all that wait, first to last. */
  list(key: number): number[] {
    const { values } = this.#pool;
    const list: number[] = [];
    for (let at = this.#head[key]; at !== NONE; at = values[at + NEXT])
      list.push(values[at + LIST], values[at + START_SEQ], values[at + END_MS]);
    return list;
  }
}
