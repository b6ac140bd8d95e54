import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['0s', 0],
  ['250ms', 250],
  ['30s', 30_000],
  ['1.5s', 1500],
  ['0.4ms', 0],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['1m1m', 120_000],
  ['2d', 172_800_000],
  ['365d', 31_536_000_000],
])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each([
  '',
  '30',
  's',
  '-5s',
  '+5s',
  '5 s',
  ' 5s',
  '5S',
  '5min',
  '.5s',
  '5.s',
  '1e3s',
  '5s,',
  '366d',
  '99999999999999999999d',
  `${'9'.repeat(400)}s`,
])('%j is none', (text) => expect(parseDuration(text)).toBeUndefined());

test('parts add up, and no text takes long or throws', () => {
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ];
  const part = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom(...units));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const expected = parts.reduce((sum, [n, [, ms]]) => sum + n * ms, 0);
      expect(parseDuration(parts.map(([n, [unit]]) => `${n}${unit}`).join(''))).toBe(expected);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(['number', 'undefined']).toContain(typeof parseDuration(text));
    }),
  );
  expect(parseDuration(`${'1'.repeat(100_000)}`)).toBeUndefined();
});
