import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { createLink } from '../../core/protocol/client.ts';
import { openWebSocketTransport } from './ws-transport.ts';

const http = createServer();
let sockets: WebSocketServer;
let url = '';

beforeEach(async () => {
  sockets = new WebSocketServer({ server: http });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/link`;
});

afterEach(async () => {
  for (const client of sockets.clients) client.terminate();
  sockets.close();
  await new Promise((resolve) => http.close(resolve));
});

test('requests go as text, frames come as bytes, and the end of the socket is told', async () => {
  const server = new Promise<ServerSocket>((resolve) => sockets.once('connection', resolve));
  const link = createLink(await openWebSocketTransport(url));
  const socket = await server;
  socket.on('message', (data) => {
    const { id, name } = JSON.parse(data.toString()) as { id: number; name: string };
    socket.send(JSON.stringify({ t: 'result', id, result: name }));
  });
  expect(await link.request('room.info', {})).toBe('room.info');

  const frames: Uint8Array[] = [];
  link.onFrame((bytes) => frames.push(bytes));
  socket.send(new Uint8Array([7, 8]));
  await vi.waitFor(() => expect(frames.map((f) => [...f])).toEqual([[7, 8]]));

  const closed = vi.fn();
  link.onClose(closed);
  const pending = link.request('room.health', {});
  socket.close(1001, 'The room is closing.');
  await expect(pending).rejects.toMatchObject({ message: expect.stringContaining('room') });
  await vi.waitFor(() => expect(closed).toHaveBeenCalledWith('The room is closing.'));
});

test('nobody there is one plain sentence', async () => {
  await new Promise((resolve) => http.close(resolve));
  await expect(openWebSocketTransport(url)).rejects.toThrow('The room does not answer.');
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
});
