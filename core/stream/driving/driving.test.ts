import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BEHAVIOUR_COLUMNS,
  DRIVER_PANE_COLUMNS,
  HEALTH_WINDOW_COLUMNS,
  UTILISATION_COLUMNS,
  VEHICLE_ROLLUP_COLUMNS,
  VEHICLE_WINDOW_COLUMNS,
} from '../../model/stream-outputs.ts';
import type { Step } from '../step.ts';
import { Driving, type DrivingOutputs } from './driving.ts';
import { HOUR, MINUTE, rowsOf, S, StepMaker, someSteps, stored, T0, testDeps } from './testing/drive.ts';

const deps = testDeps({ allowedLatenessMs: 30 * S });

/** All that was given out, row by row and kind by kind. */
class Collected {
  readonly rows: Record<string, object[]> = {};

  add(out: DrivingOutputs): void {
    const all = {
      vehicleWindows: rowsOf(out.vehicleWindows, VEHICLE_WINDOW_COLUMNS),
      behaviour: rowsOf(out.behaviour, BEHAVIOUR_COLUMNS),
      utilisation: rowsOf(out.utilisation, UTILISATION_COLUMNS),
      healthWindows: rowsOf(out.healthWindows, HEALTH_WINDOW_COLUMNS),
      driverPanes: rowsOf(out.driverPanes, DRIVER_PANE_COLUMNS),
      vehicleHours: rowsOf(out.vehicleHours, VEHICLE_ROLLUP_COLUMNS),
      vehicleDays: rowsOf(out.vehicleDays, VEHICLE_ROLLUP_COLUMNS),
      breakViolations: out.breakViolations,
      driverEvents: out.driverEvents,
    };
    for (const [kind, rows] of Object.entries(all)) {
      this.rows[kind] ??= [];
      this.rows[kind].push(...rows);
    }
  }
}

const BREAK_EVENTS = ['break_start', 'break_end', 'driver_logout', 'sos'];

/** Everything the stream calls, in an order that depends on the steps only. */
function feed(driving: Driving, step: Step, i: number): void {
  const { slot, timeMs } = step;
  driving.step(step);
  driving.watermark(slot, timeMs);
  driving.status(slot, timeMs + (i % 7) * 1000, step.engineTempC);
  driving.statusWatermark(slot, timeMs - 5001);
  if (i % 5 === 0) driving.driverEvent(step.driver, slot, BREAK_EVENTS[(i / 5) % 4], timeMs);
  if (i % 6 === 0) driving.late(slot, timeMs - 25 * S, 70);
  if (i % 9 === 0) driving.tripStarted(slot, timeMs);
  if (i % 11 === 0) driving.idle(slot, timeMs);
  driving.fleetWatermark(timeMs - 20 * MINUTE);
}

test('stored and restored anywhere, and taken from at any time, it gives out the same', () => {
  fc.assert(
    fc.property(
      someSteps,
      fc.array(fc.nat(120), { maxLength: 4 }),
      fc.integer({ min: 1, max: 50 }),
      (steps, cuts, every) => {
        const whole = new Driving(deps);
        const expected = new Collected();
        steps.forEach((step, i) => {
          feed(whole, step, i);
        });
        expected.add(whole.take());
        let driving = new Driving(deps);
        const found = new Collected();
        steps.forEach((step, i) => {
          if (i % every === 0) found.add(driving.take());
          if (cuts.includes(i)) {
            found.add(driving.take());
            const restored = new Driving(deps);
            restored.restore(3, stored(driving.arrays(3)), JSON.parse(JSON.stringify(driving.serialize())));
            driving = restored;
          }
          feed(driving, step, i);
        });
        found.add(driving.take());
        expect(found.rows).toEqual(expected.rows);
        expect(driving.leftOut).toBe(whole.leftOut);
        expect(stored(driving.arrays(3))('rollup.hourCounts')).toEqual(stored(whole.arrays(3))('rollup.hourCounts'));
      },
    ),
  );
});

test('a restored one has the sections of the one it came from', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const driving = new Driving(deps);
      steps.forEach((step, i) => {
        feed(driving, step, i);
      });
      const restored = new Driving(deps);
      restored.restore(3, stored(driving.arrays(3)), driving.serialize());
      expect(restored.arrays(3)).toEqual(driving.arrays(3));
    }),
  );
});

test('a harsh brake is an event of its driver, counted in his pane and in the hour of the vehicle', () => {
  const driving = new Driving(testDeps());
  const maker = new StepMaker();
  for (const s of [0, 1, 2, 3, 4, 5]) {
    const braking = s === 1 || s === 2;
    const said = { driver: 3, trip: 2, speedKmph: 50, harsh: braking ? 1 : 0, harshMps2: braking ? 3 + s : 0 };
    driving.step(maker.step(1, T0 + s * S, said));
  }
  driving.idle(1, T0 + 5 * S);
  const { driverEvents, driverPanes, vehicleHours, vehicleWindows, behaviour } = driving.take();
  expect(driverEvents).toMatchObject([{ kind: 'harsh-brake', driverId: 'd3', vehicleId: 'v1', tripId: 't2', peak: 5 }]);
  expect(rowsOf(driverPanes, DRIVER_PANE_COLUMNS)).toMatchObject([{ key: 'd3', harsh_brakes: 1, driving_ms: 5 * S }]);
  expect(rowsOf(vehicleHours, VEHICLE_ROLLUP_COLUMNS)).toMatchObject([{ key: 'v1', harsh_events: 1, events: 6 }]);
  expect(rowsOf(vehicleWindows, VEHICLE_WINDOW_COLUMNS)).toMatchObject([{ key: 'v1', events: 6 }]);
  expect(rowsOf(behaviour, BEHAVIOUR_COLUMNS)).toMatchObject(
    [
      { harsh_brake: 1, first_end_ms: T0 + 2 * S },
      { harsh_brake: 2, first_end_ms: T0 + 3 * S },
    ].slice(0, 1),
  );
});

test('state grows with vehicles, drivers and what is open of them; stored and restored, all of it goes on', () => {
  const count = 3000;
  const fed = new Driving(deps);
  const maker = new StepMaker();
  const eachVehicle = (driving: Driving, timeMs: number, speedKmph: number): void => {
    for (let slot = 0; slot < count; slot++) {
      driving.step(
        maker.step(slot, timeMs, { driver: count - slot, trip: slot + 1, speedKmph, harsh: 2, harshMps2: 4 }),
      );
      driving.watermark(slot, timeMs);
      driving.status(slot, timeMs, 95);
    }
  };
  eachVehicle(fed, T0, 100);
  eachVehicle(fed, T0 + 21 * S, 130);
  fed.take();
  const driving = new Driving(deps);
  driving.restore(count, stored(fed.arrays(count)), fed.serialize());
  for (let slot = 0; slot < count; slot++) {
    expect(driving.late(slot, T0 + S, 40)).toBe(true);
    driving.idle(slot, T0 + 21 * S);
  }
  driving.fleetWatermark(T0 + 22 * S);
  const out = driving.take();
  expect(out.driverEvents.filter((e) => e.kind === 'speeding')).toHaveLength(count);
  expect(out.driverEvents.slice(-2)).toMatchObject([
    { kind: 'harsh-acceleration', driverId: 'd1', vehicleId: 'v2999', tripId: 't3000', startMs: T0 + 21 * S },
    { kind: 'speeding', driverId: 'd1', vehicleId: 'v2999', tripId: 't3000', startMs: T0, peak: 130 },
  ]);
  const windows = rowsOf(out.vehicleWindows, VEHICLE_WINDOW_COLUMNS).filter((row) => row.key === 'v1500');
  expect(windows).toMatchObject([
    { start_ms: T0, revision: 1, events: 2, avg_speed_kmph: 70 },
    { start_ms: T0 + 20 * S, revision: 0, events: 1 },
  ]);
  expect(out.healthWindows.keys).toHaveLength(count);
  expect(rowsOf(out.healthWindows, HEALTH_WINDOW_COLUMNS).at(-1)).toMatchObject({ key: 'v2999', readings: 2 });
  const fleet = rowsOf(out.utilisation, UTILISATION_COLUMNS).map((row) => [(row.end_ms - T0) / S, row.active]);
  expect(fleet).toEqual([1, 2, 3, 4, 5, 22].map((s) => [s, count]));
});

test('says how many rows wait, and what its state takes', () => {
  const driving = new Driving(testDeps());
  const maker = new StepMaker();
  expect(driving.pendingRows).toBe(0);
  driving.step(maker.step(0, T0, { driver: 1, speedKmph: 130 }));
  driving.status(0, T0, 99);
  driving.driverEvent(1, 0, 'break_start', T0);
  driving.driverEvent(1, 0, 'break_end', T0 + S);
  driving.fleetWatermark(T0 + HOUR);
  driving.statusWatermark(0, T0 + HOUR);
  driving.idle(0, T0);
  const rows = driving.pendingRows;
  const out = driving.take();
  const given = Object.values(out).reduce(
    (n, block) => n + (Array.isArray(block) ? block.length : block.keys.length),
    0,
  );
  expect(given).toBe(rows);
  expect(driving.pendingRows).toBe(0);
  expect(driving.bytes).toBeGreaterThanOrEqual(driving.arrays(1).reduce((n, [, array]) => n + array.byteLength, 0));
});

test('state per vehicle and per driver stays small', () => {
  const driving = new Driving(testDeps());
  const maker = new StepMaker();
  const bytes = (count: number): number => driving.arrays(count).reduce((n, [, array]) => n + array.byteLength, 0);
  for (let slot = 0; slot < 1000; slot++) driving.step(maker.step(slot, T0, { speedKmph: 50 }));
  const perVehicle = (bytes(1000) - bytes(0)) / 1000;
  const before = bytes(1000);
  for (let slot = 0; slot < 1000; slot++) driving.step(maker.step(slot, T0 + S, { speedKmph: 50, driver: slot + 1 }));
  const perDriver = (bytes(1000) - before) / 1000;
  expect(perVehicle).toBeLessThanOrEqual(301);
  expect(perDriver).toBeLessThanOrEqual(175);
});
