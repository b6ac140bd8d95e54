import { expect, test } from 'vitest';
import { columnOf, SIGNALS } from '../../core/model/signals.ts';
import { createSignalTrends, TREND_MS } from './signal-trends.ts';

const ENGINE = columnOf('engine_temp_c');
const reading = (lastEventMs: number, engineTempC: number | null) => ({
  lastEventMs,
  signals: SIGNALS.map((_, column) => (column === ENGINE ? engineTempC : null)),
});

test('history comes before what was live meanwhile, gaps are left out', () => {
  const trends = createSignalTrends();
  trends.append(reading(200_000, 95));
  trends.load({
    minuteMs: [60_000, 120_000, 180_000, 240_000],
    maxSpeedKmph: [],
    values: { engine_temp_c: [80, null, 90, 99] },
  });
  expect(trends.trend(ENGINE)).toEqual({ timeS: [60, 180, 200], values: [80, 90, 95] });
});

test('live points are thinned, the newest value always ends the line', () => {
  const trends = createSignalTrends();
  for (let s = 0; s <= 60; s++) trends.append(reading(1_000_000 + s * 1000, s));
  const { timeS, values } = trends.trend(ENGINE);
  expect(values.at(-1)).toBe(60);
  expect(timeS.length).toBeLessThanOrEqual(15);
  expect(timeS).toEqual(timeS.toSorted((a, b) => a - b));
});

test('a repeated or older picture adds nothing, and the past beyond an hour goes', () => {
  const trends = createSignalTrends();
  trends.append(reading(1_000_000, 1));
  trends.append(reading(1_000_000, 2));
  trends.append(reading(900_000, 3));
  expect(trends.trend(ENGINE).values).toEqual([1]);
  trends.append(reading(1_000_000 + TREND_MS + 1000, 4));
  expect(trends.trend(ENGINE).values).toEqual([4]);
});

test('a whole day live stays bounded', () => {
  const trends = createSignalTrends();
  for (let s = 0; s < 86_400; s++) trends.append(reading(s * 1000 + 1, s));
  expect(trends.trend(ENGINE).timeS.length).toBeLessThanOrEqual(TREND_MS / 5000 + 2);
});
