import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StateArray } from '../../stream/fleet-state.ts';
import { type SignalWindow, signalWindow, type WindowKind } from './signal-window.ts';
import { SlowWindow } from './testing/slow-window.ts';

fc.configureGlobal({ seed: 20_260_301 });

const KINDS: readonly WindowKind[] = ['avg', 'min', 'max', 'sum', 'count', 'delta', 'slope', 'stddev', 'share'];
/** Their panes put rounded numbers together. */
const ROUNDED: readonly WindowKind[] = ['avg', 'slope', 'stddev'];
/** In two pages, so that neighbours and pages would show if they were mixed up. */
const SLOTS = [3, 4, 300];

type Op =
  | { readonly op: 'add'; readonly slot: number; readonly afterMs: number; readonly value: number }
  | { readonly op: 'look'; readonly slot: number; readonly afterMs: number }
  | { readonly op: 'restart' };

interface Case {
  readonly spanMs: number;
  readonly startMs: number;
  readonly ops: readonly Op[];
}

const anySpanMs = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.integer({ min: 100, max: 20_000 }),
  fc.constantFrom(60_000, 300_000, 3_600_000),
);
const anyStartMs = fc.constantFrom(0, -12_345, 1_700_000_000_123);

/** In spans: mostly on within a pane or a few, sometimes back or far on. */
const step = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 12, arbitrary: fc.double({ min: 0, max: 0.12, noNaN: true }) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 1.3, noNaN: true }) },
  { weight: 3, arbitrary: fc.double({ min: -1.3, max: 0, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 16 / 15, 17 / 15, 50) },
);

const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -800, max: 800 }).map((n) => n / 8) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
);
const flag = fc.constantFrom(0, 1, 1, Number.NaN);

function anyCase(value: fc.Arbitrary<number>): fc.Arbitrary<Case> {
  const slot = fc.constantFrom(...SLOTS);
  return anySpanMs.chain((spanMs) => {
    const afterMs = step.map((spans) => Math.round(spans * spanMs));
    const op: fc.Arbitrary<Op> = fc.oneof(
      { weight: 10, arbitrary: fc.record({ op: fc.constant('add' as const), slot, afterMs, value }) },
      { weight: 2, arbitrary: fc.record({ op: fc.constant('look' as const), slot, afterMs }) },
      { weight: 1, arbitrary: fc.constant({ op: 'restart' as const }) },
    );
    return fc.record({
      spanMs: fc.constant(spanMs),
      startMs: anyStartMs,
      ops: fc.array(op, { maxLength: 80, size: 'max' }),
    });
  });
}

const anyCaseOf = (kind: WindowKind) => anyCase(kind === 'share' ? flag : number);

function stored(window: SignalWindow): Map<string, StateArray> {
  return new Map(window.arrays('w', 301).map(([name, array]) => [name, array.slice()]));
}

function restarted(kind: WindowKind, spanMs: number, window: SignalWindow): SignalWindow {
  const state = stored(window);
  const fresh = signalWindow(kind, spanMs);
  expect(fresh.restore('w', 301, (name) => state.get(name))).toBe(true);
  return fresh;
}

/** Runs the steps, each relative to the vehicle's newest reading; `seen` is called after each with the vehicle's clock. */
function run(
  kind: WindowKind,
  { spanMs, startMs, ops }: Case,
  restarts: boolean,
  seen: (window: SignalWindow, op: Exclude<Op, { op: 'restart' }>, atMs: number) => void,
): SignalWindow {
  let window = signalWindow(kind, spanMs);
  const clocksMs = new Map<number, number>();
  for (const op of ops) {
    if (op.op === 'restart') {
      if (restarts) window = restarted(kind, spanMs, window);
      continue;
    }
    const clockMs = clocksMs.get(op.slot) ?? startMs;
    const atMs = clockMs + op.afterMs;
    if (op.op === 'add') {
      window.add(op.slot, atMs, op.value);
      clocksMs.set(op.slot, Math.max(clockMs, atMs));
    }
    seen(window, op, atMs);
  }
  return window;
}

function expectResult(kind: WindowKind, spanMs: number, actual: number, wanted: number): void {
  if (!ROUNDED.includes(kind) || Number.isNaN(wanted)) {
    // −0 is 0.
    expect(actual + 0).toBe(wanted + 0);
    return;
  }
  const scale = kind === 'slope' ? Math.max(1, 60_000 / spanMs) : 1;
  expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(1e-7 * scale);
}

describe.each(KINDS)('%s', (kind) => {
  test('gives what working it out from all readings gives', () => {
    let known = 0;
    fc.assert(
      fc.property(anyCaseOf(kind), (c) => {
        const slow = new Map(SLOTS.map((slot) => [slot, new SlowWindow(kind, c.spanMs)]));
        run(kind, c, true, (window, op, atMs) => {
          const reference = slow.get(op.slot)!;
          if (op.op === 'add') {
            reference.add(atMs, op.value);
            const wanted = reference.valueAt(Number.NEGATIVE_INFINITY);
            if (!Number.isNaN(wanted)) known++;
            expectResult(kind, c.spanMs, window.value(op.slot), wanted);
          } else if (!(atMs < reference.newestMs)) {
            expectResult(kind, c.spanMs, window.valueAt(op.slot, atMs), reference.valueAt(atMs));
          }
        });
      }),
      { numRuns: 600 },
    );
    expect(known).toBeGreaterThan(500);
  });

  test('goes on bit for bit the same after restarts and whatever was asked in between', () => {
    // Sevenths round: the order of adding shows in the last bit.
    const rough = anyCase(kind === 'share' ? flag : number.map((v) => v / 7));
    fc.assert(
      fc.property(rough, (c) => {
        const asked: number[] = [];
        const straight: number[] = [];
        const a = run(kind, c, true, (window, op, atMs) => {
          if (op.op === 'look') window.valueAt(op.slot, atMs);
          asked.push(window.value(op.slot));
        });
        const b = run(kind, c, false, (window, op) => straight.push(window.value(op.slot)));
        const c2 = run(kind, c, false, () => undefined);
        expect(asked).toEqual(straight);
        expect(stored(a)).toEqual(stored(b));
        expect(stored(c2)).toEqual(stored(b));
        for (const slot of SLOTS) expect(c2.readings(slot)).toEqual(a.readings(slot));
      }),
      { numRuns: 300 },
    );
  });
});
