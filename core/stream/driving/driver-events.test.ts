import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HARSH, type Step } from '../step.ts';
import { DriverEvents } from './driver-events.ts';
import { SpeedingTiers } from './speeding.ts';
import { MINUTE, S, type Said, StepMaker, someSteps, stored, T0, testDeps } from './testing/drive.ts';

function setup() {
  const harsh: unknown[][] = [];
  const events = new DriverEvents(testDeps(), new SpeedingTiers(), (driver, startMs, kind, severe) =>
    harsh.push([driver, (startMs - T0) / S, kind, severe]),
  );
  const maker = new StepMaker();
  const fix = (s: number, said: Said): boolean =>
    events.step(maker.step(0, T0 + s * S, { driver: 1, trip: 4, speedKmph: 50, ...said }));
  /** `[kind, severity, start, end, peak]` */
  const rows = (): unknown[][] =>
    events.take().map((e) => [e.kind, e.severity, (e.startMs - T0) / S, (e.endMs - T0) / S, e.peak]);
  return { events, fix, rows, harsh, maker };
}

describe('harsh events', () => {
  test('less than 2 s apart are one, with the kind of the strongest fix and severe when one was', () => {
    const { fix, rows, harsh } = setup();
    expect(fix(0, { harsh: HARSH.corner, harshMps2: 4 })).toBe(true);
    expect(fix(1, { harsh: HARSH.brake | HARSH.severe, harshMps2: 6 })).toBe(false);
    expect(fix(2.9, { harsh: HARSH.acceleration, harshMps2: 5 })).toBe(false);
    expect(fix(4.8, {})).toBe(false);
    expect(rows()).toEqual([]);
    fix(4.9, {});
    expect(rows()).toEqual([['harsh-brake', 'severe', 0, 2.9, 6]]);
    expect(harsh).toEqual([[1, 0, 'harsh-brake', true]]);
  });

  test('2 s apart are two', () => {
    const { fix, rows, events } = setup();
    expect(fix(0, { harsh: HARSH.acceleration, harshMps2: 4 })).toBe(true);
    expect(fix(2, { harsh: HARSH.corner, harshMps2: 5 })).toBe(true);
    events.idle(0);
    expect(rows()).toEqual([
      ['harsh-acceleration', 'minor', 0, 0, 4],
      ['harsh-corner', 'minor', 2, 2, 5],
    ]);
  });

  test('of a vehicle without a driver are told of, but nobody is charged', () => {
    const { fix, rows, harsh, events } = setup();
    expect(fix(0, { driver: 0, harsh: HARSH.brake, harshMps2: 4 })).toBe(true);
    events.idle(0);
    expect([rows(), harsh]).toEqual([[], []]);
  });
});

describe('an episode of speeding', () => {
  test('runs from the minor tier to the first of 10 s at or under the limit; worst tier, peak', () => {
    const { fix, rows } = setup();
    fix(0, { speedKmph: 85 });
    fix(1, { speedKmph: 90 });
    fix(2, { speedKmph: 104 });
    fix(3, { speedKmph: 79 });
    fix(12, { speedKmph: 81 });
    fix(13, { speedKmph: 80 });
    fix(22.9, { speedKmph: 80 });
    expect(rows()).toEqual([]);
    fix(23, { speedKmph: 80 });
    expect(rows()).toEqual([['speeding', 'major', 1, 13, 104]]);
  });

  test.each([
    ['the driver', { driver: 2 }],
    ['the trip', { trip: 5 }],
  ])('ends with %s; the next one begins at once', (_, change) => {
    const { fix, rows, events } = setup();
    fix(0, { speedKmph: 120 });
    fix(1, { speedKmph: 95 });
    fix(2, { speedKmph: 95, ...change });
    events.idle(0);
    expect(rows()).toEqual([
      ['speeding', 'severe', 0, 1, 120],
      ['speeding', 'minor', 2, 2, 95],
    ]);
  });

  test('ends at its last fix before a gap of more than ten minutes; a status message can tell of one', () => {
    const { fix, rows } = setup();
    fix(0, { speedKmph: 95 });
    fix(600, { speedKmph: 95 });
    expect(rows()).toEqual([]);
    fix(1201, { fix: false });
    expect(rows()).toEqual([['speeding', 'minor', 0, 600, 95]]);
  });

  test('goes on over a fix without a speed', () => {
    const { fix, rows, events } = setup();
    fix(0, { speedKmph: 95 });
    fix(30, { speedKmph: Number.NaN });
    fix(60, { speedKmph: 95 });
    events.idle(0);
    expect(rows()).toEqual([['speeding', 'minor', 0, 60, 95]]);
  });
});

test('a row says who, with what, on which trip and where it began; stored and restored it is the same', () => {
  const { events, maker, fix } = setup();
  fix(0, { speedKmph: 95, lat: 48.5, lon: 9.25 });
  const restored = new DriverEvents(testDeps(), new SpeedingTiers(), () => {});
  restored.restore(1, stored(events.arrays(1)), structuredClone(events.serialize()));
  const last = maker.step(0, T0 + MINUTE, { driver: 1, trip: 4, speedKmph: 130, lat: 48.6, lon: 9.3 });
  for (const each of [events, restored]) {
    each.step(last);
    each.idle(0);
    expect(each.take()).toEqual([
      {
        ...{ id: expect.stringMatching(/^[0-9a-f]{16}$/), driverId: 'd1', vehicleId: 'v0', tripId: 't4' },
        ...{ kind: 'speeding', severity: 'severe', startMs: T0, endMs: T0 + MINUTE, peak: 130, lat: 48.5, lon: 9.25 },
      },
    ]);
  }
});

/** Steps of one vehicle, cut where the driver or the trip changes or a gap is too long. */
function stretches(steps: Step[]): Step[][] {
  const found: Step[][] = [];
  for (const step of steps) {
    const last = found.at(-1)?.at(-1);
    if (last && last.driver === step.driver && last.trip === step.trip && step.gapMs <= 600_000)
      found.at(-1)!.push(step);
    else found.push([step]);
  }
  return found;
}

function slowSpeeding(stretch: Step[]): number[][] {
  const fixes = stretch.filter((s) => s.fix && !Number.isNaN(s.speedKmph));
  const found: number[][] = [];
  for (let from = fixes.findIndex((f) => f.speedKmph > 89.6); from >= 0; ) {
    // The first fix that looks back on 10 s without a fix over the limit.
    const over = (i: number): number => fixes.slice(0, i + 1).findLastIndex((f) => f.speedKmph > 80);
    const slow = fixes.findIndex((f, i) => i > from && over(i) < i && f.timeMs - fixes[over(i) + 1].timeMs >= 10_000);
    const lastOver = over(slow < 0 ? fixes.length - 1 : slow);
    const peak = Math.max(...fixes.slice(from, lastOver + 1).map((f) => f.speedKmph));
    found.push([fixes[from].timeMs, (fixes[lastOver + 1] ?? fixes[lastOver]).timeMs, peak]);
    from = slow < 0 ? -1 : fixes.findIndex((f, i) => i > slow && f.speedKmph > 89.6);
  }
  return found;
}

function slowHarsh(stretch: Step[]): number[][] {
  const harsh = stretch.filter((s) => s.harsh !== 0);
  const starts = harsh.filter((s, i) => i === 0 || s.timeMs - harsh[i - 1].timeMs >= 2000);
  return starts.map((start, i) => {
    const own = harsh.filter((s) => s.timeMs >= start.timeMs && s.timeMs < (starts[i + 1]?.timeMs ?? Infinity));
    return [start.timeMs, own.at(-1)!.timeMs, Math.max(...own.map((s) => s.harshMps2))];
  });
}

test('over random streams events are what a look at all steps gives', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const events = new DriverEvents(testDeps(), new SpeedingTiers(), () => {});
      let begun = 0;
      for (const step of steps) if (events.step(step)) begun++;
      for (const slot of [0, 1, 2]) events.idle(slot);
      const got = events.take();
      let harshAll = 0;
      for (const slot of [0, 1, 2]) {
        const all = stretches(steps.filter((s) => s.slot === slot));
        harshAll += all.flatMap(slowHarsh).length;
        const driven = all.filter((stretch) => stretch[0].driver !== 0);
        const own = got.filter((e) => e.vehicleId === `v${slot}`);
        const speeding = own.filter((e) => e.kind === 'speeding').map((e) => [e.startMs, e.endMs, e.peak]);
        expect(speeding).toEqual(driven.flatMap(slowSpeeding));
        const harsh = own.filter((e) => e.kind !== 'speeding').map((e) => [e.startMs, e.endMs, e.peak]);
        expect(harsh).toEqual(driven.flatMap(slowHarsh));
      }
      expect(begun).toBe(harshAll);
    }),
  );
});
