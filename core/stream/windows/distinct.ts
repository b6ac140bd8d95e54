import { finish } from '../../model/hash.ts';
import type { BlockHeap } from './block-heap.ts';

/** Below this many different values the count is exact. */
export const EXACT_DISTINCT = 1024;

const HASH_RANGE = 2 ** 53;
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/**
 * Counts different values by keeping the 1024 smallest of their 53-bit hashes (k minimum values: Bar-Yossef et al. 2002;
 * Beyer et al. 2007). From 1024 on the standard error is 1 / √(k − 2) = 3.1 %. Adding one by one and merging give the same list.
 */
export function addDistinct(heap: BlockHeap, cells: Float64Array, at: number, value: number): void {
  addHash(heap, cells, at, hash53(value));
}

/** Adds the sketch owned by `from[fromAt]` to the one owned by `cells[at]`. */
export function mergeDistinct(
  heap: BlockHeap,
  cells: Float64Array,
  at: number,
  from: Float64Array,
  fromAt: number,
): void {
  const start = from[fromAt];
  const length = from[fromAt + 1];
  for (let i = 0; i < length; i++) addHash(heap, cells, at, heap.values[start + i]);
}

export function distinctOf(heap: BlockHeap, cells: Float64Array, at: number): number {
  const length = cells[at + 1];
  if (length < EXACT_DISTINCT) return length;
  const largest = heap.values[cells[at] + length - 1];
  return Math.max(length, Math.round(((length - 1) * HASH_RANGE) / largest));
}

function addHash(heap: BlockHeap, cells: Float64Array, at: number, hash: number): void {
  const index = heap.rank(cells, at, hash);
  const length = cells[at + 1];
  if (index < length && heap.values[cells[at] + index] === hash) return;
  if (length < EXACT_DISTINCT) {
    heap.insert(cells, at, index, hash);
    return;
  }
  if (index === length) return;
  const from = cells[at] + index;
  heap.values.copyWithin(from + 1, from, cells[at] + length - 1);
  heap.values[from] = hash;
}

function hash53(value: number): number {
  // + 0 makes −0 and 0 one value.
  double[0] = value + 0;
  const low = finish(words[0] ^ 0x9e3779b9);
  const high = finish(words[1] ^ low);
  return (high >>> 0) * 2 ** 21 + (finish(low ^ Math.imul(high, 0x85ebca6b)) >>> 11);
}
