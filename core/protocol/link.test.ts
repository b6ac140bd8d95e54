import { expect, test, vi } from 'vitest';
import { createLink } from './client.ts';
import { RoomError } from './errors.ts';
import type { RequestHandlers } from './requests.ts';
import { serveLink } from './server.ts';
import { transportPair } from './testing/transport-pair.ts';

function room(handlers: Partial<RequestHandlers>) {
  const [window, server] = transportPair();
  const drawn = vi.fn();
  const closed = vi.fn();
  const end = serveLink(server, handlers as RequestHandlers, { onDrawn: drawn, onClose: closed });
  return { link: createLink(window), end, drawn, closed };
}

test('requests are answered by name, concurrently and in any order', async () => {
  const { link } = room({
    'alerts.comment': async () => ({ ok: true }) as const,
    'alerts.acknowledge': async ({ alertIds }) => {
      await new Promise((r) => setTimeout(r, 5));
      return { acknowledged: alertIds.length };
    },
  });
  const slow = link.request('alerts.acknowledge', { alertIds: ['a', 'b'], operator: 'kim' });
  const fast = link.request('alerts.comment', { alertId: 'a', operator: 'kim', comment: 'seen' });
  expect(await fast).toEqual({ ok: true });
  expect(await slow).toEqual({ acknowledged: 2 });
});

test('errors arrive with kind and message; unknown requests are refused', async () => {
  const { link } = room({
    'alerts.open': () => {
      throw new RoomError('not-ready', 'The engine is still starting.');
    },
  });
  await expect(link.request('alerts.open', {})).rejects.toMatchObject({
    kind: 'not-ready',
    message: 'The engine is still starting.',
  });
  await expect(link.request('room.info', {})).rejects.toMatchObject({ kind: 'unknown-request' });
  await expect(link.request('constructor' as 'room.info', {})).rejects.toMatchObject({ kind: 'unknown-request' });
});

test('a closed link rejects what was pending and what comes after', async () => {
  const { link, end, closed } = room({ 'room.info': () => new Promise(() => {}) });
  const pending = link.request('room.info', {});
  end.close();
  await expect(pending).rejects.toMatchObject({ kind: 'closed' });
  await expect(link.request('room.info', {})).rejects.toMatchObject({ kind: 'closed' });
  expect(closed).toHaveBeenCalledOnce();
});

test('events reach their listeners until they unsubscribe; drawn reaches the room', async () => {
  const { link, end, drawn } = room({});
  const seen: number[] = [];
  const off = link.on('vehicles.named', (p) => seen.push(p.fromSlot));
  end.emit('vehicles.named', { fromSlot: 3, vehicleIds: ['v'] });
  await vi.waitFor(() => expect(seen).toEqual([3]));
  off();
  end.emit('vehicles.named', { fromSlot: 4, vehicleIds: ['w'] });
  link.drawn(9);
  await vi.waitFor(() => expect(drawn).toHaveBeenCalledWith(9));
  expect(seen).toEqual([3]);
});
