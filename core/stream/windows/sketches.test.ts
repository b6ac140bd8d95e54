import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlockHeap } from './block-heap.ts';
import { addToBuckets, mergeBuckets, PERCENTILE_ERROR, percentileOf } from './buckets.ts';
import { addDistinct, distinctOf, EXACT_DISTINCT, mergeDistinct } from './distinct.ts';

type Add = (heap: BlockHeap, cells: Float64Array, at: number, value: number) => void;

function sketchOf(heap: BlockHeap, add: Add, values: readonly number[]): Float64Array {
  const cells = new Float64Array(2);
  for (const value of values) add(heap, cells, 0, value);
  return cells;
}

function listOf(heap: BlockHeap, cells: Float64Array): number[] {
  return [...heap.values.subarray(cells[0], cells[0] + cells[1])];
}

const magnitude = fc.oneof(
  fc.double({ min: 1.1e-6, max: 1e12, noNaN: true }),
  fc.double({ min: 1, max: 200, noNaN: true }),
  fc.integer({ min: 1, max: 50 }),
);
const value = fc.oneof(
  { weight: 6, arbitrary: magnitude },
  { weight: 3, arbitrary: magnitude.map((v) => -v) },
  fc.constant(0),
);

describe('percentiles', () => {
  test('are within 1 % of the value at their rank', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 200 }),
        fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 1, max: 100, noNaN: true })),
        (values, p) => {
          const heap = new BlockHeap();
          const estimate = percentileOf(heap, sketchOf(heap, addToBuckets, values), 0, p);
          const exact = values.toSorted((a, b) => a - b)[Math.floor((p / 100) * (values.length - 1))];
          expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(PERCENTILE_ERROR * Math.abs(exact) * (1 + 1e-9));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('of two merged sketches are those of one that was given everything', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 100 }), fc.array(value, { maxLength: 100 }), (a, b) => {
        const heap = new BlockHeap();
        const merged = sketchOf(heap, addToBuckets, a);
        mergeBuckets(heap, merged, 0, sketchOf(heap, addToBuckets, b), 0);
        expect(listOf(heap, merged)).toEqual(listOf(heap, sketchOf(heap, addToBuckets, [...b, ...a])));
      }),
    );
  });

  test('take bounded memory whatever the values, and are none of none', () => {
    const heap = new BlockHeap();
    const cells = sketchOf(heap, addToBuckets, []);
    expect(percentileOf(heap, cells, 0, 50)).toBeNaN();
    for (let i = -40_000; i <= 40_000; i++)
      addToBuckets(heap, cells, 0, Math.sign(i) * 10 ** (Math.abs(i) / 1000 - 20));
    expect(cells[1]).toBeLessThanOrEqual(4147);
    expect(percentileOf(heap, cells, 0, 50)).toBe(0);
    expect(percentileOf(heap, cells, 0, 100)).toBeGreaterThan(0.99e12);
    expect(percentileOf(heap, cells, 0, 0)).toBeLessThan(-0.99e12);
  });
});

describe('distinct values', () => {
  test('are counted exactly below 1024, 0 and −0 as one', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -9, max: 9 }))), (values) => {
        const heap = new BlockHeap();
        expect(distinctOf(heap, sketchOf(heap, addDistinct, values), 0)).toBe(new Set(values).size);
      }),
    );
    const heap = new BlockHeap();
    const cells = sketchOf(heap, addDistinct, [0, -0]);
    expect(distinctOf(heap, cells, 0)).toBe(1);
    for (let i = 0; i < EXACT_DISTINCT - 1; i++) addDistinct(heap, cells, 0, i);
    expect(distinctOf(heap, cells, 0)).toBe(EXACT_DISTINCT - 1);
  });

  test.each([2000, 50_000])('%d are estimated within four standard errors, in bounded memory', (n) => {
    const heap = new BlockHeap();
    const cells = sketchOf(heap, addDistinct, []);
    for (let i = 0; i < n; i++) {
      addDistinct(heap, cells, 0, i);
      addDistinct(heap, cells, 0, i / 2);
    }
    // i and i / 2 together: n whole numbers and as many halves as are not whole.
    const exact = n + n / 2;
    expect(cells[1]).toBe(EXACT_DISTINCT);
    expect(Math.abs(distinctOf(heap, cells, 0) / exact - 1)).toBeLessThan(4 / Math.sqrt(EXACT_DISTINCT - 2));
  });

  test('of two merged sketches are those of one that was given everything', () => {
    const many = fc
      .integer({ min: 0, max: 2500 })
      .chain((n) => fc.integer({ min: 0, max: 3000 }).map((from) => Array.from({ length: n }, (_, i) => from + i)));
    fc.assert(
      fc.property(many, many, (a, b) => {
        const heap = new BlockHeap();
        const merged = sketchOf(heap, addDistinct, a);
        mergeDistinct(heap, merged, 0, sketchOf(heap, addDistinct, b), 0);
        expect(listOf(heap, merged)).toEqual(listOf(heap, sketchOf(heap, addDistinct, [...b, ...a])));
      }),
      { numRuns: 30 },
    );
  });
});

test('lists keep their values while others grow and go, and freed room is used again', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ list: fc.integer({ min: 0, max: 4 }), value: fc.integer(), clear: fc.boolean() }), {
        maxLength: 300,
      }),
      (steps) => {
        const heap = new BlockHeap();
        const cells = new Float64Array(10);
        const wanted: number[][] = Array.from({ length: 5 }, () => []);
        for (const [i, step] of steps.entries()) {
          const at = step.list * 2;
          if (step.clear && i % 17 === 0) {
            heap.clear(cells, at);
            wanted[step.list] = [];
          } else {
            heap.insert(cells, at, heap.rank(cells, at, step.value), step.value);
            wanted[step.list].push(step.value);
          }
        }
        for (const [i, values] of wanted.entries())
          expect(listOf(heap, cells.subarray(i * 2))).toEqual(values.sort((a, b) => a - b));
      },
    ),
  );
  const heap = new BlockHeap();
  const cells = new Float64Array(2);
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < 100; i++) heap.insert(cells, 0, i, i);
    heap.clear(cells, 0);
  }
  expect(heap.bytes).toBe(256 * 8);
});
