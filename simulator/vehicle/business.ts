import { below, type Random } from '../random.ts';
import { flatM, toSegmentM } from '../world/flat.ts';
import type { StreetGraph } from '../world/street-graph.ts';
import { plannedEdges } from './plan.ts';
import type { Vehicle, VehicleOrder } from './vehicle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What a trip averages, and the least that any estimate of arrival reckons with, m/s. */
const USUAL_MPS = 9.5;
const SLOWEST_MPS = 15 / 3.6;
/** Goods take up to 10 min; where the driver's break may fall on the stop, it has to fit as well. */
const SERVICE_MIN = 10;
const SERVICE_WITH_BREAK_MIN = 20;
/** A way that comes so near to its own stop before it ends there would look like an arrival. */
const PASSING_M = 300;
const HAS_ORDER = 0.7;
const LEFT_BEHIND_M = 400;

/** The order of a vehicle that is on the road; undefined for those that have none, or no straightforward way. */
export function orderOf(v: Vehicle, rnd: Random): VehicleOrder | undefined {
  if (rnd() >= HAS_ORDER) return undefined;
  const { graph } = v.place;
  const edges = plannedEdges(v);
  const node = graph.to[edges[edges.length - 1]];
  const leftM = edges.reduce((sum, e) => sum + graph.lengthM[e], 0) - v.alongM;
  if (passesTwice(v, edges) || passesEarly(v, edges, node)) return undefined;
  // However slow the estimate, a healthy trip is never more than 5 min late by it.
  const usualMs = (leftM / USUAL_MPS) * 1250 + 10 * MINUTE;
  const carefulMs = (leftM / SLOWEST_MPS) * 1000 - 5 * MINUTE;
  const promisedMs = Math.ceil((v.timeMs + Math.max(usualMs, carefulMs)) / MINUTE) * MINUTE;
  return {
    edges,
    stop: graph.stops.indexOf(node),
    kind: below(rnd, 2) === 0 ? 'loading' : 'unloading',
    promisedMs,
    serviceMin: v.nextBreakMs > promisedMs + HOUR ? SERVICE_MIN : SERVICE_WITH_BREAK_MIN,
  };
}

/** A dispatcher's route does not cross itself. */
function passesTwice(v: Vehicle, edges: readonly number[]): boolean {
  const { from, to } = v.place.graph;
  return new Set([from[edges[0]], ...edges.map((e) => to[e])]).size <= edges.length;
}

function passesEarly(v: Vehicle, edges: readonly number[], stop: number): boolean {
  const { lat, lon, from, to, lengthM } = v.place.graph;
  let leftM = edges.reduce((sum, e) => sum + lengthM[e], 0);
  return edges.some((e) => {
    const near = toSegmentM(lat[stop], lon[stop], [lat[from[e]], lon[from[e]]], [lat[to[e]], lon[to[e]]]) < PASSING_M;
    leftM -= lengthM[e];
    return near && leftM > 2 * PASSING_M;
  });
}

/** True while the vehicle has yet to do, or is doing, what its order says. */
export function orderIsOpen(v: Vehicle): boolean {
  if (!v.order || v.stopsMade > 1) return false;
  return v.stopsMade === 0 || v.phase !== 'driving' || v.tripM < LEFT_BEHIND_M;
}

/** Metres from a position to the nearest of some streets. */
export function offWayM(graph: StreetGraph, edges: readonly number[], atLat: number, atLon: number): number {
  const { lat, lon, from, to, lengthM } = graph;
  let least = Number.POSITIVE_INFINITY;
  for (const e of edges) {
    const a = from[e];
    // No point of a street is farther from its beginning than it is long.
    if (flatM(atLat, atLon, lat[a], lon[a]) - lengthM[e] > least) continue;
    least = Math.min(least, toSegmentM(atLat, atLon, [lat[a], lon[a]], [lat[to[e]], lon[to[e]]]));
  }
  return least;
}
