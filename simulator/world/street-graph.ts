import { bearingDeg, haversineM } from '../../core/model/geometry.ts';
import type { Random } from '../random.ts';
import { below } from '../random.ts';
import type { City } from './cities.ts';
import type { Sketch, StreetKind } from './sketch.ts';

/**
 * A city's streets as a directed graph in flat arrays: edges of node n are `firstEdge[n]` … `firstEdge[n + 1] - 1`.
 * Each street is two edges, one a direction.
 */
export interface StreetGraph {
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly firstEdge: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly lengthM: Float32Array;
  readonly limitMps: Float32Array;
  readonly headingDeg: Float32Array;
  /** What to add to a position on the edge's axis to be in its lane, degrees. */
  readonly laneLat: Float64Array;
  readonly laneLon: Float64Array;
  /** 1 where the edge belongs to the outer ring or the motorway. */
  readonly highway: Uint8Array;
  /** Phase of the traffic light at a node in ms, or -1 where there is none. */
  readonly lightPhaseMs: Int32Array;
  /** Nodes in mid-street where goods are loaded. */
  readonly stops: number[];
  readonly depot: number;
  /** Nodes of the outer ring in order, and the end of the road that leaves the city. */
  readonly ring: number[];
  readonly wayOut: number;
}

interface Road {
  readonly a: number;
  readonly b: number;
  readonly kind: StreetKind;
  readonly limitKmph: number;
}

export const STOPS_PER_CITY = 40;
const METRES_PER_DEGREE = 111_195;
const LANE_OFFSET_M = 2.2;
export const LIGHT_CYCLE_MS = 70_000;

/** Degrees of a sketch position. */
export function toDegrees(city: City, x: number, y: number): [lat: number, lon: number] {
  return [city.lat + y / METRES_PER_DEGREE, city.lon + x / (METRES_PER_DEGREE * Math.cos((city.lat * Math.PI) / 180))];
}

/** Turns a drawn city into the graph vehicles drive on; places its stops and depot in mid-street. */
export function buildGraph(city: City, sketch: Sketch, rnd: Random): StreetGraph {
  const x = [...sketch.x];
  const y = [...sketch.y];
  const streets = roadsOf(sketch);
  const reached = mainPart(x.length, streets);
  const roads = streets.filter((road) => reached[road.a] === 1);
  const stops = splitForStops(x, y, roads, rnd);
  const depot = stops.pop() as number;
  const ringStreet = sketch.streets.find((s) => s.name === 'Outer Ring');
  const spur = sketch.streets.find((s) => s.name === 'Motorway 1');
  const points = x.map((_, i) => toDegrees(city, x[i], y[i]));
  return {
    lat: Float64Array.from(points, (p) => p[0]),
    lon: Float64Array.from(points, (p) => p[1]),
    ...directed(city, points, roads),
    lightPhaseMs: placeLights(x.length, roads, rnd),
    stops,
    depot,
    ring: ringStreet?.nodes.slice(0, -1) ?? [],
    wayOut: spur?.nodes.at(-1) ?? depot,
  };
}

function roadsOf(sketch: Sketch): Road[] {
  const roads = new Map<string, Road>();
  for (const { nodes, kind, limitKmph } of sketch.streets) {
    for (let i = 1; i < nodes.length; i++) {
      const a = nodes[i - 1];
      const b = nodes[i];
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      const known = roads.get(key);
      if (!known || known.limitKmph < limitKmph) roads.set(key, { a, b, kind, limitKmph });
    }
  }
  return [...roads.values()];
}

/** 1 for every node that the largest connected part of the network reaches. */
function mainPart(nodes: number, roads: readonly Road[]): Uint8Array {
  const next: number[][] = Array.from({ length: nodes }, () => []);
  for (const { a, b } of roads) {
    next[a].push(b);
    next[b].push(a);
  }
  const part = new Int32Array(nodes).fill(-1);
  let best = { id: -1, size: 0 };
  for (let start = 0; start < nodes; start++) {
    if (part[start] >= 0) continue;
    const stack = [start];
    part[start] = start;
    let size = 0;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      size++;
      for (const other of next[node]) {
        if (part[other] >= 0) continue;
        part[other] = start;
        stack.push(other);
      }
    }
    if (size > best.size) best = { id: start, size };
  }
  return Uint8Array.from(part, (id) => (id === best.id ? 1 : 0));
}

/** Cuts streets in their middle and answers the new nodes: one a stop, and a last one for the depot. */
function splitForStops(x: number[], y: number[], roads: Road[], rnd: Random): number[] {
  const stops: number[] = [];
  while (stops.length <= STOPS_PER_CITY) {
    const at = below(rnd, roads.length);
    const road = roads[at];
    const length = Math.hypot(x[road.a] - x[road.b], y[road.a] - y[road.b]);
    if (road.limitKmph > 50 || length < 160) continue;
    const middle = x.length;
    x.push((x[road.a] + x[road.b]) / 2);
    y.push((y[road.a] + y[road.b]) / 2);
    roads[at] = { ...road, b: middle };
    roads.push({ ...road, a: middle });
    stops.push(middle);
  }
  return stops;
}

/** Lights where at least three wide streets meet, at two crossings in five; never on the outer ring. */
function placeLights(nodes: number, roads: readonly Road[], rnd: Random): Int32Array {
  const wide = new Int32Array(nodes);
  for (const { a, b, kind } of roads) {
    const weight = kind === 'highway' ? -9 : kind === 'minor' ? 0 : 1;
    wide[a] += weight;
    wide[b] += weight;
  }
  return wide.map((count) => (count >= 3 && rnd() < 0.4 ? below(rnd, LIGHT_CYCLE_MS) : -1));
}

function directed(city: City, points: [number, number][], roads: readonly Road[]) {
  const edges = roads.flatMap((road) => [road, { ...road, a: road.b, b: road.a }]).sort((p, q) => p.a - q.a);
  const firstEdge = new Int32Array(points.length + 1);
  for (const { a } of edges) firstEdge[a + 1]++;
  for (let node = 0; node < points.length; node++) firstEdge[node + 1] += firstEdge[node];
  const headings = edges.map(({ a, b }) => bearingDeg(points[a][0], points[a][1], points[b][0], points[b][1]));
  const side = ((city.drivesOnLeft ? -90 : 90) * Math.PI) / 180;
  const lane = headings.map((deg) => (deg * Math.PI) / 180 + side);
  const shrink = Math.cos((city.lat * Math.PI) / 180);
  return {
    firstEdge,
    from: Int32Array.from(edges, (e) => e.a),
    to: Int32Array.from(edges, (e) => e.b),
    lengthM: Float32Array.from(edges, ({ a, b }) => haversineM(points[a][0], points[a][1], points[b][0], points[b][1])),
    limitMps: Float32Array.from(edges, (e) => e.limitKmph / 3.6),
    headingDeg: Float32Array.from(headings),
    laneLat: Float64Array.from(lane, (angle) => (Math.cos(angle) * LANE_OFFSET_M) / METRES_PER_DEGREE),
    laneLon: Float64Array.from(lane, (angle) => (Math.sin(angle) * LANE_OFFSET_M) / (METRES_PER_DEGREE * shrink)),
    highway: Uint8Array.from(edges, (e) => (e.kind === 'highway' ? 1 : 0)),
  };
}
