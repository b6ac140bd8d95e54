import { remainingM, routeTo } from '../vehicle/motion.ts';
import { keepDriving } from '../vehicle/plan.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import { flatM } from '../world/flat.ts';
import { inZone } from '../world/zones.ts';

/** Ring nodes ahead that a vehicle is sent to: about 6 km, near enough that the ring is the fastest way. */
const RING_NODES_AHEAD = 14;
const RING_NODES_PER_RADIAL = 12;
/** Where a halt may end, seen from where it begins, m. */
const HALT_M = 150;
const STOP_AREA_M = 100;
const DEPOT_M = 150;

export function onTheRoad(v: Vehicle): boolean {
  return v.phase === 'driving' && v.ignition && !v.override.halt;
}

/** True when a vehicle will not reach its stop within so many metres. */
export function hasWayLeft(v: Vehicle, metres: number): boolean {
  return !v.final || remainingM(v) > metres;
}

/** True where a vehicle may stand for long without another rule's asking why it does there. */
export function mayHalt(v: Vehicle): boolean {
  return !inZone(v.place.graph, v.place.zones.noParking, v.lat, v.lon, HALT_M);
}

/** True far from everything at which vehicles rightly stand. */
export function farFromStops(v: Vehicle): boolean {
  const { lat, lon, stops, depot } = v.place.graph;
  const away = (node: number, metres: number) => flatM(v.lat, v.lon, lat[node], lon[node]) > metres + HALT_M;
  return stops.every((stop) => away(stop, STOP_AREA_M)) && away(depot, DEPOT_M);
}

/** True on the outer ring, where nothing makes a vehicle slow down. */
export function onRing(v: Vehicle): boolean {
  const { graph } = v.place;
  return (
    graph.highway[v.edge] === 1 && graph.ring.includes(graph.to[v.edge]) && graph.ring.includes(graph.from[v.edge])
  );
}

/** Sends a vehicle that is on the ring, or just before it, some kilometres along it; any other goes on as it was. */
export function stayOnRing(v: Vehicle): void {
  keepDriving(v);
  const { ring, from, to } = v.place.graph;
  const at = ring.indexOf(to[v.edge]);
  if (at < 0) return;
  const before = ring.indexOf(from[v.edge]);
  const backwards = before >= 0 && (before - at + ring.length) % ring.length === 1;
  routeTo(v, ring[(at + (backwards ? -1 : 1) * RING_NODES_AHEAD + ring.length) % ring.length], false);
}

/** Sends a vehicle to the ring and along it; to be called at each step. */
export function followRing(v: Vehicle): void {
  keepDriving(v);
  const { ring, to } = v.place.graph;
  if (ring.includes(to[v.edge])) {
    if (to[v.edge] === v.tree.destination || !ring.includes(v.tree.destination)) stayOnRing(v);
  } else if (!ring.includes(v.tree.destination)) routeTo(v, nearestEntry(v), false);
}

/** The ring node at a radial that is nearest by street. */
function nearestEntry({ place, edge }: Vehicle): number {
  const { graph } = place;
  const metres = (node: number) => place.routeTo(node).distanceM[graph.to[edge]];
  const entries = graph.ring.filter((_, i) => i % RING_NODES_PER_RADIAL === 0);
  return entries.reduce((best, node) => (metres(node) < metres(best) ? node : best));
}
