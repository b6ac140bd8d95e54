import { between } from '../random.ts';
import { remainingM, routeTo } from '../vehicle/motion.ts';
import { keepDriving } from '../vehicle/plan.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import { insideArea } from '../world/world.ts';
import { inZone } from '../world/zones.ts';
import { type FaultBehaviour, IMPOSSIBLE, onlyIf, telemetryHeldMs, truthLine } from './episode.ts';
import { farFromStops, hasWayLeft, mayHalt, onTheRoad } from './road.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TURN_BACK_COST_M = 2000;
/** A vehicle counts as outside an area when it is this far from it: at the speed of the way out. */
const LEAVING_MS = 4 * SECOND;
/** From here on a vehicle is well inside a zone. */
const WELL_INSIDE_M = -20;
/** A vehicle that slows down for a point comes to rest a little before it when it pulls over this far away, m. */
const PULL_OVER_M = 15;

/** Metres to a crossing, more for a vehicle that would have to turn round; impossible off the road. */
function wayTo(v: Vehicle, node: number): number {
  if (!onTheRoad(v)) return IMPOSSIBLE;
  const { graph } = v.place;
  const tree = v.place.routeTo(node);
  const next = graph.to[v.edge];
  if (next === node) return IMPOSSIBLE;
  const turnsBack = graph.to[tree.nextEdge[next]] === graph.from[v.edge];
  return graph.lengthM[v.edge] - v.alongM + tree.distanceM[next] + (turnsBack ? TURN_BACK_COST_M : 0);
}

export const geofenceExit: FaultBehaviour = {
  /** The nearer the way out the better. */
  cost: (v) => wayTo(v, v.place.graph.wayOut),
  begin(v, ctx) {
    routeTo(v, v.place.graph.wayOut, true);
    let outside = false;
    return {
      tick(vehicle) {
        const inside = insideArea(vehicle.place, vehicle.lat, vehicle.lon);
        if (inside || outside) return outside && inside;
        outside = true;
        const lastsMs = (2 * remainingM(vehicle) * SECOND) / 20 + 6 * MINUTE;
        const due = { id: 'geofence-exit', dueAfterMs: telemetryHeldMs(ctx, LEAVING_MS + 10 * SECOND) };
        ctx.truth(truthLine(vehicle, ctx, 'geofence_exit', lastsMs, due, 'leaves the operating area'));
        return false;
      },
    };
  },
};

export const forbiddenZone: FaultBehaviour = {
  cost: (v) => wayTo(v, v.place.zones.forbidden.node),
  begin(v, ctx) {
    const { graph, zones } = v.place;
    const standsMs = Math.round(between(ctx.rnd, 40, 80)) * SECOND;
    routeTo(v, zones.forbidden.node, false);
    let insideMs: number | undefined;
    return {
      tick(vehicle) {
        const inside = inZone(graph, zones.forbidden, vehicle.lat, vehicle.lon);
        if (insideMs === undefined) {
          if (!inside) return false;
          insideMs = vehicle.timeMs;
          const due = { id: 'forbidden-zone', dueAfterMs: telemetryHeldMs(ctx, 10 * SECOND) };
          ctx.truth(
            truthLine(vehicle, ctx, 'forbidden_zone', standsMs + MINUTE, due, 'drives into the forbidden zone'),
          );
        }
        const well = inZone(graph, zones.forbidden, vehicle.lat, vehicle.lon, WELL_INSIDE_M);
        vehicle.override.halt = well && vehicle.timeMs - insideMs < standsMs;
        return vehicle.timeMs - insideMs >= standsMs && !inside;
      },
    };
  },
};

/** Standing with the engine off where nobody may: the driver is away, the trip is not over. */
export const longDwell: FaultBehaviour = {
  cost: (v) => wayTo(v, v.place.zones.noParking.node),
  begin(v, ctx) {
    const standsMs = Math.round(between(ctx.rnd, 13, 16)) * MINUTE;
    routeTo(v, v.place.zones.noParking.node, true);
    let stoodMs: number | undefined;
    return {
      tick(vehicle) {
        if (stoodMs === undefined) {
          vehicle.override.halt ||= remainingM(vehicle) < PULL_OVER_M;
          if (vehicle.speedMps > 0 || !vehicle.override.halt) return false;
          stoodMs = vehicle.timeMs;
          turnEngine(vehicle, false);
          const due = { id: 'dwell-too-long', dueAfterMs: telemetryHeldMs(ctx, 10 * MINUTE) };
          ctx.truth(truthLine(vehicle, ctx, 'long_dwell', standsMs, due, 'parked in a no-parking zone'));
        }
        if (vehicle.timeMs - stoodMs < standsMs) return false;
        turnEngine(vehicle, true);
        keepDriving(vehicle);
        return true;
      },
    };
  },
};

/** Broken down in mid-street: engine off after a minute, the trip goes nowhere. */
export const stranded: FaultBehaviour = {
  cost: (v) =>
    onlyIf(onTheRoad(v) && v.speedMps > 3 && v.speedMps < 14 && hasWayLeft(v, 400) && mayHalt(v) && farFromStops(v)),
  begin(v, ctx) {
    const standsMs = Math.round(between(ctx.rnd, 22, 25)) * MINUTE;
    let stoodMs: number | undefined;
    keepDriving(v);
    v.override.halt = true;
    return {
      tick(vehicle) {
        if (stoodMs === undefined) {
          if (vehicle.speedMps > 0) return false;
          stoodMs = vehicle.timeMs;
          const due = { id: 'stranded', dueAfterMs: telemetryHeldMs(ctx, 20 * MINUTE), also: ['idling'] };
          ctx.truth(truthLine(vehicle, ctx, 'stranded', standsMs, due, 'stands in the street on a trip'));
        }
        const sinceMs = vehicle.timeMs - stoodMs;
        if (vehicle.ignition && sinceMs >= MINUTE) turnEngine(vehicle, false);
        if (sinceMs < standsMs) return false;
        turnEngine(vehicle, true);
        return true;
      },
    };
  },
};

function turnEngine(v: Vehicle, on: boolean): void {
  v.ignition = on;
  v.statusDue = true;
}
