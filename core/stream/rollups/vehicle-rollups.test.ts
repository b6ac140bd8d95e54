import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOVEMENT } from '../../model/movement.ts';
import { VEHICLE_ROLLUP_COLUMNS } from '../../model/stream-outputs.ts';
import { SpeedingTiers } from '../driving/speeding.ts';
import {
  HOUR,
  kept,
  MINUTE,
  rowsOf,
  S,
  type Said,
  StepMaker,
  someSteps,
  T0,
  testDeps,
} from '../driving/testing/drive.ts';
import { ENGINE, type Step } from '../step.ts';
import { VehicleRollups } from './vehicle-rollups.ts';

const DAY = 24 * HOUR;
const MIDNIGHT = T0 - 10 * HOUR;

const newRollups = (): VehicleRollups => new VehicleRollups(testDeps(), new SpeedingTiers());

function rows(rollups: VehicleRollups) {
  const { vehicleHours, vehicleDays } = rollups.take();
  return { hours: rowsOf(vehicleHours, VEHICLE_ROLLUP_COLUMNS), days: rowsOf(vehicleDays, VEHICLE_ROLLUP_COLUMNS) };
}

function setup() {
  const rollups = newRollups();
  const maker = new StepMaker();
  const fix = (timeMs: number, said: Said = {}, harshBegan = false): void =>
    rollups.step(maker.step(0, timeMs, { speedKmph: 60, ...said }), harshBegan);
  return { rollups, fix };
}

describe('by hand', () => {
  test('an hour and its day so far, at a full five minutes', () => {
    const { rollups, fix } = setup();
    rollups.tripStarted(0, T0);
    fix(T0, { fuelPct: 50, batteryV: 13, engineTempC: 80 });
    fix(T0 + 100 * S, { legM: 1500, speedKmph: 95, fuelPct: 49 }, true);
    fix(T0 + 110 * S, { legM: 200, speedKmph: 0, fuelPct: 48.5, batteryV: 12.5, engineTempC: 91 });
    fix(T0 + 150 * S, { speedKmph: 0, engine: ENGINE.off, fuelPct: 70 });
    expect(rollups.pendingRows).toBe(0);
    fix(T0 + 5 * MINUTE, { speedKmph: 0, engine: ENGINE.off, fuelPct: 69 });
    const row = {
      ...{ key: 'v0', events: 5, distance_m: 1700, moving_ms: 110 * S, idling_ms: 40 * S, stopped_ms: 150 * S },
      ...{ silent_ms: 0, max_speed_kmph: 95, fuel_used_pct: 2.5, harsh_events: 1, speeding_ms: 0, trips_started: 1 },
      ...{ max_engine_temp_c: 91, min_battery_v: 12.5 },
    };
    expect(rows(rollups)).toEqual({ hours: [{ ...row, start_ms: T0 }], days: [{ ...row, start_ms: MIDNIGHT }] });
  });

  test('time is split where the hour ends; the closed hour is given out, the day goes on', () => {
    const { rollups, fix } = setup();
    fix(T0 + 59 * MINUTE);
    fix(T0 + 62 * MINUTE, { legM: 3000 });
    const { hours, days } = rows(rollups);
    expect(hours).toMatchObject([
      { start_ms: T0, moving_ms: MINUTE, distance_m: 0, events: 1 },
      { start_ms: T0 + HOUR, moving_ms: 2 * MINUTE, distance_m: 3000, events: 1 },
    ]);
    expect(days).toMatchObject([{ start_ms: MIDNIGHT, moving_ms: 3 * MINUTE, distance_m: 3000, events: 2 }]);
  });

  test('a gap of three days is silent on both of its days, and the days between have no row', () => {
    const { rollups, fix } = setup();
    fix(T0 + 30 * MINUTE);
    fix(T0 + 3 * DAY + 15 * MINUTE, { legM: 9 });
    rollups.idle(0);
    const { hours, days } = rows(rollups);
    expect(hours.slice(0, 2)).toMatchObject([
      { start_ms: T0, silent_ms: 30 * MINUTE, moving_ms: 0 },
      { start_ms: T0 + 3 * DAY, silent_ms: 15 * MINUTE, moving_ms: 0, distance_m: 9 },
    ]);
    expect(days.slice(0, 2)).toMatchObject([
      { start_ms: MIDNIGHT, silent_ms: 13.5 * HOUR, events: 1 },
      { start_ms: MIDNIGHT + 3 * DAY, silent_ms: 10.25 * HOUR, events: 1 },
    ]);
    expect(new Set(days.map((d) => d.start_ms)).size).toBe(2);
  });

  test('a trip told of before its hour begins is counted in it; one told of too late in the open hour', () => {
    const { rollups, fix } = setup();
    fix(T0 + 59 * MINUTE);
    rollups.tripStarted(0, T0 + HOUR);
    fix(T0 + HOUR + MINUTE);
    rollups.tripStarted(0, T0 + 59.5 * MINUTE);
    fix(T0 + 2 * HOUR + MINUTE);
    rollups.idle(0);
    const hours = rows(rollups).hours.map((h): [number, number] => [h.start_ms - T0, h.trips_started]);
    expect([...new Map(hours)]).toEqual([
      [0, 0],
      [HOUR, 2],
      [2 * HOUR, 0],
    ]);
  });

  test('what was never reported has no value', () => {
    const { rollups, fix } = setup();
    fix(T0, { fix: false });
    rollups.idle(0);
    expect(rows(rollups).hours).toMatchObject([
      { events: 1, max_speed_kmph: Number.NaN, fuel_used_pct: Number.NaN, max_engine_temp_c: Number.NaN },
    ]);
  });
});

/** Sums over [start, start + sizeMs) from all steps of a vehicle. */
function slowRollup(steps: Step[], start: number, sizeMs: number) {
  const row = { events: 0, moving_ms: 0, idling_ms: 0, stopped_ms: 0, silent_ms: 0, speeding_ms: 0 };
  let distance = 0;
  let fuelUsed = Number.NaN;
  let fuel = Number.NaN;
  const speeds: number[] = [];
  const temps: number[] = [];
  steps.forEach((step, i) => {
    const last = steps[i - 1];
    if (last) {
      const from = Math.max(last.timeMs, start);
      const ms = Math.max(0, Math.min(step.timeMs, start + sizeMs) - from);
      if (step.gapMs > 600_000 || last.movement === MOVEMENT.noData) row.silent_ms += ms;
      else if (last.movement === MOVEMENT.moving) row.moving_ms += ms;
      else if (last.movement === MOVEMENT.idling) row.idling_ms += ms;
      else row.stopped_ms += ms;
    }
    const inside = step.timeMs >= start && step.timeMs < start + sizeMs;
    if (inside) {
      row.events++;
      distance += step.legM;
      if (step.fix) speeds.push(step.speedKmph);
      temps.push(step.engineTempC);
      if (step.fix && step.fixGapMs <= 600_000 && Math.min(step.speedKmph, step.prevSpeedKmph) > 89.6)
        row.speeding_ms += step.fixGapMs;
      if (!Number.isNaN(step.fuelPct))
        fuelUsed = (Number.isNaN(fuelUsed) ? 0 : fuelUsed) + (fuel > step.fuelPct ? fuel - step.fuelPct : 0);
    }
    if (!Number.isNaN(step.fuelPct)) fuel = step.fuelPct;
  });
  const most = (values: number[]): number => {
    const known = values.filter((v) => !Number.isNaN(v));
    return known.length > 0 ? Math.max(...known) : Number.NaN;
  };
  return { row, distance, fuelUsed, maxSpeed: most(speeds), maxTemp: most(temps) };
}

test('over random streams every hour and day is what a look at all steps gives', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const rollups = newRollups();
      for (const step of steps) rollups.step(step, false);
      for (const slot of [0, 1, 2]) rollups.idle(slot);
      const { vehicleHours, vehicleDays } = rollups.take();
      for (const [block, size] of [
        [vehicleHours, HOUR],
        [vehicleDays, DAY],
      ] as const) {
        const got = kept(block, VEHICLE_ROLLUP_COLUMNS, 'start_ms');
        const ids = new Set(steps.map((s) => `v${s.slot} ${Math.floor(s.timeMs / size) * size}`));
        expect([...got.keys()].sort()).toEqual([...ids].sort());
        for (const row of got.values()) {
          const own = steps.filter((s) => `v${s.slot}` === row.key);
          const expected = slowRollup(own, row.start_ms, size);
          expect(row).toMatchObject(expected.row);
          expect(row.distance_m).toBeCloseTo(expected.distance, 6);
          expect([row.max_speed_kmph, row.max_engine_temp_c]).toEqual([expected.maxSpeed, expected.maxTemp]);
          expect(row.fuel_used_pct).toBe(expected.fuelUsed);
        }
      }
    }),
  );
});
