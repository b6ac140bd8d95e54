import type { AggregateSpec } from '../window-spec.ts';

export interface ReferenceEvent {
  readonly timeMs: number;
  readonly inputs: readonly number[];
}

export interface ReferenceSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly inputs: readonly number[];
}

/** Every aggregate from scratch over events in the order of arrival and spans already cut to the window. */
export function aggregate(
  spec: AggregateSpec,
  events: readonly ReferenceEvent[],
  spans: readonly ReferenceSpan[],
): number {
  const { input } = spec;
  if (input === undefined) return events.length;
  const known = events.filter((e) => !Number.isNaN(e.inputs[input]));
  const held = spans.filter((s) => !Number.isNaN(s.inputs[input]));
  const values = known.map((e) => e.inputs[input]);
  // Sorting is stable: equal times stay in the order of arrival.
  const byTime = known.toSorted((a, b) => a.timeMs - b.timeMs).map((e) => e.inputs[input]);
  const none = values.length === 0;
  switch (spec.fn) {
    case 'count':
      return values.length;
    case 'sum':
      return none ? Number.NaN : sum(values);
    case 'mean':
      return sum(values) / values.length;
    case 'min':
      return none ? Number.NaN : Math.min(...values);
    case 'max':
      return none ? Number.NaN : Math.max(...values);
    case 'first':
      return byTime.at(0) ?? Number.NaN;
    case 'last':
      return byTime.at(-1) ?? Number.NaN;
    case 'delta':
      return none ? Number.NaN : byTime.at(-1)! - byTime[0];
    case 'slope':
      return slope(
        known.map((e) => e.timeMs / 1000),
        values,
      );
    case 'distinct':
      return new Set(values).size;
    case 'percentile':
      return values.toSorted((a, b) => a - b)[Math.floor((spec.p / 100) * (values.length - 1))] ?? Number.NaN;
    case 'durationMs':
      return sum(held.filter((s) => s.inputs[input] !== 0).map((s) => s.toMs - s.fromMs));
    case 'timeWeightedMean':
      return sum(held.map((s) => s.inputs[input] * (s.toMs - s.fromMs))) / sum(held.map((s) => s.toMs - s.fromMs));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function slope(x: readonly number[], y: readonly number[]): number {
  if (new Set(x).size < 2) return Number.NaN;
  const meanX = sum(x) / x.length;
  const meanY = sum(y) / y.length;
  return sum(x.map((v, i) => (v - meanX) * (y[i] - meanY))) / sum(x.map((v) => (v - meanX) ** 2));
}
