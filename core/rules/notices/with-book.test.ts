import { describe, expect, test } from 'vitest';
import type { Notice } from '../../model/notices.ts';
import { AlertBook } from '../alert-book.ts';
import { AlertRoom, MIN, S } from '../alerts/testing/alert-room.ts';
import { NoticePlanner } from './planner.ts';
import { mail, planOf } from './testing/notice-desk.ts';

/** A book and a planner that listens to it, as in the engine. */
function roomWithNotices() {
  const planner = new NoticePlanner();
  planner.use(planOf([mail({ cleared: true })]));
  const book = new AlertBook(
    () => {},
    (alert, transition) => planner.transition(alert, transition),
  );
  const room = new AlertRoom(book);
  const told: Notice[] = [];
  const tick = (ms: number): void => {
    for (const untilMs = room.nowMs + ms; room.nowMs < untilMs; ) {
      room.wait(S);
      planner.tick(room.nowMs, (id) => book.get(id));
      told.push(...planner.take());
    }
  };
  return { room, book, told, tick };
}

const on = (told: readonly Notice[], channel: string): Notice[] => told.filter((n) => n.channel === channel);

describe('with the alert book', () => {
  test('a depot of 400 that falls silent within a minute is one mail, and few tones', () => {
    const { room, told, tick } = roomWithNotices();
    for (let i = 0; i < 400; i++) {
      room.raiseOn(i, { ruleId: 'silent', ruleName: 'Silent', depot: 'Berlin', priority: 2 });
      if (i % 8 === 7) tick(S);
    }
    tick(10 * MIN);
    const mails = on(told, 'mail');
    expect(mails[0].subject).toMatch(/Silent – .*Berlin.*, \d+ vehicles/);
    // The group grew after the first; it is told of once more.
    expect(mails.length).toBeLessThanOrEqual(2);
    expect(mails.at(-1)?.body).toContain('400 alerts');
    expect(on(told, 'sound').length).toBeLessThanOrEqual(2);
    expect(on(told, 'mqtt').length).toBeGreaterThanOrEqual(400);
  });

  test('a sensor that chatters is told of once', () => {
    const { room, told, tick } = roomWithNotices();
    for (let i = 0; i < 30; i++) {
      const alert = room.raise();
      tick(2 * S);
      room.clear(alert);
      tick(2 * S);
    }
    tick(MIN);
    expect(on(told, 'mail').length).toBeLessThanOrEqual(1);
    expect(on(told, 'desktop').length).toBeLessThanOrEqual(3);
  });

  test('acknowledging ends it, and the broker forgets what closed', () => {
    const { room, told, tick } = roomWithNotices();
    const alert = room.raise();
    tick(S);
    room.ask({ type: 'acknowledge', alertId: alert.id });
    tick(MIN);
    room.clear(alert);
    tick(MIN);
    expect(on(told, 'mail')).toEqual([]);
    expect(on(told, 'mqtt').map((n) => (n.payload === '' ? 'gone' : JSON.parse(n.payload).state))).toEqual([
      'unacknowledged',
      'acknowledged',
      'closed',
      'gone',
    ]);
  });
});
