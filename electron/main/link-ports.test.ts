import { afterEach, expect, test, vi } from 'vitest';
import type { ControlRoom } from '../../core/control-room/control-room.ts';
import type { RoomTransport, ToRoom } from '../../core/protocol/transport.ts';
import { type FakePort, ipcMain } from '../testing/fake-electron.ts';
import { offerLinks } from './link-ports.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

afterEach(() => {
  ipcMain.removeAllListeners();
  vi.useRealTimers();
});

function setUp() {
  const transports: RoomTransport[] = [];
  const room = { connect: (transport: RoomTransport) => transports.push(transport) } as unknown as ControlRoom;
  offerLinks(room);
  return transports;
}
function frame(url: string, overrides: Record<string, unknown> = {}) {
  const ports: FakePort[] = [];
  return {
    url,
    parent: null,
    detached: false,
    isDestroyed: () => false,
    ports,
    postMessage: (channel: string, _message: unknown, transfer: FakePort[]) => {
      expect(channel).toBe('link');
      ports.push(...transfer);
    },
    ...overrides,
  };
}

test('a page of the room gets a port that carries messages, frames and their end', async () => {
  const transports = setUp();
  const page = frame('app://room/');
  ipcMain.emit('link', { senderFrame: page });
  expect(transports).toHaveLength(1);
  const [room] = transports;
  const [port] = page.ports;

  const heard: ToRoom[] = [];
  room.onMessage((message) => heard.push(message));
  const request = { t: 'request', id: 1, name: 'room.info', args: {} };
  for (const message of [request, { t: 'drawn', sequence: 2 }, 'noise', null, { t: 'request' }])
    port.postMessage(message);
  await vi.waitFor(() => expect(heard).toEqual([request, { t: 'drawn', sequence: 2 }]));

  const received: unknown[] = [];
  port.on('message', ({ data }) => received.push(data));
  room.send({ t: 'result', id: 1, result: 'yes' });
  room.sendFrame(new Uint8Array([1, 2]));
  await vi.waitFor(() => expect(received).toEqual([{ t: 'result', id: 1, result: 'yes' }, new Uint8Array([1, 2])]));

  const reason = new Promise((resolve) => room.onClose(resolve));
  port.close();
  expect(await reason).toBe('The window went away.');
  room.send({ t: 'result', id: 2, result: 'late' });
  await Promise.resolve();
  expect(received).toHaveLength(2);
});

test.each([
  ['another site', frame('https://evil.example/')],
  ['another host of the scheme', frame('app://rooms/')],
  ['a name that starts like ours', frame('app://room.evil/')],
  ['no address', frame('')],
  ['a frame inside the page', frame('app://room/', { parent: {} })],
  ['a page that has gone', frame('app://room/', { isDestroyed: () => true })],
  ['nobody', null],
])('%s gets nothing', (_who, senderFrame) => {
  const transports = setUp();
  ipcMain.emit('link', { senderFrame });
  expect(transports).toHaveLength(0);
  expect(senderFrame?.ports ?? []).toEqual([]);
});

test('a page whose port the room closed gets another; one that asked again is not given two', async () => {
  vi.useFakeTimers();
  const transports = setUp();
  const page = frame('app://room/');
  ipcMain.emit('link', { senderFrame: page });
  transports[0].close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(transports).toHaveLength(2);

  ipcMain.emit('link', { senderFrame: page });
  page.ports[1].close();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(transports).toHaveLength(3);
});
