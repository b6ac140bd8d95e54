import { expect, test, vi } from 'vitest';
import { createLink } from '../../protocol/client.ts';
import { RoomError } from '../../protocol/errors.ts';
import type { ReplayState } from '../../protocol/replay.ts';
import type { RequestHandlers } from '../../protocol/requests.ts';
import { serveLink } from '../../protocol/server.ts';
import { transportPair } from '../../protocol/testing/transport-pair.ts';
import type { WindowTransport } from '../../protocol/transport.ts';
import type { OpenReplay, ReplayDesk } from './replay-desk.ts';
import { WindowRouter } from './window-router.ts';

const state = { name: 'x', phase: 'paused' } as ReplayState;

/** A worker that answers `vehicle.get` with its name, and notes what it is asked. */
function worker(name: string, more: Partial<RequestHandlers> = {}) {
  const [transport, served] = transportPair();
  const asked: string[] = [];
  const noted = <R>(request: string, result: R) => {
    asked.push(request);
    return result;
  };
  const drawn: number[] = [];
  const link = serveLink(
    served,
    {
      'fleet.open': () => noted('fleet.open', { vehicles: 0 }),
      'fleet.close': () => noted('fleet.close', { ok: true as const }),
      'vehicle.watch': ({ vehicleId }) => noted(`watch ${vehicleId}`, { ok: true as const }),
      'vehicle.get': () => noted('vehicle.get', { vehicle: { vehicleId: name } as never }),
      'alerts.acknowledge': () => noted('acknowledge', { acknowledged: 1 }),
      'alerts.history': () => noted('history', { alerts: [] }),
      ...more,
    },
    { onDrawn: (sequence) => drawn.push(sequence) },
  );
  return { transport: transport as WindowTransport, link, asked, drawn };
}

function bench(more: Partial<RequestHandlers> = {}) {
  const engine = worker('live');
  const queries = worker('queries');
  const replay = worker('replay', more);
  let die: (why: string) => void = () => {};
  const opened: OpenReplay = {
    target: { fromMs: 1, toMs: 2 },
    state,
    transport: replay.transport,
    onDeath: (listener) => {
      die = listener;
    },
    close: vi.fn(),
  };
  const open = vi.fn(async () => opened);
  const [window, room] = transportPair();
  const live = { engine: engine.transport, queries: queries.transport };
  new WindowRouter(room, live, { open } as unknown as ReplayDesk, () => {});
  const link = createLink(window);
  const events: string[] = [];
  for (const name of ['summary', 'fleet.reset', 'replay.state'] as const) {
    link.on(name, (payload) =>
      events.push(name === 'summary' ? `summary ${(payload as { nowMs: number }).nowMs}` : name),
    );
  }
  const frames: number[] = [];
  link.onFrame((bytes) => frames.push(bytes[0]));
  return { engine, queries, replay, opened, open, link, events, frames, die: (why: string) => die(why) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const vehicleSeen = async ({ link }: ReturnType<typeof bench>) =>
  (await link.request('vehicle.get', { vehicleId: 'v' })).vehicle?.vehicleId;

test('a window is given to its replay with what it had asked for, and back again', async () => {
  const b = bench();
  await b.link.request('fleet.open', {});
  await b.link.request('vehicle.watch', { vehicleId: 'v7' });
  await b.link.request('alerts.history', { limit: 1 });
  expect(b.queries.asked).toEqual(['history']);
  expect(await vehicleSeen(b)).toBe('live');

  expect(await b.link.request('replay.open', { fromMs: 1, toMs: 2 })).toEqual(state);
  expect(await vehicleSeen(b)).toBe('replay');
  await b.link.request('alerts.history', { limit: 1 });
  expect(b.replay.asked).toEqual(['fleet.open', 'watch v7', 'vehicle.get', 'history']);
  expect(b.engine.asked.at(-1)).toBe('fleet.close');

  b.engine.link.emit('summary', { nowMs: 1 } as never);
  b.engine.link.sendFrame(Uint8Array.of(1));
  b.replay.link.emit('summary', { nowMs: 2 } as never);
  b.replay.link.sendFrame(Uint8Array.of(2));
  b.link.drawn(9);
  await settled();
  expect([b.engine.drawn, b.replay.drawn]).toEqual([[], [9]]);

  await b.link.request('replay.close', {});
  b.replay.link.emit('summary', { nowMs: 3 } as never);
  b.replay.link.sendFrame(Uint8Array.of(3));
  b.engine.link.emit('summary', { nowMs: 4 } as never);
  b.engine.link.sendFrame(Uint8Array.of(4));
  await settled();
  expect(b.events).toEqual(['fleet.reset', 'summary 2', 'replay.state', 'fleet.reset', 'summary 4']);
  expect(b.frames).toEqual([2, 4]);
  expect(b.engine.asked.slice(-2)).toEqual(['fleet.open', 'watch v7']);
  expect(await vehicleSeen(b)).toBe('live');
  expect(b.opened.close).toHaveBeenCalledOnce();
});

test('what changes something is refused in a replay, and what needs a replay without one', async () => {
  const b = bench();
  const acknowledge = { alertIds: ['a'], operator: 'Kim' };
  await expect(b.link.request('replay.pause', {})).rejects.toMatchObject({ kind: 'no-replay' });
  expect(await b.link.request('replay.state', {})).toEqual({ replay: null });
  await b.link.request('replay.open', { fromMs: 1, toMs: 2 });
  await expect(b.link.request('alerts.acknowledge', acknowledge)).rejects.toMatchObject({ kind: 'replay' });
  await expect(b.link.request('not.there' as never, {} as never)).rejects.toMatchObject({ kind: 'replay' });
  await b.link.request('replay.close', {});
  await b.link.request('alerts.acknowledge', acknowledge);
  expect(b.replay.asked).not.toContain('acknowledge');
  expect(b.engine.asked.filter((request) => request === 'acknowledge')).toHaveLength(1);
});

test('a replay that dies leaves the window on the live room, with an answer to all it asked', async () => {
  const b = bench({ 'replay.seek': () => new Promise(() => {}) });
  await b.link.request('fleet.open', {});
  await b.link.request('replay.open', { fromMs: 1, toMs: 2 });
  const changes: unknown[] = [];
  b.link.on('replay.state', (change) => changes.push(change));
  const seek = b.link.request('replay.seek', { timeMs: 1 });
  await settled();
  b.die('The replay stopped: out of memory. Open it again.');
  await expect(seek).rejects.toMatchObject({ kind: 'closed', message: expect.stringContaining('out of memory') });
  expect(changes).toEqual([{ replay: null, ended: 'The replay stopped: out of memory. Open it again.' }]);
  expect(await vehicleSeen(b)).toBe('live');
  expect(b.engine.asked.filter((request) => request === 'fleet.open')).toHaveLength(2);
  b.die('again');
  await settled();
  expect(changes).toHaveLength(1);
});

test('a replay that cannot be opened changes nothing', async () => {
  const b = bench();
  await b.link.request('fleet.open', {});
  b.open.mockRejectedValueOnce(new RoomError('missing', 'There is no such file.'));
  await expect(b.link.request('replay.open', { file: 'x' })).rejects.toMatchObject({ kind: 'missing' });
  await settled();
  expect(b.events).toEqual([]);
  expect(b.engine.asked).toEqual(['fleet.open']);
});

test('one that cannot be opened in the place of another leaves the window on the live room', async () => {
  const b = bench();
  await b.link.request('fleet.open', {});
  await b.link.request('replay.open', { fromMs: 1, toMs: 2 });
  b.open.mockRejectedValueOnce(new RoomError('missing', 'There is no such file.'));
  await expect(b.link.request('replay.open', { file: 'x' })).rejects.toMatchObject({ kind: 'missing' });
  await settled();
  expect(b.events).toEqual(['fleet.reset', 'replay.state', 'fleet.reset']);
  expect(await vehicleSeen(b)).toBe('live');
});

test('a window that closes ends its replay', async () => {
  const b = bench();
  await b.link.request('replay.open', { fromMs: 1, toMs: 2 });
  b.link.close();
  await settled();
  expect(b.opened.close).toHaveBeenCalledOnce();
});
