import { expect, test } from 'vitest';
import {
  formatAge,
  formatCount,
  formatHeading,
  formatLag,
  formatPosition,
  formatTime,
  formatUtcOffset,
  formatWhen,
} from './format.ts';

test('counts stay short', () => {
  expect([0, 9999, 99_999, 100_000, 999_999, 1_000_000, 12_345_678].map(formatCount)).toEqual([
    '0',
    '9,999',
    '99,999',
    '100k',
    '999k',
    '1.0M',
    '12.3M',
  ]);
});

test('ages and lags', () => {
  expect([-5, 8000, 192_000, 3_840_000, 183_600_000].map(formatAge)).toEqual([
    '0 s',
    '8 s',
    '3 min 12 s',
    '1 h 04 min',
    '2 d 3 h',
  ]);
  expect([undefined, 0, 84.4, 994, 995, 1234, 9949, 12_345, 125_000, 12e6].map(formatLag)).toEqual([
    '–',
    '0 ms',
    '84 ms',
    '994 ms',
    '1.0 s',
    '1.2 s',
    '9.9 s',
    '12 s',
    '2 min',
    '3 h',
  ]);
});

test('times of today have no date', () => {
  const noon = new Date(2026, 10, 20, 12, 3, 4).getTime();
  expect(formatTime(noon)).toBe('12:03:04');
  expect(formatWhen(noon, noon + 60_000)).toBe('12:03:04');
  expect(formatWhen(noon, noon + 86_400_000)).toBe('2026-11-20 12:03:04');
});

test('offsets, positions, headings', () => {
  expect([0, -120, 210].map(formatUtcOffset)).toEqual(['UTC+0', 'UTC+2', 'UTC−3:30']);
  expect(formatPosition(-33.5, 151.25)).toBe('33.50000° S, 151.25000° E');
  expect([0, 44, 271.4, 359.9].map(formatHeading)).toEqual(['0° N', '44° NE', '271° W', '0° N']);
});
