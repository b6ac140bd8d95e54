import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { transportPair } from '../../core/protocol/testing/transport-pair.ts';
import type { RoomTransport } from '../../core/protocol/transport.ts';
import { type Connection, keepConnected, RETRY_DELAYS_MS } from './keep-connected.ts';

let connection: Connection | undefined;
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  connection?.stop();
  vi.useRealTimers();
});

function watched(mayOpen: () => boolean) {
  const ends: RoomTransport[] = [];
  const events: string[] = [];
  let attempts = 0;
  connection = keepConnected(
    async () => {
      attempts++;
      if (!mayOpen()) throw new Error('nobody there');
      const [window, end] = transportPair();
      ends.push(end);
      return window;
    },
    {
      opened: () => events.push('opened'),
      lost: (reason, retryAtMs) => events.push(`${reason}, again in ${retryAtMs - Date.now()}`),
    },
  );
  return { ends, events, attempts: () => attempts };
}

test('waits longer after each failure, up to a limit, and starts over once it was open', async () => {
  let up = false;
  const { ends, events, attempts } = watched(() => up);
  await vi.advanceTimersByTimeAsync(0);
  for (const delay of RETRY_DELAYS_MS) await vi.advanceTimersByTimeAsync(delay);
  expect(attempts()).toBe(RETRY_DELAYS_MS.length + 1);
  expect(events.slice(-2)).toEqual(['nobody there, again in 10000', 'nobody there, again in 10000']);
  up = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(events.at(-1)).toBe('opened');
  ends[0].close();
  expect(events.at(-1)).toBe('closed, again in 500');
  await vi.advanceTimersByTimeAsync(500);
  expect(events.at(-1)).toBe('opened');
});

test('can be told to try at once', async () => {
  let up = false;
  const { events, attempts } = watched(() => up);
  await vi.advanceTimersByTimeAsync(0);
  up = true;
  connection?.retryNow();
  await vi.advanceTimersByTimeAsync(0);
  expect(events.at(-1)).toBe('opened');
  connection?.retryNow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(attempts()).toBe(2);
});

test('stops for good', async () => {
  const { events, attempts } = watched(() => true);
  await vi.advanceTimersByTimeAsync(0);
  connection?.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(attempts()).toBe(1);
  expect(events).toEqual(['opened']);
});
