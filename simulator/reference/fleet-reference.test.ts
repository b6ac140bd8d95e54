import { expect, test } from 'vitest';
import { haversineM } from '../../core/model/geometry.ts';
import { createFleet } from '../fleet.ts';
import { NOON_MS } from '../testing/collect.ts';
import { offWayM } from '../vehicle/business.ts';
import { insideArea } from '../world/world.ts';
import { inZone } from '../world/zones.ts';
import { fleetReference } from './fleet-reference.ts';

const OPTIONS = { vehicles: 240, seed: 'reference', startMs: NOON_MS };
const data = fleetReference(createFleet(OPTIONS));

test('the same fleet has the same reference data, also when it has driven for a while', () => {
  const fleet = createFleet(OPTIONS);
  for (let i = 0; i < 100_000; i++) fleet.step(() => {});
  expect(fleetReference(fleet)).toEqual(data);
  expect(fleetReference(createFleet({ ...OPTIONS, seed: 'other' })).orders).not.toEqual(data.orders);
});

test('every vehicle and driver is known, and what they are called in messages', () => {
  const ids = new Set(data.vehicles.map((v) => v.vehicleId));
  const drivers = new Set(data.drivers.map((d) => d.driverId));
  const strangers = new Set<string>();
  const fleet = createFleet({ ...OPTIONS, seconds: 3 });
  while (fleet.nextMs() < Number.POSITIVE_INFINITY) {
    fleet.step((_kind, payload) => {
      const { vehicle_id, driver_id } = JSON.parse(payload) as { vehicle_id: string; driver_id?: string };
      if (!ids.has(vehicle_id)) strangers.add(vehicle_id);
      if (driver_id !== undefined && !drivers.has(driver_id)) strangers.add(driver_id);
    });
  }
  expect([...strangers]).toEqual([]);
  expect(drivers.size).toBe(2 * ids.size);
  const reefers = data.vehicles.filter((v) => v.facts.class === 'reefer');
  expect(reefers.length).toBeGreaterThan(20);
  expect(reefers.every(({ facts }) => Number(facts.cargo_min_c) < Number(facts.cargo_max_c))).toBe(true);
});

test('each city has its areas, with names of their own', () => {
  const groups = Map.groupBy(data.geofences, (g) => g.groups[0]);
  const counts = Object.fromEntries([...groups].map(([group, list]) => [group, list.length]));
  expect(counts).toEqual({
    'operating-area': 8,
    depots: 8,
    customers: 320,
    forbidden: 8,
    'no-parking': 8,
    slow: expect.any(Number),
  });
  expect(counts.slow).toBeGreaterThan(8);
  expect(new Set(data.geofences.map((g) => g.geofenceId)).size).toBe(data.geofences.length);
  for (const { polygons } of data.geofences) {
    for (const [ring] of polygons) expect(ring[0]).toEqual(ring[ring.length - 1]);
  }
});

test('orders are of vehicles on the road, end at a stop, and have a route that leads there', () => {
  expect(data.orders.length).toBeGreaterThan(50);
  expect(data.orders.length).toBeLessThan(150);
  for (const { routeId, stops } of data.orders) {
    const route = data.routes.find((r) => r.routeId === routeId);
    const [lon, lat] = route?.points.at(-1) ?? [0, 0];
    expect(haversineM(lat, lon, stops[0].lat, stops[0].lon)).toBeLessThan(1);
    expect(stops[0].promisedMs).toBeGreaterThan(NOON_MS);
  }
});

test('some vehicles are reserved for the whole run, a few were until before it, most are not at all', () => {
  const { reservations } = data;
  expect(reservations.length).toBeGreaterThan(15);
  expect(reservations.length).toBeLessThan(60);
  const over = reservations.filter((r) => r.toMs < NOON_MS);
  expect(over.length).toBeGreaterThan(0);
  expect(reservations.filter((r) => r.fromMs < NOON_MS && r.toMs > NOON_MS + 86_400_000).length).toBe(
    reservations.length - over.length,
  );
});

test('for two hours no healthy vehicle breaks what the reference data asks of it', () => {
  const fleet = createFleet({ ...OPTIONS, seconds: 7200 });
  const wrong = new Set<string>();
  const stoodMs = new Map<number, number>();
  while (fleet.nextMs() < Number.POSITIVE_INFINITY) {
    fleet.step((kind, _payload, index, timeMs) => {
      const v = fleet.vehicles[index];
      const { graph, zones } = v.place;
      if (kind === 'trip' && v.ignition && v.reservation && v.reservation.toMs < timeMs) wrong.add(`${v.id} odd trip`);
      if (kind !== 'telemetry') return;
      if (!insideArea(v.place, v.lat, v.lon)) wrong.add(`${v.id} outside`);
      if (inZone(graph, zones.forbidden, v.lat, v.lon, 20)) wrong.add(`${v.id} forbidden`);
      for (const slow of zones.slow) {
        const over = v.speedMps * 3.6 > slow.limitKmph + 3;
        if (over && inZone(graph, slow, v.lat, v.lon)) wrong.add(`${v.id} too fast in a slow zone`);
      }
      if (v.speedMps > 0 || !inZone(graph, zones.noParking, v.lat, v.lon, 30)) stoodMs.set(index, timeMs);
      else if (timeMs - (stoodMs.get(index) ?? timeMs) > 120_000) wrong.add(`${v.id} parks where it may not`);
      if (!v.order || v.stopsMade > 0) return;
      if (offWayM(graph, v.order.edges, v.lat, v.lon) > 20) wrong.add(`${v.id} off its route`);
      if (timeMs > v.order.promisedMs + 300_000) wrong.add(`${v.id} late`);
    });
  }
  expect([...wrong]).toEqual([]);
  expect(fleet.vehicles.filter((v) => v.order && v.stopsMade === 0)).toEqual([]);
});

test('no healthy vehicle takes longer at the stop of its order than the order says, breaks included', () => {
  const fleet = createFleet({ ...OPTIONS, seconds: 7200 });
  const sinceMs = new Map<number, number>();
  const left = new Set<number>();
  const tooLong = new Set<string>();
  while (fleet.nextMs() < Number.POSITIVE_INFINITY) {
    fleet.step((kind, _payload, index, timeMs) => {
      const v = fleet.vehicles[index];
      if (kind !== 'telemetry' || !v.order || left.has(index)) return;
      const { lat, lon, stops } = v.place.graph;
      const stop = stops[v.order.stop];
      const gapM = haversineM(v.lat, v.lon, lat[stop], lon[stop]);
      if (gapM < 150 && v.speedMps < 5 / 3.6 && !sinceMs.has(index)) sinceMs.set(index, timeMs);
      const waitMin = (timeMs - (sinceMs.get(index) ?? timeMs)) / 60_000;
      if (gapM > 200 && waitMin > 0) left.add(index);
      if (waitMin > v.order.serviceMin + 4) tooLong.add(v.id);
    });
  }
  expect(left.size).toBeGreaterThan(50);
  expect([...tooLong]).toEqual([]);
});
