import { expect, test } from 'vitest';
import { AlertBook } from '../alert-book.ts';
import { AlertRoom, MIN, S, T0 } from './testing/alert-room.ts';

/** Raises and clears as often, with so much time from one raise to the next. */
function flap(room: AlertRoom, times: number, everyMs: number): void {
  for (let i = 0; i < times; i++) {
    const alert = room.raise();
    room.wait(S);
    room.clear(alert);
    room.wait(everyMs - S);
  }
}

test('a sensor that chatters is one entry, whatever it does', () => {
  const room = new AlertRoom();
  flap(room, 2, 20 * S);
  expect(room.entries()).toHaveLength(2);
  flap(room, 100, 20 * S);
  const [entry, ...more] = room.entries();
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ chattering: true, repeats: 99, condition: 'active' });
  expect(entry.group).toEqual({ kind: 'chatter', label: 'v0', count: 3, open: 3 });
  expect(room.book.totals().total).toBe(3);
});

test('it is over when it has been quiet for five minutes, at the time at which it was', () => {
  const room = new AlertRoom();
  flap(room, 2, 10 * S);
  const alert = room.raise();
  room.acknowledge(alert);
  room.wait(S);
  room.clear(alert);
  const overMs = room.nowMs;
  expect(alert).toMatchObject({ condition: 'active', quietMs: overMs });
  room.restart();
  room.wait(5 * MIN - S);
  expect(room.kinds().slice(-1)).not.toEqual(['cleared']);
  room.wait(S);
  const { transitions, alerts } = room.book.take();
  expect(transitions.map((t) => [t.kind, t.atMs - overMs, t.comment])).toEqual([
    ['settled', 5 * MIN, 'quiet for 5 min'],
    ['cleared', 0, undefined],
  ]);
  expect(alerts).toMatchObject([{ id: alert.id, clearedMs: overMs, condition: 'cleared' }]);
  expect(alerts[0]).not.toHaveProperty('chattering');
  expect(alerts[0]).not.toHaveProperty('quietMs');
  expect(room.book.openCount).toBe(0);
});

test('a new onset holds the end back anew, and an acknowledgement stands', () => {
  const room = new AlertRoom();
  flap(room, 3, 10 * S);
  const [alert] = room.entries();
  room.acknowledge(alert);
  room.wait(4 * MIN);
  expect(room.raise()).toBe(alert);
  room.wait(4 * MIN);
  expect(alert).toMatchObject({ acknowledged: true, repeats: 1, chattering: true });
  expect(alert.quietMs).toBeUndefined();
  room.clear(alert);
  room.wait(4 * MIN);
  expect(room.book.get(alert.id)).toBe(alert);
});

test('five times in ten minutes is chatter too, four are not', () => {
  const room = new AlertRoom();
  flap(room, 4, 2 * MIN);
  expect(room.entries()).toHaveLength(4);
  flap(room, 1, 2 * MIN);
  expect(room.entries()).toHaveLength(1);
  const slow = new AlertRoom();
  flap(slow, 9, 3 * MIN);
  expect(slow.entries()).toHaveLength(9);
});

test('it is counted for each rule and vehicle alone, and not for events', () => {
  const room = new AlertRoom();
  for (let i = 0; i < 4; i++) {
    room.clear(room.raise({ ruleId: `r${i}` }));
    room.clear(room.raiseOn(i + 1));
    room.acknowledge(room.raise({ ruleId: 'sos', latched: true, onsetMs: T0 + i }));
  }
  expect(room.entries()).toHaveLength(8);
  expect(room.book.openAlerts().some((alert) => alert.chattering)).toBe(false);
});

test('a critical sensor is one entry too', () => {
  const room = new AlertRoom();
  for (let i = 0; i < 6; i++) {
    room.clear(room.raise({ priority: 1 }));
    room.wait(10 * S);
  }
  expect(room.entries()).toMatchObject([{ chattering: true, group: { count: 3 } }]);
});

test('the end of a changed rule is held back with its reason', () => {
  const room = new AlertRoom();
  flap(room, 3, 10 * S);
  const alert = room.raise();
  room.book.setCondition(alert, 'cleared', room.nowMs, 'rule changed or removed');
  expect(room.raise({ ruleVersion: '2' })).not.toBe(alert);
  room.wait(5 * MIN);
  expect(room.book.take().transitions.find((t) => t.kind === 'cleared' && t.alertId === alert.id)).toMatchObject({
    comment: 'rule changed or removed',
  });
});

test('a latched alert that is held takes in what comes, and chatters', () => {
  const room = new AlertRoom();
  const facts = { latched: true, momentary: false, latch: 'reset' } as const;
  const alert = room.raise(facts);
  for (let i = 0; i < 4; i++) {
    room.clear(alert);
    room.wait(10 * S);
    expect(room.raise(facts)).toBe(alert);
  }
  expect(alert).toMatchObject({ chattering: true, repeats: 4 });
});

test('a book that is asked for what rules do folds nothing and holds nothing back', () => {
  const room = new AlertRoom(new AlertBook(() => {}, undefined, { plain: true }));
  flap(room, 10, 10 * S);
  for (let i = 1; i < 9; i++) room.raiseOn(i, { depot: 'North' });
  room.raiseOn(8, { ruleId: 'oil', priority: 4 });
  expect(room.entries()).toHaveLength(19);
});
