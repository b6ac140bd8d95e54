import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { RoomTransport } from '../core/protocol/transport.ts';
import { TOO_SLOW, wsTransport } from './ws-transport.ts';

async function pair(maxBufferedBytes?: number) {
  const server = createServer().listen(0, '127.0.0.1');
  const sockets = new WebSocketServer({ server });
  const transport = new Promise<RoomTransport>((resolve) => {
    sockets.on('connection', (socket) => resolve(wsTransport(socket, maxBufferedBytes)));
  });
  await vi.waitFor(() => expect(server.address()).not.toBeNull());
  const window = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const room = await transport;
  const close = (): void => {
    window.terminate();
    sockets.close();
    server.close();
  };
  return { room, window, close };
}

test('a window that does not keep up is disconnected with a reason instead of filling memory', async () => {
  const { room, window, close } = await pair(256 * 1024);
  const reasons: string[] = [];
  room.onClose((reason) => reasons.push(reason));
  window.pause();
  const frame = new Uint8Array(1024 * 1024);
  for (let i = 0; i < 64; i++) room.sendFrame(frame);
  let received = 0;
  window.on('message', () => received++);
  const end = new Promise((resolve) => window.on('close', (code, reason) => resolve([code, reason.toString()])));
  window.resume();
  expect(await end).toEqual([1013, TOO_SLOW]);
  expect(received).toBeLessThan(64);
  await vi.waitFor(() => expect(reasons).toHaveLength(1));
  close();
});

test('a listener set after the end is told at once; sending then does nothing', async () => {
  const { room, window, close } = await pair();
  const first = new Promise((resolve) => room.onClose(resolve));
  await vi.waitFor(() => expect(window.readyState).toBe(WebSocket.OPEN));
  window.close(1000, 'bye');
  expect(await first).toBe('bye');
  const later = vi.fn();
  room.onClose(later);
  expect(later).toHaveBeenCalledWith('bye');
  room.sendFrame(new Uint8Array(1));
  close();
});
