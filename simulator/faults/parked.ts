import { below, between } from '../random.ts';
import { batteryV } from '../vehicle/signals.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import { course } from './course.ts';
import {
  type FaultBehaviour,
  IMPOSSIBLE,
  onlyIf,
  statusDelayMs,
  statusHeldMs,
  telemetryDelayMs,
  telemetryHeldMs,
  truthLine,
} from './episode.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LOW_BATTERY_V = 12.2;
/** Theft is 5 % of the tank within 10 min, a little more to be sure, in the mean of four readings. */
const STOLEN_PCT = 5.5;
const SMOOTHED_READINGS = 4;
/** Breaks are judged when the fleet's clock has passed their end: 5 s, and a minute more where a laggard holds it. */
const BREAK_JUDGED_MS = 70 * SECOND;

/** Parked with the engine off, and the longer it still stands the better; nobody has to be kept from leaving. */
function parkedCost(v: Vehicle): number {
  if (v.phase !== 'parked' || v.onBreak || !v.loggedIn) return IMPOSSIBLE;
  return v.phaseUntilMs - v.timeMs > 30 * SECOND ? 0 : 1;
}

function isHome(v: Vehicle): boolean {
  return v.place.graph.to[v.edge] === v.place.graph.depot;
}

export const flatBattery: FaultBehaviour = {
  cost: parkedCost,
  begin(v, ctx) {
    const lastsMs = 15 * MINUTE;
    const fromV = batteryV(v);
    const toV = between(ctx.rnd, 11.55, 11.8);
    const fallMs = Math.round(between(ctx.rnd, 80, 120)) * SECOND;
    const lowMs = (fallMs * (fromV - LOW_BATTERY_V)) / (fromV - toV);
    const due = { id: 'battery-low', dueAfterMs: telemetryHeldMs(ctx, lowMs + MINUTE), also: ['fault-code'] };
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
    const due = { id: 'headlights-left-on', dueAfterMs: statusHeldMs(ctx, 3 * MINUTE) };
    ctx.truth(truthLine(v, ctx, 'headlights_left_on', lastsMs, due, 'parked, engine off, headlights on'));
    return course(v, lastsMs, lastsMs, (vehicle, share) => {
      vehicle.override.headlightsOn = true;
      vehicle.override.batteryV = fromV - 0.2 * share;
    });
  },
};

export const fuelTheft: FaultBehaviour = {
  // Not in the depot, where tanks are filled.
  cost: (v) => parkedCost(v) + onlyIf(v.fuelPct > 40 && !isHome(v)),
  begin(v, ctx) {
    const fromPct = v.fuelPct;
    const takenPct = between(ctx.rnd, 12, 25);
    const drainMs = Math.round(between(ctx.rnd, 100, 200)) * SECOND;
    const lastsMs = drainMs + 3 * MINUTE;
    v.phaseUntilMs = Math.max(v.phaseUntilMs, v.timeMs + lastsMs);
    const detail = `${takenPct.toFixed(0)} % of the tank in ${drainMs / SECOND} s while parked`;
    const stolenMs = (drainMs * STOLEN_PCT) / takenPct + SMOOTHED_READINGS * ctx.cadence.statusMs;
    const due = { id: 'fuel-theft', dueAfterMs: stolenMs + statusDelayMs(ctx) };
    ctx.truth(truthLine(v, ctx, 'fuel_theft', lastsMs, due, detail));
    return course(v, drainMs, lastsMs, (vehicle, share) => {
      vehicle.fuelPct = fromPct - takenPct * share;
    });
  },
};

/** A driver who is back at the wheel before the break was long enough. */
export const shortBreak: FaultBehaviour = {
  cost: (v) => parkedCost(v) + onlyIf(!isHome(v)),
  begin(v, ctx) {
    const lastsMs = Math.round(between(ctx.rnd, 4, 9) * 60) * SECOND;
    v.phaseUntilMs = v.timeMs + lastsMs;
    const due = { id: 'break-violation', dueAfterMs: lastsMs + telemetryDelayMs(ctx) + BREAK_JUDGED_MS };
    const detail = `break of ${(lastsMs / MINUTE).toFixed(0)} min`;
    ctx.truth(truthLine(v, ctx, 'short_break', lastsMs + MINUTE, due, detail));
    let begun = false;
    return {
      tick(vehicle) {
        if (begun) return !vehicle.onBreak;
        begun = true;
        ctx.report.driver(vehicle, 'break_start');
        vehicle.onBreak = true;
        return false;
      },
    };
  },
};

/** Somebody takes a vehicle that nobody has: one trip, then it stands again. */
export const oddSecondTrip: FaultBehaviour = {
  takes: 'off-duty',
  cost: (v) => onlyIf(v.offDuty && v.phase === 'parked' && !v.loggedIn),
  begin(v, ctx) {
    v.phaseUntilMs = v.timeMs;
    v.stopsLeft = 1 + below(ctx.rnd, 2);
    let left = false;
    return {
      tick(vehicle) {
        if (!left && vehicle.ignition) {
          left = true;
          const due = { id: 'odd-second-trip', dueAfterMs: telemetryHeldMs(ctx, 10 * SECOND) };
          const detail = 'a trip although nobody has the vehicle';
          ctx.truth(truthLine(vehicle, ctx, 'odd_second_trip', 90 * MINUTE, due, detail));
        }
        if (!left || vehicle.phase !== 'parked') return false;
        vehicle.loggedIn = false;
        vehicle.phaseUntilMs = Number.POSITIVE_INFINITY;
        return true;
      },
    };
  },
};
