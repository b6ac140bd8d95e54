import { below } from '../random.ts';
import type { Place } from '../world/world.ts';
import type { Vehicle } from './vehicle.ts';

/** Destinations that a vehicle which a fault keeps on the road has at least ahead of it. */
const KEPT_AHEAD = 3;

/**
 * Plans a trip from `node`, reached from the node `from`: so many via points that the trip has a length, then a stop, or the
 * depot at the end of a round. The way is known before it is driven, so that it can be told as a route.
 */
export function planTrip(v: Vehicle, vias: number, node: number, from: number): void {
  v.ahead.length = 0;
  let at = node;
  let before = from;
  for (let left = vias; left >= 0; left--) {
    const home = left === 0 && v.stopsLeft <= 0 && at !== v.place.graph.depot;
    const next = home ? v.place.graph.depot : pickStop(v, at, before);
    before = nodeBefore(v.place, at, next);
    at = next;
    v.ahead.push(next);
  }
}

/** Heads for the next destination of the plan; beyond its end for some stop. */
export function chooseLeg(v: Vehicle, node: number): void {
  const destination = v.ahead.shift() ?? pickStop(v, node, v.place.graph.from[v.edge]);
  v.final = v.ahead.length === 0;
  v.tree = v.place.routeTo(destination);
}

/** Keeps a vehicle on the road: it passes its next stop and goes on to others. */
export function keepDriving(v: Vehicle): void {
  v.final = false;
  while (v.ahead.length < KEPT_AHEAD) {
    const last = v.ahead.at(-1) ?? v.tree.destination;
    const before = v.ahead.at(-2) ?? v.place.graph.to[v.edge];
    v.ahead.push(pickStop(v, last, before === last ? -1 : nodeBefore(v.place, before, last)));
  }
}

/** The edges from the one a vehicle is on to the last destination of its plan, in order. */
export function plannedEdges(v: Vehicle): number[] {
  const { graph } = v.place;
  const edges = [v.edge];
  for (const destination of [v.tree.destination, ...v.ahead]) {
    const tree = v.place.routeTo(destination);
    for (let node = graph.to[edges[edges.length - 1]]; node !== destination; node = graph.to[edges[edges.length - 1]]) {
      edges.push(tree.nextEdge[node]);
    }
  }
  return edges;
}

/** A stop other than `node`, if possible one for which a vehicle that comes from `from` need not turn round. */
function pickStop(v: Vehicle, node: number, from: number): number {
  const { graph } = v.place;
  let picked = node;
  for (let tries = 0; tries < 8; tries++) {
    const stop = graph.stops[below(v.rnd, graph.stops.length)];
    if (stop === node) continue;
    picked = stop;
    if (graph.to[v.place.routeTo(stop).nextEdge[node]] !== from) break;
  }
  return picked === node ? graph.depot : picked;
}

/** The node before `destination` on the way from `start`. */
function nodeBefore({ graph, routeTo }: Place, start: number, destination: number): number {
  const tree = routeTo(destination);
  let before = start;
  for (let node = start; node !== destination; node = graph.to[tree.nextEdge[node]]) before = node;
  return before;
}
