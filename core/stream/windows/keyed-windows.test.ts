import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StateArray } from '../fleet-state.ts';
import { KeyedWindows } from './keyed-windows.ts';
import { type ReferenceResult, referenceWindows } from './testing/reference-windows.ts';
import type { AggregateSpec, WindowSpec } from './window-spec.ts';

const AGGREGATES: readonly AggregateSpec[] = [
  { name: 'events', fn: 'count' },
  { name: 'known', fn: 'count', input: 0 },
  { name: 'sum', fn: 'sum', input: 0 },
  { name: 'min', fn: 'min', input: 0 },
  { name: 'max', fn: 'max', input: 0 },
  { name: 'mean', fn: 'mean', input: 1 },
  { name: 'first', fn: 'first', input: 0 },
  { name: 'last', fn: 'last', input: 1 },
  { name: 'delta', fn: 'delta', input: 1 },
  { name: 'distinct', fn: 'distinct', input: 0 },
  { name: 'on', fn: 'durationMs', input: 0 },
  { name: 'share', fn: 'timeWeightedMean', input: 1 },
  { name: 'slope', fn: 'slope', input: 1 },
  { name: 'median', fn: 'percentile', input: 0, p: 50 },
  { name: 'p95', fn: 'percentile', input: 1, p: 95 },
];
/** From here on the values are compared within a tolerance. */
const FIRST_INEXACT = AGGREGATES.findIndex((a) => a.name === 'slope');
const KEYS = 3;

type Op =
  | { readonly op: 'add'; readonly key: number; readonly timeMs: number; readonly inputs: number[] }
  | {
      readonly op: 'span';
      readonly key: number;
      readonly timeMs: number;
      readonly forMs: number;
      readonly inputs: number[];
    }
  | { readonly op: 'advance'; readonly key: number; readonly timeMs: number }
  | { readonly op: 'restart' };

const key = fc.integer({ min: 0, max: KEYS - 1 });
// Relative to a clock that moves on with every step, see `anyOps`.
const timeMs = fc.integer({ min: -40, max: 10 });
// Sums of eighths are exact in any order; the second input is whole now and then, so that carried sums come and go.
const inputs = fc.tuple(
  fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -40, max: 40 }) }, fc.constant(Number.NaN)),
  fc.oneof(
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: -80, max: 80 }).map((n) => n / 8),
    fc.constant(Number.NaN),
  ),
);
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ op: fc.constant('add' as const), key, timeMs, inputs }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('span' as const),
      key,
      timeMs,
      forMs: fc.integer({ min: -1, max: 40 }),
      inputs,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant('advance' as const), key, timeMs: fc.integer({ min: -40, max: 0 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ op: 'restart' as const }) },
);
const STEP_MS = 3;
const anyOps = (step: fc.Arbitrary<Op>): fc.Arbitrary<Op[]> =>
  fc
    .array(step, { maxLength: 60 })
    .map((ops) => ops.map((o, i) => (o.op === 'restart' ? o : { ...o, timeMs: o.timeMs + i * STEP_MS })));
const length = fc.integer({ min: 1, max: 24 });
const offsetMs = fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined });
const anyWindow: Record<WindowSpec['type'], fc.Arbitrary<WindowSpec>> = {
  tumbling: fc.record({ type: fc.constant('tumbling' as const), sizeMs: length, offsetMs }),
  hopping: fc.record({ type: fc.constant('hopping' as const), sizeMs: length, slideMs: length, offsetMs }),
  session: fc.record({ type: fc.constant('session' as const), gapMs: length }),
};
const latenessMs = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 }));

interface KeyedResult extends ReferenceResult {
  readonly key: number;
}

function open(window: WindowSpec, lateness: number, results: KeyedResult[], late: [number, number][]): KeyedWindows {
  return new KeyedWindows({
    name: 'test',
    window,
    latenessMs: lateness,
    aggregates: AGGREGATES,
    inputs: 2,
    onResult: (r) => results.push({ ...r, values: [...r.values], replaces: [...r.replaces] }),
    onLate: (k, ms) => late.push([k, ms]),
  });
}

function stored(windows: KeyedWindows): Map<string, StateArray> {
  return new Map(windows.arrays(KEYS).map(([name, array]) => [name, array.slice()]));
}

function run(window: WindowSpec, lateness: number, ops: readonly Op[], restarts: boolean) {
  const results: KeyedResult[] = [];
  const late: [number, number][] = [];
  let windows = open(window, lateness, results, late);
  for (const o of ops) {
    if (o.op === 'add') windows.add(o.key, o.timeMs, Float64Array.from(o.inputs));
    else if (o.op === 'span') windows.addSpan(o.key, o.timeMs, o.timeMs + o.forMs, Float64Array.from(o.inputs));
    else if (o.op === 'advance') windows.advance(o.key, o.timeMs);
    else if (restarts) {
      const state = stored(windows);
      windows = open(window, lateness, results, late);
      windows.restore(KEYS, (name) => state.get(name));
    }
  }
  const beforeFlush = stored(windows);
  for (let k = 0; k < KEYS; k++) windows.flush(k);
  return { results, late, beforeFlush, windows };
}

function expected(window: WindowSpec, lateness: number, ops: readonly Op[], ofKey: number) {
  const reference = referenceWindows({ window, latenessMs: lateness, aggregates: AGGREGATES });
  for (const o of ops) {
    if (o.op === 'restart' || o.key !== ofKey) continue;
    if (o.op === 'add') reference.add(o.timeMs, o.inputs);
    else if (o.op === 'advance') reference.advance(o.timeMs);
    else if (o.forMs > 0) reference.addSpan(o.timeMs, o.timeMs + o.forMs, o.inputs);
  }
  reference.advance(Number.MAX_SAFE_INTEGER);
  return reference;
}

function expectClose(actual: number, wanted: number, tolerance: number): void {
  if (Number.isNaN(wanted)) expect(actual).toBeNaN();
  else expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(tolerance);
}

function expectSame(actual: readonly ReferenceResult[], wanted: readonly ReferenceResult[]): void {
  const exact = (r: ReferenceResult) => [r.startMs, r.endMs, r.revision, r.replaces, r.values.slice(0, FIRST_INEXACT)];
  expect(actual.map(exact)).toEqual(wanted.map(exact));
  for (const [i, { values }] of wanted.entries()) {
    const [slope, median, p95] = actual[i].values.slice(FIRST_INEXACT);
    expectClose(slope, values[FIRST_INEXACT], 1e-6 + 1e-9 * Math.abs(values[FIRST_INEXACT]));
    expectClose(median, values[FIRST_INEXACT + 1], 0.010001 * Math.abs(values[FIRST_INEXACT + 1]));
    expectClose(p95, values[FIRST_INEXACT + 2], 0.010001 * Math.abs(values[FIRST_INEXACT + 2]));
  }
}

describe.each(['tumbling', 'hopping', 'session'] as const)('%s windows', (type) => {
  test('give what recomputing every window from all events gives, restarts or not', () => {
    fc.assert(
      fc.property(anyWindow[type], latenessMs, anyOps(op), (window, lateness, ops) => {
        const { results, late, windows } = run(window, lateness, ops, true);
        for (let k = 0; k < KEYS; k++) {
          const reference = expected(window, lateness, ops, k);
          expectSame(
            results.filter((r) => r.key === k),
            reference.results,
          );
          expect(late.filter(([ofKey]) => ofKey === k).map(([, ms]) => ms)).toEqual(reference.late);
          expect(windows.openPanes(k)).toBe(0);
        }
        expect(windows.late).toBe(late.length);
        expect(windows.dropped).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('are the same bit for bit after restarts, and so is what they store', () => {
    // Fractions that round: the order of adding shows in the last bit.
    const rough = op.map((o) => (o.op === 'add' || o.op === 'span' ? { ...o, inputs: o.inputs.map((v) => v / 7) } : o));
    fc.assert(
      fc.property(anyWindow[type], latenessMs, anyOps(rough), (window, lateness, ops) => {
        const straight = run(window, lateness, ops, false);
        const interrupted = run(window, lateness, ops, true);
        expect(interrupted.results).toEqual(straight.results);
        expect(interrupted.late).toEqual(straight.late);
        expect(interrupted.beforeFlush).toEqual(straight.beforeFlush);
      }),
      { numRuns: 500 },
    );
  });
});
