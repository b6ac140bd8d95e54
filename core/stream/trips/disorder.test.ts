import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../model/stream-settings.ts';
import { FleetState } from '../fleet-state.ts';
import { Lanes } from '../lanes.ts';
import { T0 } from './testing/road.ts';
import { Trips } from './trips.ts';

interface Said {
  readonly timeMs: number;
  readonly say: (to: ReturnType<typeof room>) => void;
}

function room() {
  const state = new FleetState();
  state.use(0, 0);
  const trips = new Trips({
    vehicleName: () => 'V',
    tripName: (n) => (n === 0 ? '' : `T${n}`),
    driverName: () => '',
    settings: () => DEFAULT_SETTINGS,
    releaseTrip: () => {},
  });
  return { trips, lanes: new Lanes(state, () => DEFAULT_SETTINGS, trips) };
}

/** Three trips of ten minutes with stops of two, told by telemetry once a second and by events. */
function day(): Said[] {
  const said: Said[] = [];
  let lat = 52;
  const none = Number.NaN;
  const event = (type: 'trip_start' | 'trip_end', trip: number, timeMs: number) => {
    const rest = { slot: 0, driver: 0, lat: none, lon: none, distanceM: none, durationS: none, cancelled: false };
    said.push({ timeMs, say: ({ trips }) => trips.tripEvent({ ...rest, type, trip, timeMs }) });
  };
  for (let second = 0; second < 3 * 720; second++) {
    const timeMs = T0 + second * 1000;
    const phase = second % 720;
    const trip = phase < 600 ? Math.floor(second / 720) + 1 : 0;
    const kmph = phase < 590 ? 50 : 0;
    if (phase === 0) event('trip_start', trip, timeMs);
    lat += kmph > 0 ? 0.000125 : 0;
    const at = lat;
    said.push({ timeMs, say: ({ lanes }) => expect(lanes.telemetry(0, timeMs, at, 13, kmph, trip, 0)).toBe(true) });
    if (phase === 599) event('trip_end', trip, timeMs);
  }
  return said;
}

function tell(said: readonly Said[]) {
  const { trips, lanes } = room();
  for (const { say } of said) say({ trips, lanes });
  lanes.silent(0);
  const { trips: rows, stops, summaries } = trips.take();
  const newest = <T extends { id: string }>(list: T[]) => [...new Map(list.map((row) => [row.id, row])).values()];
  return { trips: newest(rows), stops: newest(stops), summaries };
}

test('messages that overtake each other by less than the watermark waits for change nothing', () => {
  const said = day();
  const straight = tell(said);
  expect(straight.trips.map((trip) => [trip.tripId, trip.source, trip.state, trip.endMs - trip.startMs])).toEqual([
    ['T1', 'both', 'completed', 599_000],
    ['T2', 'both', 'completed', 599_000],
    ['T3', 'both', 'completed', 599_000],
  ]);
  fc.assert(
    fc.property(fc.array(fc.nat(4900), { minLength: 500, maxLength: 500 }), (delays) => {
      const late = said.map((s, i) => ({ ...s, arriveMs: s.timeMs + delays[(i * 7) % delays.length] }));
      const mixed = tell(late.sort((a, b) => a.arriveMs - b.arriveMs));
      expect(mixed.trips.map((trip) => ({ ...trip, revision: 0 }))).toEqual(
        straight.trips.map((trip) => ({ ...trip, revision: 0 })),
      );
      expect(mixed.stops).toEqual(straight.stops);
      expect(mixed.summaries).toEqual(straight.summaries);
    }),
    { numRuns: 30 },
  );
});
