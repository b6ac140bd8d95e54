import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOVEMENT } from '../../model/movement.ts';
import { DRIVER_PANE_COLUMNS } from '../../model/stream-outputs.ts';
import { ENGINE, type Step } from '../step.ts';
import { DriverPanes, PANE_MS } from './driver-panes.ts';
import { SpeedingTiers } from './speeding.ts';
import { kept, rowsOf, S, type Said, StepMaker, someSteps, T0, testDeps } from './testing/drive.ts';

const newPanes = (): DriverPanes => new DriverPanes(testDeps(), new SpeedingTiers());
const rows = (panes: DriverPanes) => rowsOf(panes.take(), DRIVER_PANE_COLUMNS);

function setup() {
  const panes = newPanes();
  const maker = new StepMaker();
  const fix = (s: number, said: Said = {}, slot = 0): void =>
    panes.step(maker.step(slot, T0 + s * S, { driver: 1, speedKmph: 60, ...said }));
  return { panes, fix };
}

describe('by hand', () => {
  test('driving, idling, distance and speeding of one pane', () => {
    const { panes, fix } = setup();
    fix(0);
    fix(10, { legM: 150 });
    fix(20, { legM: 250, speedKmph: 95 });
    fix(24, { legM: 100, speedKmph: 101 });
    fix(30, { legM: 100, speedKmph: 101 });
    fix(35, { legM: 50, speedKmph: 0 });
    fix(50, { speedKmph: 0 });
    fix(55, { speedKmph: 0, engine: ENGINE.off });
    fix(58);
    panes.harsh(1, T0 + 35 * S, 'harsh-brake', true);
    panes.harsh(1, T0 + 40 * S, 'harsh-corner', false);
    panes.harsh(1, T0 + 45 * S, 'harsh-acceleration', false);
    panes.idle(0);
    expect(rows(panes)).toEqual([
      {
        ...{ key: 'd1', start_ms: T0, distance_m: 650, driving_ms: 35 * S, idling_ms: 20 * S },
        ...{ speeding_minor_ms: 4 * S, speeding_major_ms: 6 * S, speeding_severe_ms: 0 },
        ...{ harsh_brakes: 1, harsh_accelerations: 1, harsh_corners: 1, severe_events: 1 },
      },
    ]);
  });

  test('time over the end of a pane is split, distance is of the pane it leads to', () => {
    const { panes, fix } = setup();
    fix(590);
    fix(615, { legM: 400 });
    expect(rows(panes)).toMatchObject([
      { start_ms: T0, driving_ms: 10 * S, distance_m: 0 },
      { start_ms: T0 + PANE_MS, driving_ms: 15 * S, distance_m: 400 },
    ]);
  });

  test('rows come with the full minutes of the driver clock in which something changed', () => {
    const { panes, fix } = setup();
    for (const s of [0, 20, 40, 59.999]) fix(s);
    expect(rows(panes)).toEqual([]);
    fix(60);
    expect(rows(panes)).toMatchObject([{ driving_ms: 60 * S }]);
    fix(70, { speedKmph: 0, engine: ENGINE.off });
    fix(80, { speedKmph: 0, engine: ENGINE.off });
    fix(121, { speedKmph: 0, engine: ENGINE.off });
    fix(181, { speedKmph: 0, engine: ENGINE.off });
    expect(rows(panes)).toMatchObject([{ driving_ms: 70 * S }]);
  });

  test('a second vehicle adds to the pane before the newest; to an older one it comes too late', () => {
    const { panes, fix } = setup();
    fix(0);
    fix(30);
    fix(10, {}, 1);
    fix(650);
    rows(panes);
    fix(25, { legM: 70 }, 1);
    expect(panes.leftOut).toBe(0);
    fix(1250);
    expect(rows(panes)).toMatchObject([{ start_ms: T0, driving_ms: (30 + 15) * S, distance_m: 70 }, {}, {}]);
    fix(28, { legM: 5 }, 1);
    expect(panes.leftOut).toBe(1);
  });

  test('what lies before a driver took over, or in a gap over ten minutes, is nobody’s', () => {
    const { panes, fix } = setup();
    fix(0);
    fix(10, { driver: 2, legM: 100 });
    fix(20, { driver: 0, legM: 100 });
    fix(30, { driver: 2, legM: 100 });
    fix(40, { driver: 2, legM: 100 });
    fix(641, { driver: 2, legM: 100 });
    panes.idle(0);
    const found = rows(panes);
    expect(found).toMatchObject([{ key: 'd2', start_ms: T0, distance_m: 100, driving_ms: 10 * S }]);
  });
});

/** How much of [fromMs, toMs) lies in a pane. */
const inPane = (start: number, fromMs: number, toMs: number): number =>
  Math.max(0, Math.min(toMs, start + PANE_MS) - Math.max(fromMs, start));

function slowPane(steps: Step[], driver: number, start: number) {
  const pane = {
    distance_m: 0,
    driving_ms: 0,
    idling_ms: 0,
    speeding_minor_ms: 0,
    speeding_major_ms: 0,
    speeding_severe_ms: 0,
  };
  const before = new Map<number, Step>();
  for (const step of steps) {
    const last = before.get(step.slot);
    before.set(step.slot, step);
    if (step.driver !== driver || last?.driver !== driver || step.gapMs > 600_000) continue;
    const ms = inPane(start, last.timeMs, step.timeMs);
    if (last.movement === MOVEMENT.moving) pane.driving_ms += ms;
    if (last.movement === MOVEMENT.idling) pane.idling_ms += ms;
    if (!step.fix || !(step.fixGapMs <= 600_000) || Math.floor(step.timeMs / PANE_MS) * PANE_MS !== start) continue;
    pane.distance_m += step.legM;
    const slower = Math.min(step.speedKmph, step.prevSpeedKmph);
    if (slower > 112) pane.speeding_severe_ms += step.fixGapMs;
    else if (slower > 100) pane.speeding_major_ms += step.fixGapMs;
    else if (slower > 89.6) pane.speeding_minor_ms += step.fixGapMs;
  }
  return pane;
}

test('over random streams every pane is what a look at all steps gives', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const panes = newPanes();
      for (const step of steps) panes.step(step);
      for (const slot of [0, 1, 2]) panes.idle(slot);
      const got = kept(panes.take(), DRIVER_PANE_COLUMNS, 'start_ms');
      const drivers = new Set(steps.map((s) => s.driver).filter((d) => d > 0));
      const starts = new Set(steps.flatMap((s) => [0, 1].map((i) => (Math.floor(s.timeMs / PANE_MS) - i) * PANE_MS)));
      for (const driver of drivers) {
        for (const start of starts) {
          const { distance_m, ...expected } = slowPane(steps, driver, start);
          const row = got.get(`d${driver} ${start}`);
          if (row) expect(row).toMatchObject(expected);
          else expect(Object.values(expected)).toEqual([0, 0, 0, 0, 0]);
          expect(row?.distance_m ?? 0).toBeCloseTo(distance_m, 6);
        }
      }
      expect(panes.leftOut).toBe(0);
    }),
  );
});
