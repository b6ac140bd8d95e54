import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LagHistogram } from './lag-histogram.ts';

test('quantiles are within 9 % of the true ones', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 500_000 }), { minLength: 1, maxLength: 300 }), (lags) => {
      const histogram = new LagHistogram();
      for (const lag of lags) histogram.add(lag, 1_000_000);
      const sorted = lags.toSorted((a, b) => a - b);
      const truth = [0.5, 0.99].map((q) => sorted[Math.ceil(q * sorted.length) - 1]);
      histogram.quantiles([0.5, 0.99], 1_000_000).forEach((value, i) => {
        expect(value).not.toBeNull();
        expect(value! / truth[i]).toBeGreaterThanOrEqual(0.9);
        expect(value! / truth[i]).toBeLessThanOrEqual(1.5);
        if (truth[i] > 20) expect(value! / truth[i]).toBeLessThanOrEqual(1.1);
      });
    }),
  );
});

test('what is older than a minute is forgotten; nothing noted gives null', () => {
  const histogram = new LagHistogram();
  expect(histogram.quantiles([0.5], 0)).toEqual([null]);
  histogram.add(400, 10_000);
  expect(histogram.quantiles([0.5], 40_000)[0]).toBeGreaterThan(380);
  histogram.add(4, 75_000);
  expect(histogram.quantiles([1], 76_000)[0]).toBeLessThan(10);
  expect(histogram.quantiles([0.5], 500_000)).toEqual([null]);
});

test('a negative lag counts as none', () => {
  const histogram = new LagHistogram();
  histogram.add(-50, 1000);
  expect(histogram.quantiles([0.5], 1000)).toEqual([1]);
});
