import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BreakEventType, Breaks } from './breaks.ts';
import { MINUTE, S, stored, T0, testDeps } from './testing/drive.ts';

type Event = [second: number, type: BreakEventType];

/** Events of driver 1 in order of arrival, then the fleet's clock moves past them. `[start, end]` in s after T0. */
function violations(events: Event[]): number[][] {
  const breaks = new Breaks(testDeps());
  for (const [s, type] of events) breaks.driverEvent(1, 0, type, T0 + s * S);
  breaks.fleetWatermark(T0 + 1000 * MINUTE);
  return breaks.take().map((v) => [(v.startMs - T0) / S, (v.endMs - T0) / S]);
}

describe('a break', () => {
  test('shorter than 900 s is a violation, one of 900 s is not', () => {
    expect(
      violations([
        [0, 'break_start'],
        [899, 'break_end'],
      ]),
    ).toEqual([[0, 899]]);
    expect(
      violations([
        [0, 'break_start'],
        [900, 'break_end'],
      ]),
    ).toEqual([]);
  });

  test('whose events change places on the way is judged all the same', () => {
    expect(
      violations([
        [4, 'break_end'],
        [0, 'break_start'],
      ]),
    ).toEqual([[0, 4]]);
  });

  test('is judged once when its events come twice', () => {
    const start: Event = [0, 'break_start'];
    const end: Event = [4, 'break_end'];
    expect(violations([start, start, end, end])).toEqual([[0, 4]]);
  });

  test('whose start is missing tells nothing', () => {
    expect(
      violations([
        [0, 'break_end'],
        [60, 'driver_login'],
        [90, 'break_end'],
      ]),
    ).toEqual([]);
  });

  test('whose end is missing is begun anew by the next start', () => {
    expect(
      violations([
        [0, 'break_start'],
        [5000, 'break_start'],
        [5300, 'break_end'],
      ]),
    ).toEqual([[5000, 5300]]);
  });

  test('in which the driver logs out is none; a login changes nothing', () => {
    expect(
      violations([
        [0, 'break_start'],
        [60, 'driver_logout'],
        [70, 'break_end'],
      ]),
    ).toEqual([]);
    expect(
      violations([
        [0, 'break_start'],
        [60, 'driver_login'],
        [70, 'break_end'],
      ]),
    ).toEqual([[0, 70]]);
  });

  test('that ends when the next one starts: equal times count in order of arrival', () => {
    const events: Event[] = [
      [0, 'break_start'],
      [60, 'break_end'],
      [60, 'break_start'],
      [80, 'break_end'],
    ];
    expect(violations(events)).toEqual([
      [0, 60],
      [60, 80],
    ]);
  });
});

test('a row says whose break it was, where and what is allowed; without a driver there is none', () => {
  const breaks = new Breaks(testDeps({ minBreakS: 600 }));
  for (const driver of [0, 7]) {
    breaks.driverEvent(driver, 3, 'break_start', T0);
    breaks.driverEvent(driver, 4, 'break_end', T0 + MINUTE);
  }
  breaks.fleetWatermark(T0 + MINUTE);
  expect(breaks.take()).toEqual([
    {
      ...{ id: expect.stringMatching(/^[0-9a-f]{16}$/), driverId: 'd7', vehicleId: 'v3' },
      ...{ startMs: T0, endMs: T0 + MINUTE, allowedS: 600 },
    },
  ]);
});

describe('events wait', () => {
  test('until the driver clock is past them', () => {
    const breaks = new Breaks(testDeps());
    breaks.driverEvent(1, 0, 'break_start', T0);
    breaks.driverEvent(1, 0, 'break_end', T0 + MINUTE);
    breaks.driverEvent(2, 0, 'driver_login', T0 + 9 * MINUTE);
    breaks.driverEvent(1, 0, 'driver_login', T0 + MINUTE + 5 * S);
    expect(breaks.take()).toEqual([]);
    breaks.driverEvent(1, 0, 'driver_login', T0 + MINUTE + 5 * S + 1);
    expect(breaks.take()).toHaveLength(1);
  });

  test('until the fleet clock is past them, a driver bound longer than that of telemetry on top', () => {
    const breaks = new Breaks(testDeps({ driverBoundMs: 25 * S }));
    breaks.driverEvent(1, 0, 'break_start', T0);
    breaks.driverEvent(1, 0, 'break_end', T0 + S);
    breaks.fleetWatermark(T0 + 21 * S - 1);
    expect(breaks.take()).toEqual([]);
    breaks.fleetWatermark(T0 + 21 * S);
    expect(breaks.take()).toHaveLength(1);
  });

  test('and one older than what was judged of its driver is late, even when the fleet is far ahead', () => {
    const breaks = new Breaks(testDeps());
    breaks.fleetWatermark(T0 + 1000 * MINUTE);
    expect(breaks.driverEvent(1, 0, 'break_start', T0)).toBe(true);
    breaks.fleetWatermark(T0 + 1001 * MINUTE);
    expect(breaks.driverEvent(1, 0, 'break_end', T0 - 1)).toBe(false);
    expect(breaks.driverEvent(1, 0, 'break_end', T0)).toBe(true);
    breaks.fleetWatermark(T0 + 1002 * MINUTE);
    expect(breaks.take()).toMatchObject([{ startMs: T0, endMs: T0 }]);
  });
});

test('of very many that wait the oldest goes on without waiting further', () => {
  const breaks = new Breaks(testDeps());
  breaks.driverEvent(1, 0, 'break_start', T0);
  breaks.driverEvent(1, 0, 'break_end', T0 + S);
  for (let driver = 2; driver < 16_384; driver++) breaks.driverEvent(driver, 0, 'driver_login', T0 + 2 * S);
  expect(breaks.take()).toEqual([]);
  breaks.driverEvent(16_384, 0, 'driver_login', T0 + 2 * S);
  breaks.driverEvent(16_385, 0, 'driver_login', T0 + 2 * S);
  expect(breaks.take()).toHaveLength(1);
});

const TYPES = ['break_start', 'break_start', 'break_end', 'break_end', 'driver_login', 'driver_logout'] as const;
const shift = fc.array(
  fc.record({
    gapS: fc.constantFrom(1, 2, 3, 60, 800, 1000),
    driver: fc.integer({ min: 1, max: 2 }),
    type: fc.constantFrom(...TYPES),
    delayS: fc.constantFrom(0, 0, 0, 1, 4.9),
  }),
  { maxLength: 60, size: 'max' },
);

test('in any order within the bound, and stored anywhere, violations are the starts right before their ends', () => {
  fc.assert(
    fc.property(shift, fc.nat(60), (events, cut) => {
      let now = T0;
      const timed = events.map((e) => {
        now += e.gapS * S;
        return { ...e, timeMs: now };
      });
      const expected = [1, 2].flatMap((driver) => {
        const own = timed.filter((e) => e.driver === driver && e.type !== 'driver_login');
        const pairs = own.slice(1).map((end, i) => [own[i], end]);
        const short = pairs.filter(
          ([a, b]) => a.type === 'break_start' && b.type === 'break_end' && b.timeMs - a.timeMs < 900 * S,
        );
        return short.map(([a, b]) => [driver, a.timeMs, b.timeMs]);
      });
      const deps = testDeps();
      let breaks = new Breaks(deps);
      const found: ReturnType<Breaks['take']> = [];
      const arrived = timed.toSorted((a, b) => a.timeMs + a.delayS * S - (b.timeMs + b.delayS * S));
      arrived.forEach((e, i) => {
        if (i === cut) {
          const restored = new Breaks(deps);
          restored.restore(stored(breaks.arrays()));
          found.push(...breaks.take());
          breaks = restored;
        }
        expect(breaks.driverEvent(e.driver, 0, e.type, e.timeMs)).toBe(true);
        breaks.fleetWatermark(e.timeMs + e.delayS * S - 5001);
      });
      breaks.fleetWatermark(now);
      const all = [...found, ...breaks.take()].map((v) => [Number(v.driverId.slice(1)), v.startMs, v.endMs]);
      expect(all.sort(byDriver)).toEqual(expected.sort(byDriver));
    }),
  );
});

const byDriver = (a: number[], b: number[]): number => a[0] - b[0] || a[1] - b[1];
