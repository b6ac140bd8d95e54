import fc from 'fast-check';
import { expect, test } from 'vitest';
import { act, acts } from './testing/random-road.ts';
import { TripRoom, Vehicle } from './testing/road.ts';

/** Everything that a vehicle's telemetry shows, in order of time. */
function timeline(room: TripRoom) {
  const trips = room.tripList.filter((trip) => trip.source !== 'events');
  const stops = room.stopList.map((s) => ({ ...s, endMs: Number.isNaN(s.endMs) ? Number.POSITIVE_INFINITY : s.endMs }));
  return [...trips, ...stops].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

test('trips and stops cover the time of a vehicle without a hole and without an overlap', () => {
  fc.assert(
    fc.property(acts, (list) => {
      const car = new Vehicle(new TripRoom());
      for (const what of list) {
        act(car, what);
        const spans = timeline(car.room);
        for (let i = 1; i < spans.length; i++) expect(spans[i].startMs).toBe(spans[i - 1].endMs);
      }
    }),
    { numRuns: 400 },
  );
});

test('the times of a trip add up to its length in every row given out, none is negative, and ids tell trips apart', () => {
  fc.assert(
    fc.property(acts, (list) => {
      const car = new Vehicle(new TripRoom());
      for (const what of list) act(car, what);
      car.room.collect();
      const ends = new Map<string, number>();
      for (const row of car.room.rows) {
        if (!('movingMs' in row)) continue;
        const parts = [row.movingMs, row.idlingMs, row.stoppedMs, row.gapMs];
        expect(parts.reduce((sum, ms) => sum + ms)).toBe(row.endMs - row.startMs);
        expect(Math.min(...parts, row.distanceM)).toBeGreaterThanOrEqual(0);
        expect(row.revision).toBeGreaterThan(ends.get(row.id) ?? 0);
        ends.set(row.id, row.revision);
      }
      const ids = [...car.room.trips.keys(), ...car.room.stops.keys()];
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { numRuns: 400 },
  );
});

/** The rows of each kind in their order. */
function byKind(room: TripRoom) {
  const { rows } = room.collect();
  return [rows.filter((r) => 'movingMs' in r), rows.filter((r) => 'tripRowId' in r), rows.filter((r) => 'events' in r)];
}

test('a restart at any moment gives the same rows', () => {
  fc.assert(
    fc.property(acts, fc.nat(), (list, seed) => {
      const straight = new Vehicle(new TripRoom());
      const restarted = new Vehicle(new TripRoom());
      for (const [i, what] of list.entries()) {
        act(straight, what);
        act(restarted, what);
        if ((seed >> (i % 30)) & 1) restarted.room = restarted.room.restart();
      }
      straight.room.engine.expire(0, straight.timeMs + 1e9);
      restarted.room.engine.expire(0, restarted.timeMs + 1e9);
      expect(byKind(restarted.room)).toEqual(byKind(straight.room));
    }),
    { numRuns: 300 },
  );
});

test('what one vehicle does changes nothing of another', () => {
  fc.assert(
    fc.property(acts, acts, (list, others) => {
      const alone = new Vehicle(new TripRoom(), 1);
      const room = new TripRoom();
      const beside = new Vehicle(room, 1);
      const other = new Vehicle(room, 0);
      for (let i = 0; i < Math.max(list.length, others.length); i++) {
        if (i < list.length) act(alone, list[i]);
        if (i < others.length) act(other, { ...others[i] });
        if (i < list.length) act(beside, list[i]);
      }
      const rowsOf = (r: TripRoom) => byKind(r).map((rows) => rows.filter((row) => row.vehicleId === 'V1'));
      expect(rowsOf(room)).toEqual(rowsOf(alone.room));
    }),
    { numRuns: 100 },
  );
});
