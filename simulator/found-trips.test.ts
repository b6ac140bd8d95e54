import { expect, test } from 'vitest';
import type { TripRow } from '../core/model/stream-outputs.ts';
import { ENGINE } from '../core/stream/step.ts';
import { TripRoom } from '../core/stream/trips/testing/road.ts';
import { createFleet } from './fleet.ts';
import { NOON_MS, type Telemetry } from './testing/collect.ts';

const HOURS = 3;
const VEHICLES = 24;
/** The simulated vehicle stands for 8 to 25 s before its engine and its trip are over, and 12 to 35 s before it leaves. */
const STANDS_MS = 26_000;
const FIX_MS = 5000;

interface Simulated {
  readonly tripId: string;
  readonly startMs: number;
  endMs: number;
  distanceM: number;
}

interface TripMessage {
  readonly trip_id: string;
  readonly event_type: 'trip_start' | 'trip_end';
  readonly timestamp: string;
  readonly distance_m?: number;
  readonly duration_sec?: number;
}

/** Drives a fleet and finds its trips: by telemetry and ignition alone, or with trip ids and events. */
function drive(withTrips: boolean) {
  const fleet = createFleet({
    vehicles: VEHICLES,
    seconds: HOURS * 3600,
    rate: 1000 / FIX_MS,
    startMs: NOON_MS,
    seed: 'found',
  });
  const room = new TripRoom();
  const ignition = new Map<number, boolean>();
  const simulated = fleet.vehicles.map((): Simulated[] => []);
  const trip = (slot: number, payload: string): void => {
    const m = JSON.parse(payload) as TripMessage;
    const timeMs = Date.parse(m.timestamp);
    const more = { distanceM: m.distance_m, durationS: m.duration_sec };
    if (withTrips) room.event(slot, m.event_type, m.trip_id, timeMs, more);
    if (m.event_type === 'trip_start') {
      simulated[slot].push({ tripId: m.trip_id, startMs: timeMs, endMs: Number.NaN, distanceM: Number.NaN });
      return;
    }
    const own = simulated[slot].at(-1);
    if (own?.tripId === m.trip_id) Object.assign(own, { endMs: timeMs, distanceM: m.distance_m });
  };
  const telemetry = (slot: number, payload: string): void => {
    const m = JSON.parse(payload) as Telemetry;
    const on = ignition.get(slot);
    const engine = on === undefined ? ENGINE.unknown : on ? ENGINE.on : ENGINE.off;
    const said = withTrips ? { trip: m.trip_id } : {};
    const place = { lat: m.lat, lon: m.lon, speedKmph: m.speed_kmph };
    room.message(slot, { timeMs: Date.parse(m.timestamp), ...place, engine, ...said });
  };
  while (fleet.nextMs() < Number.POSITIVE_INFINITY) {
    fleet.step((kind, payload, slot) => {
      if (kind === 'status') ignition.set(slot, (JSON.parse(payload) as { ignition: boolean }).ignition);
      else if (kind === 'trip') trip(slot, payload);
      else if (kind === 'telemetry') telemetry(slot, payload);
    });
  }
  const found = fleet.vehicles.map((_, slot) => room.tripList.filter((row) => row.vehicleId === `V${slot}`));
  // A trip that began before the story did is known to neither in full.
  const whole = simulated.map((list) => list.filter((s) => !Number.isNaN(s.endMs)));
  return { whole, found };
}

function near(found: readonly TripRow[], s: Simulated): TripRow | undefined {
  return found.find((row) => row.startMs < s.endMs && row.endMs > s.startMs);
}

test('the trips found in telemetry and ignition alone are those that were driven', () => {
  const { whole, found } = drive(false);
  expect(whole.flat().length).toBeGreaterThan(40);
  for (const [slot, list] of whole.entries()) {
    for (const s of list) {
      const row = near(found[slot], s);
      expect(row).toBeDefined();
      expect(Math.abs(row!.startMs - s.startMs)).toBeLessThanOrEqual(2 * FIX_MS);
      expect(s.endMs - row!.endMs).toBeGreaterThanOrEqual(-FIX_MS);
      expect(s.endMs - row!.endMs).toBeLessThanOrEqual(STANDS_MS + FIX_MS);
      // Corners are cut between fixes 5 s apart.
      expect(Math.abs(row!.distanceM / s.distanceM - 1)).toBeLessThan(0.05);
    }
    const within = found[slot].filter((row) => row.startMs > NOON_MS + FIX_MS && row.state === 'completed');
    expect(within.length).toBe(list.length);
  }
});

test('with trip ids and events they have their ids, times and reported distances to the millisecond', () => {
  const { whole, found } = drive(true);
  for (const [slot, list] of whole.entries()) {
    const rows = found[slot].filter((row) => row.startMs > NOON_MS + FIX_MS && row.state === 'completed');
    expect(rows.map((r) => [r.tripId, r.startMs, r.endMs, r.reportedDistanceM, r.source])).toEqual(
      list.map((s) => [s.tripId, s.startMs, s.endMs, s.distanceM, 'both']),
    );
  }
});
