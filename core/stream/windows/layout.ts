import { finish } from '../../model/hash.ts';
import { FIRST_CELL } from './keyed-records.ts';
import type { AggregateSpec, WindowSpec } from './window-spec.ts';

/** What a pane keeps of one input. The comment says which cells, in order. */
export const UNIT = {
  /** [known values] */
  known: 0,
  /** [known values, sum] */
  sum: 1,
  /** [smallest] */
  min: 2,
  /** [largest] */
  max: 3,
  /** [time ms, value] */
  first: 4,
  /** [time ms, value] */
  last: 5,
  /** [known values, mean time ms, mean value, Σ(t − mean)², Σ(t − mean)(v − mean)] */
  trend: 6,
  /** [list start, list length]: see buckets.ts */
  buckets: 7,
  /** [list start, list length]: see distinct.ts */
  distinct: 8,
  /** [known ms, Σ value · ms] */
  held: 9,
  /** [ms with the input not 0] */
  active: 10,
} as const;
export type Unit = (typeof UNIT)[keyof typeof UNIT];

const UNIT_CELLS = [1, 2, 1, 1, 2, 2, 5, 2, 2, 2, 1] as const;
const { NaN: NONE } = Number;
const UNIT_INITIAL: readonly (readonly number[])[] = [
  [0],
  [0, 0],
  [NONE],
  [NONE],
  [NONE, NONE],
  [NONE, NONE],
  [0, 0, 0, 0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
  [0],
];

/** Cells of a unit that are sums, so that a value can be taken out again: those that count events, and the others. */
const ADDITIVE: Partial<Record<Unit, { readonly counts: readonly number[]; readonly sums: readonly number[] }>> = {
  [UNIT.known]: { counts: [0], sums: [] },
  [UNIT.sum]: { counts: [0], sums: [1] },
  [UNIT.held]: { counts: [], sums: [0, 1] },
  [UNIT.active]: { counts: [], sums: [0] },
};

/** How an aggregate is worked out of its unit. */
export const OUTPUT = {
  /** The first cell. */
  cell: 0,
  /** The second. */
  second: 1,
  /** The second, when the first counts anything. */
  sum: 2,
  /** The second by the first. */
  mean: 3,
  /** The second of the other unit less the second. */
  delta: 4,
  slope: 5,
  percentile: 6,
  distinct: 7,
} as const;
type Output = (typeof OUTPUT)[keyof typeof OUTPUT];

/** Programs are runs of three numbers, so that a step is one cache line. */
export const STEP = 3;

/** How the state of one pane or session lies in its record of cells, compiled from the aggregates. Its first own cell counts events. */
export interface Layout {
  /** Cells per record, `extraCells` of the caller included. */
  readonly stride: number;
  /** First of the caller's extra cells. */
  readonly extraCell: number;
  /** Cells of an empty record. */
  readonly initial: Float64Array;
  /** What events feed: unit, input, first cell. */
  readonly events: Int32Array;
  /** What spans feed, likewise. */
  readonly spans: Int32Array;
  /** What is merged unit by unit, likewise. */
  readonly merges: Int32Array;
  /** Cells that are merged by adding, those that count events first. */
  readonly additive: Int32Array;
  /** How many of them count events, and are integers whatever the inputs. */
  readonly counts: number;
  /** First cell of every list that a record owns. */
  readonly lists: Int32Array;
  /** By aggregate: output, first cell of its unit, first cell of its other unit. */
  readonly outputs: Int32Array;
  /** By aggregate: its `p`. */
  readonly percents: Float64Array;
  /** Changes whenever stored cells would mean something else. */
  readonly fingerprint: number;
}

const PLAN: Record<AggregateSpec['fn'], readonly [Unit, Output]> = {
  count: [UNIT.known, OUTPUT.cell],
  sum: [UNIT.sum, OUTPUT.sum],
  mean: [UNIT.sum, OUTPUT.mean],
  min: [UNIT.min, OUTPUT.cell],
  max: [UNIT.max, OUTPUT.cell],
  first: [UNIT.first, OUTPUT.second],
  last: [UNIT.last, OUTPUT.second],
  delta: [UNIT.first, OUTPUT.delta],
  slope: [UNIT.trend, OUTPUT.slope],
  distinct: [UNIT.distinct, OUTPUT.distinct],
  percentile: [UNIT.buckets, OUTPUT.percentile],
  durationMs: [UNIT.active, OUTPUT.cell],
  timeWeightedMean: [UNIT.held, OUTPUT.mean],
};

interface Part {
  readonly unit: Unit;
  readonly input: number;
  readonly cell: number;
}

/**
 * Aggregates that need the same of the same input share it. `extraCells` are the caller's own, after the units;
 * `extraLists` says which of them start a list. Throws a RangeError for an input that there is not or a `p` outside 0…100.
 */
export function compileLayout(
  window: WindowSpec,
  aggregates: readonly AggregateSpec[],
  inputs: number,
  extraCells: readonly number[] = [],
  extraLists: readonly number[] = [],
): Layout {
  const parts: Part[] = [];
  const initial = new Array<number>(FIRST_CELL + 1).fill(0);
  const cellOf = (unit: Unit, input: number): number => {
    const found = parts.find((part) => part.unit === unit && part.input === input);
    if (found) return found.cell;
    parts.push({ unit, input, cell: initial.length });
    initial.push(...UNIT_INITIAL[unit]);
    return initial.length - UNIT_CELLS[unit];
  };
  const outputs = aggregates.map((aggregate) => {
    check(aggregate, inputs);
    const { fn, input } = aggregate;
    if (input === undefined) return [OUTPUT.cell, FIRST_CELL, 0];
    const [unit, output] = PLAN[fn];
    return [output, cellOf(unit, input), fn === 'delta' ? cellOf(UNIT.last, input) : 0];
  });
  const extraCell = initial.length;
  const spans = parts.filter((part) => part.unit >= UNIT.held);
  const additive = (kind: 'counts' | 'sums'): number[] =>
    parts.flatMap((part) => (ADDITIVE[part.unit]?.[kind] ?? []).map((i) => part.cell + i));
  const counts = [FIRST_CELL, ...additive('counts')];
  const lists = parts.filter((part) => part.unit === UNIT.buckets || part.unit === UNIT.distinct);
  return {
    stride: extraCell + extraCells.length,
    extraCell,
    initial: Float64Array.of(...initial, ...extraCells),
    events: program(parts.filter((part) => part.unit < UNIT.held)),
    spans: program(spans),
    merges: program(parts.filter((part) => !ADDITIVE[part.unit])),
    additive: Int32Array.of(...counts, ...additive('sums')),
    counts: counts.length,
    lists: Int32Array.of(...lists.map((part) => part.cell), ...extraLists.map((i) => extraCell + i)),
    outputs: Int32Array.from(outputs.flat()),
    percents: Float64Array.from(aggregates, (aggregate) => (aggregate.fn === 'percentile' ? aggregate.p : Number.NaN)),
    fingerprint: fingerprintOf(window, parts),
  };
}

function program(parts: readonly Part[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => [part.unit, part.input, part.cell]));
}

function check(aggregate: AggregateSpec, inputs: number): void {
  const { input } = aggregate;
  if (input !== undefined && !(Number.isInteger(input) && input >= 0 && input < inputs))
    throw new RangeError(`aggregate ${aggregate.name}: there is no input ${input}`);
  if (aggregate.fn !== 'percentile') return;
  const { p } = aggregate;
  // A p such as 0.95 is meant as 95 by everyone who writes it.
  if (!(p === 0 || (p >= 1 && p <= 100)))
    throw new RangeError(`aggregate ${aggregate.name}: p is a percentage, 0 or 1…100, not ${p}`);
}

function fingerprintOf(window: WindowSpec, parts: readonly Part[]): number {
  const shape: (string | number)[] = [window.type];
  if (window.type === 'session') shape.push(window.gapMs);
  else shape.push(window.sizeMs, window.type === 'hopping' ? window.slideMs : window.sizeMs, window.offsetMs ?? 0);
  for (const part of parts) shape.push(part.unit, part.input);
  const text = shape.join(' ');
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return finish(h) >>> 0;
}
