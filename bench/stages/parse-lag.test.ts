import { expect, test } from 'vitest';
import { formatLag } from '../../renderer/common/format.ts';
import { parseLag } from './parse-lag.ts';

test('reads what the top bar writes', () => {
  expect(parseLag(`${formatLag(182)} / ${formatLag(1240)}`)).toEqual({ p50: 182, p99: 1200 });
  expect(parseLag(`${formatLag(12_000)} / ${formatLag(180_000)}`)).toEqual({ p50: 12_000, p99: 180_000 });
});

test('says so when there is nothing to read', () => {
  expect(() => parseLag(`${formatLag(undefined)} / ${formatLag(undefined)}`)).toThrow('shows no lag: "– / –"');
});
