import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFleet } from '../fleet.ts';
import { fleetReference } from '../reference/fleet-reference.ts';
import { NOON_MS } from '../testing/collect.ts';
import { referenceFiles, writeDemoReference, writeReference } from './reference-files.ts';

const data = fleetReference(createFleet({ vehicles: 60, seed: 'files', startMs: NOON_MS }));
const files = new Map(referenceFiles(data));
const rowsOf = (name: string) => (files.get(name) ?? '').trimEnd().split('\n');

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'reference-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

test.each([
  ['vehicles.csv', 'vehicle_id,class,depot,limit_kmph,tank_l,tyre_kpa,battery_v,cargo_min_c,cargo_max_c', 60],
  ['drivers.csv', 'driver_id,name,depot,licence', 120],
  ['orders.csv', 'order_id,vehicle_id,route_id,stop_id,kind,lat,lon,promised,service_min', data.orders.length],
  ['reservations.csv', 'reservation_id,vehicle_id,driver_id,from,to', data.reservations.length],
])('%s has a row a thing', (name, head, rows) => {
  const [first, ...rest] = rowsOf(name);
  expect(first).toBe(head);
  expect(rest).toHaveLength(rows);
  for (const row of rest) expect(row.split(',')).toHaveLength(head.split(',').length);
});

test('times are ISO 8601 with their zone', () => {
  expect(rowsOf('orders.csv')[1]).toMatch(/,2026-01-05T1\d:\d\d:00\.000Z,(10|20)$/);
});

test('areas and routes are GeoJSON with their ids, groups and widths', () => {
  const geofences = JSON.parse(files.get('geofences.geojson') ?? '');
  expect(geofences.features).toHaveLength(data.geofences.length);
  expect(geofences.features[0]).toMatchObject({
    properties: { id: 'BER-area', name: 'Berlin operating area', groups: ['operating-area'] },
    geometry: { type: 'MultiPolygon' },
  });
  const routes = JSON.parse(files.get('routes.geojson') ?? '');
  expect(routes.features[0]).toMatchObject({
    properties: { id: data.routes[0].routeId, corridor_m: 150 },
    geometry: { type: 'LineString', coordinates: data.routes[0].points },
  });
});

test('the demo writes a new folder, and one that it wrote itself, but never one of somebody else', () => {
  const own = join(dir, 'own');
  expect(writeDemoReference(own, data)).toBe(true);
  expect(readdirSync(own).sort()).toEqual(['.demo', ...files.keys()].sort());
  expect(writeDemoReference(own, data)).toBe(true);
  const other = join(dir, 'other');
  writeReference(other, data);
  writeFileSync(join(other, 'vehicles.csv'), 'vehicle_id\nA\n');
  expect(writeDemoReference(other, data)).toBe(false);
  expect(readFileSync(join(other, 'vehicles.csv'), 'utf8')).toBe('vehicle_id\nA\n');
});

test('a folder that cannot be made is a sentence', () => {
  writeFileSync(join(dir, 'file'), '');
  expect(() => writeReference(join(dir, 'file/x'), data)).toThrow(
    `--reference: cannot write to ${join(dir, 'file/x')}: ENOTDIR.`,
  );
});
