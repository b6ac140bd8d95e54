import { expect, test } from 'vitest';
import { haversineM } from '../../core/model/geometry.ts';
import type { OrderStop, ReferenceRoute } from '../../core/model/reference.ts';
import { createFleet } from '../fleet.ts';
import { fleetReference } from '../reference/fleet-reference.ts';
import { NOON_MS } from '../testing/collect.ts';
import { faultStory, heldAt } from '../testing/fault-story.ts';
import { toSegmentM } from '../world/flat.ts';

const VEHICLES = 250;
const story = faultStory(['route_deviation', 'eta_slip', 'loading_overrun'], { vehicles: VEHICLES, seconds: 3000 });
const { orders, routes } = fleetReference(createFleet({ vehicles: VEHICLES, seed: 'faults', startMs: NOON_MS }));

function orderOf(vehicleId: string): { stop: OrderStop; route: ReferenceRoute } {
  const order = orders.find((o) => o.vehicleId === vehicleId);
  const route = routes.find((r) => r.routeId === order?.routeId);
  if (!order || !route) throw new Error(`${vehicleId} has no order`);
  return { stop: order.stops[0], route };
}

function offM({ points }: ReferenceRoute, { lat, lon }: { lat: number; lon: number }): number {
  const legs = points.slice(1).map(([x, y], i) => toSegmentM(lat, lon, [points[i][1], points[i][0]], [y, x]));
  return Math.min(...legs);
}

test('a detour is more than 200 m off the route for a minute, then the vehicle goes to its stop', () => {
  const { line, fixes } = story.see('route_deviation');
  const { stop, route } = orderOf(line.vehicle_id);
  expect(fixes.filter((f) => f.ms <= line.start_ms).every((f) => offM(route, f) < 20)).toBe(true);
  expect(heldAt(fixes, 60_000, (f) => offM(route, f) > route.corridorM + 50)).toBeLessThanOrEqual(line.due_ms);
  expect(fixes.some((f) => f.ms > line.due_ms && haversineM(f.lat, f.lon, stop.lat, stop.lon) < 50)).toBe(true);
});

test('a jam makes the arrival, reckoned at 15 km/h, more than 15 min late for 2 min; it neither idles nor stands', () => {
  const { line, fixes } = story.see('eta_slip');
  const { stop } = orderOf(line.vehicle_id);
  const jam = fixes.filter((f) => f.ms > line.start_ms + 20_000 && f.ms < line.due_ms);
  expect(Math.min(...jam.map((f) => f.speed_kmph))).toBeGreaterThan(5);
  expect(Math.max(...jam.map((f) => f.speed_kmph))).toBeLessThan(8);
  // The straight line is shorter than the way: what is late by it is late by the way.
  const slow = jam.filter((f) => f.ms > line.start_ms + 900_000);
  const lateMs = (f: (typeof slow)[number]) =>
    f.ms + (haversineM(f.lat, f.lon, stop.lat, stop.lon) / 15) * 3600 - stop.promisedMs;
  expect(slow.length).toBeGreaterThan(100);
  expect(lateMs(slow[slow.length - 1]) - lateMs(slow[0])).toBeGreaterThan(60_000);
  expect(line.also).toEqual([]);
});

test('loading takes more than 5 min longer than it may, at the stop of the order', () => {
  const { line, fixes } = story.see('loading_overrun');
  const { stop } = orderOf(line.vehicle_id);
  const atStop = (f: (typeof fixes)[number]) => haversineM(f.lat, f.lon, stop.lat, stop.lon) < 50 && f.speed_kmph < 5;
  const over = heldAt(fixes, (stop.serviceMin + 5) * 60_000, atStop);
  expect(over).toBeGreaterThan(line.start_ms);
  expect(over).toBeLessThanOrEqual(line.due_ms);
});
