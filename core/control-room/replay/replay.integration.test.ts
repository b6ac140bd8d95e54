import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Mosquitto, startMosquitto } from '../../../scripts/mosquitto.ts';
import type { Link } from '../../protocol/client.ts';
import type { Summary } from '../../protocol/events.ts';
import { decodeFrame } from '../../protocol/frame.ts';
import type { ReplayChange } from '../../protocol/replay.ts';
import type { ControlRoom } from '../control-room.ts';
import {
  openTestRoom,
  publishAll,
  rawMessage,
  sosMessage,
  temporaryDataDir,
  untilHealth,
  windowOn,
} from '../testing/room-bench.ts';

let broker: Mosquitto;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  broker = await startMosquitto();
});
afterAll(() => broker.stop());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A window as a screen keeps it: what it was told, and forgets when it is told to. */
function screenOn(link: Link) {
  const screen = {
    names: [] as string[],
    shown: new Set<number>(),
    resets: 0,
    changes: [] as ReplayChange[],
    summary: undefined as Summary | undefined,
  };
  link.on('vehicles.named', ({ fromSlot, vehicleIds }) =>
    screen.names.splice(fromSlot, vehicleIds.length, ...vehicleIds),
  );
  link.on('fleet.reset', () => {
    screen.names.length = 0;
    screen.shown.clear();
    screen.resets++;
  });
  link.on('replay.state', (change) => screen.changes.push(change));
  link.on('summary', (summary) => {
    screen.summary = summary;
  });
  link.onFrame((bytes) => {
    const frame = decodeFrame(bytes);
    for (const slot of frame.slot) screen.shown.add(slot);
    link.drawn(frame.sequence);
  });
  return screen;
}

interface Past {
  readonly room: ControlRoom;
  readonly dir: string;
  /** Between the first vehicles and those that came later, Unix ms. */
  readonly middleMs: number;
  readonly endMs: number;
}

/** A room in which v0 … v4 have driven and v1 has called for help, and then v5 … v9 have come. */
async function roomWithPast(): Promise<Past> {
  const { dir, remove } = await temporaryDataDir();
  cleanups.push(remove);
  const room = await openTestRoom(dir, `mqtt://127.0.0.1:${broker.port}`);
  cleanups.push(() => room.close());
  await untilHealth(room, (h) => h.broker.state === 'connected' && h.status !== 'starting');
  await publishAll(broker.port, [...Array.from({ length: 5 }, (_, i) => rawMessage(`v${i}`)), sosMessage('v1')]);
  await untilHealth(room, (h) => h.messages.processed === 6);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const middleMs = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await publishAll(
    broker.port,
    Array.from({ length: 5 }, (_, i) => rawMessage(`v${i + 5}`, { speed_kmph: 70 })),
  );
  await untilHealth(room, (h) => h.messages.processed === 11);
  return { room, dir, middleMs, endMs: Date.now() + 1 };
}

describe('a replay beside the live room', () => {
  test('shows the past in one window while messages go on and another window stays live', async () => {
    const { room, middleMs, endMs } = await roomWithPast();
    const link = windowOn(room);
    const other = windowOn(room);
    const screen = screenOn(link);
    const live = screenOn(other);
    await Promise.all([link.request('fleet.open', {}), other.request('fleet.open', {})]);
    await vi.waitFor(() => expect(screen.shown.size).toBe(10), 5000);

    const opened = await link.request('replay.open', { fromMs: 0, toMs: endMs });
    expect(opened).toMatchObject({ phase: 'paused', messages: 11, processed: 0 });
    expect(await link.request('vehicle.get', { vehicleId: 'v1' })).toEqual({ vehicle: null });
    expect((await link.request('alerts.open', {})).alerts).toEqual([]);
    expect((await link.request('alerts.history', { limit: 10 })).alerts).toEqual([]);
    const today = { fromMs: endMs - 86_400_000, toMs: endMs + 3_600_000 };
    expect((await link.request('alerts.hours', today)).hours).toEqual([]);
    expect((await other.request('alerts.open', {})).alerts).toHaveLength(1);
    expect((await other.request('alerts.hours', today)).hours).toMatchObject([{ ruleId: 'sos', raised: 1 }]);

    expect(await link.request('replay.seek', { timeMs: middleMs })).toMatchObject({ processed: 6, timeMs: middleMs });
    await vi.waitFor(() => expect(screen.shown.size).toBe(5), 5000);
    expect(screen.names).toEqual(['v0', 'v1', 'v2', 'v3', 'v4']);
    expect((await link.request('vehicle.get', { vehicleId: 'v1' })).vehicle?.movement).toBe('moving');
    const { alerts } = await link.request('alerts.open', {});
    expect(alerts.map((alert) => [alert.ruleId, alert.vehicleId])).toEqual([['sos', 'v1']]);
    expect((await link.request('alerts.history', { limit: 10 })).alerts).toHaveLength(1);
    expect((await link.request('alerts.transitions', { alertId: alerts[0].id })).transitions).toHaveLength(1);
    expect((await link.request('alerts.hours', today)).hours).toMatchObject([{ ruleId: 'sos', raised: 1 }]);
    const track = await link.request('vehicle.track', { vehicleId: 'v1', fromMs: endMs - 60_000, toMs: endMs });
    expect(track.timeMs).toHaveLength(1);
    await vi.waitFor(() => expect(screen.summary?.vehicles.total).toBe(5), 5000);

    // What an operator does in a replay reaches nothing.
    const acknowledge = { alertIds: [alerts[0].id], operator: 'Kim' };
    await expect(link.request('alerts.acknowledge', acknowledge)).rejects.toMatchObject({ kind: 'replay' });
    expect((await other.request('alerts.open', {})).alerts[0].acknowledged).toBe(false);
    expect((await link.request('room.health', {})).messages.processed).toBe(11);

    // Live goes on: new vehicles appear in the other window, and not in this one.
    await publishAll(broker.port, [rawMessage('late')]);
    await vi.waitFor(() => expect(live.shown.size).toBe(11), 5000);
    expect(await other.request('replay.state', {})).toEqual({ replay: null });

    expect(await link.request('replay.play', { speed: 'max' })).toMatchObject({ phase: 'playing', speed: 'max' });
    await vi.waitFor(() => expect(screen.changes.at(-1)?.replay).toMatchObject({ phase: 'ended', indexed: 1 }), 5000);
    await vi.waitFor(() => expect(screen.shown.size).toBe(10), 5000);
    await expect(link.request('replay.play', { speed: 0 })).rejects.toMatchObject({ kind: 'bad-arguments' });

    await link.request('replay.close', {});
    expect(screen.changes.at(-1)).toEqual({ replay: null });
    await vi.waitFor(() => expect(screen.names).toContain('late'), 5000);
    await vi.waitFor(() => expect(screen.shown.size).toBe(11), 5000);
    expect((await link.request('vehicle.get', { vehicleId: 'late' })).vehicle).not.toBeNull();
    expect(await link.request('alerts.acknowledge', acknowledge)).toEqual({ acknowledged: 1 });
    await expect(link.request('replay.pause', {})).rejects.toMatchObject({ kind: 'no-replay' });
    expect(live.resets).toBe(0);
  });

  test('a stretch becomes a file, and the file is played', async () => {
    const { room, dir, middleMs, endMs } = await roomWithPast();
    const link = windowOn(room);
    const progress = vi.fn();
    link.on('replay.exporting', progress);
    const args = { fromMs: middleMs, toMs: endMs, name: 'second half' };
    const { file, messages } = await link.request('replay.export', args);
    expect(file).toBe(join(dir, 'recordings', 'second half.arrow.zst'));
    expect(messages).toBe(5);
    expect(progress.mock.calls.at(-1)?.[0]).toMatchObject({ name: 'second half', messages: 5, of: 5 });
    await expect(link.request('replay.export', args)).rejects.toMatchObject({ kind: 'exists' });
    for (const name of ['../x', '', '.hidden', 'a/b']) {
      await expect(link.request('replay.export', { ...args, name })).rejects.toMatchObject({ kind: 'bad-arguments' });
    }
    await expect(link.request('replay.export', { ...args, name: 'x', fromMs: 1, toMs: 2 })).rejects.toMatchObject({
      kind: 'empty',
    });

    expect(await link.request('replay.open', { file: 'second half.arrow.zst' })).toMatchObject({ messages: 5 });
    // The state at its beginning came with it.
    expect((await link.request('vehicle.get', { vehicleId: 'v1' })).vehicle).not.toBeNull();
    expect((await link.request('vehicle.get', { vehicleId: 'v7' })).vehicle).toBeNull();
    await link.request('replay.seek', { timeMs: endMs });
    expect((await link.request('vehicle.get', { vehicleId: 'v7' })).vehicle?.signals).toContain(70);
    // A part of what is played becomes a file again.
    expect((await link.request('replay.export', { ...args, name: 'again', toMs: endMs })).messages).toBe(5);
  });

  test('what cannot be played is refused in words, and the window stays live', async () => {
    const { room, dir, endMs } = await roomWithPast();
    const link = windowOn(room);
    const screen = screenOn(link);
    await link.request('fleet.open', {});
    const refused = async (args: object, kind: string): Promise<void> => {
      await expect(link.request('replay.open', args as { file: string })).rejects.toMatchObject({ kind });
    };
    await refused({ file: 'nothing here' }, 'missing');
    await refused({ file: join(dir, 'history.db') }, 'foreign');
    await refused({ fromMs: 5, toMs: 6 }, 'empty');
    await refused({ fromMs: 6, toMs: 5 }, 'bad-arguments');
    await refused({}, 'bad-arguments');
    await vi.waitFor(() => expect(screen.shown.size).toBe(10), 5000);
    expect(screen.resets).toBe(0);

    const others = [windowOn(room), windowOn(room), windowOn(room)];
    for (const other of others) await other.request('replay.open', { fromMs: 0, toMs: endMs });
    await refused({ fromMs: 0, toMs: endMs }, 'too-many-replays');
    others[0].close();
    await vi.waitFor(() => link.request('replay.open', { fromMs: 0, toMs: endMs }), 5000);
    await refused({ file: 'nothing here' }, 'missing');
    await vi.waitFor(() => expect(screen.changes.at(-1)).toEqual({ replay: null }), 5000);
    expect((await link.request('vehicle.get', { vehicleId: 'v9' })).vehicle).not.toBeNull();
  });

  test('a replay that is superseded while it opens, and a room that closes with replays open', async () => {
    const { room, dir, endMs } = await roomWithPast();
    const link = windowOn(room);
    const first = link.request('replay.open', { fromMs: 0, toMs: endMs });
    const second = link.request('replay.open', { fromMs: 0, toMs: endMs });
    await expect(first).rejects.toMatchObject({ kind: 'closed' });
    await expect(second).resolves.toMatchObject({ phase: 'paused' });
    await link.request('replay.play', { speed: 1 });
    await room.close();
    await expect(link.request('replay.state', {})).rejects.toMatchObject({ kind: 'closed' });
    expect(existsSync(join(dir, 'replay'))).toBe(false);
  });

  test('a replay whose thread dies leaves room and window alive', async () => {
    const { room, endMs } = await roomWithPast();
    const link = windowOn(room);
    const screen = screenOn(link);
    await link.request('fleet.open', {});
    const threads: Worker[] = [];
    const onWorker = (worker: Worker): void => void threads.push(worker);
    process.on('worker', onWorker);
    try {
      await link.request('replay.open', { fromMs: 0, toMs: endMs });
    } finally {
      process.off('worker', onWorker);
    }
    expect(threads).toHaveLength(1);
    await threads[0].terminate();
    await vi.waitFor(() => expect(screen.changes.at(-1)?.ended).toContain('The replay stopped'), 5000);
    expect(screen.changes.at(-1)?.replay).toBeNull();
    await vi.waitFor(() => expect(screen.shown.size).toBe(10), 5000);
    expect((await link.request('room.health', {})).messages.processed).toBe(11);
    expect(await link.request('replay.open', { fromMs: 0, toMs: endMs })).toMatchObject({ messages: 11 });
  });
});

describe('keyframes of a room', () => {
  test('are left along the journal, and a room whose checkpoints are damaged goes on from one', async () => {
    const { room, dir } = await roomWithPast();
    await room.close();
    // The first checkpoint of a room becomes a keyframe, whenever it was: have one at the end.
    await rm(join(dir, 'keyframes'), { recursive: true });
    const next = await openTestRoom(dir, `mqtt://127.0.0.1:${broker.port}`);
    cleanups.push(() => next.close());
    await untilHealth(next, (h) => h.status !== 'starting');
    await next.close();
    expect(readdirSync(join(dir, 'keyframes'))).toHaveLength(1);
    const db = new Database(join(dir, 'history.db'));
    db.prepare('UPDATE checkpoint SET state = zeroblob(100), bytes = 100').run();
    db.close();
    // Without what was journaled, nothing but the keyframe can tell.
    for (const name of readdirSync(join(dir, 'journal'))) await rm(join(dir, 'journal', name));
    const again = await openTestRoom(dir, `mqtt://127.0.0.1:${broker.port}`);
    cleanups.push(() => again.close());
    const health = await untilHealth(again, (h) => h.status !== 'starting');
    expect(health).toMatchObject({ messages: { processed: 11 }, vehicles: { total: 10 }, alerts: { active: 1 } });
  });
});
