import { describe, expect, test } from 'vitest';
import { alertState } from '../model/alerts.ts';
import { RuleFleet, rulePack } from './testing/rule-fleet.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;

const SPEED = rulePack({
  when: 'speed_kmph > 90',
  clear: 'speed_kmph < 83',
  for: '60s',
  keep: '10s',
  message: '{speed_kmph:0} km/h',
});

describe('what an alert carries', () => {
  test('value, unit, message and place of the moment it was raised; the onset is when it began', () => {
    const fleet = new RuleFleet(SPEED);
    fleet.state.lat[0] = 52.5;
    fleet.state.lon[0] = 13.4;
    fleet.event(T0, { speed_kmph: 91 });
    fleet.event(T0 + 60 * S, { speed_kmph: 95 });
    fleet.event(T0 + 61 * S, { speed_kmph: 99 });
    expect(fleet.book.openAlerts()).toMatchObject([
      {
        ruleId: 'r',
        vehicleId: 'v0',
        onsetMs: T0,
        raisedMs: T0 + 60 * S,
        value: 95,
        unit: 'km/h',
        message: '95 km/h',
        lat: 52.5,
        lon: 13.4,
        priority: 4,
        latched: false,
      },
    ]);
  });

  test('no value where the watched signal is unknown, no place where none is known', () => {
    const fleet = new RuleFleet(rulePack({ when: 'rpm > 1000 || ignition' }));
    fleet.event(T0, { ignition: true });
    const [alert] = fleet.book.openAlerts();
    expect(alert).not.toHaveProperty('value');
    expect([alert.lat, alert.lon]).toEqual([undefined, undefined]);
    fleet.event(T0 + S, { rpm: 1500 });
    fleet.event(T0 + 2 * S, { rpm: 500, ignition: false });
    expect(alert).toMatchObject({ condition: 'cleared', peak: 1500 });
  });
});

describe('event rules', () => {
  const fleet = (): RuleFleet =>
    new RuleFleet(rulePack({ id: 'sos', on: 'driver.sos' }, { id: 'in', on: 'driver.break_start' }), 2);

  test('wait for an acknowledgement, repeat until then, and are new afterwards', () => {
    const f = fleet();
    f.evaluator.happened(0, 'driver.sos', T0);
    f.evaluator.happened(0, 'driver.sos', T0 + S);
    f.evaluator.happened(1, 'driver.sos', T0 + S);
    expect(f.kinds()).toEqual(['raised', 'repeated', 'raised']);
    f.book.acknowledge(f.book.openAlerts()[0].id, 'kim', T0 + 2 * S);
    f.evaluator.happened(0, 'driver.sos', T0);
    f.evaluator.happened(0, 'driver.sos', T0 + 3 * S);
    expect(f.take().transitions.map((t) => [t.kind, t.atMs])).toEqual([
      ['acknowledged', T0 + 2 * S],
      ['raised', T0 + 3 * S],
    ]);
  });

  test('answer to their own event only', () => {
    const f = fleet();
    for (const event of ['driver.driver_login', 'driver.break_end', 'driver.SOS', 'sos', 'trip.start', ''])
      f.evaluator.happened(0, event, T0);
    expect(f.kinds()).toEqual([]);
    f.evaluator.happened(0, 'driver.break_start', T0);
    expect(f.book.openAlerts().map((a) => a.ruleId)).toEqual(['in']);
  });

  test('silence and messages do not touch them', () => {
    const f = fleet();
    f.evaluator.happened(0, 'driver.sos', T0);
    f.take();
    f.evaluator.silence(0, T0 + S);
    f.evaluator.event(0, T0 + S);
    f.evaluator.tick(0, 0, T0 + S);
    expect(f.kinds()).toEqual([]);
  });
});

describe('alerts of other systems', () => {
  const external = (f: RuleFleet, change: { key?: string; severity?: number; atMs?: number } = {}): void =>
    f.evaluator.external(0, 'harsh_turn', change.key ?? 'a1', change.severity ?? 2, 'text', change.atMs ?? T0);

  test('are latched and named after their type', () => {
    const f = new RuleFleet(SPEED);
    external(f);
    expect(f.book.openAlerts()).toMatchObject([
      { ruleId: 'external:harsh_turn', ruleName: 'harsh turn', latched: true, priority: 2, message: 'text' },
    ]);
    expect(f.book.openAlerts().map(alertState)).toEqual(['unacknowledged']);
  });

  test('are one for one id and time, also after they were closed', () => {
    const f = new RuleFleet(SPEED);
    external(f);
    external(f);
    expect(f.book.openCount).toBe(1);
    f.book.acknowledge(f.book.openAlerts()[0].id, 'kim', T0 + S);
    external(f);
    expect(f.book.openCount).toBe(0);
    external(f, { key: 'a2' });
    external(f, { atMs: T0 + S });
    expect(f.book.openCount).toBe(2);
  });

  test('are none when they are this room’s own, come back by way of the broker', () => {
    const f = new RuleFleet(rulePack({ when: 'rpm > 10' }));
    f.event(T0, { rpm: 20 });
    external(f, { key: f.book.openAlerts()[0].id });
    expect(f.book.openCount).toBe(1);
  });

  test.each([
    [1, 1],
    [4, 4],
    [0, 3],
    [5, 3],
    [2.5, 3],
    [-1, 3],
    [Number.NaN, 3],
  ])('severity %d is priority %d', (severity, priority) => {
    const f = new RuleFleet(SPEED);
    external(f, { severity });
    expect(f.book.openAlerts()[0].priority).toBe(priority);
  });
});

describe('rules over silence', () => {
  test('run on ticks only, as soon as one of their columns changes by itself', () => {
    const f = new RuleFleet(
      rulePack({ when: 'silent_s > 120 && was_moving', clear: 'speed_kmph > 0 && silent_s < 5' }),
    );
    f.set({ silent_s: 130, was_moving: true });
    f.evaluator.event(0, T0);
    expect(f.kinds()).toEqual([]);
    f.evaluator.tick(0, 130, T0);
    expect(f.kinds()).toEqual(['raised']);
    f.set({ silent_s: 1, speed_kmph: 9 });
    f.evaluator.event(0, T0 + S);
    expect(f.kinds()).toEqual([]);
    f.evaluator.tick(0, 1, T0 + 2 * S);
    expect(f.kinds()).toEqual(['cleared']);
  });

  test('are not made unknown by silence', () => {
    const f = new RuleFleet(rulePack({ when: 'silent_s > 120' }));
    f.set({ silent_s: 130 });
    f.evaluator.tick(0, 130, T0);
    f.evaluator.silence(0, T0 + S);
    expect(f.kinds()).toEqual(['raised']);
  });
});

describe('other packs in force', () => {
  const a = { id: 'a', when: 'rpm > 10', for: '10s' };
  const b = { id: 'b', when: 'rpm > 10' };

  test('a rule that says the same keeps its state, wherever it stands', () => {
    const f = new RuleFleet(rulePack(a, b));
    f.event(T0, { rpm: 20 });
    f.putInForce(rulePack({ id: 'c', when: 'rpm < 0' }, b, a), T0 + 5 * S);
    expect(f.evaluator.rules.map((r) => r.spec.id)).toEqual(['c', 'b', 'a']);
    expect(f.event(T0 + 10 * S, {})).toContain('raised');
    expect(f.book.openAlerts().map((alert) => [alert.ruleId, alert.onsetMs - T0])).toEqual([
      ['b', 0],
      ['a', 0],
    ]);
  });

  test('alerts of changed and removed rules are cleared and say why; they wait for their acknowledgement', () => {
    const f = new RuleFleet(rulePack({ ...a, for: '0s' }, b));
    f.event(T0, { rpm: 20 });
    f.take();
    f.putInForce(rulePack({ ...b, name: 'B' }), T0 + S);
    const { alerts, transitions } = f.take();
    expect(transitions.map((t) => [t.kind, t.comment, t.atMs])).toEqual([
      ['cleared', 'rule changed or removed', T0 + S],
      ['cleared', 'rule changed or removed', T0 + S],
    ]);
    expect(alerts.map(alertState)).toEqual(['returned', 'returned']);
    expect(f.event(T0 + 2 * S, {})).toEqual(['raised']);
    expect(f.book.openCount).toBe(3);
  });

  test('an unknown alert of a removed rule is cleared too, a latched one waits on', () => {
    const f = new RuleFleet(rulePack(b, { id: 'sos', on: 'driver.sos' }));
    f.event(T0, { rpm: 20 });
    f.event(T0 + S, { rpm: undefined });
    f.evaluator.happened(0, 'driver.sos', T0 + S);
    f.take();
    f.putInForce(rulePack({ id: 'z', when: 'rpm < 0' }), T0 + 2 * S);
    expect(f.kinds()).toEqual(['cleared']);
    expect(f.book.openAlerts().map(alertState)).toEqual(['returned', 'unacknowledged']);
  });

  test('put in force again, a rule starts from nothing', () => {
    const f = new RuleFleet(rulePack(a));
    f.event(T0, { rpm: 20 });
    f.putInForce(rulePack(b), T0 + S);
    f.putInForce(rulePack(a), T0 + 2 * S);
    expect(f.event(T0 + 11 * S, {}).length).toBe(0);
    f.event(T0 + 21 * S, {});
    expect(f.book.openAlerts().filter((alert) => alert.ruleId === 'a')).toMatchObject([{ onsetMs: T0 + 11 * S }]);
  });
});

test('rules keep working while the fleet grows', () => {
  const f = new RuleFleet(rulePack({ when: 'rpm > 10', for: '10s' }));
  for (const slot of [0, 1023, 1024, 9000]) {
    f.state.use(slot, 0);
    f.event(T0, { rpm: 20 }, slot);
  }
  for (const slot of [0, 1023, 1024, 9000]) expect(f.event(T0 + 10 * S, {}, slot)).toEqual(['raised']);
});
