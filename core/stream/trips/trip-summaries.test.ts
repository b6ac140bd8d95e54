import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { haversineM } from '../../model/geometry.ts';
import type { TripSummaryRow } from '../../model/stream-outputs.ts';
import { type Message, T0, TripRoom, Vehicle } from './testing/road.ts';

const S = 1000;

interface Sent extends Message {
  readonly slot: number;
  readonly lat: number;
  readonly lon: number;
  readonly speedKmph: number;
  readonly trip: string;
}

/** What the seed pipeline's query says, told slowly: fixes of one vehicle and trip, in order. */
function summarise(slot: number, trip: string, sent: readonly Sent[]): TripSummaryRow {
  const own = sent.filter((m) => m.slot === slot);
  const fixes = own.filter((m) => m.trip === trip);
  const speeds = fixes.map((m) => m.speedKmph).filter((kmph) => !Number.isNaN(kmph));
  let distanceM = 0;
  for (let i = 1; i < own.length; i++) {
    const [a, b] = [own[i - 1], own[i]];
    if (a.trip === trip && b.trip === trip) distanceM += haversineM(a.lat, a.lon, b.lat, b.lon);
  }
  const none = speeds.length === 0;
  return {
    tripId: trip,
    vehicleId: `V${slot}`,
    firstMs: fixes[0].timeMs,
    lastMs: fixes[fixes.length - 1].timeMs,
    events: fixes.length,
    distanceM,
    avgSpeedKmph: none ? Number.NaN : speeds.reduce((sum, kmph) => sum + kmph, 0) / speeds.length,
    minSpeedKmph: none ? Number.NaN : Math.min(...speeds),
    maxSpeedKmph: none ? Number.NaN : Math.max(...speeds),
  };
}

const stream = fc.array(
  fc.record({
    slot: fc.nat(2),
    afterS: fc.constantFrom(0, 1, 1, 5, 30, 90, 400),
    lat: fc.double({ min: 52, max: 52.1, noNaN: true }),
    lon: fc.double({ min: 13, max: 13.1, noNaN: true }),
    speedKmph: fc.constantFrom(Number.NaN, 0, 10.1, 43.7, 91.3),
    trip: fc.constantFrom('', 'A', 'A', 'B', 'C'),
  }),
  { maxLength: 80 },
);

test('summaries are what the seed pipeline says, over any stream', () => {
  fc.assert(
    fc.property(stream, (list) => {
      const room = new TripRoom();
      const sent: Sent[] = [];
      let timeMs = T0;
      for (const { afterS, ...message } of list) {
        timeMs += Math.min(afterS, Math.floor(599 / list.length)) * S;
        sent.push({ ...message, timeMs });
        room.message(message.slot, { ...message, timeMs });
      }
      for (const slot of new Set(sent.map((m) => m.slot))) room.idle(slot);
      room.collect();
      const keys = new Set(sent.filter((m) => m.trip !== '').map((m) => `V${m.slot} ${m.trip}`));
      expect(new Set(room.summaries.keys())).toEqual(keys);
      for (const row of room.summaries.values()) {
        const expected = summarise(Number(row.vehicleId.slice(1)), row.tripId, sent);
        expect(row).toEqual(expected);
      }
    }),
  );
});

function setup() {
  const room = new TripRoom();
  return { room, car: new Vehicle(room) };
}

describe('a summary is given out', () => {
  test('every minute on the trip, when the vehicle leaves it, and when it falls silent', () => {
    const { room, car } = setup();
    const events = () => room.engine.take().summaries.map((row) => row.events);
    car.trip = 'A';
    car.drive(60);
    expect(events()).toEqual([]);
    car.drive(1);
    expect(events()).toEqual([61]);
    car.drive(59);
    expect(events()).toEqual([]);
    car.drive(1);
    expect(events()).toEqual([121]);
    room.idle(0);
    expect(events()).toEqual([121]);
    car.trip = 'B';
    car.drive(10);
    expect(room.engine.take().summaries).toMatchObject([{ tripId: 'A', events: 121 }]);
    car.trip = '';
    car.drive(10);
    expect(room.engine.take().summaries).toMatchObject([{ tripId: 'B', events: 10 }]);
    room.idle(0);
    expect(events()).toEqual([]);
  });

  test('with all of a trip that the vehicle left for a while', () => {
    const { room, car } = setup();
    for (const trip of ['A', '', 'A', 'B', 'A']) {
      car.trip = trip;
      car.drive(100);
    }
    room.idle(0);
    room.collect();
    expect(room.summaries.get('V0 A')).toMatchObject({ events: 300, firstMs: T0 + S, lastMs: T0 + 500 * S });
    expect(room.summaries.get('V0 A')?.distanceM).toBeCloseTo(297 * 10, 3);
    expect(room.summaries.get('V0 B')?.events).toBe(100);
  });

  test('of telemetry only: status messages count for nothing', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(10).silent(70).fix(Number.NaN, { fix: false }).silent(5).drive(10);
    room.idle(0);
    expect(room.engine.take().summaries).toMatchObject([{ events: 10 }, { events: 20 }]);
  });
});

describe('the number of a trip id is given back', () => {
  test('ten minutes after the vehicle left the trip', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).park(60);
    car.trip = '';
    car.park(599);
    expect(room.released).toEqual([]);
    car.park(3);
    expect(room.released).toEqual(['A']);
  });

  test('not while the vehicle is silent on the trip', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).silent(50_000).drive(10);
    expect(room.released).toEqual([]);
    expect(room.engine.take().summaries.at(-1)?.tripId).toBe('A');
  });

  test('when an event that tells nothing named it', () => {
    const { room, car } = setup();
    car.park(1000).end('X').end('X');
    expect(room.released).toEqual(['X', 'X']);
  });

  test('all of them, in the end, after whatever happened', () => {
    const { room, car } = setup();
    for (let i = 0; i < 20; i++) {
      car.trip = `T${i}`;
      car.start(`T${i}`).drive(300).end(`T${i}`);
      if (i % 3 === 0) car.start(`unused ${i}`);
      car.trip = '';
      car.park(60);
    }
    car.start('last').drive(300).end('last').park(2000);
    expect(room.names.serialize().names.filter((name) => name !== '')).toEqual([]);
  });
});
