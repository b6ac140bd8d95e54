import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UTILISATION_COLUMNS } from '../../model/stream-outputs.ts';
import type { Step } from '../step.ts';
import { HOUR, rowsOf, S, StepMaker, someSteps, stored, T0, testDeps } from './testing/drive.ts';
import { FleetUtilisation } from './utilisation.ts';

/** `[end in s after T0, active, idle, offline]` */
const rows = (fleet: FleetUtilisation) =>
  rowsOf(fleet.take(), UTILISATION_COLUMNS).map((r) => [(r.end_ms - T0) / S, r.active, r.idle, r.offline]);

function setup() {
  const fleet = new FleetUtilisation(testDeps());
  const maker = new StepMaker();
  const fix = (slot: number, s: number, speedKmph: number): void =>
    fleet.step(maker.step(slot, T0 + s * S, { speedKmph }));
  return { fleet, fix };
}

describe('by hand', () => {
  test('a vehicle counts in five windows, by its latest fix in each', () => {
    const { fleet, fix } = setup();
    fix(0, 0, 50);
    fix(1, 1, 0);
    fix(0, 2, 5);
    fix(0, 2.5, 6);
    fleet.fleetWatermark(T0 + 20 * S);
    expect(rows(fleet)).toEqual([
      [1, 1, 0, 0],
      [2, 1, 1, 0],
      [3, 1, 1, 0],
      [4, 1, 1, 0],
      [5, 1, 1, 0],
      [6, 1, 1, 0],
      [7, 1, 0, 1],
    ]);
  });

  test('a window is given out when the fleet clock has reached its last instant', () => {
    const { fleet, fix } = setup();
    fix(0, 0, 50);
    fleet.fleetWatermark(T0 + 998);
    expect(rows(fleet)).toEqual([]);
    fleet.fleetWatermark(T0 + 999);
    expect(rows(fleet)).toEqual([[1, 1, 0, 0]]);
    fleet.fleetWatermark(T0 + 999);
    expect(rows(fleet)).toEqual([]);
  });

  test('a vehicle without a known speed is neither active nor idle, and not offline', () => {
    const { fleet, fix } = setup();
    fix(0, 0, Number.NaN);
    fix(1, 0, 9);
    fleet.fleetWatermark(T0 + S);
    expect(rows(fleet)).toEqual([[1, 1, 0, 0]]);
  });

  test('a fix behind the fleet clock counts in the windows still to come', () => {
    const { fleet, fix } = setup();
    fix(0, 0, 50);
    fleet.fleetWatermark(T0 + 3 * S);
    fix(1, 1, 50);
    fix(2, -10, 50);
    fleet.fleetWatermark(T0 + 9 * S);
    expect(rows(fleet).slice(3)).toEqual([
      [4, 2, 0, 1],
      [5, 2, 0, 1],
      [6, 1, 0, 2],
    ]);
  });

  test('vehicles far ahead of the fleet clock are held; further than 36 h they are left out', () => {
    const { fleet, fix } = setup();
    fix(0, 0, 50);
    fix(1, 20 * 3600, 50);
    fix(2, 40 * 3600, 50);
    expect(fleet.leftOut).toBe(1);
    fleet.fleetWatermark(T0 + 30 * HOUR);
    expect(rows(fleet).filter(([end]) => end > 10)).toEqual([1, 2, 3, 4, 5].map((s) => [20 * 3600 + s, 1, 0, 1]));
  });
});

/** Windows with a vehicle heard, looked up in all fixes. */
function slowWindows(steps: Step[]): number[][] {
  const fixes = steps.filter((s) => s.fix);
  const ends = new Set(fixes.flatMap((f) => [1, 2, 3, 4, 5].map((s) => Math.floor(f.timeMs / S) + s)));
  return [...ends]
    .sort((a, b) => a - b)
    .map((end) => {
      const known = new Set(fixes.filter((f) => f.timeMs < end * S).map((f) => f.slot));
      const latest = new Map<number, Step>();
      for (const f of fixes) if (f.timeMs < end * S && f.timeMs >= (end - 5) * S) latest.set(f.slot, f);
      const speeds = [...latest.values()].map((f) => f.speedKmph);
      const active = speeds.filter((v) => v > 5).length;
      const idle = speeds.filter((v) => v <= 5).length;
      return [end - T0 / S, active, idle, known.size - latest.size];
    });
}

test('however the clock moves and wherever it is stored, windows are what a look at all fixes gives', () => {
  fc.assert(
    fc.property(someSteps, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }), (steps, choices) => {
      const deps = testDeps();
      let fleet = new FleetUtilisation(deps);
      const found: number[][] = [];
      const inOrder = steps.toSorted((a, b) => a.timeMs - b.timeMs);
      inOrder.forEach((step, i) => {
        const choice = choices[i % choices.length];
        if (choice === 1) fleet.fleetWatermark(step.timeMs - 1);
        if (choice === 2) fleet.fleetWatermark(step.timeMs - 3500);
        if (choice === 3) {
          found.push(...rows(fleet));
          const restored = new FleetUtilisation(deps);
          restored.restore(3, stored(fleet.arrays(3)));
          fleet = restored;
        }
        fleet.step(step);
      });
      fleet.fleetWatermark(T0 + 1000 * HOUR);
      expect(fleet.leftOut).toBe(0);
      expect([...found, ...rows(fleet)]).toEqual(slowWindows(inOrder));
    }),
  );
});
