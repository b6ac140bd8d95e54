import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOVEMENT } from '../model/movement.ts';
import { DEFAULT_SETTINGS } from '../model/stream-settings.ts';
import { COLUMN } from './columns.ts';
import { FleetState, type StateArray } from './fleet-state.ts';
import { Lanes } from './lanes.ts';
import type { StepConsumer } from './step.ts';

interface Seen {
  slot: number;
  timeMs: number;
  speedKmph: number;
  gapMs: number;
  legM: number;
}

const BASE = Date.UTC(2026, 0, 1);

function make(boundMs = 5000, releaseEveryMs = 1) {
  const state = new FleetState();
  state.use(3, BASE);
  const steps: Seen[] = [];
  const idles: number[] = [];
  const watermarks: [slot: number, ms: number][] = [];
  const settings = { ...DEFAULT_SETTINGS, telemetryBoundMs: boundMs };
  const consumer: StepConsumer = {
    step: (s) => steps.push({ slot: s.slot, timeMs: s.timeMs, speedKmph: s.speedKmph, gapMs: s.gapMs, legM: s.legM }),
    watermark: (slot, ms) => watermarks.push([slot, ms - BASE]),
    idle: (slot) => idles.push(slot),
  };
  const lanes = new Lanes(
    state,
    () => settings,
    consumer,
    () => {},
    releaseEveryMs,
  );
  const fix = (slot: number, s: number, speedKmph = 50, lat = 52, lon = 13): boolean =>
    lanes.telemetry(slot, BASE + s * 1000, lat, lon, speedKmph, 1, 1);
  return { state, lanes, steps, idles, watermarks, fix };
}

function copyOf(from: Lanes, into: Lanes): void {
  const stored = new Map<string, StateArray>(from.arrays(4).map(([name, array]) => [name, array.slice()]));
  into.restore(4, (name) => stored.get(name));
}

describe('lanes', () => {
  it('gives messages out in order of event time once the watermark has passed them', () => {
    const { steps, fix } = make();
    for (const s of [0, 2, 1, 5]) fix(0, s);
    expect(steps).toEqual([]);
    fix(0, 6.001);
    expect(steps.map((s) => s.timeMs - BASE)).toEqual([0, 1000]);
    expect(steps[1].gapMs).toBe(1000);
  });

  it('row 34: keeps journal order among equal times', () => {
    const { steps, fix } = make();
    for (const speed of [1, 2, 3]) fix(0, 1, speed);
    fix(0, 0, 9);
    fix(0, 60);
    expect(steps.map((s) => s.speedKmph)).toEqual([9, 1, 2, 3]);
  });

  it('refuses what comes behind the watermark, and only that', () => {
    const { fix } = make();
    expect(fix(0, 100)).toBe(true);
    expect(fix(0, 95)).toBe(true);
    expect(fix(0, 94.999)).toBe(false);
  });

  it('gives every vehicle a clock of its own: one that drains a backlog is not late', () => {
    const { fix } = make();
    fix(0, 1000);
    expect(fix(1, 10)).toBe(true);
  });

  it('lets go what waits when nothing is heard any more, once', () => {
    const { lanes, steps, idles, fix } = make();
    fix(0, 1);
    fix(0, 2);
    lanes.silent(0);
    lanes.silent(0);
    expect(steps).toHaveLength(2);
    expect(idles).toEqual([0]);
    expect(fix(0, 1.5)).toBe(false);
    expect(fix(0, 3)).toBe(true);
    lanes.silent(0);
    expect(idles).toEqual([0, 0]);
  });

  it('lets status messages move the clock of a vehicle without telemetry, a minute behind', () => {
    const { state, lanes, steps, fix } = make();
    fix(0, 0);
    state.values[COLUMN.ignition][0] = 0;
    lanes.status(0, BASE + 30_000, 0, 0);
    lanes.status(0, BASE + 70_000, 0, 0);
    expect(steps.map((s) => s.timeMs - BASE)).toEqual([0]);
    expect(fix(0, 20)).toBe(true);
    lanes.status(0, BASE + 140_000, 0, 0);
    expect(steps.map((s) => s.timeMs - BASE)).toEqual([0, 20_000, 70_000]);
    expect(lanes.step.movement).toBe(MOVEMENT.stopped);
  });

  it('measures legs between known positions in order of time', () => {
    const { steps, fix } = make(1000);
    fix(0, 0, 50, 52);
    fix(0, 2, 50, 52.002);
    fix(0, 1, 50, 52.001);
    fix(0, 60, 50, 52.002);
    expect(steps.map((s) => Math.round(s.legM))).toEqual([0, 111, 111]);
  });

  it('lets go in batches, when the watermark passes a multiple of the batch; lateness does not wait for that', () => {
    const { steps, watermarks, fix } = make(5000, 5000);
    for (const s of [0, 1, 2, 9, 4.5, 9.9]) fix(0, s);
    expect(watermarks.at(-1)).toEqual([0, 3999]);
    expect(steps.map((s) => s.timeMs - BASE)).toEqual([0, 1000, 2000]);
    expect(fix(0, 4.8)).toBe(false);
    fix(0, 10);
    expect(steps.slice(3).map((s) => s.timeMs - BASE)).toEqual([4500]);
    expect(watermarks.at(-1)).toEqual([0, 4999]);
  });

  it('agrees with sorting, whatever the order, and across a checkpoint', () => {
    const event = fc.record({ slot: fc.integer({ min: 0, max: 2 }), s: fc.integer({ min: 0, max: 60 }) });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 80 }),
        fc.nat(80),
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(1, 5000),
        (events, cut, bound, every) => {
          const one = make(bound * 1000, every);
          const two = make(bound * 1000, every);
          const rest = make(bound * 1000, every);
          const accepted: { slot: number; timeMs: number; speedKmph: number }[] = [];
          const newest = new Map<number, number>();
          events.forEach(({ slot, s }, i) => {
            if (i === cut) copyOf(two.lanes, rest.lanes);
            const late = s * 1000 <= (newest.get(slot) ?? Number.NEGATIVE_INFINITY) - bound * 1000 - 1;
            newest.set(slot, Math.max(newest.get(slot) ?? Number.NEGATIVE_INFINITY, s * 1000));
            if (!late) accepted.push({ slot, timeMs: BASE + s * 1000, speedKmph: i });
            expect(one.fix(slot, s, i)).toBe(!late);
            (i < cut ? two : rest).fix(slot, s, i);
          });
          if (events.length <= cut) copyOf(two.lanes, rest.lanes);
          for (const slot of [0, 1, 2]) {
            one.lanes.silent(slot);
            rest.lanes.silent(slot);
          }
          const of = (slot: number, list: { slot: number; timeMs: number; speedKmph: number }[]) =>
            list.filter((e) => e.slot === slot).map((e) => [e.timeMs, e.speedKmph]);
          for (const slot of [0, 1, 2]) {
            const sorted = accepted.filter((e) => e.slot === slot).sort((a, b) => a.timeMs - b.timeMs);
            expect(of(slot, one.steps)).toEqual(of(slot, sorted));
            expect(of(slot, [...two.steps, ...rest.steps])).toEqual(of(slot, sorted));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
