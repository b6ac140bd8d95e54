import { between } from '../random.ts';
import { keepDriving } from '../vehicle/plan.ts';
import { course, untilSeen } from './course.ts';
import { type FaultBehaviour, onlyIf, statusDelayMs, statusHeldMs, telemetryHeldMs, truthLine } from './episode.ts';
import { followRing, hasWayLeft, onRing, onTheRoad } from './road.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** A leak is one from 20 kPa within 10 min on; a tyre that is still warming up hides some of it. */
const LEAK_KPA = 24;
const WARMS_MS = 10 * MINUTE;
/** A dead sensor is told from a flat tyre by a vehicle that drives on at more than this. */
const DEFECT_KMPH = 40;
/** How long the cooling unit must be off before a rule says so. */
const UNIT_OFF_MS = MINUTE;

export const cargoCoolingFailure: FaultBehaviour = {
  cost: (v) => onlyIf(v.kind === 'reefer' && v.phase === 'driving'),
  begin(v, ctx) {
    const riseC = between(ctx.rnd, 12, 18);
    const lastsMs = 20 * MINUTE;
    const startMs = v.timeMs;
    const detail = `unit off, cargo at ${v.cargoSetC} °C warms by ${riseC.toFixed(0)} °C in 10 min`;
    const due = { id: 'cooling-failure', dueAfterMs: statusHeldMs(ctx, UNIT_OFF_MS), also: ['cargo-temp'] };
    ctx.truth(truthLine(v, ctx, 'cargo_cooling_failure', lastsMs, due, detail));
    return course(v, WARMS_MS, lastsMs, (vehicle, share) => {
      vehicle.override.cargoWarmsCPerS = share < 1 ? riseC / (WARMS_MS / SECOND) : 0;
      if (vehicle.timeMs - startMs < UNIT_OFF_MS + 2 * statusDelayMs(ctx)) keepDriving(vehicle);
    });
  },
};

export const tyreLeak: FaultBehaviour = {
  cost: (v) => onlyIf(v.phase === 'driving'),
  begin(v, ctx) {
    const dropKpa = between(ctx.rnd, 75, 110);
    const lastsMs = 18 * MINUTE;
    const leakMs = 6 * MINUTE;
    const due = {
      id: 'tyre-leak',
      dueAfterMs: statusHeldMs(ctx, (leakMs * LEAK_KPA) / dropKpa),
      also: ['tyre-low', 'tyre-defect', 'fault-code'],
    };
    const detail = `rear right tyre loses ${dropKpa.toFixed(0)} kPa in 6 min`;
    ctx.truth(truthLine(v, ctx, 'tyre_leak', lastsMs, due, detail));
    return course(v, leakMs, lastsMs, (vehicle, share) => {
      vehicle.override.tyreDropKpa = dropKpa * share;
      if (share > 0.5) vehicle.override.code = 'C0750';
    });
  },
};

/** A sensor that dies tells 0 from one moment to the next, while the vehicle goes on as before. */
export const tyreDefect: FaultBehaviour = {
  cost: (v) => (onTheRoad(v) && hasWayLeft(v, 400) ? (onRing(v) ? 0 : 1) : onlyIf(false)),
  begin(v, ctx) {
    v.override.tyreSensorDead = true;
    v.override.code = 'C0755';
    v.statusDue = true;
    return untilSeen(v, ctx, {
      fault: 'tyre_defect',
      ruleId: 'tyre-defect',
      also: ['tyre-low', 'tyre-leak', 'fault-code'],
      detail: 'the sensor of the front right tyre is dead',
      apply: followRing,
      holds: (vehicle) => vehicle.speedMps * 3.6 > DEFECT_KMPH,
      forMs: telemetryHeldMs(ctx, MINUTE),
      afterMs: MINUTE,
      atMostMs: 12 * MINUTE,
    });
  },
};

/** Drives off with the door open. */
export const doorOpenMoving: FaultBehaviour = {
  cost: (v) => onlyIf(v.phase === 'leaving' && hasWayLeft(v, 500)),
  begin(v, ctx) {
    v.override.doorsOpen = true;
    v.statusDue = true;
    return untilSeen(v, ctx, {
      fault: 'door_open_moving',
      ruleId: 'door-open-moving',
      detail: 'drives off with the door open',
      apply() {},
      holds: (vehicle) => vehicle.speedMps * 3.6 > 8,
      forMs: telemetryHeldMs(ctx, 5 * SECOND),
      afterMs: MINUTE,
      atMostMs: 4 * MINUTE,
      end(vehicle) {
        vehicle.statusDue = true;
      },
    });
  },
};
