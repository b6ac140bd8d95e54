import { expect, test } from 'vitest';
import { haversineM } from '../../core/model/geometry.ts';
import { placesGeoJson, streetsGeoJson } from './geojson.ts';
import { isDark, sunElevationDeg } from './sun.ts';
import { insideArea, world } from './world.ts';

test('every stop, the ring and the way out can be reached from every depot, and back', () => {
  for (const { graph, routeTo } of world()) {
    const targets = [...graph.stops, graph.depot, ...graph.ring, graph.wayOut];
    const home = routeTo(graph.depot);
    for (const node of targets) {
      expect(home.distanceM[node]).toBeLessThan(30_000);
      expect(routeTo(node).distanceM[graph.depot]).toBeLessThan(30_000);
    }
  }
});

test('a route leads edge by edge to its destination, as long as it says', () => {
  for (const { graph, routeTo } of world()) {
    const tree = routeTo(graph.stops[0]);
    for (const start of graph.stops.slice(1)) {
      let node = start;
      let metres = 0;
      for (let hops = 0; node !== tree.destination; hops++) {
        expect(hops).toBeLessThan(500);
        const edge = tree.nextEdge[node];
        expect(graph.from[edge]).toBe(node);
        expect(tree.endMps[node]).toBeLessThanOrEqual(graph.limitMps[edge]);
        metres += graph.lengthM[edge];
        node = graph.to[edge];
      }
      expect(metres).toBeCloseTo(tree.distanceM[start], 0);
    }
  }
});

test('only the motorway leaves the operating area', () => {
  for (const place of world()) {
    const { graph } = place;
    for (const node of [...graph.stops, graph.depot, ...graph.ring]) {
      expect(insideArea(place, graph.lat[node], graph.lon[node])).toBe(true);
    }
    expect(insideArea(place, graph.lat[graph.wayOut], graph.lon[graph.wayOut])).toBe(false);
  }
});

test('streets are drawn where vehicles drive', () => {
  const { features } = streetsGeoJson();
  expect(new Set(features.map((f) => f.properties.kind))).toEqual(new Set(['minor', 'medium', 'major', 'highway']));
  expect(new Set(features.map((f) => f.properties.limit_kmph))).toEqual(new Set([30, 50, 80]));
  const points = new Set(features.flatMap((f) => f.geometry.coordinates.map(([lon, lat]) => `${lon} ${lat}`)));
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  for (const { graph } of world()) {
    for (const node of graph.ring) expect(points).toContain(`${round(graph.lon[node])} ${round(graph.lat[node])}`);
  }
  for (const { geometry, properties } of features) {
    expect(geometry.coordinates.length).toBeGreaterThan(1);
    const city = world().find((place) => place.city.name === properties.city)?.city;
    const far = geometry.coordinates.map(([lon, lat]) => haversineM(lat, lon, city?.lat ?? 0, city?.lon ?? 0));
    expect(Math.max(...far)).toBeLessThan(12_000);
  }
});

test('each city has a depot and a closed operating area', () => {
  const { features } = placesGeoJson();
  const areas = features.flatMap((f) => (f.geometry.type === 'Polygon' ? [f.geometry.coordinates[0]] : []));
  expect(areas).toHaveLength(world().length);
  for (const ring of areas) expect(ring[0]).toEqual(ring.at(-1));
  expect(features.filter((f) => f.geometry.type === 'Point')).toHaveLength(world().length);
});

test('the sun is high at noon and gone at midnight', () => {
  expect(sunElevationDeg(0, 0, Date.parse('2026-03-20T12:00:00Z'))).toBeGreaterThan(85);
  expect(isDark(52.52, 13.4, Date.parse('2026-01-05T11:00:00Z'))).toBe(false);
  expect(isDark(52.52, 13.4, Date.parse('2026-01-05T17:00:00Z'))).toBe(true);
  expect(isDark(-35.28, 149.13, Date.parse('2026-01-05T12:00:00Z'))).toBe(true);
});
