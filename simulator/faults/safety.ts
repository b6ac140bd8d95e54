import { below, between } from '../random.ts';
import { endTrip } from '../vehicle/journey.ts';
import { keepDriving } from '../vehicle/plan.ts';
import { type FaultBehaviour, onlyIf, telemetryDelayMs, telemetryHeldMs, truthLine } from './episode.ts';
import { hasWayLeft, mayHalt, onTheRoad } from './road.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** How long after the blow a rule may wait to see that the vehicle stands. */
const CRASH_CONFIRMED_MS = 10 * SECOND;

export const crash: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.speedMps > 9 && mayHalt(v)),
  begin(v, ctx) {
    const startMs = v.timeMs;
    const lastsMs = 15 * MINUTE;
    const kmph = Math.round(v.speedMps * 3.6);
    const peakG = between(ctx.rnd, 4.2, 9);
    const due = {
      id: 'crash',
      dueAfterMs: telemetryHeldMs(ctx, CRASH_CONFIRMED_MS),
      also: ['external:crash', 'harsh-braking'],
    };
    v.override.accelMps2 = Number.NEGATIVE_INFINITY;
    ctx.truth(truthLine(v, ctx, 'crash', lastsMs, due, `${peakG.toFixed(1)} g at ${kmph} km/h`));
    let hit = false;
    return {
      tick(vehicle) {
        vehicle.override.impactG = undefined;
        if (!hit) {
          hit = true;
          vehicle.override.accelMps2 = undefined;
          vehicle.override.impactG = peakG;
          ctx.report.deviceAlert(vehicle, 'crash', 1, `impact of ${peakG.toFixed(1)} g at ${kmph} km/h`);
          ctx.report.driver(vehicle, 'driver_incident');
          endTrip(vehicle, ctx.report, 'cancelled');
          vehicle.phaseUntilMs = startMs + lastsMs;
        }
        return vehicle.timeMs - startMs >= lastsMs;
      },
    };
  },
};

export const sos: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.loggedIn && hasWayLeft(v, 400)),
  begin(v, ctx) {
    const startMs = v.timeMs;
    const lastsMs = (60 + below(ctx.rnd, 40)) * SECOND;
    ctx.truth(truthLine(v, ctx, 'sos', lastsMs, { id: 'sos', dueAfterMs: telemetryDelayMs(ctx) }, 'driver calls'));
    let called = false;
    keepDriving(v);
    return {
      tick(vehicle) {
        if (!called) ctx.report.driver(vehicle, 'sos');
        called = true;
        vehicle.override.halt = true;
        return vehicle.timeMs - startMs >= lastsMs;
      },
    };
  },
};
