import { expect, test } from 'vitest';
import { Engine } from '../engine/engine.ts';
import { RecordMaker, telemetry } from '../engine/testing/records.ts';
import type { AlertTransition } from '../model/alerts.ts';
import type { JournalRecord } from '../model/records.ts';
import { rulePack } from './testing/rule-fleet.ts';

// What every correct alert engine does, by the row of its table of cases; through the whole engine, over journal records.

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;
const OPTIONS = { maxVehicles: 100, dedupeLog2: 10 };

const SPEED = { id: 'speed', when: 'speed_kmph > 80' };

/** One vehicle whose speed is said at given seconds, in a room with one rule. */
class Room {
  engine = new Engine(OPTIONS);
  readonly make = new RecordMaker();
  readonly journal: JournalRecord[] = [];
  readonly transitions: AlertTransition[] = [];

  constructor(rule: Record<string, string>) {
    this.make.rules(T0, rulePack(rule));
    this.run();
  }

  /** Speeds at seconds after T0; null = the sender says that it does not know. */
  speeds(...at: [second: number, kmph: number | null][]): string[] {
    for (const [second, kmph] of at) this.message(second, { speed_kmph: kmph });
    return this.run();
  }

  message(second: number, fields: Record<string, unknown>): void {
    this.make.messages(T0 + second * S, ['telemetry', telemetry('v1', T0 + second * S, fields)]);
  }

  /** What happened in the records made since: kind and second. */
  run(): string[] {
    for (const record of this.make.records.splice(0)) {
      this.journal.push({ ...record, payload: record.payload.slice() });
      this.engine.process(record);
    }
    const { transitions } = this.engine.takeOutputs({ vehicles: false, checkpoint: false });
    this.transitions.push(...transitions);
    return transitions.map((t) => `${t.kind} ${(t.atMs - T0) / S}`);
  }

  restart(): void {
    this.engine = Engine.restore(this.engine.checkpoint(), OPTIONS);
  }
}

/** The same speed at every second from `from` to `to`. */
function every(from: number, to: number, kmph: number): [number, number][] {
  return Array.from({ length: to - from + 1 }, (_, i) => [from + i, kmph]);
}

test('row 35: `for` 60 s and true from 0 to 60 s fires at 60', () => {
  const room = new Room({ ...SPEED, for: '60s' });
  expect(room.speeds(...every(0, 59, 90))).toEqual([]);
  expect(room.speeds([60, 90])).toEqual(['raised 60']);
  expect(room.engine.book.openAlerts()).toMatchObject([{ onsetMs: T0, raisedMs: T0 + 60 * S }]);
});

test('row 36: false at 59 s forgets the pending alert silently; it starts again from zero', () => {
  const room = new Room({ ...SPEED, for: '60s' });
  expect(room.speeds(...every(0, 58, 90), [59, 80], ...every(60, 119, 90))).toEqual([]);
  expect(room.speeds([120, 90])).toEqual(['raised 120']);
  expect(room.engine.book.openAlerts()).toMatchObject([{ onsetMs: T0 + 60 * S }]);
});

test('row 37: `keep` 60 s and first false at 100 s is still firing at 159 and cleared at 160', () => {
  const room = new Room({ ...SPEED, keep: '60s' });
  expect(room.speeds([0, 90], ...every(100, 159, 70))).toEqual(['raised 0']);
  expect(room.engine.alertTotals.active).toBe(1);
  expect(room.speeds([160, 70])).toEqual(['cleared 160']);
});

test('row 37: a true in between starts the `keep` again', () => {
  const room = new Room({ ...SPEED, keep: '60s' });
  expect(room.speeds([0, 90], ...every(100, 130, 70), [131, 90], ...every(132, 191, 70))).toEqual(['raised 0']);
  expect(room.speeds([192, 70])).toEqual(['cleared 192']);
});

test('row 38: firing for 2 min and `for` edited to 10 min is pending again', () => {
  const room = new Room({ ...SPEED, for: '60s' });
  expect(room.speeds(...every(0, 180, 90))).toEqual(['raised 60']);
  room.make.rules(T0 + 181 * S, rulePack({ ...SPEED, for: '10m' }));
  expect(room.run()).toEqual(['cleared 181']);
  expect(room.engine.alertTotals.active).toBe(0);
  expect(room.speeds(...every(182, 781, 90))).toEqual([]);
  expect(room.speeds([782, 90])).toEqual(['raised 782']);
});

test('row 39: raise above 80 and clear below 75: 81 78 81 74 is one raise and one clear', () => {
  const room = new Room({ ...SPEED, clear: 'speed_kmph < 75' });
  expect(room.speeds([0, 81], [1, 78], [2, 81], [3, 74])).toEqual(['raised 0', 'cleared 3']);
});

test('row 40: a field that goes missing while firing makes the alert unknown and does not clear it', () => {
  const room = new Room(SPEED);
  expect(room.speeds([0, 90], [1, null], [2, null])).toEqual(['raised 0', 'unknown 1']);
  expect(room.engine.book.openAlerts()).toMatchObject([{ condition: 'unknown' }]);
  expect(room.engine.alertTotals).toMatchObject({ active: 1, unacknowledged: 1 });
  expect(room.speeds([3, 90], [4, 70])).toEqual(['resumed 3', 'cleared 4']);
});

test('row 40: so does a vehicle of which nothing is heard any more', () => {
  const room = new Room(SPEED);
  room.speeds([0, 90]);
  for (let s = 1; s <= 602; s++) room.make.tick(T0 + s * S);
  expect(room.run()).toEqual(['unknown 601']);
});

test('row 41: after a restart while firing it is still firing, without a second notice', () => {
  const room = new Room({ ...SPEED, for: '10s', keep: '10s' });
  expect(room.speeds(...every(0, 15, 90))).toEqual(['raised 10']);
  const [before] = room.engine.book.openAlerts();
  room.restart();
  expect(room.engine.book.openAlerts()).toEqual([before]);
  expect(room.speeds(...every(16, 40, 90))).toEqual([]);
  expect(room.speeds(...every(41, 51, 70))).toEqual(['cleared 51']);
  expect(new Set(room.transitions.map((t) => t.alertId))).toEqual(new Set([before.id]));
});

test('row 41: a restart while pending or clearing loses none of the time', () => {
  const room = new Room({ ...SPEED, for: '10s', keep: '10s' });
  room.speeds(...every(0, 5, 90));
  room.restart();
  expect(room.speeds(...every(6, 10, 90))).toEqual(['raised 10']);
  room.speeds(...every(11, 15, 70));
  room.restart();
  expect(room.speeds(...every(16, 21, 70))).toEqual(['cleared 21']);
});

test('row 42: a QoS 1 duplicate, the same event id, counts once', () => {
  const room = new Room({ id: 'sos', on: 'driver.sos' });
  const sos = { event_id: 'e1', driver_id: 'd', vehicle_id: 'v1', event_type: 'sos' };
  const timestamp = new Date(T0).toISOString();
  for (let i = 0; i < 3; i++) room.make.messages(T0 + i, ['driver', { ...sos, timestamp }]);
  expect(room.run()).toEqual(['raised 0']);
  expect(room.engine.counters).toMatchObject({ processed: 3, events: 1, duplicates: 2 });
  room.restart();
  room.make.messages(T0 + 9, ['driver', { ...sos, timestamp }]);
  expect(room.run()).toEqual([]);
  expect(room.engine.counters).toMatchObject({ processed: 4, events: 1, duplicates: 3 });
});

test('row 44: one journal run twice gives the same bytes', () => {
  const room = new Room({ ...SPEED, for: '3s', keep: '2s' });
  for (let s = 0; s < 300; s++) {
    room.message(s, { speed_kmph: s % 17 < 9 ? 90 : s % 5 ? 70 : null });
    if (s % 7 === 0) room.make.messages(T0 + s * S, ['telemetry', '{"broken"']);
    room.make.tick(T0 + s * S + 500);
  }
  expect(room.run().length).toBeGreaterThan(30);
  const outputs = [1, 2].map(() => {
    const engine = new Engine(OPTIONS);
    for (const record of room.journal) engine.process(record);
    const { checkpoint, ...rest } = engine.takeOutputs({ vehicles: true, checkpoint: true });
    return { checkpoint: Buffer.from(checkpoint!).toString('base64'), rest: JSON.stringify(rest) };
  });
  expect(outputs[0].checkpoint === outputs[1].checkpoint).toBe(true);
  expect(outputs[0].rest === outputs[1].rest).toBe(true);
  expect(JSON.parse(outputs[0].rest).transitions).toEqual(JSON.parse(JSON.stringify(room.transitions)));
});
