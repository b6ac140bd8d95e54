import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../model/stream-settings.ts';
import { HARSH, Step } from '../step.ts';
import { judgeHarsh } from './harsh.ts';
import { SPEEDING, SpeedingTiers } from './speeding.ts';

/** A fix 1 s after the one before, 36 km/h = 10 m/s straight on, unless said otherwise. */
function judged(said: Partial<Step>): [harsh: number, mps2: number] {
  const before = { speedKmph: 36, prevSpeedKmph: 36, headingDeg: 0, prevHeadingDeg: 0, fixGapMs: 1000 };
  const step = Object.assign(new Step(), before, said, { harsh: 99, harshMps2: 99 });
  judgeHarsh(step, DEFAULT_SETTINGS);
  return [step.harsh, Number(step.harshMps2.toFixed(3))];
}

describe('braking and acceleration', () => {
  test('are the step of speed over time: 14.4 km/h in 1 s is 4 m/s², over 0.35 g = 3.432', () => {
    expect(judged({ speedKmph: 36 - 14.4 })).toEqual([HARSH.brake, 4]);
    expect(judged({ speedKmph: 36 + 14.4 })).toEqual([HARSH.acceleration, 4]);
    expect(judged({ speedKmph: 36 - 10.8 })).toEqual([0, 0]);
    expect(judged({ speedKmph: 36 - 14.4, fixGapMs: 2000 })).toEqual([0, 0]);
  });

  test('are severe from 1.4 times the limit: 3.432 × 1.4 = 4.805 m/s²', () => {
    expect(judged({ speedKmph: 36 - 17.4 })).toEqual([HARSH.brake | HARSH.severe, 4.833]);
    expect(judged({ speedKmph: 36 - 17.2 })).toEqual([HARSH.brake, 4.778]);
  });

  test('are judged when the faster end has the gate speed, 10 km/h', () => {
    const settings = { ...DEFAULT_SETTINGS, harshAccelerationMps2: 2 };
    const from0 = (speedKmph: number): number => {
      const step = Object.assign(new Step(), { speedKmph, prevSpeedKmph: 0, fixGapMs: 1000 });
      judgeHarsh(step, settings);
      return step.harsh;
    };
    expect(from0(9.9)).toBe(0);
    expect(from0(10)).toBe(HARSH.acceleration);
  });
});

describe('cornering', () => {
  test('is mean speed times turn: 10 m/s × 30° in 1 s = 5.236 m/s²', () => {
    expect(judged({ headingDeg: 30 })).toEqual([HARSH.corner | HARSH.severe, 5.236]);
    expect(judged({ headingDeg: 345, prevHeadingDeg: 10 })).toEqual([HARSH.corner, 4.363]);
    expect(judged({ headingDeg: 730, prevHeadingDeg: 345 })).toEqual([HARSH.corner, 4.363]);
  });

  test('is not judged when one end is slower than 30 km/h', () => {
    expect(judged({ headingDeg: 90, speedKmph: 29.9 })).toEqual([0, 0]);
    expect(judged({ headingDeg: 90, prevSpeedKmph: 29.9 })).toEqual([0, 0]);
  });

  test('goes together with braking; the peak is the larger of both', () => {
    expect(judged({ headingDeg: 40, speedKmph: 32, prevSpeedKmph: 46.4 })).toEqual([
      HARSH.brake | HARSH.corner | HARSH.severe,
      7.602,
    ]);
  });
});

test.each([
  ['fixes too close', { fixGapMs: 399 }],
  ['fixes too far apart', { fixGapMs: 3001 }],
  ['no fix before', { fixGapMs: Number.NaN }],
  ['no speed', { speedKmph: Number.NaN }],
  ['no speed before', { prevSpeedKmph: Number.NaN }],
])('nothing is judged with %s', (_, said) => {
  expect(judged({ speedKmph: 0, prevSpeedKmph: 100, headingDeg: 90, ...said })).toEqual([0, 0]);
});

test('a heading that is not known leaves braking judged', () => {
  expect(judged({ headingDeg: Number.NaN, prevSpeedKmph: 100, speedKmph: 82 })).toEqual([
    HARSH.brake | HARSH.severe,
    5,
  ]);
});

test('tiers need both the miles per hour and the share over the limit', () => {
  const tiers = new SpeedingTiers();
  // 80 km/h: 4 mph over is 86.4, 12 % is 89.6; 10 mph is 96.1, 25 % is 100; 19 mph is 110.6, 40 % is 112.
  const at80 = [80, 89.6, 89.7, 100, 100.1, 112, 112.1].map((kmph) => tiers.tier(kmph, 80));
  expect(at80).toEqual([0, 0, 1, 1, 2, 2, 3]);
  // 30 km/h: 36.4, 46.1 and 60.6 by miles per hour, which are more than the shares.
  const at30 = [36.4, 36.5, 46, 46.1, 60.5, 60.6].map((kmph) => tiers.tier(kmph, 30));
  expect(at30).toEqual([0, 1, 1, 2, 2, 3]);
  expect(tiers.tier(Number.NaN, 80)).toBe(SPEEDING.none);
});
