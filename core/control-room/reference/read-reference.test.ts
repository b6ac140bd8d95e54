import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeReference } from '../../../simulator/cli/reference-files.ts';
import { haversineM } from '../../model/geometry.ts';
import { NO_REFERENCE, type ReferenceData } from '../../model/reference.ts';
import { readReference } from './read-reference.ts';

type Files = Readonly<Record<string, string>>;

function folder(files: Files): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-reference-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

const read = (files: Files, inForce: ReferenceData = NO_REFERENCE) => readReference(folder(files), inForce);
const errorsOf = (files: Files): readonly string[] => read(files).errors;

const feature = (properties: object, type: string, coordinates: unknown): object => ({
  type: 'Feature',
  properties,
  geometry: { type, coordinates },
});
const collection = (...features: object[]): string =>
  JSON.stringify({ type: 'FeatureCollection', features }, undefined, 1);
const ring = [
  [10, 50],
  [11, 50],
  [11, 51],
  [10, 50],
];

const ORDER_HEAD = 'order_id,vehicle_id,route_id,stop_id,kind,lat,lon,promised,service_min\n';

describe('reference files', () => {
  it('are empty where there are none', () => {
    expect(read({})).toEqual({ data: NO_REFERENCE, errors: [], hints: [] });
    expect(readReference('/nowhere/at/all', NO_REFERENCE).data).toEqual(NO_REFERENCE);
    expect(read({ 'vehicles.csv': '', 'drivers.yaml': '' })).toEqual({ data: NO_REFERENCE, errors: [], hints: [] });
  });

  it('say the same as CSV, JSON and YAML', () => {
    const csv = 'vehicle_id;class;limit_kmph;tank_l;cargo_min_c\r\n"V;1";van;90;;-2.5\r\n\r\nV-2;"a ""b""";;70;\r\n';
    const json = JSON.stringify([
      { vehicle_id: 'V;1', class: 'van', limit_kmph: 90, cargo_min_c: -2.5 },
      { vehicle_id: 'V-2', class: 'a "b"', tank_l: 70, make: null },
    ]);
    const yaml =
      '- vehicle_id: V;1\n  class: van\n  limit_kmph: 90\n  cargo_min_c: -2.5\n- {vehicle_id: V-2, class: a "b", tank_l: 70}\n';
    const expected = [
      { vehicleId: 'V;1', facts: { class: 'van', limit_kmph: 90, cargo_min_c: -2.5 } },
      { vehicleId: 'V-2', facts: { class: 'a "b"', tank_l: 70 } },
    ];
    for (const files of [
      { 'vehicles.csv': `\uFEFF${csv}` },
      { 'vehicles.json': json },
      { 'vehicles.yaml': yaml },
    ] as Files[]) {
      const { data, errors } = read(files);
      expect(errors).toEqual([]);
      expect(data.vehicles).toEqual(expected);
    }
  });

  it('have orders as rows of stops or with their stops in a list', () => {
    const promisedMs = Date.UTC(2026, 4, 4, 6, 30);
    const csv = `${ORDER_HEAD}O-1,V-1,R-1,A,loading,50,10,2026-05-04T08:30:00+02:00,20\nO-2,V-2,,A,,1,2,2026-05-04T06:30Z,0\nO-1,V-1,R-1,B,unloading,50.5,10.5,2026-05-04T06:30:00.000Z,5\n`;
    const json = JSON.stringify([
      {
        order_id: 'O-1',
        vehicle_id: 'V-1',
        route_id: 'R-1',
        stops: [
          { stop_id: 'A', kind: 'loading', lat: 50, lon: 10, promised: '2026-05-04T08:30:00+02:00', service_min: 20 },
          { stop_id: 'B', kind: 'unloading', lat: 50.5, lon: 10.5, promised: '2026-05-04T06:30:00Z', service_min: 5 },
        ],
      },
      {
        order_id: 'O-2',
        vehicle_id: 'V-2',
        stops: [{ stop_id: 'A', lat: 1, lon: 2, promised: '2026-05-04T06:30Z', service_min: 0 }],
      },
    ]);
    const expected = [
      {
        orderId: 'O-1',
        vehicleId: 'V-1',
        routeId: 'R-1',
        stops: [
          { stopId: 'A', kind: 'loading', lat: 50, lon: 10, promisedMs, serviceMin: 20 },
          { stopId: 'B', kind: 'unloading', lat: 50.5, lon: 10.5, promisedMs, serviceMin: 5 },
        ],
      },
      {
        orderId: 'O-2',
        vehicleId: 'V-2',
        routeId: '',
        stops: [{ stopId: 'A', kind: 'other', lat: 1, lon: 2, promisedMs, serviceMin: 0 }],
      },
    ];
    for (const files of [{ 'orders.csv': csv }, { 'orders.json': json }] as Files[]) {
      const { data, errors, hints } = read(files);
      expect(errors).toEqual([]);
      expect(data.orders).toEqual(expected);
      expect(hints).toEqual(['Order `O-1` names the route `R-1`, which routes.geojson does not have.']);
    }
  });

  it('take geofences of all three kinds, and routes', () => {
    const { data, errors } = read({
      'geofences.geojson': collection(
        feature({ id: 'a', name: 'Area', groups: ['x', 'y'], limit_kmph: 30 }, 'Polygon', [ring]),
        feature({ id: 7, group: 'x, z' }, 'MultiPolygon', [[ring], [ring]]),
        feature({ id: 'c', radius_m: 150 }, 'Point', [179.9999, 50]),
      ),
      'routes.geojson': collection(
        feature({ id: 'r', corridor_m: 250, limit_kmph: 60 }, 'LineString', [
          [10, 50, 120],
          [11, 51],
        ]),
        feature({ id: 's' }, 'LineString', ring),
      ),
    });
    expect(errors).toEqual([]);
    const [area, several, circle] = data.geofences;
    expect(area).toEqual({ geofenceId: 'a', name: 'Area', groups: ['x', 'y'], limitKmph: 30, polygons: [[ring]] });
    expect(several).toEqual({ geofenceId: '7', name: '7', groups: ['x', 'z'], polygons: [[ring], [ring]] });
    expect(circle.polygons[0][0]).toHaveLength(33);
    for (const [lon, lat] of circle.polygons[0][0]) {
      expect(haversineM(lat, lon, 50, 179.9999)).toBeCloseTo(150, 3);
      expect(Math.abs(lon)).toBeLessThanOrEqual(180);
    }
    expect(data.routes).toEqual([
      {
        routeId: 'r',
        points: [
          [10, 50],
          [11, 51],
        ],
        corridorM: 250,
        limitKmph: 60,
      },
      { routeId: 's', points: ring, corridorM: 100 },
    ]);
  });

  it('let the newest row of a key win', () => {
    const { data } = read({
      'drivers.csv': 'driver_id,name\nD-1,Ada\nD-2,Bea\nD-1,Ann\n',
      'reservations.yaml': '- {reservation_id: B, vehicle_id: V, from: 2026-01-01T00:00Z, to: 2026-01-01T01:00Z}\n',
    });
    expect(data.drivers.map(({ facts }) => facts.name)).toEqual(['Ann', 'Bea']);
    expect(data.reservations).toEqual([
      { reservationId: 'B', vehicleId: 'V', driverId: '', fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 0, 1, 1) },
    ]);
  });

  it('say what is wrong with rows, by line', () => {
    expect(
      errorsOf({
        'vehicles.csv': 'vehicle_id,limit_kmph,cargo_min_c,cargo_max_c\n,50,,\nV-1,fast,,\n"V\n2",500,8,2\n',
      }),
    ).toEqual([
      'vehicles.csv:2: `vehicle_id` is missing',
      'vehicles.csv:3: `limit_kmph` must be a number from 1 to 300 km/h, not "fast"',
      'vehicles.csv:5: `limit_kmph` must be a number from 1 to 300 km/h, not "500"',
      'vehicles.csv:5: `cargo_min_c` (8) must not be above `cargo_max_c` (2)',
    ]);
    const rows = [
      'O-1,V-1,,A,pickup,91,10,2026-05-04T08:30:00,',
      'O-1,V-2,,B,,50,10,2026-05-04T08:30:00Z,5',
      'O-1,V-1,,C,,50,10,soon,5',
    ];
    expect(
      errorsOf({ 'orders.csv': `${ORDER_HEAD}${rows.join('\n')}\nO-1,V-1,,D,,50,10,2026-05-04T08:30:00Z,5\n` }),
    ).toEqual([
      'orders.csv:2: `kind` must be one of loading, unloading, other, not "pickup"',
      'orders.csv:2: `lat` must be a number from -90 to 90 degrees, not "91"',
      'orders.csv:2: `promised` must be a time with its zone, like 2026-05-04T08:30:00+02:00, not "2026-05-04T08:30:00"',
      'orders.csv:2: `service_min` is missing',
      'orders.csv:4: `promised` must be a time with its zone, like 2026-05-04T08:30:00+02:00, not "soon"',
      'orders.csv:5: order `O-1` has another `vehicle_id` here (`V-1`) than in a row before (`V-2`)',
    ]);
    expect(
      errorsOf({ 'reservations.csv': 'reservation_id,vehicle_id,from,to\nB,V,2026-01-01T01:00Z,2026-01-01T01:00Z\n' }),
    ).toEqual(['reservations.csv:2: `to` must be later than `from`']);
  });

  it('say what is wrong with JSON and YAML, by line and column', () => {
    expect(errorsOf({ 'vehicles.yaml': '- vehicle_id: V-1\n  class: [a]\n- limit_kmph: x\n- 7\n' })).toEqual([
      'vehicles.yaml:4:3: here must be an object with names and values, not 7',
      'vehicles.yaml:2:3: `class` must be a text, not a list',
      'vehicles.yaml:3:3: `vehicle_id` is missing',
      'vehicles.yaml:3:3: `limit_kmph` must be a number from 1 to 300 km/h, not "x"',
    ]);
    expect(errorsOf({ 'drivers.json': '[\n  {"driver_id": "D-1",\n   "name": true}\n]' })).toEqual([
      'drivers.json:3:12: `name` must be a text, not true',
    ]);
    expect(
      errorsOf({
        'orders.json':
          '[{"order_id": "O", "vehicle_id": "V",\n "stops": [\n  {"stop_id": "A"}]}, {"order_id": "P", "vehicle_id": "V"}]',
      }),
    ).toEqual([
      'orders.json:3:3: `lat` is missing',
      'orders.json:3:3: `lon` is missing',
      'orders.json:3:3: `promised` is missing',
      'orders.json:3:3: `service_min` is missing',
      'orders.json:3:23: `stops` is missing',
    ]);
    expect(errorsOf({ 'vehicles.json': '{"a": 1}' })).toEqual([
      'vehicles.json:1:1: here must be a list, not an object',
    ]);
  });

  it('say what is wrong with geofences and routes, at its place', () => {
    const fails = (
      properties: object,
      type: string,
      coordinates: unknown,
      ...expected: [at: string, message: string][]
    ): void => {
      const text = JSON.stringify({ type: 'FeatureCollection', features: [feature(properties, type, coordinates)] });
      expect(errorsOf({ 'geofences.geojson': text })).toEqual(
        expected.map(([at, message]) => `geofences.geojson:1:${text.indexOf(at) + 1}: ${message}`),
      );
    };
    const whole = '{"type":"Feature"';
    fails({}, 'Polygon', [ring], [whole, 'the feature has no `id`; give it one among its properties']);
    fails({ id: 'a' }, 'LineString', ring, [
      '"LineString"',
      '`type` must be one of Polygon, MultiPolygon, Point, not "LineString"',
    ]);
    const high = [
      [10, 50],
      [50, 100],
      [0, 0],
    ];
    fails({ id: 'a' }, 'Polygon', [high], ['[50,100]', 'a position is [longitude, latitude] in degrees, not [50,100]']);
    const thin = [
      [10, 50],
      [11, 50],
      [10, 50],
    ];
    fails({ id: 'a' }, 'Polygon', [thin], ['[[10,50]', 'an outline needs at least three corners, this one has 2']);
    fails({ id: 'a' }, 'Polygon', 'here', ['"here"', 'here must be a list, not "here"']);
    fails({ id: 'a' }, 'Point', [10, 50], ['{"id":"a"}', '`radius_m` is missing']);
    fails(
      { id: 'a', limit_kmph: 0, groups: 5 },
      'Polygon',
      [ring],
      ['0,"groups"', '`limit_kmph` must be a number from 1 to 300 km/h, not 0'],
      ['5},', '`groups` must be a list of texts, not 5'],
    );
    expect(errorsOf({ 'geofences.geojson': '{"type": "Feature"}' })).toEqual([
      'geofences.geojson:1:10: `type` must be "FeatureCollection", with a list of features',
    ]);
    const route = JSON.stringify({
      type: 'FeatureCollection',
      features: [feature({ id: 'r' }, 'LineString', [[1, 2]])],
    });
    expect(errorsOf({ 'routes.geojson': route })).toEqual([
      `routes.geojson:1:${route.indexOf('[[1,2]]') + 1}: route \`r\` needs at least two points`,
    ]);
  });

  it('say why a file cannot be taken apart', () => {
    expect(errorsOf({ 'vehicles.csv': 'vehicle_id,class\nV-1,van\nV-2,"van\nV-3,van\n' })).toEqual([
      'vehicles.csv:4: the file ends inside a cell whose quotation mark is never closed',
    ]);
    expect(errorsOf({ 'vehicles.csv': 'vehicle_id,class\nV-1,a"b\n' })).toEqual([
      'vehicles.csv:2: a quotation mark stands in a cell that does not begin with one; put the cell in quotation marks',
    ]);
    expect(errorsOf({ 'vehicles.csv': 'vehicle_id,class\nV-1\n' })).toEqual([
      'vehicles.csv:2: this row has 1 cell and the head 2; make them equal',
    ]);
    expect(errorsOf({ 'vehicles.csv': 'vehicle_id,class,class\n' })).toEqual([
      'vehicles.csv:1: the column `class` is there twice; take one out',
    ]);
    expect(errorsOf({ 'vehicles.json': '[\n {"a": 1 "b"}\n]' })).toEqual([
      expect.stringMatching(/^vehicles\.json:2:10: this is not JSON \(.+\)$/),
    ]);
    expect(errorsOf({ 'vehicles.json': '[\n {"a": }\n]' })).toEqual([
      expect.stringMatching(/^vehicles\.json: this is not JSON \(.+\)$/),
    ]);
    expect(errorsOf({ 'vehicles.yaml': '- a: [1\n' })).toEqual([expect.stringMatching(/^vehicles\.yaml:\d:\d: /)]);
    expect(errorsOf({ 'vehicles.csv': 'vehicle_id\nV\n', 'vehicles.yaml': '[]' })).toEqual([
      'vehicles.csv and vehicles.yaml are there together; keep one of them',
    ]);
    const dir = folder({});
    writeFileSync(join(dir, 'drivers.csv'), Buffer.from('driver_id,name\nD,M\xfcller\n', 'latin1'));
    expect(readReference(dir, NO_REFERENCE).errors).toEqual(['drivers.csv: this is not UTF-8; save it as UTF-8']);
  });

  it('are refused whole, and what the file said before stays', () => {
    const before = read({
      'vehicles.csv': 'vehicle_id,class\nV-1,van\n',
      'drivers.csv': 'driver_id,name\nD-1,Ada\n',
    }).data;
    const { data, errors } = read(
      { 'vehicles.csv': 'vehicle_id,limit_kmph\nV-1,50\nV-2,x\n', 'drivers.csv': 'driver_id,name\nD-2,Bea\n' },
      before,
    );
    expect(errors).toHaveLength(1);
    expect(data.vehicles).toBe(before.vehicles);
    expect(data.drivers).toEqual([{ driverId: 'D-2', facts: { name: 'Bea' } }]);
  });

  it('count mistakes beyond the first twenty', () => {
    const rows = Array.from({ length: 50 }, (_, i) => `V-${i},x\n`).join('');
    const errors = errorsOf({ 'vehicles.csv': `vehicle_id,limit_kmph\n${rows}` });
    expect(errors).toHaveLength(21);
    expect(errors[20]).toBe('vehicles.csv: there are 30 more mistakes like these');
  });

  it('hint at names that look like slips, once a file', () => {
    const { data, errors, hints } = read({
      'vehicles.csv': 'vehicle_id,clas,colour\nV-1,van,red\nV-2,van,blue\n',
      'geofences.geojson': collection(feature({ id: 'a', limit_kmh: 30, 'stroke-width': 2 }, 'Polygon', [ring])),
    });
    expect(errors).toEqual([]);
    expect(data.vehicles[0]).toEqual({ vehicleId: 'V-1', facts: {} });
    expect(hints).toEqual([
      'vehicles.csv: there is no `clas`; did you mean `class`? What stands there is left out.',
      'geofences.geojson: there is no `limit_kmh`; did you mean `limit_kmph`? What stands there is left out.',
    ]);
  });

  it('have a limit of geofences and of corners', () => {
    const square = (n: number): object => feature({ id: `f${n}` }, 'Polygon', [ring]);
    expect(
      errorsOf({ 'geofences.geojson': collection(...Array.from({ length: 20_001 }, (_, n) => square(n))) }),
    ).toEqual(['geofences.geojson:1:1: 20001 geofences are more than the 20000 the room takes; leave some out']);
  });

  it('read what the demo fleet writes', () => {
    const data: ReferenceData = {
      vehicles: [{ vehicleId: 'V-1', facts: { class: 'van', limit_kmph: 80 } }],
      drivers: [{ driverId: 'D-1', facts: { name: 'Ada, the "first"', depot: 'BER' } }],
      orders: [
        {
          orderId: 'O-1',
          vehicleId: 'V-1',
          routeId: 'R-1',
          stops: [{ stopId: 'A', kind: 'loading', lat: 50, lon: 10, promisedMs: Date.UTC(2026, 0, 1), serviceMin: 20 }],
        },
      ],
      routes: [
        {
          routeId: 'R-1',
          points: [
            [10, 50],
            [11, 51],
          ],
          corridorM: 150,
        },
      ],
      geofences: [{ geofenceId: 'g', name: 'G', groups: ['a', 'b'], polygons: [[ring as [number, number][]]] }],
      reservations: [
        {
          reservationId: 'B',
          vehicleId: 'V-1',
          driverId: 'D-1',
          fromMs: Date.UTC(2026, 0, 1),
          toMs: Date.UTC(2026, 0, 2),
        },
      ],
    };
    const dir = folder({});
    writeReference(dir, data);
    expect(readReference(dir, NO_REFERENCE)).toEqual({ data, errors: [], hints: [] });
  });
});
