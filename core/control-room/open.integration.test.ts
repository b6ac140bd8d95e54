import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort, type Mosquitto, startMosquitto } from '../../scripts/mosquitto.ts';
import { telemetry } from '../engine/testing/records.ts';
import type { Alert } from '../model/alerts.ts';
import { DEFAULT_TOPICS } from '../model/topics.ts';
import { decodeFrame, type FleetFrame } from '../protocol/frame.ts';
import type { ControlRoom } from './control-room.ts';
import {
  openTestRoom,
  publishAll,
  rawMessage,
  sosMessage,
  temporaryDataDir,
  untilHealth,
  windowOn,
} from './testing/room-bench.ts';

let broker: Mosquitto;
let url: string;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  broker = await startMosquitto();
  url = `mqtt://127.0.0.1:${broker.port}`;
});
afterAll(() => broker.stop());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function dataDir(): Promise<string> {
  const { dir, remove } = await temporaryDataDir();
  cleanups.push(remove);
  return dir;
}

async function open(dir: string, brokerUrl = url): Promise<ControlRoom> {
  const room = await openTestRoom(dir, brokerUrl);
  cleanups.push(() => room.close());
  return room;
}

const connected = (room: ControlRoom) =>
  untilHealth(room, (h) => h.broker.state === 'connected' && h.status !== 'starting');

describe('a room on a broker', () => {
  test('counts agree; frames, names, summary and the watched vehicle reach a window', async () => {
    const room = await open(await dataDir());
    await connected(room);
    const link = windowOn(room);
    const names: string[] = [];
    const frames: FleetFrame[] = [];
    const watched = vi.fn();
    const summaries = vi.fn();
    link.on('vehicles.named', ({ vehicleIds }) => names.push(...vehicleIds));
    link.on('vehicle.changed', watched);
    link.on('summary', summaries);
    link.onFrame((bytes) => {
      const frame = decodeFrame(bytes);
      frames.push(frame);
      link.drawn(frame.sequence);
    });
    await link.request('fleet.open', {});
    await publishAll(broker.port, [
      ...Array.from({ length: 300 }, (_, i) => rawMessage(`veh-${i}`)),
      { topic: DEFAULT_TOPICS.telemetry, payload: 'junk' },
      { topic: 'fleet/prod/commands', payload: '{}' },
    ]);
    const { messages, vehicles } = await untilHealth(room, (h) => h.messages.processed === 302);
    expect(messages).toEqual({
      received: 302,
      journaled: 302,
      processed: 302,
      quarantined: 1,
      duplicates: 0,
      late: 0,
      dropped: 0,
    });
    expect(vehicles).toMatchObject({ total: 300, moving: 300 });
    await vi.waitFor(() => expect(names).toHaveLength(300));
    await vi.waitFor(() => expect(new Set(frames.flatMap((f) => [...f.slot])).size).toBe(300), 5000);
    expect(frames[0].lat[0]).toBeCloseTo(52.5);

    await link.request('vehicle.watch', { vehicleId: 'veh-7' });
    await vi.waitFor(() => expect(watched).toHaveBeenCalled(), 5000);
    expect(watched.mock.calls[0][0].vehicle).toMatchObject({
      vehicleId: 'veh-7',
      movement: 'moving',
      driverId: 'drv-1',
    });
    await vi.waitFor(() => expect(summaries).toHaveBeenCalled(), 5000);
    await vi.waitFor(async () => {
      expect((await link.request('quarantine.report', {})).counts).toEqual({ 'bad-json': 1 });
    }, 5000);
    expect(await link.request('vehicle.get', { vehicleId: 'nobody' })).toEqual({ vehicle: null });
    await expect(link.request('alerts.history', { limit: -1 })).rejects.toMatchObject({ kind: 'bad-arguments' });
  });

  test('an acknowledgement with its comment survives a restart, in the queue and in history', async () => {
    const dir = await dataDir();
    const first = await open(dir);
    await connected(first);
    const link = windowOn(first);
    const pushed: Alert[] = [];
    link.on('alerts.changed', ({ alerts }) => pushed.push(...alerts));
    await link.request('fleet.open', {});
    const hot = { topic: DEFAULT_TOPICS.status, payload: '' };
    const status = (atMs: number) => ({
      ...hot,
      payload: JSON.stringify({ vehicle_id: 'v1', timestamp: new Date(atMs).toISOString(), engine_temp_c: 112 }),
    });
    const now = Date.now();
    await publishAll(broker.port, [
      rawMessage('v1', {}, now - 41_000),
      status(now - 40_000),
      status(now),
      sosMessage('v2'),
    ]);
    // The engine that is merely hot is suppressed by the one that overheats: one vehicle, one alert.
    await untilHealth(first, (h) => h.alerts.active === 2);
    const { alerts } = await link.request('alerts.open', {});
    const overheat = alerts.find((a) => a.ruleId === 'engine-overheat')!;
    await expect(link.request('alerts.acknowledge', { alertIds: [overheat.id], operator: ' ' })).rejects.toMatchObject({
      kind: 'bad-arguments',
    });
    const answer = await link.request('alerts.acknowledge', {
      alertIds: [overheat.id, 'gone'],
      operator: 'Kim',
      comment: 'called the driver',
    });
    expect(answer).toEqual({ acknowledged: 1 });
    await vi.waitFor(() => expect(pushed.findLast((a) => a.id === overheat.id)?.acknowledged).toBe(true), 5000);
    await first.close();

    const second = await open(dir);
    await connected(second);
    const again = windowOn(second);
    const reopened = (await again.request('alerts.open', {})).alerts;
    expect(reopened.find((a) => a.id === overheat.id)).toMatchObject({
      acknowledged: true,
      acknowledgedBy: 'Kim',
      comment: 'called the driver',
    });
    expect(reopened.find((a) => a.ruleId === 'sos')).toMatchObject({ acknowledged: false });
    const { transitions } = await again.request('alerts.transitions', { alertId: overheat.id });
    expect(transitions.map((t) => [t.kind, t.by])).toEqual([
      ['raised', 'engine'],
      ['acknowledged', 'Kim'],
    ]);
    expect((await again.request('alerts.history', { limit: 10 })).alerts).toHaveLength(3);
  });

  test('messages sent while the room is closed wait in the broker', async () => {
    const dir = await dataDir();
    const first = await open(dir);
    await connected(first);
    await publishAll(broker.port, [rawMessage('v1')]);
    await untilHealth(first, (h) => h.messages.processed === 1);
    await first.close();
    await publishAll(
      broker.port,
      Array.from({ length: 50 }, (_, i) => rawMessage(`w${i}`)),
    );
    const second = await open(dir);
    const { messages } = await untilHealth(second, (h) => h.messages.processed === 51);
    expect(messages).toMatchObject({ received: 51, journaled: 51, duplicates: 0 });
  });

  test('the newest piece of a track comes from the engine, the rest from history', async () => {
    const room = await open(await dataDir());
    await connected(room);
    const start = Date.now() - 600_000;
    const points = Array.from({ length: 60 }, (_, i) => rawMessage('v1', { lat: 50 + i / 1000 }, start + i * 10_000));
    for (const point of points) await publishAll(broker.port, [point]);
    await untilHealth(room, (h) => h.messages.processed === 60);
    const link = windowOn(room);
    await vi.waitFor(async () => {
      const track = await link.request('vehicle.track', { vehicleId: 'v1', fromMs: start, toMs: Date.now() });
      expect(track.lat.map((lat) => Math.round((lat - 50) * 1000))).toEqual(points.map((_, i) => i));
      track.timeMs.forEach((t, i) => {
        expect(Math.abs(t - (start + i * 10_000))).toBeLessThanOrEqual(50);
      });
    }, 10_000);
  });
});

describe('what can go wrong', () => {
  test('a second room on the same data directory is refused with a sentence', async () => {
    const dir = await dataDir();
    await open(dir);
    await expect(openTestRoom(dir, url)).rejects.toMatchObject({
      kind: 'data-dir-in-use',
      message: expect.stringContaining(dir),
    });
  });

  test('a broker that is not there: the room opens, says so, and connects when it comes', async () => {
    const late = await startMosquitto();
    await late.kill();
    cleanups.push(() => late.stop());
    const room = await open(await dataDir(), `mqtt://127.0.0.1:${late.port}`);
    const { broker: status } = await untilHealth(room, (h) => h.broker.detail !== '');
    expect(status.state).toBe('reconnecting');
    expect(status.detail).toContain(String(late.port));
    await late.restart();
    await connected(room);
  });

  test('an address that cannot be read is said, not thrown', async () => {
    const room = await open(await dataDir(), 'ftp://nowhere');
    const { broker: status } = await untilHealth(room, (h) => h.broker.state === 'refused');
    expect(status.detail).toContain('ftp');
  });

  test('a damaged history is refused with its file; a damaged checkpoint is replaced by the journal', async () => {
    const dir = await dataDir();
    const first = await open(dir);
    await connected(first);
    await publishAll(broker.port, [rawMessage('v1'), sosMessage('v1')]);
    await untilHealth(first, (h) => h.alerts.active === 1);
    await first.close();
    const db = new Database(join(dir, 'history.db'));
    db.prepare('UPDATE checkpoint SET state = zeroblob(100), bytes = 100').run();
    db.close();
    const second = await open(dir);
    const health = await connected(second);
    expect(health).toMatchObject({ messages: { processed: 2, duplicates: 0 }, alerts: { active: 1, total: 1 } });
    await second.close();
    for (const suffix of ['-wal', '-shm']) await rm(join(dir, `history.db${suffix}`), { force: true });
    await writeFile(join(dir, 'history.db'), 'this is not a database, whatever its name says'.repeat(100));
    await expect(openTestRoom(dir, url)).rejects.toMatchObject({
      kind: 'history',
      message: expect.stringContaining('history.db'),
    });
  });

  test('100,000 new vehicle ids at once, and some more: counted, set aside beyond the limit, and the room goes on', async () => {
    const room = await open(await dataDir());
    await connected(room);
    const now = Date.now();
    const thousand = (k: number) => ({
      topic: DEFAULT_TOPICS.telemetry,
      payload: JSON.stringify(
        Array.from({ length: 1000 }, (_, i) => telemetry(`id-${k}-${i}`, now, { speed_kmph: 30 })),
      ),
    });
    for (let k = 0; k < 101; k++) await publishAll(broker.port, [thousand(k)]);
    await publishAll(broker.port, [rawMessage('id-0-7', { speed_kmph: 0 }, now + 20_000), sosMessage('id-5-5')]);
    const health = await untilHealth(room, (h) => h.messages.processed === 103, 60_000);
    expect(health.vehicles).toMatchObject({ total: 100_000, moving: 99_999 });
    expect(health.messages).toMatchObject({ journaled: 103, quarantined: 1000, dropped: 0 });
    expect(health.alerts).toMatchObject({ active: 1 });
    const link = windowOn(room);
    const { vehicle } = await link.request('vehicle.get', { vehicleId: 'id-99-999' });
    expect(vehicle).toMatchObject({ movement: 'moving' });
    await vi.waitFor(async () => {
      const report = await link.request('quarantine.report', {});
      expect(report.counts).toEqual({ 'vehicle-limit': 1000 });
    }, 20_000);
  });

  test('a rule pack with a mistake is refused with line and column, the others stay in force', async () => {
    const dir = await dataDir();
    const rules = await temporaryDataDir();
    cleanups.push(rules.remove);
    await writeFile(
      join(rules.dir, 'a.yaml'),
      'rules:\n  - {id: a, name: A, priority: low, when: sped_kmph > 3, message: m}\n',
    );
    const room = await openTestRoom(dir, `mqtt://127.0.0.1:${await freePort()}`, { rulesDir: rules.dir });
    cleanups.push(() => room.close());
    const { problems, status } = await untilHealth(room, (h) => h.problems.length > 0);
    expect(status).toBe('degraded');
    expect(problems[0]).toContain('a.yaml:2:43: rule `a`: there is no signal `sped_kmph`; did you mean `speed_kmph`?');
  });

  test('settings with a mistake are refused with line and column; the ones in force go on, also over a restart', async () => {
    const dir = await dataDir();
    const file = join(dir, 'settings.yaml');
    const now = Date.now();
    const lateOf = async (room: ControlRoom, id: string): Promise<number> => {
      const { messages } = await connected(room);
      const event = { event_id: id };
      await publishAll(broker.port, [
        rawMessage('v', event, now),
        rawMessage('v', { event_id: `${id}-` }, now - 20_000),
      ]);
      return (await untilHealth(room, (h) => h.messages.processed >= messages.processed + 2)).messages.late;
    };
    await writeFile(file, 'telemetryBoundMs: 30000\n');
    const first = await open(dir);
    expect(await lateOf(first, 'a')).toBe(0);
    await first.close();
    await writeFile(file, 'telemetryBoundMs: 30 s\n');
    const second = await open(dir);
    const { problems } = await untilHealth(second, (h) => h.problems.length > 0);
    expect(problems).toEqual([
      'The settings were refused: settings.yaml:1:1: `telemetryBoundMs` must be a number. Those before go on.',
    ]);
    expect(await lateOf(second, 'b')).toBe(0);
    await second.close();
    await writeFile(file, '');
    expect(await lateOf(await open(dir), 'c')).toBe(1);
  });
});
