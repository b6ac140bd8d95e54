// @vitest-environment happy-dom
import { MessageChannel } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { createLink } from '../../core/protocol/client.ts';
import { PORT_MESSAGE, portsPostedTo } from './port-transport.ts';

/** What the shell's preload does, with a real port of this runtime. */
function handOver(data: string = PORT_MESSAGE) {
  const { port1, port2 } = new MessageChannel();
  const event = new MessageEvent('message', { data, source: window });
  Object.defineProperty(event, 'ports', { value: [port1] });
  window.dispatchEvent(event);
  return port2;
}

test('a link runs over the port that the shell hands over, and a new port follows a closed one', async () => {
  const open = portsPostedTo(window);
  const first = handOver();
  const link = createLink(await open());
  first.on('message', (message: { id: number }) => first.postMessage({ t: 'result', id: message.id, result: 'hello' }));
  expect(await link.request('room.info', {})).toBe('hello');

  const frames: Uint8Array[] = [];
  link.onFrame((bytes) => frames.push(bytes));
  first.postMessage(new Uint8Array([1, 2, 3]));
  await vi.waitFor(() => expect(frames.map((f) => [...f])).toEqual([[1, 2, 3]]));

  const closed = vi.fn();
  link.onClose(closed);
  first.close();
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  const next = open();
  const second = handOver();
  second.on('message', (message: { id: number }) =>
    second.postMessage({ t: 'result', id: message.id, result: 'again' }),
  );
  const nextLink = createLink(await next);
  expect(await nextLink.request('room.info', {})).toBe('again');
  nextLink.close();
});

test('other messages with a port are not taken', async () => {
  const open = portsPostedTo(window);
  const taken = vi.fn();
  void open().then(taken);
  handOver('something else').close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).not.toHaveBeenCalled();
});
