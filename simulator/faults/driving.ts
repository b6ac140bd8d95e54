import { below, between } from '../random.ts';
import { endTrip } from '../vehicle/journey.ts';
import { remainingM, routeTo } from '../vehicle/motion.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import { insideArea } from '../world/world.ts';
import { type FaultBehaviour, onlyIf, telemetryDelayMs, truthLine } from './episode.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HARSH_FOR_MS = 3 * SECOND;
const HARSH_BRAKE_MPS2 = -5.2;
const HARSH_ACCEL_MPS2 = 5;
/** Ring nodes ahead that a speeding vehicle is sent to: about 6 km, near enough that the ring is the fastest way. */
const RING_NODES_AHEAD = 14;
const TURN_BACK_COST_M = 2000;

function onTheRoad(v: Vehicle): boolean {
  return v.phase === 'driving' && v.ignition && !v.override.halt;
}

/** Keeps a vehicle on the road: it passes its next stop and goes on through via points. */
export function keepDriving(v: Vehicle): void {
  v.final = false;
  v.viasLeft = Math.max(v.viasLeft, 3);
}

/** A change of speed for three seconds that every 1 Hz sample in them shows in full. */
function harsh(kind: 'harsh_braking' | 'harsh_acceleration', rule: string, mps2: number): FaultBehaviour['begin'] {
  return (v, ctx) => {
    const startMs = v.timeMs;
    v.override.accelMps2 = mps2;
    const detail = `${mps2} m/s² for 3 s from ${Math.round(v.speedMps * 3.6)} km/h`;
    // Between fixes further apart than this the change does not show, and no rule can be asked to see it.
    const visible = ctx.cadence.telemetryMs <= SECOND;
    const due = visible ? { id: rule, dueAfterMs: HARSH_FOR_MS + telemetryDelayMs(ctx) } : undefined;
    ctx.truth(truthLine(v, ctx, kind, HARSH_FOR_MS, due, detail));
    return {
      tick(vehicle) {
        if (vehicle.timeMs - startMs < HARSH_FOR_MS) return false;
        vehicle.override.accelMps2 = undefined;
        return true;
      },
    };
  };
}

export const harshBraking: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.speedMps > 17.5 && !(v.final && remainingM(v) < 300)),
  begin: harsh('harsh_braking', 'harsh-braking', HARSH_BRAKE_MPS2),
};

export const harshAcceleration: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.speedMps > 3.3 && v.speedMps < 6.5 && !(v.final && remainingM(v) < 400)),
  begin: harsh('harsh_acceleration', 'harsh-acceleration', HARSH_ACCEL_MPS2),
};

export const speeding: FaultBehaviour = {
  /** Rather on the ring, else on a street where it hurts less. */
  cost(v) {
    if (!onTheRoad(v)) return onlyIf(false);
    const { graph } = v.place;
    return graph.highway[v.edge] && graph.to[v.edge] !== graph.wayOut ? 0 : 200 - v.speedMps;
  },
  begin(v, ctx) {
    const targetMps = between(ctx.rnd, 108, 124) / 3.6;
    const lastsMs = Math.round((targetMps - v.speedMps) / 1.5 + between(ctx.rnd, 110, 160)) * SECOND;
    const startMs = v.timeMs;
    keepDriving(v);
    const { graph } = v.place;
    const at = graph.ring.indexOf(graph.to[v.edge]);
    const before = graph.ring.indexOf(graph.from[v.edge]);
    if (at >= 0 && before >= 0) {
      const forward = (at - before + graph.ring.length) % graph.ring.length === 1 ? 1 : -1;
      routeTo(v, graph.ring[(at + forward * RING_NODES_AHEAD + graph.ring.length) % graph.ring.length], false);
    }
    v.override.targetMps = targetMps;
    const reachedMs = ((targetMps - v.speedMps) / 1.5) * SECOND;
    const due = { id: 'overspeed', dueAfterMs: reachedMs + MINUTE + telemetryDelayMs(ctx) };
    ctx.truth(truthLine(v, ctx, 'speeding', lastsMs, due, `up to ${Math.round(targetMps * 3.6)} km/h`));
    return {
      tick(vehicle) {
        keepDriving(vehicle);
        return vehicle.timeMs - startMs >= lastsMs;
      },
    };
  },
};

export const longIdling: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.speedMps > 3 && !(v.final && remainingM(v) < 400)),
  begin(v, ctx) {
    const lastsMs = Math.round(between(ctx.rnd, 400, 620)) * SECOND;
    let stoodMs: number | undefined;
    keepDriving(v);
    v.override.halt = true;
    return {
      tick(vehicle) {
        if (stoodMs === undefined && vehicle.speedMps === 0) {
          stoodMs = vehicle.timeMs;
          const due = { id: 'idling', dueAfterMs: 5 * MINUTE + telemetryDelayMs(ctx) };
          ctx.truth(truthLine(vehicle, ctx, 'long_idling', lastsMs, due, 'stands with the engine on'));
        }
        return stoodMs !== undefined && vehicle.timeMs - stoodMs >= lastsMs;
      },
    };
  },
};

export const crash: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.speedMps > 9),
  begin(v, ctx) {
    const startMs = v.timeMs;
    const lastsMs = 15 * MINUTE;
    const kmph = Math.round(v.speedMps * 3.6);
    const peakG = between(ctx.rnd, 4.2, 9);
    const due = {
      id: 'external:crash',
      dueAfterMs: telemetryDelayMs(ctx),
      also: ['harsh-braking'],
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
  cost: (v) => onlyIf(onTheRoad(v) && v.loggedIn && !(v.final && remainingM(v) < 400)),
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

export const geofenceExit: FaultBehaviour = {
  /** The nearer the way out the better, and rather one that need not turn round. */
  cost(v) {
    const { graph } = v.place;
    if (!onTheRoad(v)) return onlyIf(false);
    const tree = v.place.routeTo(graph.wayOut);
    const node = graph.to[v.edge];
    const turnsBack = graph.to[tree.nextEdge[node]] === graph.from[v.edge];
    return graph.lengthM[v.edge] - v.alongM + tree.distanceM[node] + (turnsBack ? TURN_BACK_COST_M : 0);
  },
  begin(v, ctx) {
    routeTo(v, v.place.graph.wayOut, true);
    let outside = false;
    return {
      tick(vehicle) {
        const inside = insideArea(vehicle.place, vehicle.lat, vehicle.lon);
        if (inside || outside) return outside && inside;
        outside = true;
        const lastsMs = (2 * remainingM(vehicle) * SECOND) / 20 + 6 * MINUTE;
        ctx.truth(truthLine(vehicle, ctx, 'geofence_exit', lastsMs, undefined, 'leaves the operating area'));
        return false;
      },
    };
  },
};
