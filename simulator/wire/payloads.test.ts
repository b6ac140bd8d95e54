import { expect, test } from 'vitest';
import { findSignal } from '../../core/model/signals.ts';
import type { TopicKindName } from '../../core/model/topics.ts';
import { collect } from '../testing/collect.ts';

type Shape = Record<string, 'string' | 'number' | 'boolean' | 'array'>;

const SHAPES: Record<TopicKindName, { always: Shape; sometimes?: Shape }> = {
  telemetry: {
    always: {
      event_id: 'string',
      vehicle_id: 'string',
      driver_id: 'string',
      trip_id: 'string',
      timestamp: 'string',
      lat: 'number',
      lon: 'number',
      speed_kmph: 'number',
      heading: 'number',
      sat_count: 'number',
      battery_v: 'number',
    },
  },
  status: {
    always: {
      vehicle_id: 'string',
      timestamp: 'string',
      fuel_pct: 'number',
      engine_temp_c: 'number',
      odometer_km: 'number',
      fault_codes: 'array',
      coolant_level_pct: 'number',
      oil_temp_c: 'number',
      oil_pressure_kpa: 'number',
      fuel_pressure_kpa: 'number',
      ac_on: 'boolean',
      tyre_pressure_kpa: 'array',
      ignition: 'boolean',
      doors_open: 'boolean',
      headlights_on: 'boolean',
      accel_g: 'array',
      ecu_cpu_pct: 'number',
      ecu_mem_pct: 'number',
      ecu_temp_c: 'number',
      rpm: 'number',
      seatbelt: 'boolean',
    },
    sometimes: { cargo_temp_c: 'number' },
  },
  trip: {
    always: { trip_id: 'string', vehicle_id: 'string', driver_id: 'string', event_type: 'string', timestamp: 'string' },
    sometimes: {
      origin_lat: 'number',
      origin_lon: 'number',
      end_lat: 'number',
      end_lon: 'number',
      distance_m: 'number',
      duration_sec: 'number',
      status: 'string',
    },
  },
  driver: { always: { driver_id: 'string', vehicle_id: 'string', event_type: 'string', timestamp: 'string' } },
  alert: {
    always: {
      alert_id: 'string',
      ts: 'string',
      vehicle_id: 'string',
      trip_id: 'string',
      alert_type: 'string',
      severity: 'number',
      details: 'string',
    },
  },
  command: { always: { command_id: 'string', vehicle_id: 'string', command: 'string', timestamp: 'string' } },
};

const { messages } = collect({ vehicles: 120, seconds: 700, faults: ['crash', 'sos', 'flat_battery'] });
const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);

/** What is wrong with a payload, in words; nothing when it is as the profile says. */
function faultsOf(payload: string, { always, sometimes = {} }: { always: Shape; sometimes?: Shape }): string[] {
  const body = JSON.parse(payload) as Record<string, unknown>;
  const missing = Object.keys(always).filter((field) => !(field in body));
  const odd = Object.entries(body).filter(([field, value]) => {
    const signal = findSignal(field);
    const outside = signal && typeof value === 'number' && (value < signal.min || value > signal.max);
    return outside || typeOf(value) !== (always[field] ?? sometimes[field]);
  });
  return [...missing.map((field) => `${field} is missing`), ...odd.map(([field, value]) => `${field}: ${value}`)];
}

test.each(Object.keys(SHAPES) as TopicKindName[])('%s messages have the fields of the default profile', (kind) => {
  const list = messages.filter((m) => m.topicKind === kind);
  expect(list.length).toBeGreaterThan(0);
  expect(list.flatMap((m) => faultsOf(m.payload, SHAPES[kind]))).toEqual([]);
  const strays = list.filter(({ payload, vehicleId, timeMs }) => {
    const body = JSON.parse(payload) as Record<string, unknown>;
    return body.vehicle_id !== vehicleId || (body.timestamp ?? body.ts) !== new Date(timeMs).toISOString();
  });
  expect(strays).toEqual([]);
});

test('trips begin and end with what belongs to them', () => {
  const trips = messages.filter((m) => m.topicKind === 'trip').map((m) => JSON.parse(m.payload));
  const starts = trips.filter((t) => t.event_type === 'trip_start');
  const ends = trips.filter((t) => t.event_type === 'trip_end');
  expect(starts.length + ends.length).toBe(trips.length);
  for (const t of starts) expect(t).toMatchObject({ origin_lat: expect.any(Number), origin_lon: expect.any(Number) });
  for (const t of ends) {
    expect(t).toMatchObject({ end_lat: expect.any(Number), end_lon: expect.any(Number) });
    expect(['completed', 'cancelled']).toContain(t.status);
    expect(t.distance_m).toBeGreaterThan(0);
    expect(t.duration_sec).toBeGreaterThan(0);
  }
  expect(new Set(starts.map((t) => t.trip_id)).size).toBe(starts.length);
  expect(ends.some((t) => t.status === 'cancelled')).toBe(true);
});

test('telemetry carries the trip id from trip_start to trip_end and none in between', () => {
  const tripOf = new Map<string, string>();
  const wrong: string[] = [];
  for (const m of messages) {
    if (m.topicKind !== 'trip' && m.topicKind !== 'telemetry') continue;
    const body = JSON.parse(m.payload);
    if (m.topicKind === 'trip') tripOf.set(m.vehicleId, body.event_type === 'trip_start' ? body.trip_id : '');
    else if (tripOf.has(m.vehicleId) && body.trip_id !== tripOf.get(m.vehicleId)) wrong.push(m.payload);
  }
  expect(wrong).toEqual([]);
});

test('a share of the vehicles carries cold goods', () => {
  const fitted = messages.filter((m) => m.topicKind === 'status').map((m) => JSON.parse(m.payload));
  const share = fitted.filter((s) => s.cargo_temp_c !== undefined).length / fitted.length;
  expect(share).toBeGreaterThan(0.1);
  expect(share).toBeLessThan(0.5);
});
