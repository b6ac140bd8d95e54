import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { createLinkSockets } from './link-sockets.ts';
import { type FakeRoom, fakeRoom } from './testing/fake-room.ts';
import { type TestServer, testServer } from './testing/test-server.ts';

let t: TestServer;
let cookie: string;
const open: WebSocket[] = [];
beforeEach(async () => {
  t = await testServer();
  cookie = await t.logIn();
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate();
  await t.close();
});

function dial(options: ClientOptions & { path?: string } = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${t.server.port}${options.path ?? '/link'}`, {
    headers: { cookie, origin: t.origin },
    ...options,
  });
  open.push(socket);
  return socket;
}
/** `open`, or the HTTP status of the refusal. */
function outcome(socket: WebSocket): Promise<number | 'open'> {
  return new Promise((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}
function closed(socket: WebSocket): Promise<[number, string]> {
  return new Promise((resolve) => {
    socket.on('close', (code, reason) => resolve([code, reason.toString()]));
  });
}
function nextMessage(socket: WebSocket): Promise<string | Buffer> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer, binary) => resolve(binary ? data : data.toString()));
  });
}

test('only a page of this room with a session gets a link', async () => {
  expect(await outcome(dial())).toBe('open');
  expect(await outcome(dial({ headers: { cookie } }))).toBe(403);
  expect(await outcome(dial({ headers: { cookie, origin: 'http://evil.example' } }))).toBe(403);
  expect(await outcome(dial({ headers: { cookie, origin: `http://127.0.0.1:${t.server.port + 1}` } }))).toBe(403);
  expect(await outcome(dial({ headers: { origin: t.origin } }))).toBe(401);
  expect(await outcome(dial({ headers: { cookie, origin: 'http://evil.example', host: 'evil.example' } }))).toBe(403);
  expect(await outcome(dial({ path: '/other' }))).toBe(404);
  expect(t.room.links).toHaveLength(1);
});

test('requests are answered in text, frames arrive as bytes, drawn reaches the room', async () => {
  const socket = dial();
  expect(await outcome(socket)).toBe('open');
  socket.send(JSON.stringify({ t: 'request', id: 7, name: 'room.info', args: {} }));
  expect(JSON.parse(String(await nextMessage(socket)))).toMatchObject({ t: 'result', id: 7, result: { demo: true } });
  const frame = nextMessage(socket);
  t.room.links[0].sendFrame(new Uint8Array([1, 2, 3]));
  expect(await frame).toEqual(Buffer.from([1, 2, 3]));
  socket.send(JSON.stringify({ t: 'drawn', sequence: 5 }));
  await vi.waitFor(() => expect(t.room.drawn).toEqual([5]));
  socket.close();
  await vi.waitFor(() => expect(t.room.closedReasons).toHaveLength(1));
});

test.each(['no json', '{"t":"request"}', 'null', '{"t":"drawn","sequence":"1"}', Buffer.from([1])])(
  'what is no message ends the link: %s',
  async (bad) => {
    const socket = dial();
    await outcome(socket);
    const end = closed(socket);
    socket.send(bad);
    expect(await end).toEqual([1003, 'That is not a message of this link.']);
  },
);

test('a message over the limit ends the link', async () => {
  const socket = dial();
  await outcome(socket);
  const end = closed(socket);
  socket.send('x'.repeat(1024 * 1024 + 1));
  expect((await end)[0]).toBe(1009);
});

test('closing the server says goodbye', async () => {
  const socket = dial();
  await outcome(socket);
  const end = closed(socket);
  await t.server.close();
  expect(await end).toEqual([1001, 'The room was closed.']);
});

async function bareSockets(options: { pingEveryMs?: number; maxWindows?: number }) {
  const room: FakeRoom = fakeRoom();
  const links = createLinkSockets({ room, ...options });
  const server = createServer().on('upgrade', links.accept);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect = (options: ClientOptions = {}): WebSocket => {
    const socket = new WebSocket(url, options);
    open.push(socket);
    return socket;
  };
  const close = (): void => {
    links.close();
    server.close();
  };
  return { room, connect, close };
}

test('a window that answers no ping is dropped, one that does is kept', async () => {
  const { room, connect, close } = await bareSockets({ pingEveryMs: 50 });
  const dead = connect({ autoPong: false });
  const alive = connect();
  expect([await outcome(dead), await outcome(alive)]).toEqual(['open', 'open']);
  await closed(dead);
  let pings = 0;
  alive.on('ping', () => pings++);
  await vi.waitFor(() => expect(pings).toBeGreaterThan(3), { timeout: 5_000 });
  expect(alive.readyState).toBe(WebSocket.OPEN);
  expect(room.closedReasons).toHaveLength(1);
  close();
});

test('the number of windows is bounded', async () => {
  const { connect, close } = await bareSockets({ maxWindows: 1 });
  expect(await outcome(connect())).toBe('open');
  expect(await outcome(connect())).toBe(503);
  close();
});
