import { describe, expect, test } from 'vitest';
import { type Alert, alertState } from '../model/alerts.ts';
import { MOVEMENT } from '../model/movement.ts';
import type { OutputBatch } from '../model/outputs.ts';
import { RECORD_KIND } from '../model/records.ts';
import { Engine } from './engine.ts';
import { RecordMaker, telemetry } from './testing/records.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;

const RULES = `
rules:
  - {id: overspeed, name: Overspeed, priority: medium, when: speed_kmph > 90, clear: speed_kmph < 83, for: 60s, keep: 10s, message: "{speed_kmph:0} km/h"}
  - {id: harsh-braking, name: Harsh braking, priority: low, when: accel_mps2 < -3.53 && prev_speed_kmph > 10, keep: 30s, message: "{accel_mps2}"}
  - {id: hot, name: Hot, priority: high, when: engine_temp_c > 110, clear: engine_temp_c < 107, message: "{engine_temp_c}"}
  - {id: sos, name: SOS, priority: critical, on: driver.sos, message: help}
  - {id: offline, name: Offline, priority: medium, when: silent_s > 600, message: silent}
`;

function setup(rules = RULES) {
  const engine = new Engine({ maxVehicles: 1000, dedupeLog2: 12 });
  const make = new RecordMaker();
  const all: OutputBatch[] = [];
  const run = (): OutputBatch => {
    for (const record of make.records.splice(0)) engine.process(record);
    const batch = engine.takeOutputs({ vehicles: true, checkpoint: false });
    all.push(batch);
    return batch;
  };
  make.rules(T0, rules);
  run();
  const send = (atMs: number, vehicle: string, fields: Record<string, unknown> = {}): void => {
    make.messages(atMs, ['telemetry', telemetry(vehicle, atMs, fields)]);
  };
  return { engine, make, run, send, all };
}

const kinds = (batch: OutputBatch): string[] => batch.transitions.map((t) => t.kind);

describe('vehicles', () => {
  test('latest values win by event time; late and duplicate messages are counted', () => {
    const { engine, make, run } = setup();
    const first = telemetry('v1', T0, { speed_kmph: 40 });
    make.messages(T0, ['telemetry', first], ['telemetry', telemetry('v1', T0 + 10 * S, { speed_kmph: 60 })]);
    make.messages(T0 + 11 * S, ['telemetry', telemetry('v1', T0 + 8 * S, { speed_kmph: 55 })]);
    make.messages(T0 + 12 * S, ['telemetry', first], ['telemetry', telemetry('v1', T0 + 1, { speed_kmph: 12 })]);
    const { vehicles } = run();
    expect(vehicles[0]).toMatchObject({ vehicleId: 'v1', lastEventMs: T0 + 10 * S, movement: MOVEMENT.moving });
    expect(vehicles[0].signals[0]).toBe(60);
    expect(engine.counters).toMatchObject({ processed: 5, events: 4, duplicates: 1, late: 1, quarantined: 0 });
  });

  test('messages without an id are duplicates when all their bytes are equal', () => {
    const { engine, make, run } = setup();
    const status = { vehicle_id: 'v1', timestamp: new Date(T0).toISOString(), engine_temp_c: 90, fault_codes: [] };
    make.messages(T0, ['status', status], ['status', status], ['status', { ...status, engine_temp_c: 91 }]);
    run();
    expect(engine.counters).toMatchObject({ events: 2, duplicates: 1 });
  });

  test('moving, idling, stopped and offline', () => {
    const { engine, make, run, send } = setup();
    const movement = (): number => {
      run();
      return engine.fleet.state.movement[0];
    };
    make.messages(T0, [
      'driver',
      { driver_id: 'd', vehicle_id: 'v1', event_type: 'driver_login', timestamp: new Date(T0).toISOString() },
    ]);
    expect(movement()).toBe(MOVEMENT.noData);
    send(T0 + S, 'v1', { speed_kmph: 30 });
    expect(movement()).toBe(MOVEMENT.moving);
    send(T0 + 2 * S, 'v1', { speed_kmph: 3 });
    expect(movement()).toBe(MOVEMENT.moving);
    send(T0 + 3 * S, 'v1', { speed_kmph: 0, ignition: true });
    expect(movement()).toBe(MOVEMENT.idling);
    send(T0 + 4 * S, 'v1', { speed_kmph: 3 });
    expect(movement()).toBe(MOVEMENT.idling);
    send(T0 + 5 * S, 'v1', { speed_kmph: 0, ignition: false });
    expect(movement()).toBe(MOVEMENT.stopped);
    for (let s = 5; s <= 605; s++) make.tick(T0 + s * S);
    expect(movement()).toBe(MOVEMENT.offline);
    send(T0 + 606 * S, 'v1', { speed_kmph: 0 });
    expect(movement()).toBe(MOVEMENT.stopped);
  });

  test('tracks are thinned and minutes sampled', () => {
    const { run, send } = setup();
    for (let s = 0; s < 600; s++) send(T0 + s * S, 'v1', { lat: 52 + s / 5000, speed_kmph: s % 60 });
    const { tracks, minutes } = run();
    expect(tracks.map((t) => t.points)).toEqual([24, 24]);
    expect(tracks[0]).toMatchObject({ vehicleId: 'v1', startMs: T0, endMs: T0 + 230 * S });
    expect(minutes.minuteMs).toEqual(Array.from({ length: 9 }, (_, i) => T0 + i * 60 * S));
    expect(minutes.maxSpeedKmph).toEqual(Array.from({ length: 9 }, () => 59));
  });
});

describe('bad input', () => {
  test('that a broker sends again is set aside once', () => {
    const { engine, make, run } = setup();
    const note = new TextEncoder().encode(JSON.stringify({ topic: 't', bytes: 9e6, head: 'abc' }));
    for (let i = 0; i < 2; i++) {
      make.messages(T0, ['telemetry', '{"vehicle_id":'], ['telemetry', telemetry('v1', T0, { lat: 91 })]);
      make.add(RECORD_KIND.oversize, 0, 1, T0, note);
    }
    make.messages(T0, ['telemetry', '{"vehicle_id": ']);
    const { quarantineCounts, quarantineSamples } = run();
    expect(quarantineCounts).toEqual({ 'bad-json': 2, 'impossible-value': 1, 'too-large': 1 });
    expect(quarantineSamples).toHaveLength(4);
    expect(engine.counters).toMatchObject({ processed: 7, quarantined: 4, duplicates: 3, events: 0 });
  });

  test('is set aside with its reason, and the rest of the record goes on', () => {
    const { engine, make, run } = setup();
    make.messages(
      T0,
      ['telemetry', telemetry('v1', T0, { lat: 91 })],
      ['telemetry', telemetry('v1', T0 + 86_400 * S)],
      ['telemetry', '{"vehicle_id":'],
      ['fleet/prod/nonsense', '{}'],
      ['command', '{"do":"nothing"}'],
      ['telemetry', telemetry('v2', T0)],
    );
    const batch = run();
    expect(batch.quarantineCounts).toEqual({
      'impossible-value': 1,
      'future-clock': 1,
      'bad-json': 1,
      'unknown-topic': 1,
    });
    expect(batch.quarantineSamples.map((s) => [s.index, s.topic.split('/').pop()])).toEqual([
      [0, 'raw'],
      [1, 'raw'],
      [2, 'raw'],
      [3, 'nonsense'],
    ]);
    expect(engine.counters).toMatchObject({ processed: 6, events: 1, quarantined: 4, ignored: 1 });
    expect(batch.vehicles.map((v) => v.vehicleId)).toEqual(['v2']);
  });

  test('a run cut in the middle of a packet counts its messages and goes on with the next record', () => {
    const { engine, make, run } = setup();
    const whole = make.messages(T0, ['telemetry', telemetry('v1', T0)], ['telemetry', telemetry('v2', T0)]);
    make.records.pop();
    make.add(whole.kind, 5, 2, T0, whole.payload.subarray(0, whole.payload.length - 20));
    make.messages(T0 + S, ['telemetry', telemetry('v3', T0 + S)]);
    const batch = run();
    expect(engine.counters).toMatchObject({ processed: 3, events: 2, quarantined: 1 });
    expect(batch.quarantineCounts).toEqual({ 'bad-frame': 1 });
  });

  test('a changed type is quarantined and noticed once', () => {
    const { make, run } = setup();
    for (let i = 0; i < 3; i++) make.messages(T0 + i, ['telemetry', telemetry('v1', T0 + i, { speed_kmph: '50' })]);
    const { schemaNotices, quarantineCounts } = run();
    expect(quarantineCounts).toEqual({ 'wrong-type': 3 });
    expect(schemaNotices).toMatchObject([{ topicKind: 'telemetry', field: 'speed_kmph', change: 'type-changed' }]);
  });
});

describe('alerts', () => {
  test('pending, raised after its delay, cleared with hysteresis and keep', () => {
    const { run, send } = setup();
    for (let s = 0; s <= 59; s++) send(T0 + s * S, 'v1', { speed_kmph: 95 });
    expect(run().alerts).toEqual([]);
    send(T0 + 60 * S, 'v1', { speed_kmph: 93 });
    const [raised] = run().alerts;
    expect(raised).toMatchObject({
      ruleId: 'overspeed',
      onsetMs: T0,
      raisedMs: T0 + 60 * S,
      message: '93 km/h',
      condition: 'active',
    });
    for (let s = 61; s < 70; s++) send(T0 + s * S, 'v1', { speed_kmph: 93 - s / 10 });
    expect(run().alerts).toEqual([]);
    send(T0 + 70 * S, 'v1', { speed_kmph: 80 });
    send(T0 + 79 * S, 'v1', { speed_kmph: 80 });
    expect(run().alerts).toEqual([]);
    send(T0 + 80 * S, 'v1', { speed_kmph: 80 });
    const [cleared] = run().alerts;
    expect(cleared).toMatchObject({ id: raised.id, condition: 'cleared', clearedMs: T0 + 80 * S });
    expect(alertState(cleared)).toBe('returned');
  });

  test('a dip before the delay is over starts it again', () => {
    const { run, send } = setup();
    for (let s = 0; s <= 100; s++) send(T0 + s * S, 'v1', { speed_kmph: s === 59 ? 89 : 92 });
    expect(run().alerts).toEqual([]);
    for (let s = 101; s <= 120; s++) send(T0 + s * S, 'v1', { speed_kmph: 92 });
    expect(run().alerts).toMatchObject([{ onsetMs: T0 + 60 * S, raisedMs: T0 + 120 * S }]);
  });

  test('harsh braking from two speeds a second apart, not over a gap', () => {
    const { run, send } = setup();
    send(T0, 'v1', { speed_kmph: 60 });
    send(T0 + S, 'v1', { speed_kmph: 40 });
    expect(run().alerts).toMatchObject([{ ruleId: 'harsh-braking', message: '-5.6' }]);
    send(T0, 'v2', { speed_kmph: 60 });
    send(T0 + 20 * S, 'v2', { speed_kmph: 0 });
    expect(run().alerts.filter((a) => a.vehicleId === 'v2')).toEqual([]);
  });

  test('a signal that goes missing makes a firing alert unknown; it resumes and clears', () => {
    const { make, run } = setup();
    const status = (s: number, value: unknown): void => {
      const at = T0 + s * S;
      make.messages(at, ['status', { vehicle_id: 'v1', timestamp: new Date(at).toISOString(), engine_temp_c: value }]);
    };
    status(0, 112);
    status(1, null);
    status(2, 115);
    status(3, 100);
    const batch = run();
    expect(kinds(batch)).toEqual(['raised', 'unknown', 'resumed', 'cleared']);
    expect(batch.alerts).toMatchObject([{ peak: 115, value: 112 }]);
  });

  test('an SOS stays until it is acknowledged; then it is closed and the next one is new', () => {
    const { make, run, engine } = setup();
    const sos = (s: number): void => {
      const at = T0 + s * S;
      make.messages(at, [
        'driver',
        { driver_id: 'd', vehicle_id: 'v1', event_type: 'sos', timestamp: new Date(at).toISOString() },
      ]);
    };
    sos(0);
    sos(1);
    const first = run();
    expect(kinds(first)).toEqual(['raised', 'repeated']);
    const [alert] = first.alerts;
    expect(alertState(alert)).toBe('unacknowledged');
    make.operator(T0 + 5 * S, {
      id: 'x',
      type: 'acknowledge',
      alertId: alert.id,
      operator: 'kim',
      comment: 'on my way',
    });
    const acked = run().alerts[0];
    expect(acked).toMatchObject({ acknowledgedBy: 'kim', acknowledgedMs: T0 + 5 * S, comment: 'on my way' });
    expect(alertState(acked)).toBe('closed');
    expect(engine.alertTotals).toEqual({ active: 0, unacknowledged: 0, total: 1 });
    sos(9);
    expect(run().alerts[0].id).not.toBe(alert.id);
  });

  test('silence counts only while the room listens', () => {
    const { make, run, send } = setup();
    send(T0, 'v1');
    for (let s = 1; s <= 300; s++) make.tick(T0 + s * S);
    for (let s = 301; s <= 900; s++) make.tick(T0 + s * S, false);
    make.tick(T0 + 5000 * S);
    for (let s = 5001; s <= 5300; s++) make.tick(T0 + s * S);
    expect(run().alerts).toEqual([]);
    for (let s = 5301; s <= 5302; s++) make.tick(T0 + s * S);
    expect(run().alerts).toMatchObject([{ ruleId: 'offline', vehicleId: 'v1' }]);
    send(T0 + 5303 * S, 'v1');
    make.tick(T0 + 5304 * S);
    expect(run().alerts).toMatchObject([{ condition: 'cleared' }]);
  });

  test('alerts of other systems are taken in once', () => {
    const { make, run } = setup();
    const alert = {
      alert_id: 'a1',
      ts: new Date(T0).toISOString(),
      vehicle_id: 'v1',
      trip_id: '',
      alert_type: 'crash',
      severity: 1,
      details: '4.2 g',
    };
    make.messages(T0, ['alert', alert]);
    make.messages(T0 + 9, ['alert', { ...alert, trip_id: 't' }]);
    expect(run().alerts).toMatchObject([{ ruleId: 'external:crash', priority: 1, message: '4.2 g', latched: true }]);
  });

  test('changed packs: unchanged rules keep their state, removed ones clear, bad ones are refused', () => {
    const { make, run, send, engine } = setup();
    send(T0, 'v1', { speed_kmph: 100 });
    make.messages(T0, ['status', { vehicle_id: 'v2', timestamp: new Date(T0).toISOString(), engine_temp_c: 120 }]);
    expect(run().alerts).toHaveLength(1);
    make.rules(T0 + 30 * S, 'rules:\n  - {id: x, name: X, priority: low, when: speed_kmhp > 3, message: m}\n');
    run();
    expect(engine.ruleErrors).toEqual([
      'test.yaml:2:43: rule `x`: there is no signal `speed_kmhp`; did you mean `speed_kmph`?',
    ]);
    make.rules(T0 + 31 * S, RULES.replace(/.*id: hot.*\n/, ''));
    expect(run().transitions).toMatchObject([{ kind: 'cleared', comment: 'rule changed or removed' }]);
    send(T0 + 60 * S, 'v1', { speed_kmph: 100 });
    expect(run().alerts).toMatchObject([{ ruleId: 'overspeed', onsetMs: T0 }]);
  });
});

/** A stream with everything in it, for comparing runs. */
function busyStream(): RecordMaker {
  const make = new RecordMaker();
  make.rules(T0, RULES);
  for (let s = 0; s < 700; s++) {
    const at = T0 + s * S;
    for (const v of ['a', 'b', 'c']) {
      if (v === 'c' && s > 60) continue;
      const speed = (s * 7 + v.charCodeAt(0)) % 140 > 40 ? 100 : 20;
      make.messages(at, ['telemetry', telemetry(v, at, { speed_kmph: s < 300 ? 100 : speed, lat: 50 + s / 4000 })]);
    }
    if (s % 10 === 0)
      make.messages(at, [
        'status',
        { vehicle_id: 'a', timestamp: new Date(at).toISOString(), engine_temp_c: 60 + s / 10 },
      ]);
    if (s % 50 === 3)
      make.messages(at, ['telemetry', telemetry('a', at - 9 * S, { speed_kmph: 7 })], ['telemetry', 'junk']);
    make.tick(at + 500);
  }
  return make;
}

test('restored from a checkpoint after any record, the rest of the journal gives the same outputs', () => {
  const { records } = busyStream();
  const options = { maxVehicles: 100, dedupeLog2: 10 };
  const whole = new Engine(options);
  for (const record of records) whole.process(record);
  const reference = whole.takeOutputs({ vehicles: true, checkpoint: true });
  expect(reference.alerts.length).toBeGreaterThan(5);

  for (let cut = 0; cut < records.length; cut += 97) {
    const first = new Engine(options);
    for (const record of records.slice(0, cut)) first.process(record);
    const early = first.takeOutputs({ vehicles: false, checkpoint: true });
    const second = Engine.restore(early.checkpoint!, options);
    for (const record of records.slice(cut)) second.process(record);
    const late = second.takeOutputs({ vehicles: true, checkpoint: true });
    const alerts = new Map<string, Alert>([...early.alerts, ...late.alerts].map((a) => [a.id, a]));
    expect(alerts).toEqual(new Map(reference.alerts.map((a) => [a.id, a])));
    expect([...early.transitions, ...late.transitions]).toEqual(reference.transitions);
    expect([...early.tracks, ...late.tracks]).toEqual(reference.tracks);
    expect([...early.minutes.minuteMs, ...late.minutes.minuteMs]).toEqual(reference.minutes.minuteMs);
    expect([...early.quarantineSamples, ...late.quarantineSamples]).toEqual(reference.quarantineSamples);
    expect(late.counters).toEqual(reference.counters);
    expect(late.vehicles).toEqual(reference.vehicles);
    expect(Buffer.from(late.checkpoint!).equals(Buffer.from(reference.checkpoint!))).toBe(true);
  }
});

test('a checkpoint that is cut off, foreign or of another version is refused', () => {
  const options = { maxVehicles: 10, dedupeLog2: 8 };
  const bytes = new Engine(options).checkpoint();
  expect(() => Engine.restore(bytes.slice(0, bytes.length / 2), options)).toThrow('cut off');
  expect(() => Engine.restore(new Uint8Array(64), options)).toThrow('no checkpoint');
  const newer = bytes.slice();
  newer[4] = 99;
  expect(() => Engine.restore(newer, options)).toThrow('version 99');
});
