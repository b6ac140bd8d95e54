import { expect, test } from 'vitest';
import { AlertRoom, MIN, restored, S, T0 } from './testing/alert-room.ts';

/** Raises entries of their own, one every so often. */
function raiseApart(room: AlertRoom, count: number, everyMs: number, from = 0): void {
  for (let i = 0; i < count; i++) {
    room.raiseOn(from + i);
    room.wait(everyMs);
  }
}

test('starts with the eleventh entry in ten minutes and ends when fewer than five came', () => {
  const room = new AlertRoom();
  raiseApart(room, 10, 30 * S);
  expect(room.book.flood).toBeUndefined();
  expect(room.book.recentEntries).toBe(10);
  const startMs = room.nowMs;
  raiseApart(room, 3, 30 * S, 10);
  expect(room.book.flood).toEqual({ startMs, raised: 13, peak: 13 });
  expect(room.book.take().floods).toEqual([{ startMs, raised: 13, peak: 13 }]);
  expect(room.book.take().floods).toEqual([]);
  const lastMs = room.nowMs - 30 * S;
  room.restart();
  room.wait(lastMs + 10 * MIN - 4 * 30 * S - room.nowMs);
  expect(room.book.recentEntries).toBe(4);
  expect(room.book.flood).toBeUndefined();
  expect(room.book.take().floods).toEqual([{ startMs, endMs: room.nowMs, raised: 13, peak: 13 }]);
  room.wait(10 * MIN);
  expect(room.book.recentEntries).toBe(0);
});

test('goes on between the two limits, and counts on', () => {
  const room = new AlertRoom();
  raiseApart(room, 11, 0);
  room.wait(5 * MIN);
  raiseApart(room, 6, 0, 20);
  room.wait(5 * MIN);
  expect(room.book.recentEntries).toBe(6);
  expect(room.book.flood).toEqual({ startMs: T0, raised: 17, peak: 17 });
});

test('folded, suppressed and shelved alerts are no entries', () => {
  const room = new AlertRoom();
  for (let i = 0; i < 50; i++) room.raiseOn(i, { depot: 'North' });
  expect(room.book.recentEntries).toBe(1);
  const cause = room.raiseOn(100, { ruleId: 'gateway', depot: 'South', priority: 4 });
  const explained = { ruleId: 'gps', depot: 'South', suppress: { rules: ['gateway'], on: 'depot' } } as const;
  for (let i = 0; i < 30; i++) room.raiseOn(200 + i, { ...explained, group: false });
  expect(room.book.recentEntries).toBe(2);
  room.shelve(room.raiseOn(101), 60 * MIN);
  expect(room.book.recentEntries).toBe(2);
  expect(room.book.flood).toBeUndefined();
  // What is released comes into the queue then.
  room.clear(cause);
  expect(room.book.flood).toMatchObject({ startMs: T0, peak: 32 });
});

test('is the same after a restart in the middle', () => {
  const room = new AlertRoom();
  raiseApart(room, 12, S);
  const next = restored(room.book);
  for (const book of [room.book, next]) {
    book.take();
    book.tick(T0 + 11 * MIN);
  }
  expect(next.take()).toEqual(room.book.take());
});
