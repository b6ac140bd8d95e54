import { describe, expect, test } from 'vitest';
import type { AlertWhy } from '../model/alerts.ts';
import { RuleFleet, rulePack, type WrittenRule } from './testing/rule-fleet.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;

/** Why the rule's first alert was raised after these messages, one a second. */
function whyOf(rule: WrittenRule, messages: readonly Parameters<RuleFleet['message']>[1][]): AlertWhy {
  const f = new RuleFleet(rulePack(rule));
  for (const [s, values] of messages.entries()) {
    f.evaluator.position = 100 + s;
    f.message(T0 + s * S, values, 0, { driver: 'kim' });
  }
  return f.book.openAlerts()[0].why!;
}

describe('why an alert was raised', () => {
  test('the values at the onset, and the records that began and raised it', () => {
    const rule = { when: 'engine_temp_c > 110 && (ignition || rpm > 5)', for: '2s' };
    const messages = [
      { engine_temp_c: 90 },
      { engine_temp_c: 111, ignition: true },
      { engine_temp_c: 115 },
      { engine_temp_c: 119 },
    ];
    expect(whyOf(rule, messages)).toEqual({
      condition: 'engine_temp_c > 110 && (ignition || rpm > 5)',
      terms: [
        { text: 'engine_temp_c', value: 111, unit: '°C' },
        { text: 'ignition', value: true, unit: '' },
        { text: 'rpm', value: null, unit: 'rpm' },
      ],
      windows: [],
      onsetPosition: 101,
      raisedPosition: 103,
    });
  });

  test('texts and sums are shown as people read them', () => {
    const { terms } = whyOf({ when: "rpm - fuel_pct > 5 && driver == 'kim' && vehicle.class != 'bus' || rpm > 15" }, [
      { rpm: 20, fuel_pct: 4 },
    ]);
    expect(terms).toEqual([
      { text: 'rpm', value: 20, unit: 'rpm' },
      { text: 'fuel_pct', value: 4, unit: '%' },
      { text: 'rpm - fuel_pct', value: 16, unit: 'rpm' },
      { text: 'driver', value: 'kim', unit: '' },
      { text: 'vehicle.class', value: null, unit: '' },
    ]);
  });

  test('what lies in its windows at the raise', () => {
    const why = whyOf({ when: "max(rpm, '15s') - rpm > 30 && count(ignition, '1m') >= 1" }, [
      { rpm: 50, ignition: true },
      { rpm: 40 },
      { rpm: 10 },
    ]);
    expect(why.windows).toEqual([
      {
        text: "max(rpm, '15s')",
        unit: 'rpm',
        readings: [
          [T0, 50],
          [T0 + S, 40],
          [T0 + 2 * S, 10],
        ],
      },
      { text: "count(ignition, '1m')", unit: '', readings: [[T0, 1]] },
    ]);
    expect(why.terms.map((t) => [t.text, t.value])).toEqual([
      ["max(rpm, '15s')", 50],
      ['rpm', 10],
      ["max(rpm, '15s') - rpm", 40],
      ["count(ignition, '1m')", 1],
    ]);
  });

  test('of an event its name and filter, of a sequence its steps', () => {
    const f = new RuleFleet(
      rulePack(
        { id: 'e', on: 'trip.end', when: 'fuel_pct < 20' },
        { id: 's', sequence: [{ is: 'rpm > 5' }, { not: 'ignition' }, { is: 'rpm > 9' }], within: '1m' },
      ),
    );
    f.evaluator.position = 7;
    f.message(T0, { fuel_pct: 10, rpm: 6 });
    f.evaluator.happened(0, 'trip.end', T0);
    f.evaluator.position = 8;
    f.message(T0 + S, { rpm: 10 });
    expect(
      f.book.openAlerts().map((a) => [a.why?.condition, a.why?.terms.map((t) => t.text), a.why?.raisedPosition]),
    ).toEqual([
      ['trip.end while fuel_pct < 20', ['fuel_pct'], 7],
      ['rpm > 5, then not ignition, then rpm > 9', ['rpm', 'ignition', 'rpm'], 8],
    ]);
  });

  test('no more than people can take in', () => {
    const when = Array.from({ length: 30 }, (_, i) => `rpm > ${i} - fuel_pct * ${i}`).join(' && ');
    const { terms } = whyOf({ when }, [{ rpm: 100, fuel_pct: 1 }]);
    expect(terms).toHaveLength(24);
  });

  test('the onset is remembered over a restart', () => {
    const pack = rulePack({ when: 'rpm > 10', for: '5s' });
    const f = new RuleFleet(pack);
    f.evaluator.position = 11;
    f.message(T0, { rpm: 20 });
    const g = f.restored(pack);
    g.evaluator.position = 55;
    g.message(T0 + 5 * S, { rpm: 30 });
    expect(g.book.openAlerts()[0].why).toMatchObject({ onsetPosition: 11, raisedPosition: 55, terms: [{ value: 20 }] });
  });
});

describe('what is pending', () => {
  const RULE = {
    id: 'hot',
    name: 'Hot',
    when: 'engine_temp_c > 110',
    clear: 'engine_temp_c < 107',
    for: '30s',
    keep: '20s',
    priority: 'high',
  };

  test('says how close a rule is and how long it has to go', () => {
    const f = new RuleFleet(rulePack(RULE));
    const at = (second: number, engine_temp_c: number | undefined) => {
      f.message(T0 + second * S, { engine_temp_c });
      const [rule] = f.evaluator.pending(0, f.state.clockMs[0]);
      return rule && [rule.stage, rule.text, rule.heldMs, rule.neededMs];
    };
    expect(at(0, 90)).toBeUndefined();
    expect(at(1, 108.21)).toEqual(['near', 'engine_temp_c 108.2 of 110 °C', 0, 0]);
    expect(at(2, 111)).toEqual(['pending', 'engine_temp_c 111 of 110 °C, 0 of 30 s', 0, 30_000]);
    expect(at(23, 112)).toEqual(['pending', 'engine_temp_c 112 of 110 °C, 21 of 30 s', 21_000, 30_000]);
    expect(at(32, 112)?.slice(0, 2)).toEqual(['firing', 'engine_temp_c 112 of 110 °C']);
    expect(at(40, 106)).toEqual(['clearing', 'engine_temp_c 106 of 110 °C, 0 of 20 s', 0, 20_000]);
    expect(at(45, undefined)?.slice(0, 2)).toEqual(['unknown', 'engine_temp_c ? of 110 °C']);
    expect(f.evaluator.pending(0, T0)[0]).toMatchObject({
      ruleId: 'hot',
      ruleName: 'Hot',
      priority: 2,
      terms: [{ value: null }],
    });
  });

  test('of a lower limit, of a window and of a moving limit', () => {
    const f = new RuleFleet(
      rulePack(
        { id: 'low', when: 'battery_v < 12' },
        { id: 'mean', when: "avg(rpm, '15s') > 1000" },
        { id: 'moving', when: 'speed_kmph > coalesce(speed_limit, 80) + 10' },
      ),
    );
    f.message(T0, { battery_v: 12.5, rpm: 950, speed_kmph: 85 });
    expect(f.evaluator.pending(0, T0).map((p) => [p.ruleId, p.text, Math.round(p.closeness! * 100)])).toEqual([
      ['low', 'battery_v 12.5 of 12 V', 96],
      ['mean', "avg(rpm, '15s') 950 of 1000 rpm", 95],
      ['moving', 'speed_kmph 85 of 90 km/h', 94],
    ]);
  });

  test('the most urgent first, then by id; rules far from it are left out', () => {
    const near = (id: string, priority: string): WrittenRule => ({ id, priority, when: 'rpm > 100' });
    const f = new RuleFleet(
      rulePack(near('b', 'low'), near('c', 'high'), near('a', 'low'), { id: 'far', when: 'rpm > 1000' }),
      2,
    );
    f.message(T0, { rpm: 95 });
    expect(f.evaluator.pending(0, T0).map((p) => p.ruleId)).toEqual(['c', 'a', 'b']);
    expect(f.evaluator.pending(1, T0)).toEqual([]);
  });

  test('counts say at how many vehicles a rule fires and waits', () => {
    const f = new RuleFleet(rulePack({ ...RULE, for: '10s' }, { id: 'now', when: 'rpm > 1' }), 3);
    for (const slot of [0, 1, 2]) f.message(T0, { engine_temp_c: 120, rpm: slot }, slot);
    f.message(T0 + 10 * S, {}, 1);
    expect(Object.fromEntries(f.evaluator.counts())).toEqual({
      hot: { firing: 1, pending: 2 },
      now: { firing: 1, pending: 0 },
    });
  });
});
