import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BEHAVIOUR_COLUMNS } from '../../model/stream-outputs.ts';
import { ENGINE, HARSH, type Step } from '../step.ts';
import { BehaviourWindows } from './behaviour.ts';
import { MINUTE, rowsOf, S, type Said, StepMaker, someSteps, T0, testDeps } from './testing/drive.ts';

const rows = (windows: BehaviourWindows) => rowsOf(windows.take(), BEHAVIOUR_COLUMNS);

/** Fixes of driver 1 on a trip; `[second, what it says]`. */
function drive(windows: BehaviourWindows, fixes: [second: number, said: Said][]): void {
  const maker = new StepMaker();
  for (const [s, said] of fixes)
    windows.step(maker.step(0, T0 + s * S, { driver: 1, trip: 1, speedKmph: 50, ...said }));
}

describe('by hand', () => {
  test('one overspeeding fix is in the 15 windows that end 1 to 15 s after its second, as one run', () => {
    const windows = new BehaviourWindows(testDeps());
    drive(windows, [
      [0, { speedKmph: 81 }],
      [15, {}],
    ]);
    expect(rows(windows)).toEqual([]);
    drive(windows, [[16, {}]]);
    expect(rows(windows)).toEqual([
      ...[
        {
          key: 'd1',
          first_end_ms: T0 + S,
          last_end_ms: T0 + 15 * S,
          overspeed: 1,
          harsh_brake: 0,
          idling: 0,
          score: 2,
        },
      ],
    ]);
  });

  test('points: overspeed × 2 + harsh brake × 3 + idling × 1; a run ends where the counts change', () => {
    const windows = new BehaviourWindows(testDeps());
    drive(windows, [
      [0, { speedKmph: 90, harsh: HARSH.brake }],
      [3, { speedKmph: 0, engine: ENGINE.unknown }],
      [60, {}],
    ]);
    expect(rows(windows).map((r) => [(r.first_end_ms - T0) / S, (r.last_end_ms - T0) / S, r.score])).toEqual([
      [1, 3, 5],
      [4, 15, 6],
      [16, 18, 1],
    ]);
  });

  test('idling needs a trip and an engine that is not off; at the limit and at standing speed nothing counts', () => {
    const windows = new BehaviourWindows(testDeps());
    drive(windows, [
      [0, { speedKmph: 0, engine: ENGINE.off }],
      [1, { speedKmph: 0, trip: 0 }],
      [2, { speedKmph: 1 }],
      [3, { speedKmph: 80 }],
      [4, { speedKmph: 99, fix: false }],
      [5, { speedKmph: 99, driver: 0 }],
      [60, {}],
    ]);
    expect(rows(windows)).toEqual([]);
  });

  test('a run of the same counts is given out after 60 windows and goes on as another', () => {
    const windows = new BehaviourWindows(testDeps());
    drive(
      windows,
      Array.from({ length: 75 }, (_, s) => [s, { speedKmph: 100 }]),
    );
    const found = rows(windows).map((r) => [(r.first_end_ms - T0) / S, (r.last_end_ms - T0) / S, r.overspeed]);
    expect(found.slice(0, 2)).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(found.at(-1)).toEqual([15, 74, 15]);
  });

  test('no more than 255 fixes of a kind count in one second', () => {
    const windows = new BehaviourWindows(testDeps());
    const fixes = Array.from({ length: 300 }, (_, i): [number, Said] => [i / 1000, { speedKmph: 100 }]);
    drive(windows, [...fixes, [60, {}]]);
    expect(rows(windows).map((r) => r.overspeed)).toEqual([255]);
  });

  test('a fix of a second vehicle behind the clock counts in the windows still to come, or is left out', () => {
    const windows = new BehaviourWindows(testDeps());
    const maker = new StepMaker();
    const fix = (slot: number, s: number, speedKmph: number): void =>
      windows.step(maker.step(slot, T0 + s * S, { driver: 1, speedKmph }));
    fix(0, 20, 50);
    fix(1, 12, 100);
    fix(1, 5, 100);
    expect(windows.leftOut).toBe(1);
    fix(0, 60, 50);
    expect(rows(windows)).toMatchObject([{ first_end_ms: T0 + 21 * S, last_end_ms: T0 + 27 * S, overspeed: 1 }]);
  });

  test('ten minutes of the fleet clock later the last windows are given out', () => {
    const windows = new BehaviourWindows(testDeps());
    drive(windows, [[0, { speedKmph: 100 }]]);
    windows.fleetWatermark(T0 + 10 * MINUTE);
    expect(rows(windows)).toEqual([]);
    windows.fleetWatermark(T0 + 11 * MINUTE);
    expect(rows(windows)).toMatchObject([{ first_end_ms: T0 + S, last_end_ms: T0 + 15 * S, score: 2 }]);
  });
});

/** Score of the window that ends at `end` s, looked up in all fixes. */
function slowCounts(steps: Step[], driver: number, end: number): number[] {
  const fixes = steps.filter((s) => s.fix && s.driver === driver && s.timeMs < end * S && s.timeMs >= (end - 15) * S);
  const overspeed = fixes.filter((f) => f.speedKmph > 80).length;
  const brakes = fixes.filter((f) => (f.harsh & HARSH.brake) !== 0).length;
  const idling = fixes.filter((f) => f.speedKmph < 1 && f.engine !== ENGINE.off && f.trip !== 0).length;
  return [overspeed, brakes, idling, overspeed * 2 + brakes * 3 + idling];
}

test('every window of every driver is what a look at all fixes gives', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const windows = new BehaviourWindows(testDeps());
      for (const step of steps) windows.step(step);
      windows.fleetWatermark(T0 + 10_000 * MINUTE);
      const got = new Map<string, number[]>();
      for (const r of rows(windows)) {
        expect(r.last_end_ms - r.first_end_ms).toBeLessThan(60 * S);
        for (let end = r.first_end_ms / S; end <= r.last_end_ms / S; end++) {
          expect(got.has(`${r.key} ${end}`)).toBe(false);
          got.set(`${r.key} ${end}`, [r.overspeed, r.harsh_brake, r.idling, r.score]);
        }
      }
      const expected = new Map<string, number[]>();
      for (const driver of new Set(steps.map((s) => s.driver).filter((d) => d > 0))) {
        const seconds = new Set(steps.filter((s) => s.driver === driver).map((s) => Math.floor(s.timeMs / S)));
        for (const end of new Set([...seconds].flatMap((s) => Array.from({ length: 15 }, (_, i) => s + 1 + i)))) {
          const counts = slowCounts(steps, driver, end);
          if (counts[3] > 0) expected.set(`d${driver} ${end}`, counts);
        }
      }
      expect(Object.fromEntries(got)).toEqual(Object.fromEntries(expected));
    }),
  );
});
