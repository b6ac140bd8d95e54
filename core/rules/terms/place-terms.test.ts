import { describe, expect, test } from 'vitest';
import { REFERENCE_FIELDS } from '../../model/reference.ts';
import { RuleFleet, rulePack } from '../testing/rule-fleet.ts';
import { fleetOf, packOf } from '../testing/term-fleet.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;
const UNKNOWN = Number.NaN;

function depots(fleet: RuleFleet): RuleFleet {
  fleet.business.box('North', ['depots'], [10, 0, 20, 10]);
  fleet.business.box('South', ['depots', 'forbidden'], [-20, 0, -10, 10]);
  fleet.evaluator.factsChanged();
  return fleet;
}

describe('places', () => {
  const IN = "inside('depots')";
  const NAME = "geofence('depots')";

  test('a vehicle is in a geofence of that group or name, or not; nobody knows without a position', () => {
    const f = depots(fleetOf(IN, NAME, "inside('South')", "inside('nowhere')"));
    const text = (): string => f.business.textOf(f.value(NAME));
    expect([f.value(IN), f.value(NAME)]).toEqual([UNKNOWN, UNKNOWN]);
    f.event(T0, {}, 0, { at: [15, 5] });
    expect([f.value(IN), text(), f.value("inside('South')")]).toEqual([1, 'North', 0]);
    f.event(T0 + S, {}, 0, { at: [-15, 5] });
    expect([f.value(IN), text(), f.value("inside('South')")]).toEqual([1, 'South', 1]);
    f.event(T0 + 2 * S, {}, 0, { at: [0, 5] });
    expect([f.value(IN), text()]).toEqual([0, '']);
    expect([f.value("inside('nowhere')"), f.value(IN, 1)]).toEqual([UNKNOWN, UNKNOWN]);
  });

  test('entering, leaving and dwelling are conditions over them', () => {
    const pack = rulePack(
      { id: 'enter', when: "inside('forbidden')" },
      { id: 'dwell', when: `${IN} && speed_kmph < 1`, for: '60s', message: `In {${NAME}}` },
      { id: 'left', when: `!${IN} && share(${IN}, '1m') > 0` },
    );
    const f = depots(new RuleFleet(pack));
    const rules = (): string[] =>
      f
        .take()
        .transitions.map((t) => `${t.kind} ${f.book.get(t.alertId)?.ruleId}`)
        .filter((t) => !t.startsWith('grouped'));
    for (let s = 0; s <= 60; s++) f.message(T0 + s * S, { speed_kmph: 0 }, 0, { at: [15, 5] });
    expect(rules()).toEqual(['raised dwell']);
    expect(f.book.openAlerts()[0].message).toBe('In North');
    f.message(T0 + 61 * S, { speed_kmph: 30 }, 0, { at: [0, 5] });
    expect(rules().toSorted()).toEqual(['cleared dwell', 'raised left']);
    f.message(T0 + 70 * S, {}, 0, { at: [-15, 5] });
    expect(rules()).toContain('raised enter');
  });

  test('new geofences count for vehicles that stand still, with their next message', () => {
    const f = new RuleFleet(rulePack({ when: IN }));
    expect(f.event(T0, {}, 0, { at: [15, 5] })).toEqual([]);
    depots(f);
    expect(f.value(IN)).toBe(1);
    expect(f.event(T0 + S, { rpm: 1 })).toEqual(['raised']);
  });
});

describe('business data', () => {
  test('every field can be read; what is not known is unknown', () => {
    for (const { name, type, unit } of REFERENCE_FIELDS) {
      const f = fleetOf(name);
      expect(f.value(name)).toBe(UNKNOWN);
      const value = type === 'text' ? 'x' : type === 'flag' ? true : 7;
      f.business.fact(name, value);
      f.evaluator.factsChanged();
      const stored = f.value(name);
      expect(type === 'text' ? f.business.textOf(stored) : stored).toBe(type === 'flag' ? 1 : value);
      expect(f.inputs.terms.find(name)?.term.unit).toBe(unit);
    }
  });

  test('texts are equal when they say the same, and are asked by their parts', () => {
    const f = fleetOf('vehicle.class', 'vehicle.vin');
    f.business.fact('vehicle.class', 'van');
    f.business.fact('vehicle.vin', 'WDB123');
    f.business.fact('vehicle.class', 'truck', 1);
    f.evaluator.factsChanged();
    const both = (text: string): number[] => [f.value(text), f.value(text, 1)];
    expect(both("vehicle.class == 'van'")).toEqual([1, 0]);
    expect(both("vehicle.class in ['bus', 'truck']")).toEqual([0, 1]);
    expect(both("vehicle.vin.startsWith('WDB')")).toEqual([1, UNKNOWN]);
    expect(both("coalesce(vehicle.vin, '').endsWith('3')")).toEqual([1, 0]);
    expect(both("vehicle.class.contains('r') ? 1 : 2")).toEqual([2, 1]);
  });

  test('a fact that changes is seen with the next message', () => {
    const f = new RuleFleet(rulePack({ when: 'speed_kmph > coalesce(speed_limit, 80) + 10' }));
    expect(f.event(T0, { speed_kmph: 70 })).toEqual([]);
    f.business.fact('speed_limit', 50);
    f.evaluator.factsChanged();
    expect(f.event(T0 + S, { rpm: 1 })).toEqual(['raised']);
    f.business.fact('speed_limit', 100);
    f.evaluator.factsChanged();
    expect(f.event(T0 + 2 * S, { rpm: 1 })).toEqual(['cleared']);
  });

  test('texts are the same after a restart', () => {
    const f = fleetOf('vehicle.class', 'driver');
    f.business.fact('vehicle.class', 'van');
    f.evaluator.factsChanged();
    f.event(T0, {}, 0, { driver: 'kim' });
    const g = f.restored(packOf('vehicle.class', 'driver'));
    expect([g.value("vehicle.class == 'van'"), g.value("driver == 'kim'"), g.value("driver == 'van'")]).toEqual([
      1, 1, 0,
    ]);
  });
});
