import type { BlockHeap } from './block-heap.ts';
import { addToBuckets, mergeBuckets, percentileOf } from './buckets.ts';
import { addDistinct, distinctOf, mergeDistinct } from './distinct.ts';
import { FIRST_CELL } from './keyed-records.ts';
import { type Layout, OUTPUT, STEP, UNIT } from './layout.ts';

/** Adds an event to the record whose cells start at `base`. */
export function addEvent(
  layout: Layout,
  cells: Float64Array,
  base: number,
  heap: BlockHeap,
  timeMs: number,
  inputs: Float64Array,
): void {
  cells[base + FIRST_CELL]++;
  const program = layout.events;
  for (let i = 0; i < program.length; i += STEP) {
    const value = inputs[program[i + 1]];
    if (Number.isNaN(value)) continue;
    const at = base + program[i + 2];
    switch (program[i]) {
      case UNIT.known:
        cells[at]++;
        break;
      case UNIT.sum:
        cells[at]++;
        cells[at + 1] += value;
        break;
      case UNIT.min:
        // Negated, so that the NaN of an empty cell gives way.
        if (!(cells[at] <= value)) cells[at] = value;
        break;
      case UNIT.max:
        if (!(cells[at] >= value)) cells[at] = value;
        break;
      case UNIT.first:
        if (cells[at] <= timeMs) break;
        cells[at] = timeMs;
        cells[at + 1] = value;
        break;
      case UNIT.last:
        if (cells[at] > timeMs) break;
        cells[at] = timeMs;
        cells[at + 1] = value;
        break;
      case UNIT.trend:
        mergeTrend(cells, at, 1, timeMs, value, 0, 0);
        break;
      case UNIT.buckets:
        addToBuckets(heap, cells, at, value);
        break;
      case UNIT.distinct:
        addDistinct(heap, cells, at, value);
        break;
    }
  }
}

/** Adds `durationMs` during which the inputs were held. */
export function addHeld(
  layout: Layout,
  cells: Float64Array,
  base: number,
  durationMs: number,
  inputs: Float64Array,
): void {
  const program = layout.spans;
  for (let i = 0; i < program.length; i += STEP) {
    const value = inputs[program[i + 1]];
    if (Number.isNaN(value)) continue;
    const at = base + program[i + 2];
    if (program[i] === UNIT.active) {
      if (value !== 0) cells[at] += durationMs;
    } else {
      cells[at] += durationMs;
      cells[at + 1] += value * durationMs;
    }
  }
}

/** Adds the cells of `layout.additive` of one record to another. */
export function mergeSums(
  layout: Layout,
  cells: Float64Array,
  base: number,
  from: Float64Array,
  fromBase: number,
): void {
  const { additive } = layout;
  for (let i = 0; i < additive.length; i++) cells[base + additive[i]] += from[fromBase + additive[i]];
}

/** Adds everything else of a record to another; every event of `from` is later than those of `cells`. */
export function mergeUnits(
  layout: Layout,
  cells: Float64Array,
  base: number,
  from: Float64Array,
  fromBase: number,
  heap: BlockHeap,
): void {
  const program = layout.merges;
  for (let i = 0; i < program.length; i += STEP) {
    const at = base + program[i + 2];
    const source = fromBase + program[i + 2];
    const value = from[source];
    switch (program[i]) {
      case UNIT.min:
        if (!(cells[at] <= value) && !Number.isNaN(value)) cells[at] = value;
        break;
      case UNIT.max:
        if (!(cells[at] >= value) && !Number.isNaN(value)) cells[at] = value;
        break;
      case UNIT.first:
        if (!Number.isNaN(cells[at])) break;
        cells[at] = value;
        cells[at + 1] = from[source + 1];
        break;
      case UNIT.last:
        if (Number.isNaN(value)) break;
        cells[at] = value;
        cells[at + 1] = from[source + 1];
        break;
      case UNIT.trend:
        mergeTrend(cells, at, value, from[source + 1], from[source + 2], from[source + 3], from[source + 4]);
        break;
      case UNIT.buckets:
        mergeBuckets(heap, cells, at, from, source);
        break;
      case UNIT.distinct:
        mergeDistinct(heap, cells, at, from, source);
        break;
    }
  }
}

/** Computes the values of a record, in the order of the aggregates. */
export function valuesOf(layout: Layout, cells: Float64Array, base: number, heap: BlockHeap, out: Float64Array): void {
  const program = layout.outputs;
  for (let i = 0; i < out.length; i++) {
    const at = base + program[i * STEP + 1];
    switch (program[i * STEP]) {
      case OUTPUT.cell:
        out[i] = cells[at];
        break;
      case OUTPUT.second:
        out[i] = cells[at + 1];
        break;
      case OUTPUT.sum:
        out[i] = cells[at] > 0 ? cells[at + 1] : Number.NaN;
        break;
      case OUTPUT.mean:
        out[i] = cells[at + 1] / cells[at];
        break;
      case OUTPUT.delta:
        out[i] = cells[base + program[i * STEP + 2] + 1] - cells[at + 1];
        break;
      case OUTPUT.slope:
        out[i] = cells[at + 3] > 0 ? (cells[at + 4] / cells[at + 3]) * 1000 : Number.NaN;
        break;
      case OUTPUT.percentile:
        out[i] = percentileOf(heap, cells, at, layout.percents[i]);
        break;
      case OUTPUT.distinct:
        out[i] = distinctOf(heap, cells, at);
        break;
    }
  }
}

/** Pairwise update of co-moments (Chan, Golub, LeVeque 1979): does not lose digits to the size of Unix times. */
function mergeTrend(
  cells: Float64Array,
  at: number,
  count: number,
  meanMs: number,
  mean: number,
  spread: number,
  product: number,
): void {
  if (count === 0) return;
  const total = cells[at] + count;
  const share = count / total;
  const dMs = meanMs - cells[at + 1];
  const d = mean - cells[at + 2];
  const weight = cells[at] * share;
  cells[at] = total;
  cells[at + 1] += dMs * share;
  cells[at + 2] += d * share;
  cells[at + 3] += spread + dMs * dMs * weight;
  cells[at + 4] += product + dMs * d * weight;
}
