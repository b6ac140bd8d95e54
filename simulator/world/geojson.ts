import type { Feature, FeatureCollection, LineString, Point, Polygon, Position } from 'geojson';
import { circle, degrees6 } from './flat.ts';
import type { StreetKind } from './sketch.ts';
import { CITY_M } from './sketch.ts';
import { toDegrees } from './street-graph.ts';
import { type Place, world } from './world.ts';

/** Corners of an operating area's outline; they lie on its circle. */
export const AREA_CORNERS = 72;

export interface StreetProperties {
  readonly kind: StreetKind;
  readonly name: string;
  readonly city: string;
  readonly limit_kmph: number;
}

export interface PlaceProperties {
  readonly kind: 'depot' | 'geofence';
  readonly name: string;
  readonly city: string;
  readonly timezone: string;
}

/** Every street of the demo cities, for drawing: LineStrings in WGS 84 degrees, 1e-6 precision. */
export function streetsGeoJson(): FeatureCollection<LineString, StreetProperties> {
  return { type: 'FeatureCollection', features: world().flatMap(streetsOf) };
}

/** A point for each depot and a polygon for each operating area; the geofence that the fault `geofence_exit` leaves. */
export function placesGeoJson(): FeatureCollection<Point | Polygon, PlaceProperties> {
  return { type: 'FeatureCollection', features: world().flatMap((place) => [depotOf(place), areaOf(place)]) };
}

/** Streets, depots and operating areas together: what the room's map shows of the demo. */
export function demoMapGeoJson(): FeatureCollection {
  return { type: 'FeatureCollection', features: [...placesGeoJson().features, ...streetsGeoJson().features] };
}

function streetsOf({ city, sketch }: Place): Feature<LineString, StreetProperties>[] {
  return sketch.streets.map((street) => ({
    type: 'Feature',
    properties: { kind: street.kind, name: street.name, city: city.name, limit_kmph: street.limitKmph },
    geometry: {
      type: 'LineString',
      coordinates: street.nodes.map((node) => position(...toDegrees(city, sketch.x[node], sketch.y[node]))),
    },
  }));
}

function depotOf({ city, graph }: Place): Feature<Point, PlaceProperties> {
  return {
    type: 'Feature',
    properties: { kind: 'depot', name: `${city.name} depot`, city: city.name, timezone: city.timezone },
    geometry: { type: 'Point', coordinates: position(graph.lat[graph.depot], graph.lon[graph.depot]) },
  };
}

function areaOf({ city }: Place): Feature<Polygon, PlaceProperties> {
  return {
    type: 'Feature',
    properties: {
      kind: 'geofence',
      name: `${city.name} operating area`,
      city: city.name,
      timezone: city.timezone,
    },
    geometry: { type: 'Polygon', coordinates: [circle(city.lat, city.lon, CITY_M.area, AREA_CORNERS)] },
  };
}

function position(lat: number, lon: number): Position {
  return [degrees6(lon), degrees6(lat)];
}
