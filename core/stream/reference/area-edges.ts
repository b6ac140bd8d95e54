import type { Area } from './area.ts';
import type { FlatRings } from './rings.ts';

/** Degrees. */
export interface Box {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

/** Some edges of one polygon of an area, in degrees. */
export interface Edges {
  readonly area: number;
  readonly rings: FlatRings;
  /** To be added to the longitudes of the rings: those near the antimeridian are asked about on both sides. */
  readonly shift: number;
  /** First vertices of the edges. */
  readonly edges: ArrayLike<number>;
  /** What the edges lie in. */
  readonly box: Box;
}

/** Nearer to a pole a margin of metres can be any number of degrees of longitude; elsewhere it is well below one. */
const POLAR_LAT = 89;

/** All edges of all areas, in the order of the areas. */
export function edgesOf(areas: readonly Area[]): Edges[] {
  const all: Edges[] = [];
  for (const [area, { patches }] of areas.entries()) {
    for (const { rings } of patches) {
      const { minLon, maxLon, minLat, maxLat, edges } = rings;
      const isPolar = maxLat > POLAR_LAT || minLat < -POLAR_LAT;
      const reach = 180 + (isPolar ? 360 : 1);
      for (let turn = Math.ceil((-reach - maxLon) / 360); minLon + 360 * turn <= reach; turn++) {
        const shift = 360 * turn;
        const box = { south: minLat, north: maxLat, west: minLon + shift, east: maxLon + shift };
        all.push({ area, rings, shift, edges, box });
      }
    }
  }
  return all;
}

/** Those of the edges that have a point in common with the box; undefined when none has. */
export function edgesIn(edges: Edges, box: Box): Edges | undefined {
  const { rings, shift, box: all } = edges;
  if (all.east < box.west || all.west > box.east || all.north < box.south || all.south > box.north) return undefined;
  if (all.west >= box.west && all.east <= box.east && all.south >= box.south && all.north <= box.north) return edges;
  const { lons, lats } = rings;
  const kept: number[] = [];
  let [south, north, west, east] = [90, -90, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < edges.edges.length; i++) {
    const e = edges.edges[i];
    const x1 = lons[e] + shift;
    const x2 = lons[e + 1] + shift;
    const y1 = lats[e];
    const y2 = lats[e + 1];
    if (!touches(x1, y1, x2, y2, box)) continue;
    kept.push(e);
    south = Math.min(south, y1, y2);
    north = Math.max(north, y1, y2);
    west = Math.min(west, x1, x2);
    east = Math.max(east, x1, x2);
  }
  return kept.length === 0 ? undefined : { ...edges, edges: kept, box: { south, north, west, east } };
}

/** True when the edge from (x1, y1) to (x2, y2) and the box have a point in common. */
function touches(x1: number, y1: number, x2: number, y2: number, { south, north, west, east }: Box): boolean {
  if ((x1 < west && x2 < west) || (x1 > east && x2 > east)) return false;
  if ((y1 < south && y2 < south) || (y1 > north && y2 > north)) return false;
  // Apart only if all corners of the box lie on one side of the edge's line.
  const dx = x2 - x1;
  const dy = y2 - y1;
  const southWest = dx * (south - y1) - dy * (west - x1);
  const southEast = dx * (south - y1) - dy * (east - x1);
  const northWest = dx * (north - y1) - dy * (west - x1);
  const northEast = dx * (north - y1) - dy * (east - x1);
  if (southWest > 0 && southEast > 0 && northWest > 0 && northEast > 0) return false;
  return !(southWest < 0 && southEast < 0 && northWest < 0 && northEast < 0);
}
