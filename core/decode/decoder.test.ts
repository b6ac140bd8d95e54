import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SIGNALS } from '../model/signals.ts';
import { DEFAULT_TOPICS, type TopicKindName } from '../model/topics.ts';
import { Decoder, type DecodeSink } from './decoder.ts';
import type { EventRow } from './event-row.ts';
import { EventRow as Row, TEXT } from './event-row.ts';
import { SLOW_PATH } from './json-bytes.ts';
import { ObjectScanner } from './object-scanner.ts';
import { DEFAULT_PROFILE } from './profile.ts';
import type { Problem } from './slow-decoder.ts';
import { SlowDecoder } from './slow-decoder.ts';
import { TimestampReader } from './timestamp.ts';

const encoder = new TextEncoder();

interface Seen {
  vehicle: string;
  timeMs: number;
  lat: number;
  lon: number;
  signals: Record<string, number>;
  texts: Record<string, string>;
  id: string;
}

function snapshot(row: EventRow, vehicle: string): Seen {
  const signals: Record<string, number> = {};
  for (let i = 0; i < row.touchedCount; i++) signals[SIGNALS[row.touched[i]].name] = row.values[row.touched[i]];
  const texts: Record<string, string> = {};
  for (const [name, field] of Object.entries(TEXT)) if (row.textLength[field] >= 0) texts[name] = row.text(field);
  return { vehicle, timeMs: row.timeMs, lat: row.lat, lon: row.lon, signals, texts, id: `${row.idA}:${row.idB}` };
}

function run(topic: TopicKindName | string, payload: string, decoder = new Decoder({ maxVehicles: 100 })) {
  const events: Seen[] = [];
  const problems: Problem[] = [];
  const unknown: string[] = [];
  const sink: DecodeSink = {
    event: (row) => events.push(snapshot(row, decoder.vehicles.name(row.slot))),
    refuse: (problem) => problems.push(problem),
    unknownField: (name, path) => unknown.push(`${name}.${path}`),
  };
  const name = DEFAULT_TOPICS[topic as TopicKindName] ?? topic;
  const bytes = encoder.encode(`${name}${payload}0123456789"}`);
  const topicLength = encoder.encode(name).length;
  const applied = decoder.message(bytes, 0, topicLength, topicLength, encoder.encode(payload).length, sink);
  return { events, problems, unknown, applied };
}

const telemetry = {
  event_id: 'c1b7b3c2-5a3e-4f0e-9d53-1d6c8b6e9f01',
  vehicle_id: 'veh-1',
  driver_id: 'drv-9',
  trip_id: '',
  timestamp: '2026-03-01T10:00:00.250Z',
  lat: 12.9716,
  lon: -77.5946,
  speed_kmph: 54.25,
  heading: 270,
  sat_count: 11,
  battery_v: 13.8,
};

test('figures of trip events; those of the event before are forgotten', () => {
  const seen: number[][] = [];
  const decoder = new Decoder({ maxVehicles: 100 });
  const sink: DecodeSink = {
    event: (row) => seen.push([...row.figures]),
    refuse: (problem) => expect(problem.reason).toBe('impossible-value'),
    unknownField: (name, path) => expect(`${name}.${path}`).toBe('none'),
  };
  const send = (fields: object): void => {
    const event = { trip_id: 't', vehicle_id: 'v', timestamp: '2026-03-01T10:00:00Z', ...fields };
    const bytes = encoder.encode(DEFAULT_TOPICS.trip + JSON.stringify(event));
    const topicLength = DEFAULT_TOPICS.trip.length;
    decoder.message(bytes, 0, topicLength, topicLength, bytes.length - topicLength, sink);
  };
  send({ event_type: 'trip_start', origin_lat: 52.5, origin_lon: 13.4 });
  send({ event_type: 'trip_end', end_lat: 1, end_lon: 2, distance_m: 3000.5, duration_sec: 600, status: 'completed' });
  send({ event_type: 'trip_end', end_lat: 91, end_lon: 2 });
  const { NaN: none } = Number;
  expect(seen).toEqual([
    [52.5, 13.4, none, none, none, none],
    [none, none, 1, 2, 3000.5, 600],
  ]);
});

test('telemetry of the default profile', () => {
  const { events, problems } = run('telemetry', JSON.stringify(telemetry));
  expect(problems).toEqual([]);
  expect(events).toEqual([
    {
      vehicle: 'veh-1',
      timeMs: Date.UTC(2026, 2, 1, 10, 0, 0, 250),
      lat: 12.9716,
      lon: -77.5946,
      signals: { speed_kmph: 54.25, heading: 270, sat_count: 11, battery_v: 13.8 },
      texts: { vehicleId: 'veh-1', driverId: 'drv-9', tripId: '' },
      id: expect.any(String),
    },
  ]);
});

test('status with arrays, flags, nulls and fault codes', () => {
  const { events } = run(
    'status',
    JSON.stringify({
      vehicle_id: 'v',
      timestamp: '2026-03-01T10:00:00Z',
      fuel_pct: 61.5,
      engine_temp_c: null,
      fault_codes: ['P0217', 'P0118'],
      tyre_pressure_kpa: [240, 241.5, 239, 0],
      accel_g: [0.01, -0.02, 1],
      ignition: true,
      doors_open: false,
    }),
  );
  expect(events[0].signals).toMatchObject({ fuel_pct: 61.5, engine_temp_c: Number.NaN, ignition: 1, doors_open: 0 });
  expect(events[0].signals).toMatchObject({ tyre_pressure_kpa_2: 241.5, tyre_pressure_kpa_4: 0, accel_g_y: -0.02 });
  expect(events[0].texts.faultCodes).toBe('P0217,P0118');
});

test('null makes a signal unknown, and an array of signals all of them', () => {
  const { events } = run(
    'status',
    '{"vehicle_id":"v","timestamp":"2026-03-01T10:00:00Z","fuel_pct":null,"tyre_pressure_kpa":null}',
  );
  const unknown = [1, 2, 3, 4].map((i) => [`tyre_pressure_kpa_${i}`, Number.NaN]);
  expect(events[0].signals).toEqual(Object.fromEntries([['fuel_pct', Number.NaN], ...unknown]));
});

test('an array of objects: the bad one is set aside, the rest goes on', () => {
  const second = { ...telemetry, vehicle_id: 'veh-2', lat: 91 };
  const third = { ...telemetry, vehicle_id: 'veh-3' };
  const { events, problems } = run('telemetry', JSON.stringify([telemetry, second, third], null, 2));
  expect(events.map((e) => e.vehicle)).toEqual(['veh-1', 'veh-3']);
  expect(problems).toEqual([{ reason: 'impossible-value', detail: 'lat: 91 is outside -90…90 °', field: 'lat' }]);
  expect(run('telemetry', ' [ ] ').problems).toEqual([]);
  expect(run('telemetry', '[]!').problems[0].reason).toBe('bad-json');
  expect(run('telemetry', `[${JSON.stringify(telemetry)}`).problems[0].reason).toBe('bad-json');
});

test('the vehicle id may be the last level of the topic', () => {
  const { vehicle_id: _, ...rest } = telemetry;
  expect(run(`${DEFAULT_TOPICS.telemetry}/truck-7`, JSON.stringify(rest)).events[0].vehicle).toBe('truck-7');
  const unnamed = JSON.stringify({ ...rest, vehicle_id: null });
  expect(run(`${DEFAULT_TOPICS.telemetry}/truck-8`, unnamed).events[0].vehicle).toBe('truck-8');
});

test('commands have nothing to apply; unknown topics are refused', () => {
  expect(run('command', 'anything')).toMatchObject({ applied: false, events: [], problems: [] });
  expect(run('fleet/prod/telemetry/rawest', '{}').problems[0].reason).toBe('unknown-topic');
  expect(run('fleet', '{}').problems[0].reason).toBe('unknown-topic');
});

test('alerts that a room published are not taken for those of other systems, nor is their end', () => {
  const alert = { alert_id: 'a', ts: '2026-03-01T10:00:00Z', vehicle_id: 'new', alert_type: 'hot', state: 'closed' };
  const topic = `${DEFAULT_TOPICS.alert}/new/a`;
  const nothing = { applied: false, events: [], problems: [], unknown: [] };
  expect(run(topic, JSON.stringify({ ...alert, source: 'watchfloor' }))).toMatchObject(nothing);
  expect(run(topic, '')).toMatchObject(nothing);
  expect(run(topic, JSON.stringify({ ...alert, source: 'other' }))).toMatchObject({
    applied: true,
    events: [{ vehicle: 'new' }],
    unknown: ['alert.state'],
  });
  expect(run('telemetry', '').problems[0].reason).toBe('bad-json');
});

test('driver, trip and alert topics', () => {
  const time = '2026-03-01T10:00:00Z';
  const driver = { driver_id: 'd', vehicle_id: 'v', event_type: 'sos', timestamp: time };
  expect(run('driver', JSON.stringify(driver)).events[0].texts).toMatchObject({ eventType: 'sos', driverId: 'd' });
  const trip = {
    trip_id: 't',
    vehicle_id: 'v',
    driver_id: 'd',
    event_type: 'trip_start',
    origin_lat: 1,
    origin_lon: 2,
    timestamp: time,
  };
  expect(run('trip', JSON.stringify(trip))).toMatchObject({ unknown: [], events: [{ texts: { tripId: 't' } }] });
  const alert = {
    alert_id: 'a',
    ts: time,
    vehicle_id: 'v',
    trip_id: '',
    alert_type: 'crash',
    severity: 1,
    details: { g: 4 },
  };
  expect(run('alert', JSON.stringify(alert)).events[0].texts).toMatchObject({
    alertType: 'crash',
    severity: '1',
    details: '{"g":4}',
  });
});

describe('what is wrong is said', () => {
  const bad = (change: object): Problem => run('telemetry', JSON.stringify({ ...telemetry, ...change })).problems[0];
  test.each([
    [{ speed_kmph: -5 }, 'impossible-value', 'speed_kmph: -5 is outside 0…350 km/h'],
    [{ speed_kmph: 900 }, 'impossible-value', 'speed_kmph: 900 is outside 0…350 km/h'],
    [{ speed_kmph: '54' }, 'wrong-type', 'speed_kmph: expected a number, got string "54"'],
    [{ vehicle_id: undefined }, 'missing-field', 'vehicle_id is missing'],
    [{ vehicle_id: '' }, 'missing-field', 'vehicle_id is empty'],
    [{ vehicle_id: 'x'.repeat(129) }, 'impossible-value', 'vehicle_id is longer than 128 bytes'],
    [{ lon: undefined }, 'missing-field', 'lon is missing beside the other coordinate'],
    [{ timestamp: 'noon' }, 'bad-timestamp', 'timestamp: "noon" is not an ISO 8601 time with a zone since 2000'],
    [{ vehicle_id: {} }, 'wrong-type', 'vehicle_id: expected a string, got object {}'],
  ])('%j', (change, reason, detail) => expect(bad(change)).toMatchObject({ reason, detail }));

  test('broken JSON, other JSON, empty and binary payloads', () => {
    expect(run('telemetry', '{"vehicle_id":"v"').problems[0].reason).toBe('bad-json');
    expect(run('telemetry', `${JSON.stringify(telemetry)}}`).problems[0].reason).toBe('bad-json');
    expect(run('telemetry', '').problems[0].reason).toBe('bad-json');
    expect(run('telemetry', '42').problems[0]).toMatchObject({
      reason: 'wrong-type',
      detail: 'expected an object, got number',
    });
    expect(run('telemetry', '\u0000\u0001\u0002').problems[0].reason).toBe('bad-json');
  });

  test('too large, and more vehicles than allowed', () => {
    const decoder = new Decoder({ maxVehicles: 1, maxPayloadBytes: 2000 });
    expect(run('telemetry', `{"x":"${'y'.repeat(3000)}"}`, decoder).problems[0].reason).toBe('too-large');
    expect(run('telemetry', JSON.stringify(telemetry), decoder).events).toHaveLength(1);
    expect(run('telemetry', JSON.stringify({ ...telemetry, vehicle_id: 'other' }), decoder).problems[0].reason).toBe(
      'vehicle-limit',
    );
    expect(run('telemetry', JSON.stringify(telemetry), decoder).events).toHaveLength(1);
  });

  test('a refused object makes no vehicle', () => {
    const decoder = new Decoder({ maxVehicles: 10 });
    run('telemetry', JSON.stringify({ ...telemetry, lat: 100 }), decoder);
    expect(decoder.vehicles.count).toBe(0);
  });
});

test('unknown and nested fields are told once per sender shape and skipped after', () => {
  const decoder = new Decoder({ maxVehicles: 10 });
  const odd = { ...telemetry, gps: { fix: { type: '3d' } }, firmware: '1.2' };
  expect(run('telemetry', JSON.stringify(odd), decoder).unknown).toEqual([
    'telemetry.gps.fix.type',
    'telemetry.firmware',
  ]);
  const again = run('telemetry', JSON.stringify(odd), decoder);
  expect(again.unknown).toEqual([]);
  expect(again.events[0].signals.speed_kmph).toBe(54.25);
});

const fixed = (min: number, max: number, digits: number) =>
  fc.integer({ min: Math.round(min * 10 ** digits), max: Math.round(max * 10 ** digits) }).map((n) => n / 10 ** digits);

/** JSON the way devices write it: any key order, spaces, extra fields, odd numbers. */
const anyTelemetry = fc
  .record(
    {
      event_id: fc.oneof(fc.uuid(), fc.constant('')),
      vehicle_id: fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constant('veh-1')),
      driver_id: fc.string({ maxLength: 8 }),
      timestamp: fc
        .date({ min: new Date('2001-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((d) => d.toISOString()),
      lat: fc.oneof({ weight: 9, arbitrary: fixed(-95, 95, 7) }, fc.double({ min: -95, max: 95, noNaN: true })),
      lon: fc.oneof({ weight: 9, arbitrary: fixed(-190, 190, 6) }, fc.constant(null)),
      speed_kmph: fc.oneof(
        fc.integer({ min: -1, max: 400 }),
        fc.double({ min: 0, max: 120, noNaN: true }),
        fc.constant(null),
      ),
      odometer_km: fc.oneof({ weight: 9, arbitrary: fixed(0, 1e6, 1) }, fc.constant('12')),
      ignition: fc.oneof({ weight: 6, arbitrary: fc.boolean() }, fc.constant(1), fc.constant(null), fc.constant('on')),
      tyre_pressure_kpa: fc.oneof(
        { weight: 6, arbitrary: fc.array(fixed(0, 400, 1), { minLength: 4, maxLength: 4 }) },
        fc.array(fc.nat(400), { maxLength: 5 }),
      ),
      fault_codes: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        fc.array(fc.string({ maxLength: 5 }), { maxLength: 2 }),
      ),
      extra: fc.anything({ maxDepth: 2 }),
    },
    { requiredKeys: ['vehicle_id', 'timestamp'] },
  )
  .chain((o) =>
    fc
      .shuffledSubarray(Object.keys(o), { minLength: Object.keys(o).length })
      .map((keys) => keys.map((k) => [k, (o as Record<string, unknown>)[k]])),
  )
  .chain((entries) =>
    fc
      .boolean()
      .map((pretty) =>
        JSON.stringify(Object.fromEntries(entries as [string, unknown][]), null, pretty ? 1 : undefined),
      ),
  );

test('the byte scanner and JSON.parse agree wherever the scanner answers', () => {
  const profile = DEFAULT_PROFILE[0];
  const times = new TimestampReader();
  // One scanner for all: what it learned from the order of one object's keys must not spoil the next.
  const scanner = new ObjectScanner(profile, times);
  scanner.ignore('extra');
  let fast = 0;
  fc.assert(
    fc.property(anyTelemetry, (text) => {
      // Between other messages: what stands around an object must not be read.
      const bytes = encoder.encode(`99${text}9,"lat":1}`);
      const last = bytes.length - 10;
      const a = new Row();
      a.reset(profile.kind, bytes);
      const end = scanner.scan(bytes, 2, last, a);
      if (end === SLOW_PATH) return;
      fast++;
      const b = new Row();
      b.reset(profile.kind, bytes);
      const { problem } = new SlowDecoder(profile, times).decode(bytes, 2, last, b, '');
      expect(problem).toBeUndefined();
      expect(end).toBe(last);
      expect(snapshot(a, '')).toEqual(snapshot(b, ''));
    }),
    { numRuns: 1500 },
  );
  expect(fast).toBeGreaterThan(200);
});

test('an object cut off anywhere is for the slow path, also when what follows would complete it', () => {
  const scanner = new ObjectScanner(DEFAULT_PROFILE[2], new TimestampReader());
  const text = '{"vehicle_id":"v","timestamp":"2026-03-01T10:00:00Z","tyre_pressure_kpa":[1,2.5,3,4],"ignition":true}';
  const bytes = encoder.encode(`${text}${text}`);
  const scan = (from: Uint8Array, end: number): number => {
    const row = new Row();
    row.reset(2, from);
    return scanner.scan(from, 0, end, row);
  };
  for (let round = 0; round < 2; round++) {
    expect(scan(bytes, text.length)).toBe(text.length);
    for (let end = 0; end < text.length; end++) {
      expect(scan(bytes, end)).toBe(SLOW_PATH);
      expect(scan(bytes.slice(0, end), end)).toBe(SLOW_PATH);
    }
  }
});

test('numbers are exactly those of JSON.parse, or left to it', () => {
  const scanner = new ObjectScanner(DEFAULT_PROFILE[2], new TimestampReader());
  const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${max}}$`));
  let fast = 0;
  fc.assert(
    fc.property(
      fc.constantFrom('', '-'),
      digits(8),
      fc.constantFrom('', '.'),
      digits(12),
      (sign, whole, point, rest) => {
        const number = `${sign}${whole}${point}${rest}`;
        const bytes = encoder.encode(`{"vehicle_id":"v","timestamp":"2026-03-01T10:00:00Z","odometer_km":${number}}`);
        const row = new Row();
        row.reset(2, bytes);
        if (scanner.scan(bytes, 0, bytes.length, row) === SLOW_PATH) return;
        fast++;
        expect(row.values[row.touched[0]]).toBe(JSON.parse(number));
      },
    ),
    { numRuns: 2000 },
  );
  expect(fast).toBeGreaterThan(100);
});

test('random bytes never throw and always end in an event or a reason', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 80 }),
        anyTelemetry.chain((t) => fc.nat(t.length).map((n) => t.slice(0, n))),
      ),
      (text) => {
        const { events, problems } = run('telemetry', text);
        if (!/^[ \n\r\t]*\[[ \n\r\t]*\][ \n\r\t]*$/.test(text))
          expect(events.length + problems.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 1000 },
  );
});
