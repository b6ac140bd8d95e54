import { describe, expect, test } from 'vitest';
import { RuleFleet, rulePack } from '../testing/rule-fleet.ts';
import { fleetOf } from '../testing/term-fleet.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;

test('count of a condition counts how often it began to hold, not for how many messages', () => {
  const COUNT = "count(rpm > 50, '10s')";
  const f = fleetOf(COUNT);
  const values = [10, 60, 70, 20, 80, undefined, 90, 90].map((rpm, s) => {
    f.event(T0 + s * S, { rpm });
    return f.value(COUNT);
  });
  expect(values).toEqual([0, 1, 1, 1, 2, 2, 3, 3]);
  f.event(T0 + 11 * S, {});
  expect(f.value(COUNT)).toBe(2);
  f.event(T0 + 30 * S, {});
  expect(f.value(COUNT)).toBe(0);
});

test('count of a value counts its readings', () => {
  const COUNT = "count(rpm, '15s')";
  const f = fleetOf(COUNT);
  expect(f.value(COUNT)).toBe(Number.NaN);
  for (const s of [0, 1, 2]) f.event(T0 + s * S, { rpm: 7 });
  f.event(T0 + 3 * S, { ignition: true });
  f.event(T0 + 3 * S, { rpm: undefined });
  expect(f.value(COUNT)).toBe(3);
});

describe('events', () => {
  const SOS = "events('driver.sos', '10s')";

  test('are counted per vehicle and kind, within the time before the vehicle’s clock', () => {
    const f = fleetOf(SOS, "events('trip.end', '1h')");
    f.event(T0, { rpm: 1 });
    expect(f.value(SOS)).toBe(0);
    f.evaluator.happened(0, 'driver.sos', T0);
    f.evaluator.happened(0, 'driver.sos', T0 + 2 * S);
    f.evaluator.happened(0, 'trip.end', T0 + 2 * S);
    f.evaluator.happened(1, 'driver.sos', T0 + 2 * S);
    f.event(T0 + 3 * S, {});
    f.event(T0 + 3 * S, {}, 1);
    expect([f.value(SOS), f.value(SOS, 1), f.value("events('trip.end', '1h')")]).toEqual([2, 1, 1]);
    f.event(T0 + 10 * S, {});
    expect(f.value(SOS)).toBe(1);
    f.event(T0 + 12 * S, {});
    expect(f.value(SOS)).toBe(0);
  });

  test('one that comes late counts where it belongs; one older than the time does not', () => {
    const f = fleetOf(SOS);
    f.event(T0 + 20 * S, {});
    f.evaluator.happened(0, 'driver.sos', T0 + 20 * S);
    f.evaluator.happened(0, 'driver.sos', T0 + 15 * S);
    f.evaluator.happened(0, 'driver.sos', T0 + 9 * S);
    expect(f.value(SOS)).toBe(2);
    f.event(T0 + 26 * S, {});
    expect(f.value(SOS)).toBe(1);
  });

  test('a rule over them is looked at when the event comes, and after every message until it has passed', () => {
    const f = new RuleFleet(rulePack({ when: `${SOS} >= 2`, until: 'ignition' }));
    f.event(T0, { rpm: 1 });
    f.evaluator.happened(0, 'driver.sos', T0);
    f.evaluator.happened(0, 'driver.sos', T0 + S);
    expect(f.kinds()).toEqual([]);
    expect(f.event(T0 + S, {})).toEqual(['raised']);
    expect(f.event(T0 + 9 * S, { rpm: 2 })).toEqual([]);
    expect(f.event(T0 + 10 * S, { rpm: 3 })).toEqual(['cleared']);
  });
});

describe('alerts', () => {
  const rules = rulePack(
    { id: 'fast', when: 'speed_kmph > 90' },
    {
      id: 'again',
      name: 'Fast again and again',
      when: "alerts('fast', '1h') >= 3",
      message: "{alerts('fast', '1h'):0} times",
    },
  );

  test('of another rule are counted from the raise on, as long as they are young enough', () => {
    const f = new RuleFleet(rules);
    const counts: number[] = [];
    for (const minute of [0, 20, 40, 65]) {
      f.message(T0 + minute * 60 * S, { speed_kmph: 100 });
      f.message(T0 + (minute * 60 + 10) * S, { speed_kmph: 50 });
      counts.push(f.value("alerts('fast', '1h')"));
    }
    expect(counts).toEqual([1, 2, 3, 3]);
    expect(f.value("alerts('fast', '1h')", 1)).toBe(0);
    const { transitions } = f.take();
    const again = f.book.openAlerts().find((a) => a.ruleId === 'again')!;
    expect(again).toMatchObject({ message: '3 times', raisedMs: T0 + 2400 * S });
    expect(
      transitions.filter((t) => t.alertId === again.id && t.kind !== 'grouped').map((t) => [t.kind, t.atMs - T0]),
    ).toEqual([['raised', 2400 * S]]);
    f.message(T0 + 7600 * S, { rpm: 1 });
    expect(again).toMatchObject({ condition: 'cleared', clearedMs: T0 + 7600 * S });
  });
});

test('has_fault asks for codes that begin so', () => {
  const any = (text: string, codes: string): number => {
    const f = fleetOf(text);
    f.event(T0, {}, 0, { faultCodes: codes });
    return f.value(text);
  };
  expect(any("has_fault('P02')", 'P0117, P0217')).toBe(1);
  expect(any("has_fault('P02')", 'P0117;XP02 U0100')).toBe(0);
  expect(any("has_fault('')", 'U0100')).toBe(1);
  expect(any("has_fault('')", '')).toBe(0);
  const f = fleetOf("has_fault('P02')");
  f.event(T0, {}, 0, { faultCodes: 'P0217' });
  f.event(T0 + S, { rpm: 1 });
  expect([f.value("has_fault('P02')"), f.value("has_fault('P02')", 1)]).toEqual([1, 0]);
  f.event(T0 + 2 * S, {}, 0, { faultCodes: '' });
  expect(f.value("has_fault('P02')")).toBe(0);
});
