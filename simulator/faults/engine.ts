import { below, between } from '../random.ts';
import { keepDriving } from '../vehicle/plan.ts';
import { batteryV, fuelKpa, oilKpa, rpm } from '../vehicle/signals.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import { course } from './course.ts';
import { type FaultBehaviour, onlyIf, statusHeldMs, telemetryHeldMs, truthLine } from './episode.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Where the rule for engine temperature draws its line. */
const HOT_C = 110;
const HEAT_FOR_MS = 30 * SECOND;
/** What a coolant leak must show: that much warmer (with what traffic may have cooled before). The level falls faster. */
const WARMER_C = 3.8;
/** How warm the engine gets while the coolant runs out; not yet hot. */
const LEAK_WARMS_C = 9;
const EMPTY_SHARE = 0.6;
const OIL_LOW_KPA = 100;
const FUEL_LOW_KPA = 200;
const CHARGING_V = 13.2;

function warmOnTheRoad(v: Vehicle): boolean {
  return v.phase === 'driving' && v.engineC > 85;
}

export const engineOverheat: FaultBehaviour = {
  cost: (v) => onlyIf(warmOnTheRoad(v)),
  begin(v, ctx) {
    const fromC = v.engineC;
    const toC = between(ctx.rnd, 119, 122);
    const riseMs = Math.round(between(ctx.rnd, 40, 55)) * SECOND;
    const lastsMs = (8 + below(ctx.rnd, 4)) * MINUTE;
    const hotMs = (riseMs * (HOT_C - fromC)) / (toC - fromC);
    const also = ['engine-warm', 'fault-code'];
    const due = { id: 'engine-overheat', dueAfterMs: statusHeldMs(ctx, hotMs + HEAT_FOR_MS), also };
    ctx.truth(truthLine(v, ctx, 'engine_overheat', lastsMs, due, `up to ${toC.toFixed(0)} °C`));
    return course(v, riseMs, lastsMs, (vehicle, share) => {
      keepDriving(vehicle);
      vehicle.override.engineC = fromC + (toC - fromC) * share;
      if (share > 0.7) vehicle.override.code = 'P0217';
    });
  },
};

/** The level falls, the engine grows warmer as it does, and only when little is left it overheats. */
export const coolantLeak: FaultBehaviour = {
  cost: (v) => onlyIf(warmOnTheRoad(v)),
  begin(v, ctx) {
    const fromPct = v.coolantPct;
    const toPct = between(ctx.rnd, 12, 22);
    const leakMs = Math.round(between(ctx.rnd, 150, 200)) * SECOND;
    const heatMs = Math.round(between(ctx.rnd, 60, 80)) * SECOND;
    const lastsMs = leakMs + heatMs + (8 + below(ctx.rnd, 4)) * MINUTE;
    const fromC = v.engineC;
    const toC = between(ctx.rnd, 114, 117);
    const shownMs = (leakMs * WARMER_C) / LEAK_WARMS_C;
    const also = ['engine-warm', 'engine-overheat', 'fault-code'];
    const due = { id: 'coolant-leak', dueAfterMs: statusHeldMs(ctx, shownMs + 30 * SECOND), also };
    const detail = `coolant down to ${toPct.toFixed(0)} %, engine up to ${toC.toFixed(0)} °C`;
    ctx.truth(truthLine(v, ctx, 'coolant_leak', lastsMs, due, detail));
    return course(v, leakMs + heatMs, lastsMs, (vehicle, share) => {
      keepDriving(vehicle);
      const sinceMs = share * (leakMs + heatMs);
      const leaked = Math.min(1, sinceMs / leakMs);
      const heat = Math.max(0, (sinceMs - leakMs) / heatMs);
      const warmC = fromC + LEAK_WARMS_C * leaked;
      vehicle.override.coolantPct = fromPct + (toPct - fromPct) * leaked;
      vehicle.override.engineC = warmC + (toC - warmC) * heat;
      if (leaked > EMPTY_SHARE) vehicle.override.code = heat > 0.7 ? 'P0217' : 'P2560';
    });
  },
};

export const oilPressureLoss: FaultBehaviour = {
  cost: (v) => onlyIf(warmOnTheRoad(v)),
  begin(v, ctx) {
    const fromKpa = oilKpa(v, rpm(v));
    const toKpa = between(ctx.rnd, 25, 70);
    const fallMs = Math.round(between(ctx.rnd, 20, 40)) * SECOND;
    const lastsMs = (4 + below(ctx.rnd, 3)) * MINUTE;
    const lowMs = (fallMs * (fromKpa - OIL_LOW_KPA)) / (fromKpa - toKpa);
    const due = { id: 'oil-pressure', dueAfterMs: statusHeldMs(ctx, lowMs + 20 * SECOND), also: ['fault-code'] };
    ctx.truth(truthLine(v, ctx, 'oil_pressure_loss', lastsMs, due, `down to ${toKpa.toFixed(0)} kPa`));
    return course(v, fallMs, lastsMs, (vehicle, share) => {
      keepDriving(vehicle);
      vehicle.override.oilKpa = fromKpa + (toKpa - fromKpa) * share;
      if (share === 1) vehicle.override.code = 'P0524';
    });
  },
};

export const fuelPressureLoss: FaultBehaviour = {
  cost: (v) => onlyIf(warmOnTheRoad(v)),
  begin(v, ctx) {
    const fromKpa = fuelKpa(v);
    const toKpa = between(ctx.rnd, 90, 160);
    const fallMs = Math.round(between(ctx.rnd, 20, 40)) * SECOND;
    const lastsMs = (4 + below(ctx.rnd, 3)) * MINUTE;
    const lowMs = (fallMs * (fromKpa - FUEL_LOW_KPA)) / (fromKpa - toKpa);
    const due = { id: 'fuel-pressure', dueAfterMs: statusHeldMs(ctx, lowMs + 20 * SECOND), also: ['fault-code'] };
    ctx.truth(truthLine(v, ctx, 'fuel_pressure_loss', lastsMs, due, `down to ${toKpa.toFixed(0)} kPa`));
    return course(v, fallMs, lastsMs, (vehicle, share) => {
      keepDriving(vehicle);
      vehicle.override.fuelKpa = fromKpa + (toKpa - fromKpa) * share;
      if (share === 1) vehicle.override.code = 'P0087';
    });
  },
};

/** The alternator fails: the voltage falls to that of the battery, which is not flat yet. */
export const chargingFault: FaultBehaviour = {
  cost: (v) => onlyIf(warmOnTheRoad(v)),
  begin(v, ctx) {
    const fromV = batteryV(v);
    const toV = between(ctx.rnd, 12.5, 12.8);
    const fallMs = Math.round(between(ctx.rnd, 20, 40)) * SECOND;
    const lastsMs = (5 + below(ctx.rnd, 3)) * MINUTE;
    const lowMs = (fallMs * (fromV - CHARGING_V)) / (fromV - toV);
    const due = {
      id: 'charging-fault',
      dueAfterMs: telemetryHeldMs(ctx, lowMs + 2 * MINUTE),
      also: ['fault-code'],
    };
    ctx.truth(truthLine(v, ctx, 'charging_fault', lastsMs, due, `${toV.toFixed(1)} V with the engine running`));
    return course(v, fallMs, lastsMs, (vehicle, share) => {
      keepDriving(vehicle);
      vehicle.override.batteryV = fromV + (toV - fromV) * share;
      if (share === 1) vehicle.override.code = 'P0622';
    });
  },
};

const CODES = ['P0420', 'P0171', 'P0300', 'P0401', 'P0128', 'U0121'];

export const faultCode: FaultBehaviour = {
  cost: (v) => onlyIf(v.phase === 'driving' || v.phase === 'parked'),
  begin(v, ctx) {
    const code = CODES[below(ctx.rnd, CODES.length)];
    const lastsMs = (5 + below(ctx.rnd, 6)) * MINUTE;
    const due = { id: 'fault-code', dueAfterMs: statusHeldMs(ctx, 10 * SECOND) };
    ctx.truth(truthLine(v, ctx, 'fault_code', lastsMs, due, code));
    return course(v, SECOND, lastsMs, (vehicle) => {
      vehicle.override.code = code;
    });
  },
};

/** The gateway computer has no time left for anything. */
export const ecuOverload: FaultBehaviour = {
  cost: (v) => onlyIf(v.phase === 'driving'),
  begin(v, ctx) {
    const cpuPct = between(ctx.rnd, 94, 99);
    const lastsMs = (3 + below(ctx.rnd, 4)) * MINUTE;
    const due = { id: 'ecu-overload', dueAfterMs: statusHeldMs(ctx, MINUTE) };
    ctx.truth(truthLine(v, ctx, 'ecu_overload', lastsMs, due, `${cpuPct.toFixed(0)} % busy`));
    return course(v, SECOND, lastsMs, (vehicle) => {
      vehicle.override.ecuCpuPct = cpuPct;
    });
  },
};
