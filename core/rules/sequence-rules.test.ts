import { describe, expect, test } from 'vitest';
import { alertState } from '../model/alerts.ts';
import { RuleFleet, rulePack, type SignalValues } from './testing/rule-fleet.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;

type Message = readonly [second: number, values: SignalValues];

/** Raises and ends, with their seconds. */
function run(fleet: RuleFleet, messages: readonly Message[]): string[] {
  for (const [second, values] of messages) fleet.message(T0 + second * S, values);
  return said(fleet);
}

function said(fleet: RuleFleet): string[] {
  return fleet.take().transitions.map((t) => `${t.kind} ${(t.atMs - T0) / S}`);
}

const CRASH = rulePack({
  sequence: [
    { is: 'accel_g_x > 2.5', name: 'impact' },
    { is: 'speed_kmph < 5', name: 'standstill' },
  ],
  within: '10s',
  message: 'Impact of {accel_g_x} g',
});

describe('things in order', () => {
  test('an impact and a standstill within 10 s are a crash: the onset is the first, the raise the last', () => {
    const f = new RuleFleet(CRASH);
    const messages: Message[] = [
      [0, { speed_kmph: 80, accel_g_x: 0.1 }],
      [1, { accel_g_x: 3 }],
      [2, { accel_g_x: 0.5, speed_kmph: 40 }],
      [5, { speed_kmph: 0 }],
    ];
    expect(run(f, messages)).toEqual(['raised 5']);
    const [alert] = f.book.openAlerts();
    expect(alert).toMatchObject({ onsetMs: T0 + S, raisedMs: T0 + 5 * S, latched: true });
    expect(alertState(alert)).toBe('unacknowledged');
    f.book.acknowledge(alert.id, 'kim', T0 + 6 * S);
    expect(f.book.openCount).toBe(0);
  });

  test('within is less than that long', () => {
    const standing = (second: number): string[] =>
      run(new RuleFleet(CRASH), [
        [0, { accel_g_x: 3, speed_kmph: 50 }],
        [1, { accel_g_x: 0 }],
        [second, { speed_kmph: 0 }],
      ]);
    expect(standing(9)).toEqual(['raised 9']);
    expect(standing(10)).toEqual([]);
  });

  test('one message is one step: it cannot be the first and the second', () => {
    expect(run(new RuleFleet(CRASH), [[0, { accel_g_x: 3, speed_kmph: 0 }]])).toEqual([]);
    expect(
      run(new RuleFleet(CRASH), [
        [0, { accel_g_x: 3, speed_kmph: 0 }],
        [1, {}],
      ]),
    ).toEqual(['raised 1']);
  });

  test('messages of one time keep their order', () => {
    const at0: Message[] = [
      [0, { accel_g_x: 3, speed_kmph: 50 }],
      [0, { accel_g_x: 0 }],
      [0, { speed_kmph: 0 }],
    ];
    expect(run(new RuleFleet(CRASH), at0)).toEqual(['raised 0']);
    expect(run(new RuleFleet(CRASH), [at0[2], at0[1], [0, { accel_g_x: 3 }]])).toEqual([]);
  });

  test('vehicles are apart', () => {
    const f = new RuleFleet(CRASH, 2);
    f.message(T0, { accel_g_x: 3, speed_kmph: 50 }, 0);
    f.message(T0 + S, { accel_g_x: 0, speed_kmph: 0 }, 1);
    expect(said(f)).toEqual([]);
  });

  test('until somebody has acknowledged it, the same again belongs to the same alert', () => {
    const f = new RuleFleet(CRASH);
    const crash = (from: number): Message[] => [
      [from, { accel_g_x: 3, speed_kmph: 50 }],
      [from + 1, { accel_g_x: 0, speed_kmph: 0 }],
    ];
    expect(run(f, [...crash(0), ...crash(20)])).toEqual(['raised 1', 'repeated 21']);
    f.book.acknowledge(f.book.openAlerts()[0].id, 'kim', T0 + 30 * S);
    expect(run(f, crash(40))).toEqual(['acknowledged 30', 'raised 41']);
  });

  test('a first step that stays true begins with every message', () => {
    const f = new RuleFleet(
      rulePack({ sequence: [{ is: 'ignition' }, { is: 'doors_open' }], within: '5s', until: '!ignition' }),
    );
    const messages: Message[] = [[0, { ignition: true, doors_open: false }]];
    for (let s = 1; s < 60; s++) messages.push([s, { rpm: s }]);
    expect(run(f, [...messages, [60, { doors_open: true }]])).toEqual(['raised 60']);
    expect(f.book.openAlerts()[0].onsetMs).toBe(T0 + 55 * S + S);
  });
});

describe('times and directly', () => {
  const harsh = (times: number): string => rulePack({ sequence: [{ is: 'accel_mps2 < -3', times }], within: '60s' });

  test('so many messages make a step, with others between them', () => {
    const messages: Message[] = [-4, 0, -4, 1, -5].map((accel_mps2, i) => [i * 10, { accel_mps2 }]);
    expect(run(new RuleFleet(harsh(3)), messages)).toEqual(['raised 40']);
    expect(run(new RuleFleet(harsh(4)), messages)).toEqual([]);
  });

  test('they must fit into the time', () => {
    const messages: Message[] = [-4, -4, -4, -4].map((accel_mps2, i) => [i * 30, { accel_mps2 }]);
    expect(run(new RuleFleet(harsh(3)), messages)).toEqual([]);
    expect(run(new RuleFleet(harsh(2)), messages)).toEqual(['raised 30', 'repeated 90']);
  });

  test('directly is the very next message', () => {
    const pack = rulePack({ sequence: [{ is: 'ignition' }, { is: '!ignition', directly: true }], within: '1m' });
    expect(
      run(new RuleFleet(pack), [
        [0, { ignition: true }],
        [1, { ignition: false }],
      ]),
    ).toEqual(['raised 1']);
    const between: Message[] = [
      [0, { ignition: true }],
      [1, { ignition: undefined }],
      [2, { ignition: false }],
    ];
    expect(run(new RuleFleet(pack), between)).toEqual([]);
  });
});

describe('what must not come', () => {
  const REFUEL = rulePack({
    sequence: [{ is: 'fuel_pct < 10' }, { not: 'fuel_pct > 50' }, { is: 'speed_kmph > 80' }],
    within: '10m',
  });

  test('in the middle breaks the sequence', () => {
    const empty: Message = [0, { fuel_pct: 5, speed_kmph: 0 }];
    const fast: Message = [60, { speed_kmph: 90 }];
    expect(run(new RuleFleet(REFUEL), [empty, fast])).toEqual(['raised 60']);
    expect(run(new RuleFleet(REFUEL), [empty, [30, { fuel_pct: 90 }], [31, { fuel_pct: 40 }], fast])).toEqual([]);
  });

  const NO_ANSWER = rulePack({ sequence: [{ is: 'ignition' }, { not: 'speed_kmph > 0' }], within: '60s' });

  test('at the end: when the time is over and it has not come, with the next message', () => {
    const f = new RuleFleet(NO_ANSWER);
    expect(
      run(f, [
        [0, { ignition: true, speed_kmph: 0 }],
        [1, { ignition: false }],
        [59, { rpm: 1 }],
      ]),
    ).toEqual([]);
    expect(run(f, [[61, { rpm: 2 }]])).toEqual(['raised 61']);
    expect(f.book.openAlerts()[0].onsetMs).toBe(T0);
  });

  test('at the end: it came', () => {
    const f = new RuleFleet(NO_ANSWER);
    const messages: Message[] = [
      [0, { ignition: true, speed_kmph: 0 }],
      [1, { ignition: false }],
      [30, { speed_kmph: 9 }],
      [90, { rpm: 1 }],
    ];
    expect(run(f, messages)).toEqual([]);
  });

  test('at the end: nothing comes at all, which ticks tell 3 s later', () => {
    const f = new RuleFleet(NO_ANSWER);
    run(f, [
      [0, { ignition: true, speed_kmph: 0 }],
      [1, { ignition: false }],
    ]);
    for (let s = 2; s <= 62; s++) f.tickAll(T0 + s * S, s, [s - 1]);
    expect(said(f)).toEqual([]);
    f.tickAll(T0 + 63 * S, 63, [62]);
    expect(said(f)).toEqual(['raised 60']);
  });

  test('a vehicle that goes on sending is not silent: its own clock counts', () => {
    const f = new RuleFleet(NO_ANSWER);
    run(f, [
      [0, { ignition: true, speed_kmph: 0 }],
      [1, { ignition: false }],
    ]);
    // A backlog: a minute of the room's time in which the vehicle's clock moves by five seconds.
    for (let s = 2; s <= 62; s++) {
      if (s % 12 === 0) f.message(T0 + (s / 12) * S, { rpm: s });
      f.tickAll(T0 + s * S, s, [s % 12 === 0 ? 0 : 1]);
    }
    expect(said(f)).toEqual([]);
  });
});

describe('with an end', () => {
  const pack = rulePack({
    sequence: [{ is: 'accel_g_x > 2.5' }, { is: 'speed_kmph < 5' }],
    within: '10s',
    until: 'speed_kmph > 20',
    cooldown: '1m',
  });
  const crash = (from: number): Message[] => [
    [from, { accel_g_x: 3, speed_kmph: 50 }],
    [from + 1, { accel_g_x: 0, speed_kmph: 0 }],
  ];

  test('until ends it; then it may happen again, but not within the cooldown', () => {
    const f = new RuleFleet(pack);
    expect(run(f, [...crash(0), [5, { speed_kmph: 3 }], [10, { speed_kmph: 30 }]])).toEqual(['raised 1', 'cleared 10']);
    expect(run(f, crash(20))).toEqual([]);
    expect(run(f, crash(120))).toEqual(['raised 121']);
  });

  test('what happens again while it goes on belongs to it', () => {
    const f = new RuleFleet(pack);
    // The speed before the second impact would end it.
    expect(run(f, [...crash(0), [5, { accel_g_x: 3 }], [6, { accel_g_x: 0 }]])).toEqual(['raised 1', 'repeated 6']);
  });

  test('a vehicle that goes offline makes it unknown', () => {
    const f = new RuleFleet(pack);
    run(f, crash(0));
    f.evaluator.silence(0, T0 + 600 * S);
    expect(said(f)).toEqual(['unknown 600']);
    expect(run(f, [[700, { rpm: 1 }]])).toEqual(['resumed 700']);
  });
});

describe('over time', () => {
  test('stored and restored between any two messages, the rest is the same', () => {
    const packs = [
      CRASH,
      rulePack({ sequence: [{ is: 'ignition', times: 3 }, { not: 'doors_open' }, { is: 'rpm > 5' }], within: '20s' }),
      rulePack({ sequence: [{ is: 'ignition' }, { not: 'rpm > 5' }], within: '4s', until: 'doors_open' }),
    ];
    const messages: Message[] = Array.from({ length: 40 }, (_, s) => [
      s,
      {
        accel_g_x: s % 7 === 0 ? 3 : 0,
        speed_kmph: s % 5 === 0 ? 2 : 60,
        ignition: s % 3 !== 0,
        doors_open: s % 11 === 0,
        rpm: s % 13,
      },
    ]);
    for (const pack of packs) {
      const whole = run(new RuleFleet(pack), messages);
      expect(whole.length).toBeGreaterThan(2);
      for (let at = 1; at < messages.length; at++) {
        const f = new RuleFleet(pack);
        const before = run(f, messages.slice(0, at));
        expect([...before, ...run(f.restored(pack), messages.slice(at))]).toEqual(whole);
      }
    }
  });

  test('other packs in force do not disturb a sequence that has begun, though its windows have other places', () => {
    const slow = { id: 'slow', sequence: [{ is: "avg(rpm, '5s') > 10" }, { is: 'ignition' }], within: '30s' };
    const f = new RuleFleet(rulePack({ id: 'a', when: "max(fuel_pct, '1m') > 1e6" }, slow));
    run(f, [[0, { rpm: 20, ignition: false }]]);
    f.putInForce(rulePack(slow, { id: 'b', when: 'prev(fuel_pct) > 1e6' }), T0 + S);
    expect(run(f, [[2, { ignition: true }]])).toEqual(['raised 2']);
  });

  test('a first step that comes true by time alone is not slept through', () => {
    const f = new RuleFleet(
      rulePack({ sequence: [{ is: 'held(ignition) >= 5' }, { is: 'doors_open' }], within: '10s' }),
    );
    const messages: Message[] = [[0, { ignition: true, doors_open: false }]];
    for (let s = 1; s < 8; s++) messages.push([s, { rpm: s }]);
    expect(run(f, [...messages, [8, { doors_open: true }]])).toEqual(['raised 8']);
    expect(f.book.openAlerts()[0].onsetMs).toBe(T0 + 5 * S);
  });
});
