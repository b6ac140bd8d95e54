import { describe, expect, test } from 'vitest';
import { fleetOf, packOf } from '../testing/term-fleet.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;
const UNKNOWN = Number.NaN;

describe('held', () => {
  const HELD = 'held(ignition && speed_kmph < 1)';

  test('counts the vehicle’s seconds since the condition became true, also with messages that do not speak of it', () => {
    const f = fleetOf(HELD);
    const held = (seconds: number, values: Parameters<typeof f.event>[1]): number => {
      f.event(T0 + seconds * S, values);
      return f.value(HELD);
    };
    expect(held(0, { rpm: 1 })).toBe(UNKNOWN);
    expect(held(1, { ignition: true, speed_kmph: 5 })).toBe(0);
    expect(held(2, { speed_kmph: 0 })).toBe(0);
    expect(held(7, { rpm: 2 })).toBe(5);
    expect(held(9, { speed_kmph: 0.5 })).toBe(7);
    expect(held(10, { speed_kmph: 3 })).toBe(0);
    expect(held(12, { speed_kmph: 0 })).toBe(0);
    expect(held(13, {})).toBe(1);
  });

  test('an unknown condition is unknown, and begins anew', () => {
    const f = fleetOf(HELD);
    f.event(T0, { ignition: true, speed_kmph: 0 });
    f.event(T0 + 5 * S, { ignition: undefined });
    expect(f.value(HELD)).toBe(UNKNOWN);
    f.event(T0 + 6 * S, { ignition: true });
    f.event(T0 + 8 * S, {});
    expect(f.value(HELD)).toBe(2);
  });

  test('each vehicle has its own, by its own clock', () => {
    const f = fleetOf('held(ignition)');
    f.event(T0, { ignition: true }, 0);
    f.event(T0 + 60 * S, { ignition: true }, 1);
    f.event(T0 + 10 * S, {}, 0);
    f.event(T0 + 63 * S, {}, 1);
    expect([f.value('held(ignition)', 0), f.value('held(ignition)', 1)]).toEqual([10, 3]);
  });

  test('it may be held itself', () => {
    const f = fleetOf('held(held(ignition) >= 3)');
    for (let s = 0; s <= 10; s++) f.event(T0 + s * S, s === 0 ? { ignition: true } : { rpm: s });
    expect(f.value('held(held(ignition) >= 3)')).toBe(7);
  });
});

describe('last', () => {
  test('is the value while it is young enough, by the vehicle’s clock', () => {
    const f = fleetOf("last(fuel_pct, '5s')");
    expect(f.value("last(fuel_pct, '5s')")).toBe(UNKNOWN);
    f.event(T0, { fuel_pct: 40 });
    f.event(T0 + 5 * S, { rpm: 1 });
    expect(f.value("last(fuel_pct, '5s')")).toBe(40);
    f.event(T0 + 6 * S, { rpm: 1 });
    expect(f.value("last(fuel_pct, '5s')")).toBe(UNKNOWN);
    f.event(T0 + 7 * S, { fuel_pct: 39 });
    expect(f.value("last(fuel_pct, '5s')")).toBe(39);
    f.event(T0 + 8 * S, { fuel_pct: undefined });
    expect(f.value("last(fuel_pct, '5s')")).toBe(UNKNOWN);
  });

  test('the same value reported again is young again', () => {
    const f = fleetOf("last(fuel_pct, '5s')", "last(fuel_pct, '1m')");
    for (const s of [0, 4, 8]) f.event(T0 + s * S, { fuel_pct: 40 });
    f.event(T0 + 12 * S, {});
    expect(f.value("last(fuel_pct, '5s')")).toBe(40);
    f.event(T0 + 14 * S, {});
    expect([f.value("last(fuel_pct, '5s')"), f.value("last(fuel_pct, '1m')")]).toEqual([UNKNOWN, 40]);
  });
});

test('prev is the reading before, also when it says the same; it has what an unknown one was', () => {
  const f = fleetOf('prev(rpm)', 'prev(rpm + fuel_pct)');
  const values: number[] = [];
  for (const [i, rpm] of [10, 20, 20, undefined, 30].entries()) {
    f.event(T0 + i * S, { rpm });
    values.push(f.value('prev(rpm)'));
  }
  expect(values).toEqual([UNKNOWN, 10, 20, 20, UNKNOWN]);
  f.event(T0 + 9 * S, { ignition: true });
  expect(f.value('prev(rpm)')).toBe(UNKNOWN);
  f.event(T0 + 10 * S, { rpm: 1, fuel_pct: 2 });
  f.event(T0 + 11 * S, { rpm: 5, fuel_pct: 5 });
  expect(f.value('prev(rpm + fuel_pct)')).toBe(3);
});

describe('age', () => {
  test('counts the silence clock since the last report', () => {
    const f = fleetOf('age(rpm)');
    f.tick(T0, 1000);
    f.event(T0, { rpm: 1 });
    expect(f.value('age(rpm)')).toBe(0);
    f.tick(T0 + 1 * S, 1001);
    f.event(T0 + 2 * S, { fuel_pct: 4 });
    expect(f.value('age(rpm)')).toBe(1);
    // The broker was away for an hour.
    f.tick(T0 + 3600 * S, 1002);
    expect(f.value('age(rpm)')).toBe(2);
    f.event(T0 + 3601 * S, { rpm: undefined });
    expect(f.value('age(rpm)')).toBe(2);
    f.event(T0 + 3602 * S, { rpm: 1 });
    expect(f.value('age(rpm)')).toBe(0);
  });

  test('is unknown until it was reported after the first tick: nobody knows the time before', () => {
    const f = fleetOf('age(rpm)');
    f.event(T0, { rpm: 1 });
    f.tick(T0 + S, 90_000);
    expect(f.value('age(rpm)')).toBe(UNKNOWN);
    f.event(T0 + 2 * S, { rpm: 1 });
    f.tick(T0 + 3 * S, 90_002);
    expect(f.value('age(rpm)')).toBe(2);
  });

  test('goes on after a restart', () => {
    const f = fleetOf('age(rpm)');
    f.tick(T0, 500);
    f.event(T0, { rpm: 1 });
    f.tick(T0 + S, 507);
    const g = f.restored(packOf('age(rpm)'));
    expect(g.value('age(rpm)')).toBe(7);
    g.event(T0 + 2 * S, { rpm: 1 });
    g.tick(T0 + 3 * S, 510);
    expect(g.value('age(rpm)')).toBe(3);
  });
});
