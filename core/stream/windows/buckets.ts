import type { BlockHeap } from './block-heap.ts';

/** Relative error of every percentile. */
export const PERCENTILE_ERROR = 0.01;
/** Magnitudes told apart: below the first reads as 0, above the second as the second. */
export const SMALLEST_MAGNITUDE = 1e-6;
export const LARGEST_MAGNITUDE = 1e12;

const GAMMA = (1 + PERCENTILE_ERROR) / (1 - PERCENTILE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Code of the bucket of 0; codes of negative values are below, of positive ones above. */
const ZERO = 4096;
/** An entry of the list is code · 2^40 + count, so that the entries' order is that of the values. */
const COUNT_RANGE = 2 ** 40;

/**
 * DDSketch (Masson, Rim, Lee: VLDB 2019): counts in buckets whose bounds grow by (1 + e) / (1 − e), which bounds the relative
 * error by e for any distribution. Kept as an ascending list of the buckets in use: at most 4147, in practice a few dozen.
 * Adding one by one and merging give the same list.
 */
export function addToBuckets(heap: BlockHeap, cells: Float64Array, at: number, value: number): void {
  addCount(heap, cells, at, codeOf(value), 1);
}

/** Adds the sketch owned by `from[fromAt]` to the one owned by `cells[at]`. */
export function mergeBuckets(
  heap: BlockHeap,
  cells: Float64Array,
  at: number,
  from: Float64Array,
  fromAt: number,
): void {
  const start = from[fromAt];
  const length = from[fromAt + 1];
  for (let i = 0; i < length; i++) {
    const entry = heap.values[start + i];
    const code = Math.floor(entry / COUNT_RANGE);
    addCount(heap, cells, at, code, entry - code * COUNT_RANGE);
  }
}

/** The value at rank ⌊p/100·(n−1)⌋, `p` in 0…100; NaN when there is none. */
export function percentileOf(heap: BlockHeap, cells: Float64Array, at: number, p: number): number {
  const start = cells[at];
  const length = cells[at + 1];
  let total = 0;
  for (let i = 0; i < length; i++) total += heap.values[start + i] % COUNT_RANGE;
  const rank = Math.floor((p / 100) * (total - 1));
  let below = 0;
  for (let i = 0; i < length; i++) {
    const entry = heap.values[start + i];
    below += entry % COUNT_RANGE;
    if (below > rank) return valueAt(Math.floor(entry / COUNT_RANGE));
  }
  return Number.NaN;
}

function addCount(heap: BlockHeap, cells: Float64Array, at: number, code: number, count: number): void {
  const index = heap.rank(cells, at, code * COUNT_RANGE);
  const position = cells[at] + index;
  if (index < cells[at + 1] && heap.values[position] < (code + 1) * COUNT_RANGE) heap.values[position] += count;
  else heap.insert(cells, at, index, code * COUNT_RANGE + count);
}

function codeOf(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude <= SMALLEST_MAGNITUDE) return ZERO;
  const bucket = Math.ceil(Math.log(Math.min(magnitude, LARGEST_MAGNITUDE) / SMALLEST_MAGNITUDE) / LOG_GAMMA);
  return value > 0 ? ZERO + bucket : ZERO - bucket;
}

function valueAt(code: number): number {
  if (code === ZERO) return 0;
  const magnitude = (SMALLEST_MAGNITUDE * 2 * GAMMA ** Math.abs(code - ZERO)) / (GAMMA + 1);
  return code > ZERO ? magnitude : -magnitude;
}
