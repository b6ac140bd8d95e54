import { describe, expect, test } from 'vitest';
import type { Alert } from '../../model/alerts.ts';
import { AlertBook, type Onset } from '../alert-book.ts';
import { AlertRoom, MIN, S } from './testing/alert-room.ts';

const NORTH = { depot: 'North' };

/** Raises on as many vehicles, one a second. */
function raiseOnMany(room: AlertRoom, count: number, change: Partial<Onset> = NORTH, from = 0): Alert[] {
  return Array.from({ length: count }, (_, i) => {
    if (i > 0) room.wait(S);
    return room.raiseOn(from + i, change);
  });
}

describe('one rule across a depot', () => {
  test('the fifth vehicle folds the four before under the first', () => {
    const room = new AlertRoom();
    const four = raiseOnMany(room, 4);
    expect(room.entries()).toHaveLength(4);
    room.wait(S);
    const fifth = room.raiseOn(4, NORTH);
    expect(room.entries()).toEqual([four[0]]);
    expect(four[0].group).toEqual({ kind: 'area', label: 'North', count: 5, open: 5 });
    expect(fifth.groupId).toBe(four[0].id);
    expect(room.kinds(fifth)).toEqual(['raised', 'grouped']);
  });

  test('later ones join while they come within five minutes of the last', () => {
    const room = new AlertRoom();
    const [head] = raiseOnMany(room, 5);
    room.wait(5 * MIN);
    room.raiseOn(5, NORTH);
    room.wait(5 * MIN - S);
    room.restart();
    room.raiseOn(6, NORTH);
    expect(room.entries()).toHaveLength(1);
    expect(room.book.get(head.id)?.group?.count).toBe(7);
    room.wait(5 * MIN + S);
    room.raiseOn(7, NORTH);
    expect(room.entries().map((alert) => alert.vehicleId)).toEqual(['v0', 'v7']);
  });

  test('other rules, other depots, the same vehicle, and what comes too slowly, have no common cause', () => {
    const room = new AlertRoom();
    for (let i = 0; i < 4; i++) {
      room.raiseOn(i, NORTH);
      room.raiseOn(10 + i, { depot: 'South' });
      room.raiseOn(20 + i, { ...NORTH, ruleId: 'other' });
    }
    expect(room.entries()).toHaveLength(12);
    room.wait(2 * MIN + S);
    room.raiseOn(4, NORTH);
    expect(room.entries()).toHaveLength(13);
    const slow = new AlertRoom();
    for (let i = 0; i < 20; i++) {
      slow.raiseOn(i, NORTH);
      slow.wait(31 * S);
    }
    expect(slow.entries()).toHaveLength(20);
  });

  test('critical ones, events, and rules that opted out stand by themselves', () => {
    for (const facts of [{ priority: 1 }, { latched: true }, { group: false }] satisfies Partial<Onset>[]) {
      const room = new AlertRoom();
      raiseOnMany(room, 8, { ...NORTH, ...facts });
      expect(room.entries()).toHaveLength(8);
    }
  });

  test('without a depot, what is about half a degree apart belongs together, also over the date line', () => {
    const room = new AlertRoom();
    for (let i = 0; i < 6; i++) room.raiseOn(i, { lat: 10.1, lon: i % 2 ? 179.9 : -179.9 });
    expect(room.entries()).toHaveLength(1);
    expect(room.entries()[0].group?.label).toBe('around 10.1° N, 179.9° W');
    for (let i = 0; i < 6; i++) room.raiseOn(10 + i, { lat: -20, lon: i });
    room.raiseOn(20);
    expect(room.entries()).toHaveLength(8);
  });

  test('400 vehicles of a depot fall silent within two minutes, moving and parked: two entries', () => {
    const room = new AlertRoom();
    for (let i = 0; i < 400; i++) {
      const rule = i % 3 === 0 ? ({ ruleId: 'silent-moving', priority: 2 } as const) : { ruleId: 'offline' };
      room.raiseOn(i, { ...rule, ...NORTH, priority: i % 3 === 0 ? 2 : 3 });
      if (i % 4 === 0) room.wait(S);
    }
    expect(room.book.openCount).toBe(400);
    expect(room.entries().map((alert) => [alert.ruleId, alert.group?.count])).toEqual([
      ['silent-moving', 134],
      ['offline', 266],
    ]);
    expect(room.book.recentEntries).toBe(2);
    expect(room.book.flood).toBeUndefined();
  });
});

describe('who stands for a group', () => {
  test('acknowledging it acknowledges what is in it at that moment, each for itself', () => {
    const room = new AlertRoom();
    const alerts = raiseOnMany(room, 6);
    room.clear(alerts[3]);
    room.book.take();
    room.ask({ type: 'acknowledge', alertId: alerts[0].id, comment: 'depot has no network' });
    const { transitions } = room.book.take();
    expect(transitions.map((t) => [t.kind, t.by, t.comment])).toEqual(
      alerts.map(() => ['acknowledged', 'kim', 'depot has no network']),
    );
    expect(room.book.openCount).toBe(5);
    expect(alerts[0].group).toMatchObject({ count: 6, open: 5 });
  });

  test('what comes after that has to be acknowledged: it stands for the group then', () => {
    const room = new AlertRoom();
    const alerts = raiseOnMany(room, 6);
    room.acknowledge(alerts[0]);
    room.wait(S);
    const late = room.raiseOn(6, NORTH);
    expect(room.entries()).toEqual([late]);
    expect(late.group).toEqual({ kind: 'area', label: 'North', count: 7, open: 7 });
    expect(alerts[0].groupId).toBe(late.id);
    expect(alerts[0].group).toBeUndefined();
    expect(room.acknowledge(late)).toBe(true);
    expect(room.entries()).toEqual([late]);
  });

  test('when it closes the next oldest takes its place, and the last takes the group with it', () => {
    const room = new AlertRoom();
    const alerts = raiseOnMany(room, 5);
    room.acknowledge(alerts[0]);
    for (const [i, alert] of alerts.entries()) {
      expect(room.entries()).toEqual([alert]);
      expect(alert.group).toEqual({ kind: 'area', label: 'North', count: 5, open: 5 - i });
      room.clear(alert);
    }
    expect(room.book.openCount).toBe(0);
    room.wait(S);
    room.raiseOn(9, NORTH);
    expect(room.entries()[0].group).toBeUndefined();
  });

  test('when it is shelved another takes its place, and it stays out of the group', () => {
    const room = new AlertRoom();
    const alerts = raiseOnMany(room, 5);
    room.shelve(alerts[0], 60 * MIN);
    expect(room.entries()).toEqual([alerts[1]]);
    expect(alerts[1].group).toMatchObject({ count: 4, open: 4 });
    expect(alerts[0]).not.toHaveProperty('group');
    room.restart();
    room.wait(60 * MIN);
    expect(room.entries().map((alert) => alert.vehicleId)).toEqual(['v0', 'v1']);
  });

  test('a member that becomes more urgent takes its place, a critical one stands by itself', () => {
    const room = new AlertRoom();
    const alerts = raiseOnMany(room, 5, { ...NORTH, priority: 4 });
    room.book.worsen(alerts[2], 3, room.nowMs);
    expect(room.entries()).toEqual([alerts[2]]);
    room.book.worsen(alerts[3], 1, room.nowMs);
    expect(room.entries()).toEqual([alerts[2], alerts[3]]);
    expect(alerts[2].group).toMatchObject({ count: 4, open: 4 });
    expect(alerts[3].groupId).toBeUndefined();
  });

  test('a shelved member comes back into its group', () => {
    const room = new AlertRoom();
    const alerts = raiseOnMany(room, 5);
    room.shelve(alerts[3], 60 * MIN);
    room.acknowledge(alerts[0]);
    expect(alerts[3].acknowledged).toBe(false);
    room.wait(60 * MIN);
    expect(room.entries()).toEqual([alerts[3]]);
    expect(alerts[3].group).toMatchObject({ count: 5, open: 5 });
  });
});

describe('consequences of one vehicle’s trouble', () => {
  const cause = { ruleId: 'overheat', priority: 2 } as const;

  test('fold under the first that is as urgent, while it is on', () => {
    const room = new AlertRoom();
    const head = room.raise(cause);
    room.wait(60 * S);
    const one = room.raise({ ruleId: 'oil', priority: 3 });
    expect(room.entries()).toEqual([head]);
    expect(head.group).toEqual({ kind: 'vehicle', label: 'v0', count: 2, open: 2 });
    expect(one.groupId).toBe(head.id);
    room.wait(S);
    room.raise({ ruleId: 'late', priority: 3 });
    // It comes too late after the first, but at once after the second.
    expect(room.entries()).toEqual([head]);
    room.wait(61 * S);
    room.raise({ ruleId: 'later', priority: 4 });
    expect(room.entries()).toHaveLength(2);
  });

  test('not when they are more urgent, critical or events, of another vehicle, or after it was acknowledged or over', () => {
    const room = new AlertRoom();
    const head = room.raise(cause);
    room.raise({ ruleId: 'sos', priority: 1, latched: true });
    room.clear(room.raise({ ruleId: 'door', priority: 4, latched: true }));
    room.raiseOn(1, { ruleId: 'oil', priority: 3 });
    expect(room.entries()).toHaveLength(4);
    expect(head.group).toBeUndefined();
    for (const end of ['acknowledge', 'clear'] as const) {
      const other = new AlertRoom();
      other[end](other.raise(cause));
      other.raise({ ruleId: 'oil', priority: 3 });
      expect(other.entries()).toHaveLength(2);
    }
  });

  test('a depot’s trouble takes them along', () => {
    const room = new AlertRoom();
    for (let i = 0; i < 4; i++) {
      room.raiseOn(i, { ...NORTH, ...cause });
      room.raiseOn(i, { ...NORTH, ruleId: 'oil', priority: 3 });
    }
    expect(room.entries()).toHaveLength(4);
    room.raiseOn(4, { ...NORTH, ...cause });
    expect(room.entries()).toHaveLength(1);
    room.raiseOn(4, { ...NORTH, ruleId: 'oil', priority: 3 });
    expect(room.entries()).toHaveLength(1);
    expect(room.entries()[0].group).toEqual({ kind: 'area', label: 'North', count: 10, open: 10 });
  });
});

test('ten thousand open alerts: a raise, an end, an acknowledgement and a tick look at few of them', () => {
  let looks = 0;
  const room = new AlertRoom(new AlertBook(() => looks++));
  for (let i = 0; i < 10_000; i++) {
    room.raiseOn(i, { depot: `d${i % 40}`, ruleId: `r${i % 7}`, suppress: { rules: ['cause'], on: 'vehicle' } });
    room.raiseOn(i, { ruleId: 'own', group: false, priority: 4 });
  }
  const [alert] = room.entries();
  const step = (what: () => void): number => {
    looks = 0;
    what();
    return looks;
  };
  expect(room.book.openCount).toBe(20_000);
  expect(step(() => room.wait(S))).toBe(0);
  expect(step(() => room.clear(room.book.openAlerts()[5001]))).toBeLessThan(4);
  expect(step(() => room.raiseOn(1, { ruleId: 'cause', priority: 4 }))).toBeLessThan(10);
  expect(step(() => room.ask({ type: 'comment', alertId: alert.id, comment: 'x' }))).toBe(1);
});
