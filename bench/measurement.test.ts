import { describe, expect, test } from 'vitest';
import { median, quantile, spreadPercent, toLine } from './measurement.ts';
import { formatTable } from './report/table.ts';

describe('a line', () => {
  test('has the median and the extremes of its runs, in whatever order they came', () => {
    const line = toLine('engine', { what: 'x', unit: 'messages/s', runs: [300, 100, 200], target: { atLeast: 200 } });
    expect(line).toMatchObject({ median: 200, min: 100, max: 300, met: true });
    expect(spreadPercent(line)).toBe(50);
  });

  test('misses its target by its median', () => {
    expect(toLine('s', { what: 'x', unit: 'ms', runs: [10, 20, 30], target: { atMost: 19 } }).met).toBe(false);
    expect(toLine('s', { what: 'x', unit: 'ms', runs: [10] }).met).toBeUndefined();
  });

  test('without runs is refused', () => {
    expect(() => toLine('engine', { what: '1,000 vehicles', unit: 'ms', runs: [] })).toThrow(
      'engine, 1,000 vehicles: nothing was measured',
    );
  });

  test('in the table shows target and spread', () => {
    const line = toLine('ingest', {
      what: 'all',
      unit: 'messages/s',
      runs: [150_000, 100_000, 50_000],
      target: { atLeast: 200_000 },
      note: 'QoS 1',
    });
    expect(formatTable([line])).toBe(
      'stage   what   median  unit           ±  target            note\n' +
        'ingest  all   100,000  messages/s  50 %  ≥ 200,000 MISSED  QoS 1\n',
    );
  });
});

test('the median of an even number lies between the middle two, and quantiles are values that occurred', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5);
  expect(quantile([7], 0)).toBe(7);
});
