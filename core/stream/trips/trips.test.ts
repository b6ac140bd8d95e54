import { describe, expect, test } from 'vitest';
import { ENGINE } from '../step.ts';
import { T0, TripRoom, Vehicle } from './testing/road.ts';

const S = 1000;
const at = (ms: number): number => (ms - T0) / S;

function setup() {
  const room = new TripRoom();
  return { room, car: new Vehicle(room) };
}

describe('a plain trip', () => {
  test('begins with the ignition, ends where it came to rest, and has the stops around it', () => {
    const { room, car } = setup();
    car.park(60).wait(10).drive(600).wait(15).park(120);
    const [trip, ...others] = room.tripList;
    expect(others).toEqual([]);
    // The fix that turned the ignition on came at 61 s, the last that moved at 670 s, the first that stood at 671 s.
    expect(at(trip.startMs)).toBe(61);
    expect(at(trip.endMs)).toBe(671);
    expect(trip).toMatchObject({ state: 'completed', source: 'telemetry', endReason: 'ignition-off', tripId: '' });
    expect(trip.distanceM).toBeCloseTo(6000, 0);
    expect([trip.movingMs, trip.idlingMs, trip.stoppedMs, trip.gapMs]).toEqual([600 * S, 10 * S, 0, 0]);
    expect(trip.avgSpeedKmph).toBeCloseTo(36, 2);
    expect(trip.maxSpeedKmph).toBe(36);
    expect(trip.startLat).toBeCloseTo(52, 3);
    expect(trip.endLat).toBeCloseTo(car.lat, 6);
    const [before, after] = room.stopList;
    expect([at(before.startMs), at(before.endMs), before.tripRowId]).toEqual([1, 61, '']);
    expect([at(after.startMs), after.endMs, after.tripRowId]).toEqual([671, Number.NaN, trip.id]);
    expect(after.reason).toBe('ignition-off');
  });

  test('is given out when it is long enough, every five minutes, and at its end', () => {
    const { room, car } = setup();
    car.park(10).drive(21);
    expect(room.tripList[0]).toMatchObject({ state: 'open', revision: 1, endReason: '' });
    car.drive(310);
    expect(room.tripList[0]).toMatchObject({ state: 'open', revision: 2 });
    car.drive(300);
    expect(room.tripList[0].revision).toBe(3);
    car.park(40);
    expect(room.tripList[0]).toMatchObject({ state: 'completed', revision: 4 });
    expect(new Set(room.trips.keys()).size).toBe(1);
  });

  test('of a vehicle that is moving when first heard begins there', () => {
    const { room, car } = setup();
    car.drive(300).park(40);
    expect(room.tripList.map((trip) => at(trip.startMs))).toEqual([1]);
    expect(room.stopList.map((stop) => at(stop.startMs))).toEqual([301]);
  });

  test('counts harsh events, fuel used but not refilled, the odometer, and the driver at the start', () => {
    const { room, car } = setup();
    car.driver = 'D1';
    car.go(60, 36, { fuelPct: 50, odometerKm: 1000 });
    car.go(60, 36, { fuelPct: 48.5, odometerKm: 1000.6 });
    car.go(1, 36, { fuelPct: 48.5, odometerKm: 1000.6, harsh: 1 });
    car.driver = 'D2';
    car.go(60, 36, { fuelPct: 90, odometerKm: 1001.2 });
    car.go(60, 36, { fuelPct: 89, odometerKm: 1001.8 });
    car.park(40);
    const [trip] = room.tripList;
    expect(trip.fuelUsedPct).toBeCloseTo(2.5, 4);
    expect(trip).toMatchObject({ odometerKm: 1.8, harshEvents: 1, driverId: 'D1', fixes: 242 });
  });

  test('without fuel and odometer says that they are not known', () => {
    const { room, car } = setup();
    car.drive(300).park(40);
    expect(room.tripList[0]).toMatchObject({ fuelUsedPct: Number.NaN, odometerKm: Number.NaN, driverId: '' });
  });
});

describe('a trip goes on', () => {
  test('over a traffic light of 60 s, the wait being idling', () => {
    const { room, car } = setup();
    car.drive(200).wait(60).drive(200).park(40);
    expect(room.tripList).toHaveLength(1);
    expect(room.tripList[0]).toMatchObject({ idlingMs: 60 * S, movingMs: 400 * S });
  });

  test('over an ignition that is off for less than 30 s', () => {
    const { room, car } = setup();
    car.drive(200).wait(5).park(25).wait(5).drive(200).park(40);
    expect(room.tripList).toHaveLength(1);
    expect(room.tripList[0]).toMatchObject({ idlingMs: 10 * S, stoppedMs: 25 * S });
  });

  test('with fixes a minute and more apart, and status messages in between', () => {
    const { room, car } = setup();
    car.everyMs = 90_000;
    const minute = () => {
      car.timeMs += 75_000;
      car.fix(Number.NaN, { fix: false, engine: ENGINE.on });
      car.timeMs -= 75_000;
      car.drive(90);
    };
    car.drive(90);
    for (let i = 0; i < 10; i++) minute();
    car.park(180);
    expect(room.tripList).toMatchObject([{ gapMs: 0, movingMs: 990 * S, state: 'completed' }]);
  });

  test('over a gap, of which nothing is known', () => {
    const { room, car } = setup();
    car.drive(200).silent(600, 5000).drive(200).park(40);
    const [trip, ...others] = room.tripList;
    expect(others).toEqual([]);
    expect(trip.gapMs).toBe(601 * S);
    expect(trip.distanceM).toBeCloseTo(1990 + 5010 + 1990, -1);
  });
});

describe('the way over a gap', () => {
  const wayM = (movedM: number, tripAfter: string): number => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).silent(300, movedM);
    car.trip = tripAfter;
    car.drive(1);
    return room.engine.openTrip(0)!.distanceM - 2990;
  };

  test('counts when it could be driven', () => {
    expect(wayM(5000, '')).toBeCloseTo(5010, 0);
  });

  test('does not count when it could not', () => {
    expect(wayM(50_000, '')).toBeCloseTo(0, 6);
  });

  test("counts when the sender's trip goes on", () => {
    expect(wayM(50_000, 'A')).toBeCloseTo(50_010, 0);
  });
});

describe('a trip ends', () => {
  test("after 200 s of idling, where that began; the idling is the stop's", () => {
    const { room, car } = setup();
    car.drive(300).wait(400).drive(300).park(40);
    const [first, second] = room.tripList;
    expect(first).toMatchObject({ endReason: 'idle', idlingMs: 0 });
    expect(at(first.endMs)).toBe(301);
    expect(at(second.startMs)).toBe(701);
    expect(room.stopList[0]).toMatchObject({ startMs: first.endMs, endMs: second.startMs, idlingMs: 400 * S });
  });

  test('after 30 s in park where the engine is not known', () => {
    const { room, car } = setup();
    car.engine = ENGINE.unknown;
    car.go(300, 36).go(31, 0);
    expect(room.tripList[0]).toMatchObject({ endReason: 'park', state: 'completed' });
  });

  test('at a silence of an hour', () => {
    const { room, car } = setup();
    car.drive(300).silent(3700, 50).drive(300).park(40);
    const [first, second] = room.tripList;
    expect(first.endReason).toBe('gap');
    expect([at(first.endMs), at(second.startMs)]).toEqual([300, 4001]);
    expect(room.stopList[0]).toMatchObject({ startMs: first.endMs, endMs: second.startMs, reason: 'gap' });
  });

  test('when nothing is heard for an hour, without a further message', () => {
    const { room, car } = setup();
    car.drive(300);
    room.idle(0);
    room.engine.expire(0, T0 + 3000 * S);
    expect(room.tripList[0].state).toBe('open');
    room.engine.expire(0, T0 + 3900 * S);
    expect(room.tripList[0]).toMatchObject({ state: 'completed', endReason: 'silence', endMs: T0 + 300 * S });
    car.silent(7200).drive(300).park(40);
    expect(room.tripList).toHaveLength(2);
    expect(room.stopList[0]).toMatchObject({
      startMs: T0 + 300 * S,
      endMs: room.tripList[1].startMs,
      reason: 'silence',
    });
  });

  test('when the engine was off and nothing more is heard', () => {
    const { room, car } = setup();
    car.drive(300).park(10);
    room.engine.expire(0, T0 + 400 * S);
    expect(room.tripList[0]).toMatchObject({ endReason: 'ignition-off', endMs: T0 + 301 * S });
  });
});

describe('what is no trip', () => {
  test('is a move of a few metres', () => {
    const { room, car } = setup();
    car.park(100).go(1, 8).park(100).go(1, 8).park(100);
    expect(room.tripList).toEqual([]);
    expect(room.stopList).toHaveLength(1);
  });

  test('is a move that is short in both distance and time; the stop goes on', () => {
    const { room, car } = setup();
    car.park(100).wait(5).drive(15).park(100).drive(300).park(40);
    expect(room.tripList).toHaveLength(1);
    const [stop] = room.stopList;
    expect([at(stop.startMs), at(stop.endMs)]).toEqual([1, 221]);
    expect(stop.idlingMs).toBe(5 * S);
  });

  test('a jitter while the engine runs does not move the start of the trip that follows', () => {
    const { room, car } = setup();
    car.park(100).wait(20).go(1, 6).wait(20).drive(300).park(40);
    const [trip] = room.tripList;
    expect(at(trip.startMs)).toBe(101);
    expect(trip.movingMs + trip.idlingMs).toBe(trip.endMs - trip.startMs);
  });
});

describe('a vehicle that moves while silent', () => {
  test('parked and found elsewhere made a move of its own, all gap', () => {
    const { room, car } = setup();
    car.drive(300).park(60).silent(1200, 3000).park(60);
    const [trip, move] = room.tripList;
    expect(trip.endReason).toBe('ignition-off');
    expect(move).toMatchObject({ endReason: 'gap', fixes: 0, movingMs: 0, gapMs: 1201 * S, state: 'completed' });
    expect(move.distanceM).toBeCloseTo(3000, 0);
    expect([at(move.startMs), at(move.endMs)]).toEqual([360, 1561]);
    expect(room.stopList.map((stop) => [at(stop.startMs), at(stop.endMs)])).toEqual([
      [301, 360],
      [1561, Number.NaN],
    ]);
  });

  test('driving and silent for more than an hour: ends at the gap, a move, and another trip', () => {
    const { room, car } = setup();
    car.drive(300).silent(4000, 20_000).drive(300).park(60);
    expect(room.tripList.map((trip) => [at(trip.startMs), at(trip.endMs), trip.endReason])).toEqual([
      [1, 300, 'gap'],
      [300, 4301, 'gap'],
      [4301, 4601, 'ignition-off'],
    ]);
    expect(room.stopList.map((stop) => at(stop.startMs))).toEqual([4601]);
  });

  test('a position that cannot be reached is not a move', () => {
    const { room, car } = setup();
    car.drive(300).park(60).silent(600, 900_000).park(60);
    expect(room.tripList).toHaveLength(1);
  });

  test('status messages tell that it parked', () => {
    const { room, car } = setup();
    car.drive(300);
    for (let i = 0; i < 5; i++) {
      car.silent(70);
      car.fix(Number.NaN, { fix: false, engine: ENGINE.off });
    }
    expect(room.tripList[0]).toMatchObject({ state: 'completed', endReason: 'ignition-off', endMs: T0 + 300 * S });
  });
});

test('a day of many trips', () => {
  const { room, car } = setup();
  car.everyMs = 5000;
  for (let i = 0; i < 30; i++) car.park(600).wait(20).drive(900).wait(30);
  car.park(60);
  expect(room.tripList).toHaveLength(30);
  expect(room.stopList).toHaveLength(31);
  for (const [i, trip] of room.tripList.entries()) {
    expect(room.stopList[i].endMs).toBe(trip.startMs);
    expect(room.stopList[i + 1].startMs).toBe(trip.endMs);
  }
});

describe('the open trip for screens', () => {
  test('is there as soon as it is more than jitter, with the id it will have', () => {
    const { room, car } = setup();
    expect(room.engine.openTrip(0)).toBeUndefined();
    car.park(60).drive(1);
    expect(room.engine.openTrip(0)).toBeUndefined();
    car.drive(2);
    const open = room.engine.openTrip(0);
    expect(open).toMatchObject({ state: 'open', movingMs: 2 * S, revision: 0 });
    expect(room.tripList).toEqual([]);
    car.drive(300);
    expect(room.tripList[0].id).toBe(open!.id);
    car.park(60);
    expect(room.engine.openTrip(0)).toBeUndefined();
  });
});

test('thousands of vehicles do not disturb each other while room is made for them', () => {
  const room = new TripRoom();
  const cars = Array.from({ length: 3000 }, (_, slot) => new Vehicle(room, slot));
  for (const part of ['out', 'stop']) {
    for (const car of cars) {
      car.everyMs = 10_000;
      car.trip = `trip of ${car.slot}`;
      if (part === 'out') car.drive(200, 20 + (car.slot % 50));
      else car.park(60);
    }
    if (part === 'out') expect(room.engine.bytes / 4096).toBeLessThan(280);
  }
  const trips = room.tripList;
  expect(trips).toHaveLength(3000);
  for (const trip of trips) {
    const slot = Number(trip.vehicleId.slice(1));
    expect(trip).toMatchObject({ tripId: `trip of ${slot}`, maxSpeedKmph: 20 + (slot % 50), movingMs: 200 * S });
  }
  expect(room.summaries.size).toBe(3000);
});
