import { expect, test } from 'vitest';
import { createLagWindow } from './lag-window.ts';

test('no samples, no figure', () => {
  expect(createLagWindow().quantile(0.5, 1_000_000)).toBeUndefined();
});

test('quantiles are within 3 % of the exact ones', () => {
  const lag = createLagWindow();
  const samples = Array.from({ length: 10_000 }, (_, i) => 1.7 ** ((i % 1000) / 60));
  for (const sample of samples) lag.record(sample, 50_000);
  const sorted = samples.toSorted((a, b) => a - b);
  for (const q of [0.5, 0.9, 0.99]) {
    const exact = sorted[Math.ceil(q * sorted.length) - 1];
    expect(lag.quantile(q, 50_000)! / exact).toBeGreaterThan(0.97);
    expect(lag.quantile(q, 50_000)! / exact).toBeLessThan(1.03);
  }
});

test('samples leave after 30 seconds, also when their row is used again', () => {
  const lag = createLagWindow();
  lag.record(5000, 100_000);
  lag.record(20, 110_000);
  expect(lag.quantile(0.99, 129_000)).toBeGreaterThan(4800);
  expect(lag.quantile(0.99, 130_000)).toBeLessThan(21);
  lag.record(40, 140_000);
  expect(lag.quantile(1, 140_000)).toBeGreaterThan(38);
  expect(lag.quantile(1, 140_000)).toBeLessThan(42);
  expect(lag.quantile(0, 171_000)).toBeUndefined();
});

test('clocks that are ahead and lags beyond the scale stay inside it', () => {
  const lag = createLagWindow();
  lag.record(-5000, 1000);
  expect(lag.quantile(0.5, 1000)).toBe(0);
  for (let i = 0; i < 10; i++) lag.record(1e12, 1000);
  expect(lag.quantile(0.99, 1000)).toBeGreaterThan(590_000);
});

test('clear forgets everything', () => {
  const lag = createLagWindow();
  lag.record(10, 1000);
  lag.clear();
  expect(lag.quantile(0.5, 1000)).toBeUndefined();
  lag.record(500, 1000);
  expect(lag.quantile(0, 1000)).toBeGreaterThan(480);
});
