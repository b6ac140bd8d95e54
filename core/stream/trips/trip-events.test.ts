import { describe, expect, test } from 'vitest';
import { T0, TripRoom, Vehicle } from './testing/road.ts';

const S = 1000;
const at = (ms: number): number => (ms - T0) / S;

function setup() {
  const room = new TripRoom();
  return { room, car: new Vehicle(room) };
}

const REPORT = { distanceM: 3100, durationS: 333 };

/** Events of a trip by the clock of `standard`: engine on at 101 s, drives 121…420 s, comes to rest at 421 s, parks at 451 s. */
function standard(before: (car: Vehicle) => void, after: (car: Vehicle) => void = () => {}) {
  const { room, car } = setup();
  before(car);
  car.park(100);
  car.trip = 'A';
  car.wait(20).drive(300).wait(30);
  car.trip = '';
  car.park(60);
  after(car);
  return { room, car, trip: room.tripList[0], trips: room.tripList };
}
const start = (car: Vehicle): unknown => car.start('A', T0 + 101 * S, { lat: 52, lon: 13 });
const end = (car: Vehicle): unknown => car.end('A', T0 + 451 * S, REPORT);

describe('start and end of a trip are those of its events', () => {
  const whole = {
    tripId: 'A',
    source: 'both',
    state: 'completed',
    endReason: 'event',
    startMs: T0 + 101 * S,
    endMs: T0 + 451 * S,
    movingMs: 300 * S,
    idlingMs: 50 * S,
    stoppedMs: 0,
    gapMs: 0,
    reportedDistanceM: 3100,
    reportedDurationS: 333,
  };

  test.each([
    ['before the telemetry', [start, end], []],
    ['before it, the end first', [end, start], []],
    ['before it, each twice', [start, start, end, end], []],
    ['before it, and once more after it', [start, end], [start, end]],
  ])('when they come %s', (_, before, after) => {
    const { trips, room } = standard(
      (car) => {
        car.park(1);
        car.timeMs = T0;
        for (const say of before) say(car);
      },
      (car) => {
        for (const say of after) say(car);
      },
    );
    expect(trips).toHaveLength(1);
    expect(trips[0]).toMatchObject(whole);
    expect(room.stopList.map((stop) => [at(stop.startMs), at(stop.endMs)])).toEqual([
      [1, 101],
      [451, Number.NaN],
    ]);
  });

  test('when they come after the telemetry: the times are the same, the id of the row too', () => {
    const rows = standard(() => {}).trip;
    const { trip, trips, room } = standard(
      () => {},
      (car) => {
        start(car);
        end(car);
      },
    );
    expect(trips).toHaveLength(1);
    expect(trip.id).toBe(rows.id);
    expect(trip).toMatchObject({ ...whole, startMs: rows.startMs });
    expect(room.stopList[1].startMs).toBe(T0 + 451 * S);
  });

  test('as they come, one by one', () => {
    const { room, car } = setup();
    car.park(100);
    car
      .start('A', T0 + 95 * S)
      .wait(20)
      .drive(300)
      .end('A', car.timeMs - 2 * S, REPORT)
      .wait(60);
    expect(room.tripList).toHaveLength(1);
    expect(room.tripList[0]).toMatchObject({ startMs: T0 + 95 * S, endMs: T0 + 418 * S, endReason: 'event' });
    expect(room.stopList.map((stop) => at(stop.startMs))).toEqual([1, 418]);
  });

  test('only the start comes', () => {
    const { trip } = standard((car) => {
      car.park(1);
      car.timeMs = T0;
      start(car);
    });
    expect(trip).toMatchObject({
      startMs: T0 + 101 * S,
      endMs: T0 + 421 * S,
      endReason: 'ignition-off',
      source: 'both',
    });
  });

  test('only the end comes', () => {
    const { trip, trips } = standard(() => {}, end);
    expect(trips).toHaveLength(1);
    expect(trip).toMatchObject({ endMs: T0 + 451 * S, source: 'both', reportedDistanceM: 3100 });
  });
});

describe('a trip end', () => {
  test('ends the trip however long the vehicle idles on', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car
      .drive(300)
      .wait(20)
      .end('A', car.timeMs + S, REPORT)
      .wait(150);
    expect(room.tripList[0]).toMatchObject({ state: 'completed', endMs: T0 + 321 * S, idlingMs: 21 * S - S });
  });

  test('ends it while the vehicle moves; what it goes on for a moment is part of the stop', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car
      .drive(300)
      .end('A', car.timeMs + S, REPORT)
      .drive(10)
      .park(100);
    expect(room.tripList).toHaveLength(1);
    expect(room.tripList[0].endMs).toBe(T0 + 301 * S);
    expect(room.stopList).toHaveLength(1);
  });

  test('far from where the vehicle came to rest leaves the times alone', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).park(500).end('A', car.timeMs, REPORT).park(10);
    expect(room.tripList[0]).toMatchObject({ endMs: T0 + 301 * S, endReason: 'ignition-off', reportedDurationS: 333 });
  });

  test('that the vehicle contradicts by driving on for long changes nothing', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car
      .drive(900)
      .end('A', T0 + 400 * S, REPORT)
      .drive(10);
    expect(room.tripList).toMatchObject([{ state: 'open' }]);
  });

  test('of another trip changes nothing', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).end('B', car.timeMs, REPORT).drive(10);
    expect(room.tripList).toMatchObject([{ state: 'open', tripId: 'A', source: 'telemetry' }]);
  });

  test('with status cancelled keeps what was measured', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).end('A', car.timeMs, { ...REPORT, cancelled: true });
    const [trip] = room.tripList;
    expect(trip).toMatchObject({ state: 'cancelled', movingMs: 299 * S });
    expect(trip.distanceM).toBeCloseTo(2990, 0);
  });

  test('that cancels a trip after its end is a correction of it', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).park(60);
    const [before] = room.tripList;
    car.end('A', before.endMs, { cancelled: true });
    expect(room.tripList).toMatchObject([{ id: before.id, state: 'cancelled', revision: before.revision + 1 }]);
  });

  test('of the trip before, while the next one runs', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).park(60);
    car.trip = 'B';
    car.drive(100).end('A', T0 + 310 * S, REPORT);
    expect(room.tripList).toMatchObject([
      { tripId: 'A', endMs: T0 + 310 * S, reportedDistanceM: 3100 },
      { tripId: 'B', state: 'open' },
    ]);
    expect(at(room.stopList[0].startMs)).toBe(310);
  });

  test('makes a trip of a move too short to be one by itself', () => {
    const { room, car } = setup();
    car.park(10);
    car.trip = 'A';
    car.drive(8).end('A', car.timeMs, REPORT).park(60);
    expect(room.tripList).toMatchObject([{ tripId: 'A', state: 'completed', source: 'both' }]);
  });
});

describe('a trip start', () => {
  test('without an end of the trip before ends that one', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).start('B', car.timeMs + S);
    car.trip = 'B';
    car.drive(300).park(60);
    const [first, second, ...others] = room.tripList;
    expect(others).toEqual([]);
    expect(first).toMatchObject({ tripId: 'A', endReason: 'event', endMs: T0 + 301 * S });
    expect(second).toMatchObject({ tripId: 'B', source: 'both', startMs: T0 + 301 * S });
  });

  test('as seen in the telemetry alone does the same', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300);
    car.trip = 'B';
    car.drive(300).park(60);
    expect(room.tripList).toMatchObject([
      { tripId: 'A', endReason: 'event' },
      { tripId: 'B', source: 'telemetry' },
    ]);
  });

  test('long before the vehicle moves gives the id, not the time', () => {
    const { room, car } = setup();
    car
      .park(10)
      .start('A', car.timeMs + S)
      .park(600)
      .drive(300)
      .park(60);
    expect(room.tripList).toMatchObject([{ tripId: 'A', source: 'both', startMs: T0 + 611 * S }]);
  });

  test('with no movement and another start gives no row', () => {
    const { room, car } = setup();
    car
      .park(10)
      .start('A', car.timeMs + S)
      .park(20)
      .start('B', car.timeMs + S)
      .park(20)
      .drive(300)
      .park(60);
    expect(room.tripList).toMatchObject([{ tripId: 'B', startMs: T0 + 31 * S }]);
  });

  test('takes the driver of the event where the telemetry names none', () => {
    const { room, car } = setup();
    car
      .park(10)
      .start('A', car.timeMs + S, { driver: room.drivers.number('D7') })
      .drive(300);
    expect(room.tripList[0].driverId).toBe('D7');
  });
});

describe('a trip that events alone tell of', () => {
  const told = { source: 'events', tripId: 'A', endMs: T0 + 900 * S, distanceM: 3100, gapMs: 900 * S, fixes: 0 };

  test('of a vehicle without telemetry has a row', () => {
    const { room, car } = setup();
    car.start('A', T0, { lat: 52, lon: 13 }).end('A', T0 + 900 * S, { ...REPORT, lat: 52.1, lon: 13.1 });
    expect(room.tripList).toMatchObject([{ ...told, state: 'completed', startLat: 52, endLat: 52.1 }]);
    car.end('A', T0 + 900 * S, { ...REPORT, lat: 52.1, lon: 13.1 }).start('A', T0);
    expect(room.tripList).toMatchObject([{ ...told, revision: 1 }]);
  });

  test('and the end comes first', () => {
    const { room, car } = setup();
    car.end('A', T0 + 900 * S, { distanceM: 3100, durationS: 880 });
    expect(room.tripList).toMatchObject([{ startMs: T0 + 20 * S }]);
    const { id } = room.tripList[0];
    car.start('A', T0, { lat: 52, lon: 13 });
    expect(room.tripList).toMatchObject([{ ...told, id, startMs: T0, startLat: 52 }]);
  });

  test('and ends without a start or a duration has none', () => {
    const { room, car } = setup();
    car.end('A', T0);
    expect(room.tripList).toEqual([]);
  });

  test('and has no end ends where the next begins', () => {
    const { room, car } = setup();
    car.start('A', T0).start('B', T0 + 900 * S);
    expect(room.tripList).toMatchObject([{ tripId: 'A', endMs: T0 + 900 * S, state: 'completed' }]);
  });

  test('and ends before it began has none', () => {
    const { room, car } = setup();
    car.start('A', T0).end('A', T0 - 60 * S, REPORT);
    expect(room.tripList).toEqual([]);
  });

  test('and was cancelled before the vehicle moved is kept as cancelled', () => {
    const { room, car } = setup();
    car
      .park(10)
      .start('A', car.timeMs + S)
      .park(20)
      .end('A', car.timeMs + S, { cancelled: true })
      .park(20);
    expect(room.tripList).toMatchObject([{ tripId: 'A', state: 'cancelled', source: 'events', distanceM: 0 }]);
    expect(room.stopList).toHaveLength(1);
  });

  test('while the vehicle was silent', () => {
    const { room, car } = setup();
    car.park(10);
    room.idle(0);
    car.start('A', T0 + 100 * S).end('A', T0 + 2000 * S, REPORT);
    room.engine.expire(0, T0 + 2100 * S);
    expect(room.tripList).toMatchObject([
      { tripId: 'A', source: 'events', startMs: T0 + 100 * S, endMs: T0 + 2000 * S },
    ]);
  });
});

test('an event without a trip id changes nothing', () => {
  const { room, car } = setup();
  car.drive(300).end('', car.timeMs, REPORT).start('').drive(10);
  expect(room.tripList).toMatchObject([{ state: 'open', source: 'telemetry' }]);
});

describe('a vehicle that fell silent', () => {
  test('ends its trip by an event shortly after its last message', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car
      .drive(300)
      .wait(5)
      .end('A', car.timeMs + 4 * S, REPORT);
    expect(room.tripList[0].state).toBe('open');
    room.idle(0);
    expect(room.tripList).toMatchObject([{ state: 'completed', endMs: T0 + 309 * S, reportedDistanceM: 3100 }]);
  });

  test('ends its trip by such an event that comes later, too', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300).wait(5);
    room.idle(0);
    car.end('A', car.timeMs + 4 * S, REPORT);
    room.engine.expire(0, car.timeMs + 60 * S);
    expect(room.tripList).toMatchObject([{ state: 'completed', endMs: T0 + 309 * S }]);
  });

  test('and sends what it had kept meanwhile: an event of later is not taken before', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300);
    car.end('A', T0 + 1200 * S, REPORT);
    room.idle(0);
    expect(room.tripList[0].state).toBe('open');
    car.drive(899).park(60);
    expect(room.tripList).toMatchObject([{ state: 'completed', endMs: T0 + 1200 * S, gapMs: 0 }]);
    expect(room.tripList[0].distanceM).toBeCloseTo(11_980, -1);
  });

  test('for so long that its trip was ended: the event corrects that, and nothing is held for ever', () => {
    const { room, car } = setup();
    car.trip = 'A';
    car.drive(300);
    room.idle(0);
    room.engine.expire(0, T0 + 4000 * S);
    expect(room.tripList[0].endReason).toBe('silence');
    car.end('A', T0 + 300 * S, REPORT);
    expect(room.tripList).toMatchObject([{ reportedDurationS: 333, endReason: 'event', source: 'both' }]);
    expect(room.engine.serialize()).toHaveLength(1);
    room.engine.expire(0, T0 + 4700 * S);
    expect(room.engine.serialize()).toEqual([]);
  });
});
