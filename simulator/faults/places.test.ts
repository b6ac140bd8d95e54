import { expect, test } from 'vitest';
import { faultStory, heldAt } from '../testing/fault-story.ts';
import { flatM } from '../world/flat.ts';
import { insideArea, type Place, world } from '../world/world.ts';
import { inZone } from '../world/zones.ts';

const story = faultStory(['geofence_exit', 'forbidden_zone', 'long_dwell', 'stranded'], { seconds: 2400 });
const placeOf = (vehicleId: string) => world().find(({ city }) => vehicleId.startsWith(city.code)) as Place;

test('a vehicle leaves the operating area for more than 10 s', () => {
  const { line, fixes } = story.see('geofence_exit');
  const place = placeOf(line.vehicle_id);
  const out = heldAt(fixes, 10_000, (f) => !insideArea(place, f.lat, f.lon));
  expect(out).toBeGreaterThan(line.start_ms);
  expect(out).toBeLessThanOrEqual(line.due_ms);
});

test('a vehicle drives into the forbidden zone, stands there for a while and leaves', () => {
  const { line, fixes } = story.see('forbidden_zone');
  const { graph, zones } = placeOf(line.vehicle_id);
  const inside = fixes.filter((f) => inZone(graph, zones.forbidden, f.lat, f.lon));
  expect(inside[0].ms).toBe(line.start_ms);
  expect(heldAt(fixes, 10_000, (f) => inZone(graph, zones.forbidden, f.lat, f.lon))).toBeLessThanOrEqual(line.due_ms);
  expect(inside.length).toBeGreaterThan(40);
  expect(inside.length).toBeLessThan(200);
});

test('nobody else is ever in the forbidden zone', () => {
  const culprit = story.see('forbidden_zone').line.vehicle_id;
  const strangers = story.messages.filter((m) => {
    if (m.topicKind !== 'telemetry' || m.vehicleId === culprit) return false;
    const { graph, zones } = placeOf(m.vehicleId);
    const { lat, lon } = JSON.parse(m.payload) as { lat: number; lon: number };
    return inZone(graph, zones.forbidden, lat, lon, 20);
  });
  expect(strangers).toEqual([]);
});

test('a vehicle stands in a no-parking zone for more than 10 min, its engine off, its trip not over', () => {
  const { line, fixes, duringStatus } = story.see('long_dwell');
  const { graph, zones } = placeOf(line.vehicle_id);
  const stands = heldAt(fixes, 600_000, (f) => f.speed_kmph < 1 && inZone(graph, zones.noParking, f.lat, f.lon, -30));
  expect(stands).toBeLessThanOrEqual(line.due_ms);
  expect(duringStatus.every((s) => !s.ignition)).toBe(true);
  expect(fixes.at(-1)?.speed_kmph).toBeGreaterThan(0);
});

test('a stranded vehicle stands for more than 20 min on a trip, far from stops and depot', () => {
  const { line, during } = story.see('stranded');
  const { graph } = placeOf(line.vehicle_id);
  expect(heldAt(during, 1_200_000 - 2000, (f) => f.speed_kmph < 1 && f.trip_id !== '')).toBeLessThanOrEqual(
    line.due_ms,
  );
  const [{ lat, lon }] = during;
  const away = [...graph.stops, graph.depot].map((node) => flatM(lat, lon, graph.lat[node], graph.lon[node]));
  expect(Math.min(...away)).toBeGreaterThan(150);
});
