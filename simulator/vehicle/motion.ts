import { LIMIT_SHARE, speedInto } from '../world/route-tree.ts';
import { LIGHT_CYCLE_MS, type StreetGraph } from '../world/street-graph.ts';
import { chooseLeg } from './plan.ts';
import type { Vehicle } from './vehicle.ts';

/** What a healthy driver does at most, m/s². */
const MAX_ACCEL_MPS2 = 1.6;
const MAX_BRAKE_MPS2 = 2.2;
const BRAKE_MPS2 = 1.5;
const PULL_OVER_MPS2 = 1.6;
/** Vehicles aim this far before the point where they load, metres. */
const STOP_SHORT_M = 0.8;
/** Braking beyond this for a light that has just turned red is not asked for, m/s². */
const LIGHT_BRAKE_MPS2 = 1.9;

/** Moves the vehicle along its route to `nowMs`; answers true when it has come to rest at its destination. */
export function drive(v: Vehicle, nowMs: number, dtS: number): boolean {
  const { override } = v;
  let next: number;
  if (override.accelMps2 !== undefined) next = v.speedMps + override.accelMps2 * dtS;
  else if (override.halt) next = v.speedMps - PULL_OVER_MPS2 * dtS;
  else {
    const wanted = override.targetMps ?? allowedMps(v, nowMs, dtS);
    const gain = override.targetMps === undefined ? MAX_ACCEL_MPS2 * (1 - v.speedMps / 50) : 1.5;
    next = Math.max(Math.min(v.speedMps + gain * dtS, wanted), v.speedMps - MAX_BRAKE_MPS2 * dtS);
  }
  next = Math.max(0, next);
  const stoppable = v.speedMps <= MAX_BRAKE_MPS2 * dtS;
  const moved = ((v.speedMps + next) / 2) * dtS;
  v.speedMps = next;
  v.alongM += moved;
  v.tripM += moved;
  v.odometerKm += moved / 1000;
  const { graph } = v.place;
  while (v.alongM >= graph.lengthM[v.edge]) if (crossNode(v, graph)) return true;
  if (v.final && stoppable && remainingM(v) < 2 * STOP_SHORT_M && !override.halt) {
    v.speedMps = 0;
    return true;
  }
  return false;
}

/** Metres to the tree's destination. */
export function remainingM(v: Vehicle): number {
  const { graph } = v.place;
  return graph.lengthM[v.edge] - v.alongM + v.tree.distanceM[graph.to[v.edge]];
}

/** Onto the next edge; answers true when this was the last one. */
function crossNode(v: Vehicle, graph: StreetGraph): boolean {
  const node = graph.to[v.edge];
  if (node === v.tree.destination) {
    // Too fast to stop (a fault pushed it): the stop is passed, another one follows.
    if (v.final && v.speedMps < 1.5) {
      v.alongM = graph.lengthM[v.edge];
      v.speedMps = 0;
      return true;
    }
    chooseLeg(v, node);
  }
  v.alongM -= graph.lengthM[v.edge];
  enterEdge(v, v.tree.nextEdge[node]);
  return false;
}

function enterEdge(v: Vehicle, edge: number): void {
  v.edge = edge;
  v.endMps = v.tree.endMps[v.place.graph.from[edge]];
}

/** Sends the vehicle to another destination from where it is, in mid-street or at a node. */
export function routeTo(v: Vehicle, destination: number, final: boolean): void {
  const { graph } = v.place;
  v.tree = v.place.routeTo(destination);
  v.final = final;
  const node = graph.to[v.edge];
  const standsAtNode = v.speedMps < 0.5 && graph.lengthM[v.edge] - v.alongM < 3;
  const next = v.tree.nextEdge[node];
  if (standsAtNode && next >= 0) {
    v.alongM = 0;
    enterEdge(v, next);
  } else if (next >= 0) v.endMps = speedInto(graph, v.edge, next, v.tree.endMps[node]);
}

function allowedMps(v: Vehicle, nowMs: number, dtS: number): number {
  const { graph } = v.place;
  const left = graph.lengthM[v.edge] - v.alongM;
  const pace = LIMIT_SHARE * (0.93 + 0.07 * v.character);
  let allowed = graph.limitMps[v.edge] * pace;
  if (left <= v.speedMps * dtS) allowed = Math.min(allowed, v.endMps);
  else allowed = Math.min(allowed, brakeTo(v.endMps, left, v.speedMps, dtS));
  if (v.final)
    allowed = Math.min(allowed, brakeTo(0, left + v.tree.distanceM[graph.to[v.edge]] - STOP_SHORT_M, v.speedMps, dtS));
  return graph.lightPhaseMs[graph.to[v.edge]] < 0 ? allowed : Math.min(allowed, lightMps(v, left, nowMs, dtS));
}

/** Speed after `dtS` from which `endMps` is still reached in `distanceM` with normal braking (Krauss's safe speed). */
function brakeTo(endMps: number, distanceM: number, speedMps: number, dtS: number): number {
  const half = (BRAKE_MPS2 * dtS) / 2;
  const inside = half * half + endMps * endMps + BRAKE_MPS2 * (2 * distanceM - speedMps * dtS);
  return inside <= 0 ? 0 : Math.max(0, Math.sqrt(inside) - half);
}

function lightMps(v: Vehicle, leftM: number, nowMs: number, dtS: number): number {
  const { graph } = v.place;
  const axis = Math.floor((((graph.headingDeg[v.edge] - v.place.city.gridTurnDeg + 405) % 180) / 90) % 2);
  const phase = (nowMs + graph.lightPhaseMs[graph.to[v.edge]] + (axis * LIGHT_CYCLE_MS) / 2) % LIGHT_CYCLE_MS;
  const isGreen = phase < LIGHT_CYCLE_MS * 0.55;
  // Cars queue: each stops at its own distance from the line.
  const gapM = leftM - 4 - Math.floor(v.character * 5) * 7;
  const tooLate = gapM < 0 || (v.speedMps * v.speedMps) / (2 * gapM) > LIGHT_BRAKE_MPS2;
  if (isGreen || (tooLate && v.speedMps > 0.5)) return Number.POSITIVE_INFINITY;
  return brakeTo(0, Math.max(0, gapM), v.speedMps, dtS);
}

/** Writes the position (degrees, in its lane) into the vehicle. */
export function locate(v: Vehicle): void {
  const { graph } = v.place;
  const a = graph.from[v.edge];
  const b = graph.to[v.edge];
  const share = v.alongM / graph.lengthM[v.edge];
  v.lat = graph.lat[a] + (graph.lat[b] - graph.lat[a]) * share + graph.laneLat[v.edge];
  v.lon = graph.lon[a] + (graph.lon[b] - graph.lon[a]) * share + graph.laneLon[v.edge];
}
