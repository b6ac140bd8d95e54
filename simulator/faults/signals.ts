import { below, between } from '../random.ts';
import { batteryV } from '../vehicle/signals.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import { keepDriving } from './driving.ts';
import {
  type Episode,
  type FaultBehaviour,
  IMPOSSIBLE,
  onlyIf,
  statusDelayMs,
  telemetryDelayMs,
  truthLine,
} from './episode.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Where the rule for engine temperature draws its line, and how long it waits. */
const HOT_C = 110;
const HOT_FOR_MS = 30 * SECOND;
const LOW_BATTERY_V = 12.2;

/** An episode that shows a share of its course (0 … 1 over `riseMs`) until it is over. */
function course(v: Vehicle, riseMs: number, lastsMs: number, show: (v: Vehicle, share: number) => void): Episode {
  const startMs = v.timeMs;
  return {
    tick(vehicle) {
      const sinceMs = vehicle.timeMs - startMs;
      show(vehicle, Math.min(1, sinceMs / riseMs));
      return sinceMs >= lastsMs;
    },
  };
}

function warmOnTheRoad(v: Vehicle): boolean {
  return v.phase === 'driving' && v.engineC > 82;
}

export const engineOverheat: FaultBehaviour = {
  cost: (v) => onlyIf(warmOnTheRoad(v)),
  begin(v, ctx) {
    const fromC = v.engineC;
    const toC = between(ctx.rnd, 119, 122);
    const riseMs = Math.round(between(ctx.rnd, 40, 55)) * SECOND;
    const lastsMs = (8 + below(ctx.rnd, 4)) * MINUTE;
    const hotMs = (riseMs * (HOT_C - fromC)) / (toC - fromC);
    const due = { id: 'engine-overheat', dueAfterMs: hotMs + statusDelayMs(ctx) + HOT_FOR_MS, also: ['engine-warm'] };
    ctx.truth(truthLine(v, ctx, 'engine_overheat', lastsMs, due, `up to ${toC.toFixed(0)} °C`));
    return course(v, riseMs, lastsMs, (vehicle, share) => {
      keepDriving(vehicle);
      vehicle.override.engineC = fromC + (toC - fromC) * share;
      if (share > 0.7) vehicle.override.code = 'P0217';
    });
  },
};

export const coolantLeak: FaultBehaviour = {
  cost: (v) => onlyIf(warmOnTheRoad(v)),
  begin(v, ctx) {
    const fromPct = v.coolantPct;
    const toPct = between(ctx.rnd, 12, 22);
    const leakMs = Math.round(between(ctx.rnd, 70, 100)) * SECOND;
    const heatMs = Math.round(between(ctx.rnd, 60, 80)) * SECOND;
    const lastsMs = leakMs + heatMs + (8 + below(ctx.rnd, 4)) * MINUTE;
    const fromC = v.engineC;
    const toC = between(ctx.rnd, 114, 117);
    const hotMs = leakMs + (heatMs * (HOT_C - fromC)) / (toC - fromC);
    const due = { id: 'engine-overheat', dueAfterMs: hotMs + statusDelayMs(ctx) + HOT_FOR_MS, also: ['engine-warm'] };
    const detail = `coolant down to ${toPct.toFixed(0)} %, engine up to ${toC.toFixed(0)} °C`;
    ctx.truth(truthLine(v, ctx, 'coolant_leak', lastsMs, due, detail));
    return course(v, leakMs + heatMs, lastsMs, (vehicle, share) => {
      keepDriving(vehicle);
      const sinceMs = share * (leakMs + heatMs);
      const heat = Math.max(0, (sinceMs - leakMs) / heatMs);
      vehicle.override.coolantPct = fromPct + (toPct - fromPct) * Math.min(1, sinceMs / leakMs);
      vehicle.override.engineC = fromC + (toC - fromC) * heat;
      vehicle.override.code = heat > 0.7 ? 'P0217' : 'P2560';
    });
  },
};

export const cargoCoolingFailure: FaultBehaviour = {
  cost: (v) => onlyIf(v.kind === 'reefer' && v.phase === 'driving'),
  begin(v, ctx) {
    const riseC = between(ctx.rnd, 12, 18);
    const lastsMs = 20 * MINUTE;
    const detail = `cargo at ${v.cargoSetC} °C warms by ${riseC.toFixed(0)} °C in 10 min`;
    ctx.truth(truthLine(v, ctx, 'cargo_cooling_failure', lastsMs, undefined, detail));
    return course(v, 10 * MINUTE, lastsMs, (vehicle, share) => {
      vehicle.override.cargoRiseC = riseC * share;
    });
  },
};

export const tyreLeak: FaultBehaviour = {
  cost: (v) => onlyIf(v.phase === 'driving'),
  begin(v, ctx) {
    const dropKpa = between(ctx.rnd, 75, 110);
    const lastsMs = 18 * MINUTE;
    const detail = `rear right tyre loses ${dropKpa.toFixed(0)} kPa in 6 min`;
    ctx.truth(truthLine(v, ctx, 'tyre_leak', lastsMs, undefined, detail));
    return course(v, 6 * MINUTE, lastsMs, (vehicle, share) => {
      vehicle.override.tyreDropKpa = dropKpa * share;
      if (share > 0.5) vehicle.override.code = 'C0750';
    });
  },
};

/** Parked with the engine off, and the longer it still stands the better; nobody has to be kept from leaving. */
function parkedCost(v: Vehicle): number {
  if (v.phase !== 'parked' || v.onBreak || !v.loggedIn) return IMPOSSIBLE;
  return v.phaseUntilMs - v.timeMs > 30 * SECOND ? 0 : 1;
}

export const flatBattery: FaultBehaviour = {
  cost: parkedCost,
  begin(v, ctx) {
    const lastsMs = 15 * MINUTE;
    const fromV = batteryV(v);
    const toV = between(ctx.rnd, 11.55, 11.8);
    const fallMs = Math.round(between(ctx.rnd, 80, 120)) * SECOND;
    const lowMs = (fallMs * (fromV - LOW_BATTERY_V)) / (fromV - toV);
    const due = { id: 'battery-low', dueAfterMs: lowMs + MINUTE + telemetryDelayMs(ctx) };
    v.phaseUntilMs = v.timeMs + lastsMs;
    ctx.truth(truthLine(v, ctx, 'flat_battery', lastsMs, due, `down to ${toV.toFixed(2)} V at rest`));
    return course(v, fallMs, lastsMs, (vehicle, share) => {
      vehicle.override.batteryV = fromV + (toV - fromV) * share;
      if (share > 0.6) vehicle.override.code = 'P0562';
    });
  },
};

export const headlightsLeftOn: FaultBehaviour = {
  cost: parkedCost,
  begin(v, ctx) {
    const lastsMs = 15 * MINUTE;
    const fromV = batteryV(v);
    v.phaseUntilMs = v.timeMs + lastsMs;
    v.statusDue = true;
    ctx.truth(truthLine(v, ctx, 'headlights_left_on', lastsMs, undefined, 'parked, engine off, headlights on'));
    return course(v, lastsMs, lastsMs, (vehicle, share) => {
      vehicle.override.headlightsOn = true;
      vehicle.override.batteryV = fromV - 0.2 * share;
    });
  },
};

export const fuelTheft: FaultBehaviour = {
  cost: (v) => parkedCost(v) + onlyIf(v.fuelPct > 40),
  begin(v, ctx) {
    const fromPct = v.fuelPct;
    const takenPct = between(ctx.rnd, 12, 25);
    const drainMs = Math.round(between(ctx.rnd, 100, 200)) * SECOND;
    const lastsMs = drainMs + 3 * MINUTE;
    v.phaseUntilMs = Math.max(v.phaseUntilMs, v.timeMs + lastsMs);
    const detail = `${takenPct.toFixed(0)} % of the tank in ${drainMs / SECOND} s while parked`;
    ctx.truth(truthLine(v, ctx, 'fuel_theft', lastsMs, undefined, detail));
    return course(v, drainMs, lastsMs, (vehicle, share) => {
      vehicle.fuelPct = fromPct - takenPct * share;
    });
  },
};

/** One in three falls silent at rest: then the room may wait longer before it says so. */
export const goingSilent: FaultBehaviour = {
  cost: (v) => onlyIf((v.phase === 'driving' && v.speedMps > 8) || (v.phase === 'parked' && v.index % 3 === 0)),
  begin(v, ctx) {
    const moving = v.phase === 'driving';
    const lastsMs = (15 + below(ctx.rnd, 6)) * MINUTE;
    const startMs = v.timeMs;
    v.override.silent = true;
    const waitMs = (moving ? 2 : 10) * MINUTE;
    const rule = moving
      ? { id: 'silent-moving', dueAfterMs: waitMs + 2 * SECOND, also: ['offline'] }
      : { id: 'offline', dueAfterMs: waitMs + 2 * SECOND };
    const line = truthLine(v, ctx, 'going_silent', lastsMs, rule, moving ? 'while moving' : 'while parked');
    ctx.truth({ ...line, start_ms: v.sentMs, due_ms: v.sentMs + rule.dueAfterMs });
    return { tick: (vehicle) => vehicle.timeMs - startMs >= lastsMs };
  },
};
