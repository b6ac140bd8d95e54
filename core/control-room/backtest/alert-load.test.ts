import { expect, test } from 'vitest';
import { alertLoad } from './alert-load.ts';

const TEN_MIN = 600_000;

test('counts by day, by operator and by spans of ten minutes', () => {
  // An hour of six spans: 0, 1, 2, 3, 12 and 0 alerts.
  const spans = [0, 1, 2, 3, 12, 0];
  const raisedMs = spans.flatMap((count, span) => Array.from({ length: count }, (_, i) => span * TEN_MIN + i));
  expect(alertLoad(raisedMs, 0, 6 * TEN_MIN, 1)).toEqual({
    ...{ alerts: 18, perDay: 432, perOperatorDay: 432, averagePer10Min: 3, peakPer10Min: 12 },
    ...{ shareOverTarget: 3 / 6, shareOverLimit: 2 / 6, shareInFlood: 1 / 6 },
  });
  expect(alertLoad(raisedMs, 0, 6 * TEN_MIN, 2)).toMatchObject({
    ...{ alerts: 18, perDay: 432, perOperatorDay: 216, averagePer10Min: 1.5, peakPer10Min: 6 },
    ...{ shareOverTarget: 2 / 6, shareOverLimit: 1 / 6, shareInFlood: 0 },
  });
});

test('what was raised before or behind the stretch counts at its ends', () => {
  expect(alertLoad([-5, 3 * TEN_MIN], 0, 2 * TEN_MIN, 1)).toMatchObject({ alerts: 2, peakPer10Min: 1 });
});
