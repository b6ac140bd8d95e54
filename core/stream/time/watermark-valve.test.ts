import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StateArray } from '../fleet-state.ts';
import { ReferenceValve } from './testing/reference-valve.ts';
import { WatermarkValve } from './watermark-valve.ts';

type Op =
  | { readonly op: 'advance'; readonly source: number; readonly ms: number }
  | { readonly op: 'idle' | 'active'; readonly source: number }
  | { readonly op: 'tick'; readonly byMs: number; readonly listening: boolean }
  | { readonly op: 'restart' };

const source = fc.integer({ min: 0, max: 5 });
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ op: fc.constant('advance' as const), source, ms: fc.integer({ min: -20, max: 60 }) }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('idle' as const, 'active' as const), source }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('tick' as const),
      byMs: fc.integer({ min: -2, max: 12 }),
      listening: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ op: 'restart' as const }) },
);
const options = fc.record({
  granularityMs: fc.constantFrom(1, 10),
  idleAfterMs: fc.constantFrom(10, 25, Number.POSITIVE_INFINITY),
  maxHoldMs: fc.constantFrom(0, 15, Number.POSITIVE_INFINITY),
});

function restarted(valve: WatermarkValve, settings: ConstructorParameters<typeof WatermarkValve>[0]): WatermarkValve {
  const stored = new Map<string, StateArray>(valve.arrays().map(([name, array]) => [name, array.slice()]));
  const later = new WatermarkValve(settings);
  later.restore((name) => stored.get(name));
  expect(new Map(later.arrays())).toEqual(stored);
  return later;
}

test('the valve does what its rules say, restarts or not, and never goes back', () => {
  fc.assert(
    fc.property(options, fc.array(op, { maxLength: 80 }), (settings, ops) => {
      let valve = new WatermarkValve(settings);
      const reference = new ReferenceValve(settings);
      let nowMs = 0;
      let lastMs = valve.watermarkMs;
      // Later steps are later in event time, so that some sources move on and others stay behind.
      for (const [i, o] of ops.entries()) {
        if (o.op === 'advance') {
          valve.advance(o.source, o.ms + i);
          reference.advance(o.source, o.ms + i);
        } else if (o.op === 'idle') {
          valve.markIdle(o.source);
          reference.markIdle(o.source);
        } else if (o.op === 'active') {
          valve.markActive(o.source);
          reference.markActive(o.source);
        } else if (o.op === 'tick') {
          nowMs += o.byMs;
          valve.tick(nowMs, o.listening);
          reference.tick(nowMs, o.listening);
        } else valve = restarted(valve, settings);
        expect(valve.watermarkMs).toBe(reference.watermarkMs);
        expect(valve.idle).toBe(reference.idle);
        expect(valve.watermarkMs).toBeGreaterThanOrEqual(lastMs);
        lastMs = valve.watermarkMs;
      }
    }),
    { numRuns: 1000 },
  );
});

test('100,000 sources that each report once a second move the clock once a second', () => {
  const sources = 100_000;
  const valve = new WatermarkValve({ granularityMs: 1000 });
  for (let s = 0; s < 3; s++) {
    const beforeMs = valve.watermarkMs;
    for (let i = 0; i < sources - 1; i++) valve.advance(i, s * 1000 + (i % 1000));
    // From the second round on all wait for the last source.
    if (s > 0) expect(valve.watermarkMs).toBe(beforeMs);
    valve.advance(sources - 1, s * 1000 + 999);
    expect(valve.watermarkMs).toBe(s * 1000);
  }
  expect(valve.bytes / sources).toBeLessThan(40);
});
