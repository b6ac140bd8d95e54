import { EARTH_RADIUS_M } from '../../model/geometry.ts';
import type { ReferenceGeofence, ReferenceRoute } from '../../model/reference.ts';
import { type Findings, type Item, itemOf, shown } from './item.ts';
import type { Path, Source } from './source.ts';
import { newest } from './tables.ts';

const CIRCLE_CORNERS = 32;
const DEFAULT_CORRIDOR_M = 100;
export const MAX_GEOFENCES = 20_000;
export const MAX_VERTICES = 2_000_000;

const LIMIT = { min: 1, max: 300, unit: 'km/h' };
const RADIUS = { min: 1, max: 1_000_000, unit: 'm' };
const CORRIDOR = { min: 10, max: 100_000, unit: 'm' };
const GEOFENCE_NAMES = ['id', 'name', 'group', 'groups', 'limit_kmph', 'radius_m'];
const ROUTE_NAMES = ['id', 'corridor_m', 'limit_kmph'];

type LonLat = readonly [lon: number, lat: number];
type Polygon = readonly (readonly LonLat[])[];

interface Feature {
  readonly path: Path;
  readonly id: string;
  readonly properties: Item;
  readonly geometry: Item;
}

export function readGeofences(source: Source, findings: Findings): ReferenceGeofence[] {
  const fences = featuresOf(source, findings, GEOFENCE_NAMES).map((feature): ReferenceGeofence => {
    const { id, properties } = feature;
    const limitKmph = properties.number('limit_kmph', LIMIT);
    return {
      geofenceId: id,
      name: properties.text('name') ?? id,
      groups: [...new Set([...properties.words('group'), ...properties.words('groups')])],
      ...(limitKmph === undefined ? {} : { limitKmph }),
      polygons: polygonsOf(source, findings, feature),
    };
  });
  const kept = newest(fences, ({ geofenceId }) => geofenceId);
  const vertices = kept.reduce((sum, { polygons }) => sum + polygons.flat().reduce((n, ring) => n + ring.length, 0), 0);
  if (kept.length > MAX_GEOFENCES)
    findings.wrong(
      source,
      [],
      `${kept.length} geofences are more than the ${MAX_GEOFENCES} the room takes; leave some out`,
    );
  if (vertices > MAX_VERTICES)
    findings.wrong(
      source,
      [],
      `${vertices} corners are more than the ${MAX_VERTICES} the room takes; simplify the outlines`,
    );
  return kept;
}

export function readRoutes(source: Source, findings: Findings): ReferenceRoute[] {
  const routes = featuresOf(source, findings, ROUTE_NAMES).flatMap(
    ({ path, id, properties, geometry }): ReferenceRoute[] => {
      const corridorM = properties.number('corridor_m', CORRIDOR) ?? DEFAULT_CORRIDOR_M;
      const limitKmph = properties.number('limit_kmph', LIMIT);
      if (geometry.word('type', ['LineString']) === undefined) return [];
      const at = [...path, 'geometry', 'coordinates'];
      const points = positionsOf(source, findings, at, geometry.value('coordinates'));
      if (points === undefined) return [];
      if (points.length < 2) findings.wrong(source, at, `route \`${id}\` needs at least two points`);
      return [{ routeId: id, points, corridorM, ...(limitKmph === undefined ? {} : { limitKmph }) }];
    },
  );
  return newest(routes, ({ routeId }) => routeId);
}

function featuresOf(source: Source, findings: Findings, names: readonly string[]): Feature[] {
  const all = itemOf(source, [], source.value, findings);
  if (all === undefined) return [];
  if (all.value('type') !== 'FeatureCollection')
    return all.wrong('type', '`type` must be "FeatureCollection", with a list of features') ?? [];
  return all.items('features').flatMap((feature, i): Feature[] => {
    const path = ['features', i];
    const properties = itemOf(source, [...path, 'properties'], feature.value('properties'), findings);
    const geometry = itemOf(source, [...path, 'geometry'], feature.value('geometry'), findings);
    if (properties === undefined || geometry === undefined) return [];
    properties.names(names);
    const id = properties.text('id') ?? feature.text('id');
    if (id !== undefined) return [{ path, id, properties, geometry }];
    return feature.wrong(undefined, 'the feature has no `id`; give it one among its properties') ?? [];
  });
}

function polygonsOf(source: Source, findings: Findings, { path, properties, geometry }: Feature): Polygon[] {
  const at = [...path, 'geometry', 'coordinates'];
  const coordinates = geometry.value('coordinates');
  switch (geometry.word('type', ['Polygon', 'MultiPolygon', 'Point'])) {
    case 'Polygon': {
      const polygon = polygonOf(source, findings, at, coordinates);
      return polygon === undefined ? [] : [polygon];
    }
    case 'MultiPolygon':
      return listOf(source, findings, at, coordinates).flatMap((part, i) => {
        const polygon = polygonOf(source, findings, [...at, i], part);
        return polygon === undefined ? [] : [polygon];
      });
    case 'Point': {
      const centre = positionOf(source, findings, at, coordinates);
      const radiusM = properties.requiredNumber('radius_m', RADIUS);
      return centre === undefined || radiusM === undefined ? [] : [[circle(centre, radiusM)]];
    }
    case undefined:
      return geometry.has('type') ? [] : (geometry.wrong(undefined, '`type` is missing') ?? []);
  }
}

function polygonOf(source: Source, findings: Findings, path: Path, value: unknown): Polygon | undefined {
  const rings = listOf(source, findings, path, value).flatMap((ring, i) => {
    const positions = positionsOf(source, findings, [...path, i], ring);
    if (positions === undefined) return [];
    const corners = new Set(positions.map(([lon, lat]) => `${lon} ${lat}`)).size;
    if (corners < 3)
      findings.wrong(source, [...path, i], `an outline needs at least three corners, this one has ${corners}`);
    return [positions];
  });
  return rings.length === 0 ? undefined : rings;
}

function positionsOf(source: Source, findings: Findings, path: Path, value: unknown): LonLat[] | undefined {
  const positions: LonLat[] = [];
  for (const [i, item] of listOf(source, findings, path, value).entries()) {
    const position = positionOf(source, findings, [...path, i], item);
    if (position === undefined) return undefined;
    positions.push(position);
  }
  return positions;
}

function positionOf(source: Source, findings: Findings, path: Path, value: unknown): LonLat | undefined {
  if (Array.isArray(value)) {
    const [lon, lat] = value;
    if (typeof lon === 'number' && typeof lat === 'number' && Math.abs(lon) <= 180 && Math.abs(lat) <= 90)
      return [lon, lat];
  }
  const said = Array.isArray(value) ? JSON.stringify(value).slice(0, 40) : shown(value);
  return findings.wrong(source, path, `a position is [longitude, latitude] in degrees, not ${said}`);
}

function listOf(source: Source, findings: Findings, path: Path, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  findings.wrong(source, path, `here must be a list, not ${shown(value)}`);
  return [];
}

/** Corners that far from a point, on great circles. */
function circle([lon, lat]: LonLat, radiusM: number): LonLat[] {
  const rad = Math.PI / 180;
  const angle = radiusM / EARTH_RADIUS_M;
  const ring = Array.from({ length: CIRCLE_CORNERS }, (_, i): LonLat => {
    const bearing = (2 * Math.PI * i) / CIRCLE_CORNERS;
    const sinLat = Math.sin(lat * rad) * Math.cos(angle) + Math.cos(lat * rad) * Math.sin(angle) * Math.cos(bearing);
    const east = Math.sin(bearing) * Math.sin(angle) * Math.cos(lat * rad);
    const cornerLon = lon + Math.atan2(east, Math.cos(angle) - Math.sin(lat * rad) * sinLat) / rad;
    return [cornerLon - 360 * Math.floor((cornerLon + 180) / 360), Math.asin(Math.min(1, Math.max(-1, sinLat))) / rad];
  });
  return [...ring, ring[0]];
}
