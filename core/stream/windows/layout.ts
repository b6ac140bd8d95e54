import { finish } from '../../model/hash.ts';
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

/** Cells of a unit that are sums, so that a value can be taken out again. */
const ADDITIVE: Partial<Record<Unit, readonly number[]>> = {
  [UNIT.known]: [0],
  [UNIT.sum]: [0, 1],
  [UNIT.held]: [0, 1],
  [UNIT.active]: [0],
};

/** Units by position: which, over which input, from which cell of a record. */
export interface Program {
  readonly units: Uint8Array;
  readonly inputs: Int32Array;
  readonly cells: Int32Array;
}

/** How the state of one pane or session lies in its record of cells, compiled from the aggregates. Cell 0 counts events. */
export interface Layout {
  /** Cells per record, `extraCells` of the caller included. */
  readonly stride: number;
  /** First of the caller's extra cells. */
  readonly extraCell: number;
  /** Cells of an empty record. */
  readonly initial: Float64Array;
  /** Fed by events. */
  readonly events: Program;
  /** Fed by spans. */
  readonly spans: Program;
  /** Units that are merged one by one. */
  readonly merges: Program;
  /** Cells that are merged by adding. */
  readonly additive: Int32Array;
  /** First cell of every list that a record owns. */
  readonly lists: Int32Array;
  /** By aggregate: where its unit's cells start. */
  readonly outputs: readonly { readonly aggregate: AggregateSpec; readonly cell: number; readonly lastCell: number }[];
  /** Changes whenever stored cells would mean something else. */
  readonly fingerprint: number;
}

const UNIT_OF: Record<AggregateSpec['fn'], Unit> = {
  count: UNIT.known,
  sum: UNIT.sum,
  mean: UNIT.sum,
  min: UNIT.min,
  max: UNIT.max,
  first: UNIT.first,
  last: UNIT.last,
  delta: UNIT.first,
  slope: UNIT.trend,
  distinct: UNIT.distinct,
  percentile: UNIT.buckets,
  durationMs: UNIT.active,
  timeWeightedMean: UNIT.held,
};

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
  const parts: { unit: Unit; input: number; cell: number }[] = [];
  const initial = [0];
  const cellOf = (unit: Unit, input: number): number => {
    const found = parts.find((part) => part.unit === unit && part.input === input);
    if (found) return found.cell;
    parts.push({ unit, input, cell: initial.length });
    initial.push(...UNIT_INITIAL[unit]);
    return initial.length - UNIT_CELLS[unit];
  };
  const outputs = aggregates.map((aggregate) => {
    check(aggregate, inputs);
    if (aggregate.fn === 'count' && aggregate.input === undefined) return { aggregate, cell: 0, lastCell: 0 };
    const input = aggregate.input!;
    const cell = cellOf(UNIT_OF[aggregate.fn], input);
    return { aggregate, cell, lastCell: aggregate.fn === 'delta' ? cellOf(UNIT.last, input) : cell };
  });
  const extraCell = initial.length;
  const spans = parts.filter((part) => part.unit >= UNIT.held);
  const sums = parts.flatMap((part) => (ADDITIVE[part.unit] ?? []).map((i) => part.cell + i));
  const lists = parts.filter((part) => part.unit === UNIT.buckets || part.unit === UNIT.distinct);
  return {
    stride: extraCell + extraCells.length,
    extraCell,
    initial: Float64Array.of(...initial, ...extraCells),
    events: program(parts.filter((part) => part.unit < UNIT.held)),
    spans: program(spans),
    merges: program(parts.filter((part) => !ADDITIVE[part.unit])),
    additive: Int32Array.of(0, ...sums),
    lists: Int32Array.of(...lists.map((part) => part.cell), ...extraLists.map((i) => extraCell + i)),
    outputs,
    fingerprint: fingerprintOf(window, parts),
  };
}

function program(parts: readonly { unit: Unit; input: number; cell: number }[]): Program {
  return {
    units: Uint8Array.from(parts, (part) => part.unit),
    inputs: Int32Array.from(parts, (part) => part.input),
    cells: Int32Array.from(parts, (part) => part.cell),
  };
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

function fingerprintOf(window: WindowSpec, parts: readonly { unit: Unit; input: number }[]): number {
  const shape: (string | number)[] = [window.type];
  if (window.type === 'session') shape.push(window.gapMs);
  else shape.push(window.sizeMs, window.type === 'hopping' ? window.slideMs : window.sizeMs, window.offsetMs ?? 0);
  for (const part of parts) shape.push(part.unit, part.input);
  const text = shape.join(' ');
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return finish(h) >>> 0;
}
