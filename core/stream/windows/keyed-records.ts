import type { StateArray } from '../fleet-state.ts';
import { NO_WATERMARK_MS } from '../time/watermark.ts';
import { BlockHeap } from './block-heap.ts';

const FIRST_KEYS = 16;
const FIRST_RECORDS = 64;

const NEXT = 2;
const PREVIOUS = 3;

/** First cell of a record's own state; before it lie what the record is ordered by, and its two links as 32-bit integers. */
export const FIRST_CELL = 2;

/**
 * Records of cells in ascending order per key, as doubly linked lists through one typed array, together with each key's
 * watermark and the time when it next needs attention. A record is named by the position of its first cell; the whole of it
 * lies together, because a fleet's records do not fit the near caches. Always read arrays through the object, because growing
 * replaces them.
 */
export class KeyedRecords {
  /** By key. */
  watermarkMs = new Float64Array(0);
  /** By key: nothing fires and nothing is freed before the watermark gets here. */
  dueMs = new Float64Array(0);
  head = new Int32Array(0);
  tail = new Int32Array(0);
  open = new Uint32Array(0);
  /** `cells[record + cell]`; cell 0 is what the record is ordered by (number of the pane, start of the session). */
  cells = new Float64Array(0);
  /** The same memory: `links[2 * record + NEXT]`. */
  #links = new Int32Array(0);
  readonly heap = new BlockHeap();
  readonly stride: number;
  readonly #initial: Float64Array;
  readonly #lists: Int32Array;
  #used = 0;
  #free = -1;

  /** `initial`: cells of an empty record. `lists`: the first cell of every list that a record owns. */
  constructor(initial: Float64Array, lists: Int32Array) {
    this.stride = initial.length;
    this.#initial = initial;
    this.#lists = lists;
  }

  get keys(): number {
    return this.head.length;
  }

  get bytes(): number {
    const keyed = this.watermarkMs.byteLength + this.dueMs.byteLength + this.head.byteLength * 3;
    return keyed + this.cells.byteLength + this.heap.bytes;
  }

  reserve(keys: number): void {
    if (keys <= this.keys) return;
    const size = Math.max(FIRST_KEYS, this.keys * 2, keys);
    this.watermarkMs = grown(this.watermarkMs, size, NO_WATERMARK_MS);
    this.dueMs = grown(this.dueMs, size, Number.POSITIVE_INFINITY);
    this.head = grown(this.head, size, -1);
    this.tail = grown(this.tail, size, -1);
    this.open = grown(this.open, size, 0);
  }

  next(record: number): number {
    return this.#links[2 * record + NEXT];
  }

  previous(record: number): number {
    return this.#links[2 * record + PREVIOUS];
  }

  /** The last record of the key that is ordered by `at` or less, or −1. */
  floor(key: number, at: number): number {
    let record = this.tail[key];
    while (record >= 0 && this.cells[record] > at) record = this.#links[2 * record + PREVIOUS];
    return record;
  }

  /** An empty record after `previous` (−1: before all others). */
  insert(key: number, previous: number, at: number): number {
    const record = this.#allocate();
    const links = this.#links;
    const next = previous < 0 ? this.head[key] : links[2 * previous + NEXT];
    links[2 * record + NEXT] = next;
    links[2 * record + PREVIOUS] = previous;
    if (previous < 0) this.head[key] = record;
    else links[2 * previous + NEXT] = record;
    if (next < 0) this.tail[key] = record;
    else links[2 * next + PREVIOUS] = record;
    this.open[key]++;
    const { cells } = this;
    const initial = this.#initial;
    cells[record] = at;
    for (let i = FIRST_CELL; i < initial.length; i++) cells[record + i] = initial[i];
    return record;
  }

  remove(key: number, record: number): void {
    const links = this.#links;
    const next = links[2 * record + NEXT];
    const previous = links[2 * record + PREVIOUS];
    if (previous < 0) this.head[key] = next;
    else links[2 * previous + NEXT] = next;
    if (next < 0) this.tail[key] = previous;
    else links[2 * next + PREVIOUS] = previous;
    this.open[key]--;
    const lists = this.#lists;
    for (let i = 0; i < lists.length; i++) this.heap.clear(this.cells, record + lists[i]);
    links[2 * record + NEXT] = this.#free;
    this.#free = record;
  }

  /** The records of the first `count` keys in order: the same state gives the same bytes, however it came about. */
  arrays(name: string, count: number): [name: string, array: StateArray][] {
    this.reserve(count);
    const { stride } = this;
    let total = 0;
    for (let key = 0; key < count; key++) total += this.open[key];
    const cells = new Float64Array(total * stride);
    const lists: number[] = [];
    let row = 0;
    for (let key = 0; key < count; key++) {
      for (let record = this.head[key]; record >= 0; record = this.next(record), row += stride) {
        cells.set(this.cells.subarray(record, record + stride), row);
        cells.fill(0, row + 1, row + FIRST_CELL);
        for (const list of this.#lists) {
          const start = cells[row + list];
          for (let i = 0; i < cells[row + list + 1]; i++) lists.push(this.heap.values[start + i]);
          cells[row + list] = 0;
        }
      }
    }
    return [
      [`${name}.watermark`, this.watermarkMs.subarray(0, count)],
      [`${name}.open`, this.open.slice(0, count)],
      [`${name}.cells`, cells],
      [`${name}.lists`, Float64Array.from(lists)],
    ];
  }

  /** Fills fresh records from what `arrays` gave; without `withRecords` takes over the watermarks alone. */
  restore(
    name: string,
    count: number,
    read: (name: string) => ArrayLike<number> | undefined,
    withRecords: boolean,
  ): void {
    this.reserve(count);
    const watermarks = read(`${name}.watermark`);
    if (watermarks) this.watermarkMs.set(watermarks);
    const open = read(`${name}.open`);
    const cells = read(`${name}.cells`) as Float64Array | undefined;
    const lists = read(`${name}.lists`) as Float64Array | undefined;
    if (!withRecords || !open || !cells || !lists) return;
    const { stride } = this;
    let row = 0;
    let listAt = 0;
    for (let key = 0; key < open.length; key++) {
      for (let i = 0; i < open[key]; i++, row += stride) {
        const record = this.insert(key, this.tail[key], cells[row]);
        this.cells.set(cells.subarray(row + FIRST_CELL, row + stride), record + FIRST_CELL);
        for (const list of this.#lists) {
          const length = this.cells[record + list + 1];
          this.cells[record + list + 1] = 0;
          this.heap.fill(this.cells, record + list, lists.subarray(listAt, listAt + length));
          listAt += length;
        }
      }
      // The owner works out the right time at the next watermark.
      if (open[key] > 0) this.dueMs[key] = NO_WATERMARK_MS;
    }
  }

  #allocate(): number {
    const free = this.#free;
    if (free >= 0) {
      this.#free = this.#links[2 * free + NEXT];
      return free;
    }
    const record = this.#used;
    this.#used += this.stride;
    if (this.#used > this.cells.length) {
      this.cells = grown(this.cells, Math.max(FIRST_RECORDS * this.stride, this.cells.length * 2), 0);
      this.#links = new Int32Array(this.cells.buffer);
    }
    return record;
  }
}

/** A copy of `old` with room for `size`, the new part filled. */
export function grown<T extends Float64Array | Int32Array | Uint32Array | Uint8Array>(
  old: T,
  size: number,
  fill: number,
): T {
  const bigger = new (old.constructor as new (size: number) => T)(size);
  bigger.fill(fill, old.length);
  bigger.set(old);
  return bigger;
}
