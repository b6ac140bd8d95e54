import { describe, expect, test } from 'vitest';
import { RuleFleet, rulePack } from '../testing/rule-fleet.ts';
import { fleetOf } from '../testing/term-fleet.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;
const UNKNOWN = Number.NaN;

test('moved_m is the way between the two newest positions', () => {
  const f = fleetOf('moved_m');
  f.event(T0, {}, 0, { at: [52, 13] });
  expect(f.value('moved_m')).toBe(UNKNOWN);
  f.event(T0 + S, {}, 0, { at: [52.001, 13] });
  expect(f.value('moved_m')).toBeCloseTo(111.195, 2);
  f.event(T0 + 2 * S, { rpm: 1 });
  expect(f.value('moved_m')).toBeCloseTo(111.195, 2);
  f.event(T0 + 3 * S, {}, 0, { at: [52.001, 13] });
  expect(f.value('moved_m')).toBe(0);
  expect(f.value('moved_m', 1)).toBe(UNKNOWN);
});

test('lateral_mps2 is mean speed × change of heading over time, over steps of 0.4 to 3 s', () => {
  const f = fleetOf('lateral_mps2');
  const lateral = (ms: number, speedKmph: number, heading: number): number => {
    f.event(T0 + ms, { speed_kmph: speedKmph, heading });
    return f.value('lateral_mps2');
  };
  expect(lateral(0, 36, 350)).toBe(UNKNOWN);
  // 10 m/s and 20° in a second, across north.
  expect(lateral(1000, 36, 10)).toBeCloseTo((10 * (20 * Math.PI)) / 180, 6);
  expect(lateral(3000, 72, 350)).toBeCloseTo((15 * ((20 * Math.PI) / 180)) / 2, 6);
  expect(lateral(3300, 72, 340)).toBe(UNKNOWN);
  expect(lateral(6400, 72, 330)).toBe(UNKNOWN);
  expect(lateral(7400, 72, 330)).toBe(0);
});

test('clock_behind_s is arrival less the time of the newest telemetry', () => {
  const f = fleetOf('clock_behind_s');
  expect(f.value('clock_behind_s')).toBe(UNKNOWN);
  f.event(T0, { speed_kmph: 1 }, 0, { receivedMs: T0 + 90 * S });
  expect(f.value('clock_behind_s')).toBe(90);
  f.event(T0 + 10 * S, { speed_kmph: 1 }, 0, { receivedMs: T0 + 8 * S });
  expect(f.value('clock_behind_s')).toBe(-2);
});

describe('still_h', () => {
  test('counts the room’s time since the vehicle was seen moving, looked at once a minute', () => {
    const f = fleetOf('still_h');
    expect(f.value('still_h')).toBe(UNKNOWN);
    f.event(T0, { speed_kmph: 50 });
    f.tick(T0, 60);
    expect(f.value('still_h')).toBe(0);
    f.event(T0 + 60 * S, { speed_kmph: 0 });
    f.tick(T0 + 3600 * S, 3660);
    expect(f.value('still_h')).toBe(1);
    f.tick(T0 + 3630 * S, 3690);
    expect(f.value('still_h')).toBe(1);
    f.event(T0 + 7200 * S, { speed_kmph: 30 });
    f.tick(T0 + 7200 * S, 7260);
    expect(f.value('still_h')).toBe(0);
  });

  test('vehicles take turns, and each is looked at at least once a minute', () => {
    const f = fleetOf('still_h');
    f.event(T0, { speed_kmph: 0 });
    f.event(T0, { speed_kmph: 0 }, 1);
    const changes: string[] = [];
    for (let second = 0; second < 180; second++) {
      const before = [f.value('still_h'), f.value('still_h', 1)];
      f.tick(T0 + second * S, second);
      for (const slot of [0, 1])
        if (!Object.is(f.value('still_h', slot), before[slot])) changes.push(`${slot}@${second}`);
    }
    expect(changes).toEqual(['0@0', '1@59', '0@60', '1@119', '0@120', '1@179']);
  });

  test('a rule over it is looked at in the same turns', () => {
    const f = new RuleFleet(rulePack({ when: 'still_h >= 1 && ignition' }));
    f.event(T0, { speed_kmph: 0, ignition: true });
    const raised: number[] = [];
    for (let second = 0; second <= 3700; second++) if (f.tick(T0 + second * S, second).length > 0) raised.push(second);
    expect(raised).toEqual([3600]);
  });
});

test('clock_behind_s is looked at every 10 s of the vehicle’s clock', () => {
  const f = fleetOf('clock_behind_s', "count(clock_behind_s, '1m')");
  for (let s = 0; s <= 20; s++) f.event(T0 + s * S, { speed_kmph: 1 }, 0, { receivedMs: T0 + (s + s / 10) * S });
  expect(f.value('clock_behind_s')).toBe(2);
  expect(f.value("count(clock_behind_s, '1m')")).toBe(3);
});

test('on_trip and driver are what the vehicle named last', () => {
  const f = fleetOf('on_trip', 'driver');
  const driver = (): string => f.business.textOf(f.value('driver'));
  expect([f.value('on_trip'), driver()]).toEqual([0, '']);
  f.event(T0, {}, 0, { trip: 't1', driver: 'kim' });
  f.event(T0 + S, { rpm: 1 });
  expect([f.value('on_trip'), driver(), f.value("driver == 'kim'"), f.value('on_trip', 1)]).toEqual([1, 'kim', 1, 0]);
  f.event(T0 + 2 * S, {}, 0, { trip: '', driver: 'sam' });
  expect([f.value('on_trip'), driver()]).toEqual([0, 'sam']);
});
