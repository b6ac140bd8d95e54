import { describe, expect, test } from 'vitest';
import { type Alert, alertState } from '../model/alerts.ts';
import { RuleFleet, rulePack, type SignalValues, type WrittenRule } from './testing/rule-fleet.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;

/** Runs a course of messages, one a second, on a rule; answers kind and second of what happened. */
function course(rule: WrittenRule, messages: readonly SignalValues[], fleet = new RuleFleet(rulePack(rule))): string[] {
  for (const [s, values] of messages.entries()) fleet.message(T0 + s * S, values);
  return fleet.take().transitions.map((t) => `${t.kind} ${(t.atMs - T0) / S}`);
}

const only = (fleet: RuleFleet): Alert => {
  const alerts = fleet.book.openAlerts();
  expect(alerts).toHaveLength(1);
  return alerts[0];
};

describe('deadband', () => {
  const temps = (...values: (number | undefined)[]): SignalValues[] =>
    values.map((engine_temp_c) => ({ engine_temp_c }));
  const swing = temps(109, 111, 110, 107.1, 107, 106.9, 111, undefined, 108, 100, 112);

  test('is a `clear` at so much behind the limit', () => {
    for (const keep of ['0s', '2s']) {
      const soft = course({ when: 'engine_temp_c > 110', deadband: 3, keep }, swing);
      expect(soft).toEqual(course({ when: 'engine_temp_c > 110', clear: 'engine_temp_c <= 107', keep }, swing));
      expect(soft.length).toBeGreaterThan(2);
    }
  });

  test('of a lower limit lies above it', () => {
    const falling = temps(20, 9, 11, 12.9, 13, 9);
    expect(course({ when: 'engine_temp_c < 10', deadband: 3 }, falling)).toEqual(['raised 1', 'cleared 4', 'raised 5']);
  });

  test('holds of the first comparison only; all else in the condition ends the alert as it is', () => {
    const rule = { when: 'engine_temp_c > 110 && rpm > 500', deadband: 3 };
    const messages = [{ engine_temp_c: 111, rpm: 600 }, { engine_temp_c: 108 }, { rpm: 499 }];
    expect(course(rule, messages)).toEqual(['raised 0', 'cleared 2']);
  });

  test('may be of a window, and of a limit that moves', () => {
    const fleet = new RuleFleet(rulePack({ when: "max(rpm, '2s') > fuel_pct * 10", deadband: 100 }));
    const messages = [{ rpm: 600, fuel_pct: 50 }, { rpm: 450 }, { rpm: 420 }, { rpm: 390 }, { rpm: 390 }, { rpm: 390 }];
    expect(course({}, messages, fleet)).toEqual(['raised 0', 'cleared 5']);
  });
});

describe('until', () => {
  test('ends the alert at once, whatever `clear` and `keep` say', () => {
    const rule = { when: 'rpm > 10', clear: 'rpm < 5', keep: '1h', until: 'ignition' };
    expect(course(rule, [{ rpm: 20 }, { ignition: false }, { ignition: true }])).toEqual(['raised 0', 'cleared 2']);
  });

  test('while it is true nothing is raised; afterwards the condition counts from then on', () => {
    const rule = { when: 'rpm > 10', for: '2s', until: 'ignition' };
    const messages = [{ rpm: 20, ignition: true }, {}, {}, {}, { ignition: false }, {}, {}];
    expect(course(rule, messages)).toEqual(['raised 6']);
  });

  test('that is true while the rule is pending makes it wait anew', () => {
    const rule = { when: 'rpm > 10', for: '3s', until: 'ignition' };
    expect(course(rule, [{ rpm: 20 }, {}, { ignition: true }, { ignition: false }, {}, {}, {}])).toEqual(['raised 6']);
  });

  test('ends an event, which is new when it comes again', () => {
    const f = new RuleFleet(rulePack({ on: 'driver.sos', until: 'speed_kmph > 20' }));
    f.evaluator.happened(0, 'driver.sos', T0);
    f.evaluator.happened(0, 'driver.sos', T0 + S);
    expect(f.event(T0 + 2 * S, { speed_kmph: 5 })).toEqual(['raised', 'repeated']);
    expect(alertState(only(f))).toBe('unacknowledged');
    expect(only(f)).toMatchObject({ condition: 'active', latched: false, repeats: 1 });
    expect(f.event(T0 + 3 * S, { speed_kmph: 25 })).toEqual(['cleared']);
    f.evaluator.happened(0, 'driver.sos', T0 + 60 * S);
    expect(f.kinds()).toEqual(['raised']);
    expect(f.book.openCount).toBe(2);
  });

  test('an acknowledged event that goes on and comes again is the same alert, and asks for somebody again', () => {
    const f = new RuleFleet(rulePack({ on: 'driver.sos', until: 'speed_kmph > 20' }));
    f.evaluator.happened(0, 'driver.sos', T0);
    f.book.acknowledge(only(f).id, 'kim', T0 + S);
    f.evaluator.happened(0, 'driver.sos', T0 + 2 * S);
    expect(f.kinds()).toEqual(['raised', 'acknowledged', 'repeated']);
    expect(only(f).acknowledged).toBe(false);
    f.message(T0 + 3 * S, { speed_kmph: 25 });
    expect(alertState(only(f))).toBe('returned');
  });

  test('goes on after a restart', () => {
    const pack = rulePack({ on: 'driver.sos', until: 'speed_kmph > 20' });
    const f = new RuleFleet(pack);
    f.evaluator.happened(0, 'driver.sos', T0);
    const g = f.restored(pack);
    expect(g.event(T0 + S, { speed_kmph: 25 })).toEqual(['cleared']);
  });
});

describe('latch', () => {
  const over = (latch: string): RuleFleet => {
    const f = new RuleFleet(rulePack({ when: 'rpm > 10', latch }));
    f.message(T0, { rpm: 20 });
    expect(alertState(only(f))).toBe('unacknowledged');
    f.message(T0 + S, { rpm: 0 });
    expect(alertState(only(f))).toBe('unacknowledged');
    return f;
  };

  test('acknowledge holds an alert that is over until somebody has seen it', () => {
    const f = over('acknowledge');
    f.book.acknowledge(only(f).id, 'kim', T0 + 2 * S);
    expect(f.book.openCount).toBe(0);
  });

  test('reset holds it until somebody says that all is well', () => {
    const f = over('reset');
    const { id } = only(f);
    f.book.acknowledge(id, 'kim', T0 + 2 * S);
    expect(alertState(only(f))).toBe('latched');
    f.book.operator({ type: 'reset', id: 'a1', alertId: id, operator: 'kim' }, T0 + 3 * S);
    expect(f.book.openCount).toBe(0);
  });

  test('an event may ask for a reset too', () => {
    const f = new RuleFleet(rulePack({ on: 'driver.sos', latch: 'reset' }));
    f.evaluator.happened(0, 'driver.sos', T0);
    f.book.acknowledge(only(f).id, 'kim', T0 + S);
    expect(alertState(only(f))).toBe('latched');
    f.evaluator.happened(0, 'driver.sos', T0 + 2 * S);
    expect(only(f)).toMatchObject({ acknowledged: false, repeats: 1 });
  });

  test('goes on after a restart', () => {
    const f = over('reset');
    const g = f.restored(rulePack({ when: 'rpm > 10', latch: 'reset' }));
    expect(only(g)).toEqual(only(f));
    g.message(T0 + 2 * S, { rpm: 20 });
    expect(only(g)).toMatchObject({ condition: 'active', repeats: 1 });
  });
});

describe('cooldown', () => {
  test('after an alert has ended there is no other for so long, then there is if the condition still holds', () => {
    const rule = { when: 'rpm > 10', cooldown: '5s' };
    const messages = [20, 0, 20, 20, 20, 20, 20, 0].map((rpm) => ({ rpm }));
    expect(course(rule, messages)).toEqual(['raised 0', 'cleared 1', 'raised 6', 'cleared 7']);
  });

  test('of an event counts from the event on; those within are not even noted', () => {
    const f = new RuleFleet(rulePack({ on: 'driver.sos', cooldown: '10s' }));
    for (const s of [0, 5, 9]) f.evaluator.happened(0, 'driver.sos', T0 + s * S);
    expect(f.kinds()).toEqual(['raised']);
    f.book.acknowledge(only(f).id, 'kim', T0 + 9 * S);
    f.evaluator.happened(0, 'driver.sos', T0 + 9 * S);
    expect(f.kinds()).toEqual(['acknowledged']);
    f.evaluator.happened(0, 'driver.sos', T0 + 10 * S);
    expect(f.kinds()).toEqual(['raised']);
  });

  test('is each vehicle’s own, and goes on after a restart', () => {
    const pack = rulePack({ when: 'rpm > 10', cooldown: '1h' });
    const f = new RuleFleet(pack, 2);
    f.message(T0, { rpm: 20 });
    f.message(T0 + S, { rpm: 0 });
    f.take();
    const g = f.restored(pack);
    expect(g.event(T0 + 2 * S, { rpm: 20 })).toEqual([]);
    expect(g.event(T0 + 2 * S, { rpm: 20 }, 1)).toEqual(['raised']);
    expect(g.event(T0 + 3601 * S, {})).toContain('raised');
  });
});

describe('priority by an expression', () => {
  const RULE = {
    when: 'engine_temp_c > 110',
    priority: "engine_temp_c > 114 ? 'critical' : ignition ? 'high' : 'low'",
  };

  test('is that of the raise, and only gets more urgent; who has acknowledged it is asked again', () => {
    const f = new RuleFleet(rulePack(RULE));
    f.message(T0, { engine_temp_c: 111, ignition: true });
    expect(only(f).priority).toBe(2);
    f.book.acknowledge(only(f).id, 'kim', T0 + S);
    f.take();
    expect(f.event(T0 + 2 * S, { ignition: false })).toEqual([]);
    expect(only(f)).toMatchObject({ priority: 2, acknowledged: true });
    expect(f.event(T0 + 3 * S, { engine_temp_c: 115 })).toEqual(['worsened']);
    expect(only(f)).toMatchObject({ priority: 1, acknowledged: false });
    f.message(T0 + 4 * S, { engine_temp_c: 112 });
    expect(only(f).priority).toBe(1);
  });

  test('is the least urgent that it can be while nobody knows', () => {
    const f = new RuleFleet(rulePack(RULE));
    f.message(T0, { engine_temp_c: 111 });
    expect(only(f).priority).toBe(4);
    expect(f.evaluator.rules[0].priorityVaries).toBe(true);
  });

  test('may rise with time alone', () => {
    const f = new RuleFleet(rulePack({ when: 'ignition', priority: "held(ignition) > 900 ? 'medium' : 'low'" }));
    f.message(T0, { ignition: true });
    expect(f.event(T0 + 900 * S, { rpm: 1 })).toEqual(['raised']);
    expect(f.event(T0 + 901 * S, { rpm: 1 })).toEqual(['worsened']);
  });

  test('may rise with the time that the alert has lasted', () => {
    const rule = {
      when: 'ignition',
      for: '5m',
      priority: "lasting_s > 900 ? 'medium' : 'low'",
      message: '{lasting_s:0} s',
    };
    const f = new RuleFleet(rulePack(rule));
    f.message(T0, { ignition: true });
    f.message(T0 + 300 * S, { rpm: 1 });
    expect(only(f)).toMatchObject({ priority: 4, message: '300 s', onsetMs: T0 });
    f.take();
    expect(f.event(T0 + 900 * S, { rpm: 1 })).toEqual([]);
    expect(f.event(T0 + 901 * S, { rpm: 1 })).toEqual(['worsened']);
  });

  test('may be chosen among texts by place or vehicle', () => {
    const f = new RuleFleet(rulePack({ when: 'rpm > 10', priority: "vehicle.class == 'bus' ? 'high' : 'medium'" }), 2);
    f.business.fact('vehicle.class', 'bus', 1);
    f.evaluator.factsChanged();
    for (const slot of [0, 1]) f.message(T0, { rpm: 20 }, slot);
    expect(f.book.openAlerts().map((a) => a.priority)).toEqual([3, 2]);
  });
});

describe('suppressed_by', () => {
  const rules = (on?: string): string =>
    rulePack(
      { id: 'hot', when: 'engine_temp_c > 110', priority: 'high' },
      { id: 'warm', when: 'engine_temp_c > 104', suppressed_by: ['hot'], ...(on && { suppressed_on: on }) },
    );
  const states = (f: RuleFleet): string[] =>
    f.book.openAlerts().map((a) => `${a.ruleId} ${a.vehicleId} ${alertState(a)}`);

  test('keeps an alert from the queue while one that explains it is active on the vehicle', () => {
    const f = new RuleFleet(rules(), 2);
    f.message(T0, { engine_temp_c: 105 });
    expect(states(f)).toEqual(['warm v0 unacknowledged']);
    f.message(T0 + S, { engine_temp_c: 111 });
    f.message(T0 + S, { engine_temp_c: 105 }, 1);
    expect(states(f)).toEqual(['warm v0 suppressed', 'hot v0 unacknowledged', 'warm v1 unacknowledged']);
    f.message(T0 + 2 * S, { engine_temp_c: 108 });
    expect(states(f)).toEqual(['warm v0 unacknowledged', 'hot v0 returned', 'warm v1 unacknowledged']);
  });

  test('on the depot it does so for all vehicles of it', () => {
    const f = new RuleFleet(rules('depot'), 3);
    for (const [slot, depot] of ['North', 'North', 'South'].entries()) f.business.fact('vehicle.depot', depot, slot);
    f.message(T0, { engine_temp_c: 111 });
    for (const slot of [1, 2]) f.message(T0 + S, { engine_temp_c: 105 }, slot);
    expect(f.book.openAlerts().find((a) => a.vehicleId === 'v1')).toMatchObject({
      depot: 'North',
      suppressed: { ruleId: 'hot' },
    });
    expect(states(f)).toContain('warm v1 suppressed');
    expect(states(f)).toContain('warm v2 unacknowledged');
  });
});

test('response and runbook come with the alert, the response with its values', () => {
  const rule = { when: 'rpm > 10', response: 'Call {driver}; it is at {rpm:0}', runbook: 'https://wiki/rpm' };
  const f = new RuleFleet(rulePack(rule));
  f.message(T0, { rpm: 20 }, 0, { driver: 'kim' });
  expect(only(f)).toMatchObject({ response: 'Call kim; it is at 20', runbook: 'https://wiki/rpm' });
});

describe('events', () => {
  test('count only while `when` is true', () => {
    const f = new RuleFleet(rulePack({ on: 'trip.end', when: "fuel_pct < 20 && !inside('depots')" }));
    f.business.box('North', ['depots'], [0, 0, 1, 1]);
    f.evaluator.factsChanged();
    f.message(T0, { fuel_pct: 10 }, 0, { at: [0.5, 0.5] });
    f.evaluator.happened(0, 'trip.end', T0);
    f.message(T0 + S, { fuel_pct: 50 }, 0, { at: [5, 5] });
    f.evaluator.happened(0, 'trip.end', T0 + S);
    expect(f.kinds()).toEqual([]);
    f.message(T0 + 2 * S, { fuel_pct: 10 });
    f.evaluator.happened(0, 'trip.end', T0 + 2 * S);
    expect(f.kinds()).toEqual(['raised']);
  });

  test.each(['trip.start', 'trip.end', 'driver.break_violation'])('%s is one of them', (on) => {
    const f = new RuleFleet(rulePack({ on }));
    f.evaluator.happened(0, on, T0);
    expect(f.kinds()).toEqual(['raised']);
  });
});
