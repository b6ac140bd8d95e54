import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutputBatch } from '../model/outputs.ts';
import { type JournalRecord, RECORD_KIND, type SettingsChange } from '../model/records.ts';
import { VEHICLE_WINDOW_COLUMNS } from '../model/stream-outputs.ts';
import { DEFAULT_SETTINGS, type StreamSettings } from '../model/stream-settings.ts';
import { TOPIC_KIND } from '../model/topics.ts';
import { Engine } from './engine.ts';
import { RecordMaker, telemetry } from './testing/records.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;
const OPTIONS = { maxVehicles: 100, dedupeLog2: 10 };

function setup() {
  const engine = new Engine(OPTIONS);
  const make = new RecordMaker();
  const run = (): OutputBatch => {
    for (const record of make.records.splice(0)) engine.process(record);
    return engine.takeOutputs({ vehicles: true, checkpoint: false });
  };
  const fix = (s: number, fields: Record<string, unknown> = {}, receivedS = s): void => {
    make.messages(T0 + receivedS * S, ['telemetry', telemetry('v1', T0 + s * S, fields)]);
  };
  return { engine, make, run, fix };
}

function settingsRecord(make: RecordMaker, atMs: number, settings: Partial<StreamSettings>): JournalRecord {
  const change: SettingsChange = { settings: { ...DEFAULT_SETTINGS, ...settings }, by: 'test' };
  return make.add(RECORD_KIND.settings, 0, 0, atMs, new TextEncoder().encode(JSON.stringify(change)));
}

const windowsOf = ({ stream }: OutputBatch): Record<string, number>[] =>
  stream!.vehicleWindows.keys.map((_, row) =>
    Object.fromEntries(
      VEHICLE_WINDOW_COLUMNS.map((name, i) => [
        name,
        stream!.vehicleWindows.values[row * VEHICLE_WINDOW_COLUMNS.length + i],
      ]),
    ),
  );

describe('event time', () => {
  test('row 22: an event a day ahead is set aside and moves no watermark', () => {
    const { engine, run, fix } = setup();
    fix(0);
    fix(86_400, {}, 1);
    fix(1);
    const { quarantineCounts } = run();
    expect(quarantineCounts).toEqual({ 'future-clock': 1 });
    expect(engine.fleet.stream.lanes.watermarkMs(0)).toBe(T0 + 1 * S - 5001);
    expect(engine.counters).toMatchObject({ events: 2, late: 0, quarantined: 1 });
  });

  test('what comes behind the watermark is kept in the late stream, with its place in the journal', () => {
    const { engine, make, run, fix } = setup();
    fix(0);
    fix(60);
    const at = make.messages(
      T0 + 61 * S,
      ['telemetry', telemetry('v1', T0 + 55 * S)],
      ['telemetry', JSON.stringify([telemetry('v1', T0 + 61 * S), telemetry('v1', T0 + 20 * S)])],
    );
    const { stream } = run();
    expect(stream?.late).toEqual([
      {
        position: at.position,
        messageIndex: 1,
        objectIndex: 1,
        vehicleId: 'v1',
        topicKind: TOPIC_KIND.telemetry,
        eventMs: T0 + 20 * S,
        receivedMs: T0 + 61 * S,
        behindMs: 36 * S - 1,
      },
    ]);
    expect(engine.counters).toMatchObject({ events: 5, late: 1 });
  });

  test('each topic of a vehicle has its own clock, and its own bound', () => {
    const { engine, make, run, fix } = setup();
    const status = (s: number): [string, object] => [
      'status',
      { vehicle_id: 'v1', timestamp: new Date(T0 + s * S).toISOString(), engine_temp_c: 80 + s },
    ];
    fix(100);
    make.messages(T0 + 100 * S, status(10));
    make.messages(T0 + 100 * S, status(2));
    run();
    expect(engine.counters.late).toBe(1);
    settingsRecord(make, T0 + 101 * S, { statusBoundMs: 60_000 });
    make.messages(T0 + 101 * S, status(1));
    run();
    expect(engine.counters.late).toBe(1);
  });

  test('a window is given out when the watermark has passed it, whatever the order of its events', () => {
    const { run, fix } = setup();
    for (const s of [0, 2, 1, 3, 19, 24]) fix(s, { trip_id: 't1', speed_kmph: s });
    expect(windowsOf(run())).toEqual([]);
    fix(25);
    expect(windowsOf(run())).toMatchObject([
      {
        start_ms: T0,
        events: 5,
        first_ms: T0,
        last_ms: T0 + 19 * S,
        avg_speed_kmph: 5,
        max_speed_kmph: 19,
        revision: 0,
      },
    ]);
  });

  test('with allowed lateness a late event gives the same window again, revised', () => {
    const { make, run, fix } = setup();
    settingsRecord(make, T0, { allowedLatenessMs: 60_000 });
    fix(0, { speed_kmph: 10 });
    fix(30);
    run();
    fix(5, { speed_kmph: 40 }, 31);
    expect(windowsOf(run())).toMatchObject([{ start_ms: T0, events: 2, avg_speed_kmph: 25, revision: 1 }]);
  });
});

test('trip ids that are over, or were only named, are forgotten', () => {
  const { engine, make, run, fix } = setup();
  for (let i = 0; i < 50; i++) {
    const s = i * 400;
    make.messages(T0 + s * S, [
      'status',
      { vehicle_id: 'v1', timestamp: new Date(T0 + s * S).toISOString(), trip_id: `only-named-${i}`, fuel_pct: 50 },
    ]);
    for (const more of [0, 10, 20]) fix(s + more, { trip_id: `t${i}` });
    make.tick(T0 + s * S);
    run();
  }
  make.tick(T0 + 8 * 3600 * S);
  run();
  expect(engine.fleet.stream.tripNames).toBeLessThan(6);
});

test('a checkpoint of version 1 is read: the fleet, its alerts and its counts go on', () => {
  const bytes = new Uint8Array(readFileSync(new URL('./testing/checkpoint-v1.bin', import.meta.url)));
  const engine = Engine.restore(bytes, { maxVehicles: 100, dedupeLog2: 8 });
  expect(engine.counters).toMatchObject({ processed: 120, events: 120, duplicates: 0 });
  expect(engine.alertTotals).toEqual({ active: 1, unacknowledged: 1, total: 1 });
  expect([...'ab'].map((_, slot) => engine.fleet.state.tripIds[slot])).toEqual(['T-1', '']);

  const start = Date.UTC(2026, 0, 1, 12);
  const make = new RecordMaker();
  for (let s = 40; s < 140; s++) {
    const fields = { event_id: `a${s}`, trip_id: 'T-1', driver_id: 'D-1', speed_kmph: s < 60 ? 90 : 40 };
    make.messages(start + s * S, ['telemetry', telemetry('V-1', start + s * S, fields)]);
  }
  for (const record of make.records) engine.process(record);
  const { transitions, stream } = engine.takeOutputs({ vehicles: true, checkpoint: false });
  expect(transitions.map((t) => t.kind)).toEqual(['cleared']);
  expect(stream?.tripSummaries.at(-1)).toMatchObject({ tripId: 'T-1', vehicleId: 'V-1', firstMs: start + 40 * S });
  // What it writes now is of this version, and reads as well.
  expect(Engine.restore(engine.checkpoint(), OPTIONS).counters).toEqual(engine.counters);
});

test('stopping at any record and going on from a checkpoint gives the same rows', () => {
  const message = fc.record({
    vehicle: fc.integer({ min: 0, max: 2 }),
    stepS: fc.integer({ min: 0, max: 20 }),
    behindS: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 12 })),
    speed: fc.constantFrom(0, 0, 3, 30, 60, 95, 130),
    trip: fc.constantFrom('', 't1', 't2'),
    ignition: fc.constantFrom(0, 1),
  });
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 60 }), fc.nat(120), (messages, cut) => {
      const make = new RecordMaker();
      let s = 0;
      for (const [i, m] of messages.entries()) {
        s += m.stepS;
        const fields = {
          event_id: `e${i}`,
          driver_id: `d${m.vehicle % 2}`,
          speed_kmph: m.speed,
          trip_id: m.trip,
          ignition: m.ignition,
          lat: 52 + s / 1000,
        };
        make.messages(T0 + s * S, ['telemetry', telemetry(`v${m.vehicle}`, T0 + (s - m.behindS) * S, fields)]);
        make.tick(T0 + s * S);
      }
      const straight = new Engine(OPTIONS);
      for (const record of make.records) straight.process(record);
      const first = new Engine(OPTIONS);
      for (const record of make.records.slice(0, cut)) first.process(record);
      const second = Engine.restore(first.checkpoint(), OPTIONS);
      for (const record of make.records.slice(cut)) second.process(record);
      const want = { vehicles: true, checkpoint: false };
      const whole = straight.takeOutputs(want);
      const [a, b] = [first.takeOutputs(want), second.takeOutputs(want)];
      for (const name of Object.keys(whole.stream!) as (keyof NonNullable<OutputBatch['stream']>)[]) {
        const rows = (batch: OutputBatch): unknown[] => {
          const part = batch.stream![name];
          return Array.isArray(part) ? part : [...part.keys, ...part.values];
        };
        const joined = [...rows(a), ...rows(b)];
        if (Array.isArray(whole.stream![name])) expect(joined, name).toEqual(rows(whole));
        else expect(joined.sort().map(String), name).toEqual(rows(whole).sort().map(String));
      }
      expect(b.vehicles).toEqual(whole.vehicles);
      expect(second.checkpoint()).toEqual(straight.checkpoint());
    }),
    { numRuns: 60 },
  );
});
