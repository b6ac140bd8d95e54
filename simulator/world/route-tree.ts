import { headingGapDeg } from '../../core/model/geometry.ts';
import type { StreetGraph } from './street-graph.ts';

/** The fastest way from every node of a city to one destination, with how fast one may be on it. */
export interface RouteTree {
  readonly destination: number;
  /** Edge to take from a node, -1 at the destination and where no way leads. */
  readonly nextEdge: Int32Array;
  /** Highest speed at the end of that edge that still lets one brake for every corner after it, m/s. */
  readonly endMps: Float32Array;
  /** Metres from a node to the destination. */
  readonly distanceM: Float32Array;
}

/** Healthy vehicles keep to this share of the limit. */
export const LIMIT_SHARE = 0.97;
/** Braking that routes are planned with, m/s²; what vehicles may do is more (MAX_BRAKE_MPS2). */
const PLANNED_BRAKE_MPS2 = 1.4;
/** Speed through a via point, where the next turn is not known yet, m/s. */
const VIA_MPS = 4.2;

/** Speed for a turn of that many degrees, m/s: unhindered up to 12°, 20 km/h at a right angle, walking pace to turn round. */
export function cornerMps(turnDeg: number): number {
  if (turnDeg <= 12) return 40;
  if (turnDeg <= 35) return 14 - (turnDeg - 12) * 0.2;
  if (turnDeg <= 100) return 9.4 - (turnDeg - 35) * 0.06;
  return Math.max(2.2, 5.5 - (turnDeg - 100) * 0.05);
}

/**
 * Dijkstra by driving time from the destination backwards, then the speeds from the destination outwards. No way leads through
 * the node `closed`, only to it when it is the destination itself, and out of it.
 */
export function routeTree(graph: StreetGraph, destination: number, closed = -1): RouteTree {
  const nodes = graph.lat.length;
  const nextEdge = new Int32Array(nodes).fill(-1);
  const distanceM = new Float32Array(nodes).fill(Number.POSITIVE_INFINITY);
  const order = searchBackwards(graph, destination, closed, nextEdge);
  const endMps = new Float32Array(nodes);
  distanceM[destination] = 0;
  for (const node of order) {
    const edge = nextEdge[node];
    if (edge < 0) continue;
    const to = graph.to[edge];
    distanceM[node] = distanceM[to] + graph.lengthM[edge];
    endMps[node] = to === destination ? VIA_MPS : speedInto(graph, edge, nextEdge[to], endMps[to]);
  }
  return { destination, nextEdge, endMps, distanceM };
}

/** Highest speed at the end of `edge` when `next` follows, at whose end `nextEndMps` is allowed, m/s. */
export function speedInto(graph: StreetGraph, edge: number, next: number, nextEndMps: number): number {
  const corner = cornerMps(headingGapDeg(graph.headingDeg[edge], graph.headingDeg[next]));
  const brakeable = Math.sqrt(nextEndMps * nextEndMps + 2 * PLANNED_BRAKE_MPS2 * graph.lengthM[next]);
  const limit = LIMIT_SHARE * Math.min(graph.limitMps[edge], graph.limitMps[next]);
  return Math.min(corner, brakeable, limit);
}

/** Fills nextEdge; answers the nodes in order of their driving time to the destination. */
function searchBackwards(graph: StreetGraph, destination: number, closed: number, nextEdge: Int32Array): number[] {
  const seconds = new Float64Array(graph.lat.length).fill(Number.POSITIVE_INFINITY);
  const done = new Uint8Array(graph.lat.length);
  const order: number[] = [];
  const heap: [seconds: number, node: number][] = [];
  seconds[destination] = 0;
  push(heap, [0, destination]);
  for (let top = pop(heap); top; top = pop(heap)) {
    const node = top[1];
    if (done[node]) continue;
    done[node] = 1;
    order.push(node);
    if (node === closed && node !== destination) continue;
    for (let out = graph.firstEdge[node]; out < graph.firstEdge[node + 1]; out++) {
      const other = graph.to[out];
      const time = seconds[node] + graph.lengthM[out] / graph.limitMps[out] + 2;
      if (time >= seconds[other]) continue;
      seconds[other] = time;
      nextEdge[other] = edgeBetween(graph, other, node);
      push(heap, [time, other]);
    }
  }
  return order;
}

function edgeBetween(graph: StreetGraph, from: number, to: number): number {
  for (let edge = graph.firstEdge[from]; edge < graph.firstEdge[from + 1]; edge++) {
    if (graph.to[edge] === to) return edge;
  }
  return -1;
}

function push(heap: [number, number][], item: [number, number]): void {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent][0] <= item[0]) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = item;
}

function pop(heap: [number, number][]): [number, number] | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (!last || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1][0] < heap[child][0]) child++;
    if (heap[child][0] >= last[0]) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}
