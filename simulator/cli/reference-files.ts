import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureCollection } from 'geojson';
import type { FactValue, ReferenceData } from '../../core/model/reference.ts';

/** Marks a folder whose files the demo may write anew. */
const MARKER = '.demo';

/**
 * Writes reference data as the files a room reads from its data directory's `reference` folder. Throws a sentence when that cannot
 * be done.
 */
export function writeReference(dir: string, data: ReferenceData): void {
  try {
    mkdirSync(dir, { recursive: true });
    for (const [name, text] of referenceFiles(data)) writeFileSync(join(dir, name), text);
  } catch (error) {
    throw new Error(`--reference: cannot write to ${dir}: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

/** Like `writeReference`, but leaves a folder alone that somebody else has made; answers whether it wrote. */
export function writeDemoReference(dir: string, data: ReferenceData): boolean {
  if (existsSync(dir) && !existsSync(join(dir, MARKER))) return false;
  writeReference(dir, data);
  writeFileSync(
    join(dir, MARKER),
    'Written by the demo fleet, and anew at each start. Remove this file to keep your own.\n',
  );
  return true;
}

/** Names and texts of the files. */
export function referenceFiles(data: ReferenceData): [name: string, text: string][] {
  return [
    [
      'vehicles.csv',
      factsCsv(
        'vehicle_id',
        data.vehicles.map(({ vehicleId, facts }) => [vehicleId, facts]),
      ),
    ],
    [
      'drivers.csv',
      factsCsv(
        'driver_id',
        data.drivers.map(({ driverId, facts }) => [driverId, facts]),
      ),
    ],
    ['orders.csv', ordersCsv(data)],
    ['reservations.csv', reservationsCsv(data)],
    ['geofences.geojson', JSON.stringify(geofencesGeoJson(data))],
    ['routes.geojson', JSON.stringify(routesGeoJson(data))],
  ];
}

type Cell = FactValue | undefined;

function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: Cell): string {
  const text = value === undefined ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row an id and a column for every fact that any of them has. */
function factsCsv(idName: string, rows: readonly (readonly [string, Readonly<Record<string, FactValue>>])[]): string {
  const names = [...new Set(rows.flatMap(([, facts]) => Object.keys(facts)))];
  return csv(
    [idName, ...names],
    rows.map(([id, facts]) => [id, ...names.map((name) => facts[name])]),
  );
}

function ordersCsv({ orders }: ReferenceData): string {
  const head = ['order_id', 'vehicle_id', 'route_id', 'stop_id', 'kind', 'lat', 'lon', 'promised', 'service_min'];
  const rows = orders.flatMap(({ orderId, vehicleId, routeId, stops }) =>
    stops.map((stop) => [
      ...[orderId, vehicleId, routeId, stop.stopId, stop.kind, stop.lat, stop.lon],
      ...[new Date(stop.promisedMs).toISOString(), stop.serviceMin],
    ]),
  );
  return csv(head, rows);
}

function reservationsCsv({ reservations }: ReferenceData): string {
  const time = (ms: number) => new Date(ms).toISOString();
  const rows = reservations.map((r) => [r.reservationId, r.vehicleId, r.driverId, time(r.fromMs), time(r.toMs)]);
  return csv(['reservation_id', 'vehicle_id', 'driver_id', 'from', 'to'], rows);
}

function geofencesGeoJson({ geofences }: ReferenceData): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: geofences.map(({ geofenceId, name, groups, limitKmph, polygons }) => ({
      type: 'Feature',
      properties: { id: geofenceId, name, groups, limit_kmph: limitKmph },
      geometry: {
        type: 'MultiPolygon',
        coordinates: polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lon, lat]))),
      },
    })),
  };
}

function routesGeoJson({ routes }: ReferenceData): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: routes.map(({ routeId, corridorM, points }) => ({
      type: 'Feature',
      properties: { id: routeId, corridor_m: corridorM },
      geometry: { type: 'LineString', coordinates: points.map(([lon, lat]) => [lon, lat]) },
    })),
  };
}
