import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DEFAULT_TOPICS } from '../core/model/topics.ts';
import { FAULT_KINDS, fleetMessages } from './fleet.ts';
import { collect, NOON_MS } from './testing/collect.ts';

function digest(options: Parameters<typeof collect>[0]): string {
  const hash = createHash('sha256');
  const { messages, truth } = collect(options);
  for (const m of messages) hash.update(`${m.timeMs} ${m.topic} ${m.payload}\n`);
  return hash.update(JSON.stringify(truth)).digest('hex');
}

test('the same options make the same bytes; another seed, start or fault list does not', () => {
  const options = { vehicles: 120, seconds: 90, seed: 'x', faults: FAULT_KINDS };
  const once = digest(options);
  expect(digest(options)).toBe(once);
  expect(digest({ ...options, seed: 'y' })).not.toBe(once);
  expect(digest({ ...options, startMs: NOON_MS + 1 })).not.toBe(once);
  expect(digest({ ...options, faults: [] })).not.toBe(once);
});

test('messages come in order of their send time and spread evenly over each second', () => {
  const { messages } = collect({ vehicles: 200, seconds: 60, faults: FAULT_KINDS });
  for (let i = 1; i < messages.length; i++) expect(messages[i].timeMs).toBeGreaterThanOrEqual(messages[i - 1].timeMs);
  const perTenth = new Map<number, number>();
  for (const m of messages) {
    const tenth = Math.floor((m.timeMs - NOON_MS) / 100);
    perTenth.set(tenth, (perTenth.get(tenth) ?? 0) + 1);
  }
  expect(Math.max(...perTenth.values())).toBeLessThan(40);
});

test.each([0.2, 0.75, 1, 4])('telemetry comes %d times a second from each vehicle, status every 10 s', (rate) => {
  const { messages } = collect({ vehicles: 40, seconds: 120, rate });
  for (const kind of ['telemetry', 'status'] as const) {
    const perVehicle = Map.groupBy(
      messages.filter((m) => m.topicKind === kind),
      (m) => m.vehicleId,
    );
    expect(perVehicle.size).toBe(40);
    for (const list of perVehicle.values()) {
      const expected = kind === 'status' ? 12 : 120 * rate;
      expect(list.length).toBeGreaterThanOrEqual(Math.floor(expected) - 1);
      expect(list.length).toBeLessThanOrEqual(Math.ceil(expected) + (kind === 'status' ? 5 : 1));
    }
  }
});

test('event ids are unique, look like UUIDs of version 4, and differ between runs', () => {
  const ids = (startMs: number) =>
    collect({ vehicles: 30, seconds: 30, startMs })
      .messages.filter((m) => m.topicKind === 'telemetry')
      .map((m) => (JSON.parse(m.payload) as { event_id: string }).event_id);
  const first = ids(NOON_MS);
  for (const id of first) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set([...first, ...ids(NOON_MS + 3_600_000)]).size).toBe(2 * first.length);
});

test('a prefix is put before every topic', () => {
  const { messages } = collect({ vehicles: 20, seconds: 40, prefix: 'site-a/' });
  for (const m of messages) expect(m.topic).toBe(`site-a/${DEFAULT_TOPICS[m.topicKind]}`);
});

test('options out of range are refused by name', () => {
  const start = (options: object) => fleetMessages({ vehicles: 5, startMs: NOON_MS, ...options }).next();
  expect(() => start({ vehicles: 0 })).toThrow('vehicles must be a number from 1 to 200000, not 0');
  expect(() => start({ vehicles: 1.5 })).toThrow('vehicles must be whole, not 1.5');
  expect(() => start({ rate: Number.NaN })).toThrow('rate must be a number from 0.01 to 50, not NaN');
  expect(() => start({ seconds: -1 })).toThrow('seconds must be');
});

test('an endless run goes on, with the first faults within 15 s', () => {
  const truth: string[] = [];
  let last = NOON_MS;
  const run = fleetMessages({ vehicles: 300, startMs: NOON_MS, faults: FAULT_KINDS }, (line) => truth.push(line.fault));
  for (const message of run) {
    last = message.timeMs;
    if (last > NOON_MS + 18_000) break;
  }
  expect(last).toBeGreaterThan(NOON_MS + 18_000);
  expect(truth).toEqual(expect.arrayContaining(['harsh_braking', 'harsh_acceleration', 'sos']));
});
