import { shortWay } from './flat-earth.ts';

export type LonLat = readonly [lon: number, lat: number];

/** The closed rings of one polygon as a plane: longitudes run on over the antimeridian instead of jumping. */
export interface FlatRings {
  readonly lons: Float64Array;
  readonly lats: Float64Array;
  /** Vertices with which an edge to the next one begins. */
  readonly edges: Int32Array;
  readonly minLon: number;
  readonly maxLon: number;
  readonly minLat: number;
  readonly maxLat: number;
}

/**
 * Lays out the rings of a GeoJSON polygon. An edge takes the shorter way round the earth, except one of exactly 360° (the side of a
 * band round the earth). A ring that goes once round the earth encloses the pole of its hemisphere.
 */
export function layOut(rings: readonly (readonly LonLat[])[]): FlatRings {
  const lons: number[] = [];
  const lats: number[] = [];
  const edges: number[] = [];
  let middle = 0;
  for (const [index, ring] of rings.entries()) {
    const flat = unrolled(ring);
    if (flat.length === 0) continue;
    // A hole may begin on the other side of the antimeridian than its outline.
    const shift = index === 0 ? 0 : 360 * Math.round((middle - middleOf(flat)) / 360);
    if (index === 0) middle = middleOf(flat);
    const [firstLon, firstLat] = flat[0];
    for (const [lon, lat] of flat) {
      edges.push(lons.length);
      lons.push(lon + shift);
      lats.push(lat);
    }
    lons.push(firstLon + shift);
    lats.push(firstLat);
  }
  const [minLon, maxLon] = range(lons);
  const [minLat, maxLat] = range(lats);
  return {
    lons: Float64Array.from(lons),
    lats: Float64Array.from(lats),
    edges: Int32Array.from(edges),
    minLon,
    maxLon,
    minLat,
    maxLat,
  };
}

/**
 * The vertices of a ring with longitudes that do not jump, each of them once. A ring that ends a whole turn from where it began is
 * closed by way of its pole.
 */
function unrolled(ring: readonly LonLat[]): LonLat[] {
  const flat: LonLat[] = [];
  if (ring.length === 0) return flat;
  const [first, last] = [ring[0], ring[ring.length - 1]];
  const isClosed = ring.length > 1 && first[0] === last[0] && first[1] === last[1];
  const vertices = isClosed ? ring.slice(0, -1) : ring;
  let turns = 0;
  for (const [i, [lon, lat]] of vertices.entries()) {
    if (i > 0) turns += turnsBetween(vertices[i - 1][0], lon);
    flat.push([lon + 360 * turns, lat]);
  }
  turns += turnsBetween(vertices[vertices.length - 1][0], first[0]);
  if (turns === 0) return flat;
  const pole = flat.reduce((sum, [, lat]) => sum + lat, 0) >= 0 ? 90 : -90;
  return [...flat, [first[0] + 360 * turns, first[1]], [first[0] + 360 * turns, pole], [first[0], pole]];
}

/** Whole turns to add to `lon` so that it is the shorter way from the longitude before. */
function turnsBetween(before: number, lon: number): number {
  const step = lon - before;
  if (Math.abs(step) <= 180 || Math.abs(step) === 360) return 0;
  return Math.round((shortWay(step) - step) / 360);
}

function middleOf(flat: readonly LonLat[]): number {
  const [min, max] = range(flat.map(([lon]) => lon));
  return (min + max) / 2;
}

/** Least and greatest; an empty list gives an empty range. */
function range(values: readonly number[]): [min: number, max: number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
