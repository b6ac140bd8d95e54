import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COLUMNS } from '../../stream/columns.ts';
import { type MessageMore, RuleFleet, rulePack, type SignalValues, type WrittenRule } from '../testing/rule-fleet.ts';
import { fleetOf, packOf } from '../testing/term-fleet.ts';
import { MAX_TERMS } from './term.ts';

fc.configureGlobal({ seed: 20_260_301 });

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;

describe('terms of several rules', () => {
  test('the same text in any spelling is one term', () => {
    const f = new RuleFleet(
      rulePack(
        { id: 'a', when: "avg(rpm,'15s')>50" },
        { id: 'b', when: 'avg( rpm , "15s" ) < 5 || avg(rpm, \'15s\') > 90' },
        { id: 'c', when: 'rpm > 1', message: "{avg(rpm, '15s')}" },
      ),
    );
    expect(f.inputs.terms.size).toBe(1);
    f.event(T0, { rpm: 40 });
    f.event(T0 + S, { rpm: 50 });
    expect(f.value("avg(rpm, '15s')")).toBe(45);
  });

  test('are given up when no rule reads them any more, with what only they read', () => {
    const nested = { id: 'a', when: "share(avg(rpm, '1m') > 5, '10m') > 0.5" };
    const f = new RuleFleet(rulePack(nested, { id: 'b', when: 'prev(rpm) > rpm' }));
    expect(f.inputs.terms.size).toBe(3);
    f.putInForce(rulePack(nested), T0);
    expect(f.inputs.terms.size).toBe(2);
    f.putInForce(rulePack({ id: 'c', when: "avg(rpm, '1m') > 5" }), T0);
    expect(f.inputs.terms.size).toBe(1);
    f.putInForce(rulePack({ id: 'd', when: 'rpm > 1' }), T0);
    expect([f.inputs.terms.size, f.inputs.terms.bytes, f.state.values.length]).toEqual([0, 0, COLUMNS.length]);
  });

  test('those of packs that are refused go again', () => {
    const f = new RuleFleet(rulePack({ id: 'a', when: "avg(rpm, '1m') > 5" }));
    expect(() =>
      f.putInForce(rulePack({ id: 'b', when: "max(rpm, '1m') > 5" }, { id: 'c', when: 'no' }), T0),
    ).toThrow();
    f.evaluator.keepTerms();
    expect([f.inputs.terms.size, f.inputs.terms.find("max(rpm, '1m')")]).toEqual([1, undefined]);
  });

  test('there may be so many and no more', () => {
    const many = (count: number): WrittenRule[] =>
      Array.from({ length: count }, (_, i) => ({ id: `r${i}`, when: `avg(rpm, '${i + 1}s') > 5` }));
    const f = new RuleFleet(rulePack(...many(MAX_TERMS)));
    expect(f.inputs.terms.size).toBe(MAX_TERMS);
    expect(() => f.putInForce(rulePack(...many(MAX_TERMS + 1)), T0)).toThrow(
      'rule `r900`: more than 900 different windows, places and facts in all rules',
    );
    f.evaluator.keepTerms();
    f.message(T0, { rpm: 6 });
    expect(f.take().transitions.filter((t) => t.kind === 'raised')).toHaveLength(MAX_TERMS);
  });

  test('the fleet may grow while they are there', () => {
    const f = fleetOf("avg(rpm, '15s')", 'prev(rpm)', 'held(ignition)', "count(ignition, '1m')");
    for (const slot of [0, 1023, 1024, 9000]) {
      f.state.use(slot, 0);
      f.event(T0, { rpm: slot, ignition: true }, slot);
      f.event(T0 + S, { rpm: slot + 10 }, slot);
    }
    for (const slot of [0, 1023, 1024, 9000]) {
      expect(f.value("avg(rpm, '15s')", slot)).toBe(slot + 5);
      expect([f.value('prev(rpm)', slot), f.value('held(ignition)', slot)]).toEqual([slot, 1]);
    }
  });
});

describe('a term of a term', () => {
  const SHARE = "share(avg(rpm, '15s') > 50, '30s')";

  test('goes on with every message that brings a reading, also when that changes nothing', () => {
    const f = fleetOf("count(avg(rpm, '15s'), '1m')");
    for (let s = 0; s < 20; s++) f.event(T0 + s * S, s % 2 === 0 ? { rpm: 7 } : { fuel_pct: 3 });
    expect(f.value("count(avg(rpm, '15s'), '1m')")).toBe(10);
  });

  test('sees the new value of what it reads', () => {
    const f = fleetOf(SHARE);
    for (let s = 0; s <= 30; s++) f.event(T0 + s * S, { rpm: s < 10 ? 0 : 1000 });
    // From second 10 on the average of 15 s is above 50.
    expect(f.value(SHARE)).toBeCloseTo(20 / 30, 5);
  });

  test('counts a message once although it changes two things it reads', () => {
    const f = fleetOf("count(rpm - prev(rpm) + fuel_pct, '1m')");
    for (let s = 0; s < 10; s++) f.event(T0 + s * S, { rpm: s, fuel_pct: s });
    expect(f.value("count(rpm - prev(rpm) + fuel_pct, '1m')")).toBe(9);
  });

  test('follows what changes by time, with every message of the vehicle', () => {
    const f = fleetOf("count(held(ignition) > 3, '1m')", "share(events('driver.sos', '5s') > 0, '10s')");
    f.event(T0, { ignition: true });
    f.evaluator.happened(0, 'driver.sos', T0);
    for (let s = 1; s <= 10; s++) f.event(T0 + s * S, { rpm: s });
    expect(f.value("count(held(ignition) > 3, '1m')")).toBe(1);
    expect(f.value("share(events('driver.sos', '5s') > 0, '10s')")).toBeCloseTo(0.4, 5);
  });
});

const TERMS = [
  "avg(rpm, '5s')",
  "min(rpm, '9s')",
  "max(rpm, '7s')",
  "sum(rpm, '8s')",
  "stddev(rpm, '10s')",
  "slope(rpm, '6s')",
  "delta(rpm, '7s')",
  "count(rpm, '9s')",
  "count(ignition, '9s')",
  "share(ignition, '6s')",
  'held(ignition)',
  'held(rpm > 3 && ignition)',
  "last(rpm, '3s')",
  'prev(rpm)',
  'age(rpm)',
  "inside('depots')",
  "geofence('depots')",
  "has_fault('P02')",
  "events('driver.sos', '6s')",
  'moved_m',
  'still_h',
  'on_trip',
  'driver',
  'vehicle.class',
  "share(avg(rpm, '4s') > 5, '9s')",
  "max(held(rpm > 1 && ignition), '5s')",
  "count(events('driver.sos', '3s') > 1, '9s')",
];

interface Step {
  readonly slot: number;
  readonly gapS: number;
  readonly values: SignalValues;
  readonly more: MessageMore;
  readonly sos: boolean;
  readonly tick: boolean;
}

const someSteps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    slot: fc.nat(1),
    gapS: fc.constantFrom(0, 1, 1, 2),
    values: fc.record(
      {
        rpm: fc.option(fc.nat(9), { nil: undefined, freq: 9 }),
        ignition: fc.option(fc.boolean(), { nil: undefined, freq: 9 }),
        speed_kmph: fc.constantFrom(0, 50),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<SignalValues>,
    more: fc.record(
      {
        at: fc.constantFrom([0, 0] as const, [5, 5] as const),
        driver: fc.constantFrom('', 'kim', 'sam'),
        trip: fc.constantFrom('', 't1'),
        faultCodes: fc.constantFrom('', 'P0217'),
      },
      { requiredKeys: [] },
    ),
    sos: fc.boolean(),
    tick: fc.boolean(),
  }),
  { maxLength: 50 },
);

/** Does the steps on a fleet; `each` is asked after each of them. */
function play(
  steps: readonly Step[],
  fleet: RuleFleet,
  each: (fleet: RuleFleet, i: number, atMs: number) => RuleFleet,
): RuleFleet {
  let f = fleet;
  let atMs = T0;
  for (const [i, step] of steps.entries()) {
    atMs += step.gapS * S;
    if (step.sos) f.evaluator.happened(step.slot, 'driver.sos', atMs);
    f.message(atMs, step.values, step.slot, step.more);
    if (step.tick) f.tickAll(atMs, (atMs - T0) / S);
    f = each(f, i, atMs);
  }
  return f;
}

function prepared(fleet: RuleFleet): RuleFleet {
  fleet.business.box('North', ['depots'], [-1, -1, 1, 1]);
  fleet.business.fact('vehicle.class', 'van');
  fleet.evaluator.factsChanged();
  return fleet;
}

const valuesOf = (f: RuleFleet, terms: readonly string[]): number[] =>
  terms.flatMap((text) => [f.value(text, 0), f.value(text, 1)]);

test('stored and restored at any step, every term goes on as if nothing had been', () => {
  fc.assert(
    fc.property(someSteps, fc.nat(50), (steps, at) => {
      const seen: number[][] = [];
      const straight = play(steps, prepared(fleetOf(...TERMS)), (f) => {
        seen.push(valuesOf(f, TERMS));
        return f;
      });
      const restarted = play(steps, prepared(fleetOf(...TERMS)), (f, i) => {
        expect(valuesOf(f, TERMS)).toEqual(seen[i]);
        return i === at ? f.restored(packOf(...TERMS)) : f;
      });
      expect(restarted.evaluator.arrays(2)).toEqual(straight.evaluator.arrays(2));
    }),
    { numRuns: 80 },
  );
});

test('whatever packs come and go, each rule has the values it would have alone', () => {
  // No two share a term: what was there before would be in the window of one and not in that of the other.
  const pool: readonly WrittenRule[] = TERMS.map((text, i) => ({ id: `r${i}`, on: 'trip.end', message: `{${text}}` }));
  const changes = fc.array(fc.record({ after: fc.nat(49), rules: fc.subarray([...pool.keys()]) }), { maxLength: 5 });
  fc.assert(
    fc.property(someSteps, changes, (steps, packs) => {
      /** By place in the pool: a room with that rule only, since it came into force. */
      const alone = new Map<number, RuleFleet>();
      const busy = prepared(new RuleFleet(rulePack({ id: 'none', on: 'trip.end' }), 2));
      play(steps, busy, (f, i, atMs) => {
        const step = steps[i];
        for (const [rule, other] of alone) {
          if (step.sos) other.evaluator.happened(step.slot, 'driver.sos', atMs);
          other.message(atMs, step.values, step.slot, step.more);
          if (step.tick) other.tickAll(atMs, (atMs - T0) / S);
          expect([TERMS[rule], ...valuesOf(f, [TERMS[rule]])]).toEqual([
            TERMS[rule],
            ...valuesOf(other, [TERMS[rule]]),
          ]);
        }
        for (const { after, rules } of packs) {
          if (after !== i) continue;
          f.putInForce(rulePack({ id: 'none', on: 'trip.end' }, ...rules.map((rule) => pool[rule])), atMs);
          for (const rule of [...alone.keys()]) if (!rules.includes(rule)) alone.delete(rule);
          for (const rule of rules) if (!alone.has(rule)) alone.set(rule, f.sameWith(rulePack(pool[rule]), atMs));
        }
        return f;
      });
    }),
    { numRuns: 200 },
  );
});
