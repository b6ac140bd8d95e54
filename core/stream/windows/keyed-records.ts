import type { StateArray } from '../fleet-state.ts';
import { NO_WATERMARK_MS } from '../time/watermark.ts';
import { BlockHeap } from './block-heap.ts';

const FIRST_KEYS = 16;
const FIRST_RECORDS = 64;

/**
 * Records of cells in ascending order of `at` per key, as doubly linked lists through typed arrays, together with each key's
 * watermark and the time when it next needs attention. Always read arrays through the object, because growing replaces them.
 */
export class KeyedRecords {
  /** By key. */
  watermarkMs = new Float64Array(0);
  /** By key: nothing fires and nothing is freed before the watermark gets here. */
  dueMs = new Float64Array(0);
  head = new Int32Array(0);
  tail = new Int32Array(0);
  open = new Uint32Array(0);
  /** By record: what it is ordered by (number of the pane, start of the session). */
  at = new Float64Array(0);
  next = new Int32Array(0);
  previous = new Int32Array(0);
  /** `cells[record * stride + cell]`. */
  cells = new Float64Array(0);
  readonly heap = new BlockHeap();
  readonly stride: number;
  readonly #initial: Float64Array;
  readonly #lists: Int32Array;
  #used = 0;
  #free = -1;

  /** `lists`: the first cell of every list that a record owns. */
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
    return keyed + this.at.byteLength + this.next.byteLength * 2 + this.cells.byteLength + this.heap.bytes;
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

  /** The last record of the key with `at` ≤ the given one, or −1. */
  floor(key: number, at: number): number {
    let record = this.tail[key];
    while (record >= 0 && this.at[record] > at) record = this.previous[record];
    return record;
  }

  /** An empty record after `previous` (−1: before all others). */
  insert(key: number, previous: number, at: number): number {
    const record = this.#allocate();
    const next = previous < 0 ? this.head[key] : this.next[previous];
    this.at[record] = at;
    this.previous[record] = previous;
    this.next[record] = next;
    if (previous < 0) this.head[key] = record;
    else this.next[previous] = record;
    if (next < 0) this.tail[key] = record;
    else this.previous[next] = record;
    this.open[key]++;
    const base = record * this.stride;
    for (let i = 0; i < this.stride; i++) this.cells[base + i] = this.#initial[i];
    return record;
  }

  remove(key: number, record: number): void {
    const next = this.next[record];
    const previous = this.previous[record];
    if (previous < 0) this.head[key] = next;
    else this.next[previous] = next;
    if (next < 0) this.tail[key] = previous;
    else this.previous[next] = previous;
    this.open[key]--;
    const lists = this.#lists;
    for (let i = 0; i < lists.length; i++) this.heap.clear(this.cells, record * this.stride + lists[i]);
    this.next[record] = this.#free;
    this.#free = record;
  }

  /** The records of the first `count` keys in order: the same state gives the same bytes, however it came about. */
  arrays(name: string, count: number): [name: string, array: StateArray][] {
    this.reserve(count);
    const { stride } = this;
    let total = 0;
    for (let key = 0; key < count; key++) total += this.open[key];
    const at = new Float64Array(total);
    const cells = new Float64Array(total * stride);
    const lists: number[] = [];
    let row = 0;
    for (let key = 0; key < count; key++) {
      for (let record = this.head[key]; record >= 0; record = this.next[record], row++) {
        at[row] = this.at[record];
        cells.set(this.cells.subarray(record * stride, (record + 1) * stride), row * stride);
        for (const list of this.#lists) {
          const start = cells[row * stride + list];
          const length = cells[row * stride + list + 1];
          for (let i = 0; i < length; i++) lists.push(this.heap.values[start + i]);
          cells[row * stride + list] = 0;
        }
      }
    }
    return [
      [`${name}.watermark`, this.watermarkMs.subarray(0, count)],
      [`${name}.open`, this.open.slice(0, count)],
      [`${name}.at`, at],
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
    const at = read(`${name}.at`);
    const cells = read(`${name}.cells`) as Float64Array | undefined;
    const lists = read(`${name}.lists`) as Float64Array | undefined;
    if (!withRecords || !open || !at || !cells || !lists) return;
    const { stride } = this;
    let row = 0;
    let listAt = 0;
    for (let key = 0; key < open.length; key++) {
      for (let i = 0; i < open[key]; i++, row++) {
        const base = this.insert(key, this.tail[key], at[row]) * stride;
        this.cells.set(cells.subarray(row * stride, (row + 1) * stride), base);
        for (const list of this.#lists) {
          const length = this.cells[base + list + 1];
          this.cells[base + list + 1] = 0;
          this.heap.fill(this.cells, base + list, lists.subarray(listAt, listAt + length));
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
      this.#free = this.next[free];
      return free;
    }
    if (this.#used === this.at.length) {
      const size = Math.max(FIRST_RECORDS, this.#used * 2);
      this.at = grown(this.at, size, 0);
      this.next = grown(this.next, size, -1);
      this.previous = grown(this.previous, size, -1);
      this.cells = grown(this.cells, size * this.stride, 0);
    }
    return this.#used++;
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
