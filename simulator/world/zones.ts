import { flatM, toSegmentM } from './flat.ts';
import { CITY_M } from './sketch.ts';
import type { StreetGraph } from './street-graph.ts';

/** A round area about a crossing. */
export interface Zone {
  readonly node: number;
  readonly radiusM: number;
}

/** Areas of a city with rules of their own. */
export interface CityZones {
  /** Closed to the fleet: no way of a healthy vehicle leads through it. */
  readonly forbidden: Zone;
  /** On the inner ring, where there is much traffic; nobody loads there. */
  readonly noParking: Zone;
  /** Every street in it has this limit or a lower one. */
  readonly slow: readonly (Zone & { readonly limitKmph: number })[];
}

/** The city's centre, degrees. */
interface Centre {
  readonly lat: number;
  readonly lon: number;
}

const FORBIDDEN = { radiusM: 60, clearM: 30, fromCentreM: 2900 };
const NO_PARKING = { radiusM: 70, stopsAwayM: 250 };
const SLOW = [
  { limitKmph: 30, radiusM: 110, fromCentreM: 900 },
  { limitKmph: 50, radiusM: 180, fromCentreM: 3400 },
];
/** A zone is left only when a vehicle is well outside; streets so near count as inside. */
const EDGE_M = 20;

/** Finds places for a city's zones; the same streets, the same zones. */
export function chooseZones(graph: StreetGraph, centre: Centre): CityZones {
  const forbidden = { node: chooseForbidden(graph, centre), radiusM: FORBIDDEN.radiusM };
  const noParking = { node: chooseNoParking(graph, centre, forbidden), radiusM: NO_PARKING.radiusM };
  const slow = SLOW.flatMap(({ limitKmph, radiusM, fromCentreM }) => {
    const free = (node: number) => [forbidden, noParking].every((zone) => gapM(graph, node, zone.node) > 500);
    const calm = (node: number) => fastestMps(graph, node, radiusM + EDGE_M) <= limitKmph / 3.6 + 0.01;
    const node = nearestTo(graph, centre, fromCentreM, (n) => connected(graph, n) && free(n) && calm(n));
    return node < 0 ? [] : [{ node, radiusM, limitKmph }];
  });
  return { forbidden, noParking, slow };
}

/** True while a position (degrees) lies in a zone, or nearer to it than `marginM`. */
export function inZone(graph: StreetGraph, zone: Zone, lat: number, lon: number, marginM = 0): boolean {
  return flatM(graph.lat[zone.node], graph.lon[zone.node], lat, lon) < zone.radiusM + marginM;
}

/** A crossing of small streets that no other street passes near, and without which everything can still be reached. */
function chooseForbidden(graph: StreetGraph, centre: Centre): number {
  const special = new Set([...graph.stops, graph.depot]);
  const reached = countReached(graph, graph.depot, -1);
  return nearestTo(graph, centre, FORBIDDEN.fromCentreM, (node) => {
    const outs = edgesOf(graph, node);
    if (outs.length < 3 || outs.some((e) => graph.limitMps[e] > 14 || special.has(graph.to[e]))) return false;
    if (special.has(node)) return false;
    return (
      strangerM(graph, node) > FORBIDDEN.radiusM + FORBIDDEN.clearM &&
      countReached(graph, graph.depot, node) === reached - 1
    );
  });
}

/** The crossing of the inner ring that is farthest from all stops. */
function chooseNoParking(graph: StreetGraph, centre: Centre, forbidden: Zone): number {
  const stops = [...graph.stops, graph.depot];
  let best = -1;
  let most = 0;
  for (let node = 0; node < graph.lat.length; node++) {
    const offRing = Math.abs(flatM(centre.lat, centre.lon, graph.lat[node], graph.lon[node]) - CITY_M.innerRing);
    if (offRing > 10 || !connected(graph, node) || gapM(graph, node, forbidden.node) < 500) continue;
    const awayM = Math.min(...stops.map((stop) => gapM(graph, node, stop)));
    if (awayM <= most) continue;
    most = awayM;
    best = node;
  }
  if (most < NO_PARKING.stopsAwayM) throw new RangeError(`no crossing of the inner ring is ${most} m away from stops`);
  return best;
}

/** Of the nodes that suit, the one whose distance from the centre is nearest to the wanted; -1 when none does. */
function nearestTo(graph: StreetGraph, centre: Centre, wantedM: number, suits: (node: number) => boolean): number {
  const off = (node: number) => Math.abs(flatM(centre.lat, centre.lon, graph.lat[node], graph.lon[node]) - wantedM);
  const nodes = Array.from(graph.lat, (_, node) => node).sort((a, b) => off(a) - off(b));
  return nodes.find(suits) ?? -1;
}

function edgesOf(graph: StreetGraph, node: number): number[] {
  const edges: number[] = [];
  for (let e = graph.firstEdge[node]; e < graph.firstEdge[node + 1]; e++) edges.push(e);
  return edges;
}

function connected(graph: StreetGraph, node: number): boolean {
  return graph.firstEdge[node + 1] > graph.firstEdge[node];
}

function gapM(graph: StreetGraph, a: number, b: number): number {
  return flatM(graph.lat[a], graph.lon[a], graph.lat[b], graph.lon[b]);
}

function edgeM(graph: StreetGraph, node: number, edge: number): number {
  const a = graph.from[edge];
  const b = graph.to[edge];
  const { lat, lon } = graph;
  return toSegmentM(lat[node], lon[node], [lat[a], lon[a]], [lat[b], lon[b]]);
}

/** Metres from a node to the nearest street that does not meet it. */
function strangerM(graph: StreetGraph, node: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let e = 0; e < graph.from.length; e++) {
    if (graph.from[e] !== node && graph.to[e] !== node) least = Math.min(least, edgeM(graph, node, e));
  }
  return least;
}

/** The highest limit of the streets within a distance of a node, m/s. */
function fastestMps(graph: StreetGraph, node: number, withinM: number): number {
  let most = 0;
  for (let e = 0; e < graph.from.length; e++) {
    if (graph.limitMps[e] > most && edgeM(graph, node, e) < withinM) most = graph.limitMps[e];
  }
  return most;
}

/** How many nodes one can drive to from `start` without `closed`. */
function countReached(graph: StreetGraph, start: number, closed: number): number {
  const seen = new Uint8Array(graph.lat.length);
  const stack = [start];
  seen[start] = 1;
  let count = 0;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    count++;
    for (let e = graph.firstEdge[node]; e < graph.firstEdge[node + 1]; e++) {
      const other = graph.to[e];
      if (other === closed || seen[other]) continue;
      seen[other] = 1;
      stack.push(other);
    }
  }
  return count;
}
