import { describe, expect, it, onTestFinished } from 'vitest';
import type { Notice } from '../model/notices.ts';
import { Outbox, STALE_CRITICAL_MS, STALE_MS, STALE_ON_SCREEN_MS } from './outbox.ts';
import { aNotice, noticeFiles } from './testing/notices.ts';

const T0 = Date.UTC(2026, 10, 27, 12);

function open(file = noticeFiles().outboxFile): Outbox {
  const outbox = new Outbox(file);
  onTestFinished(() => outbox.close());
  return outbox;
}
const notice = (id: string, change: Partial<Notice> = {}): Notice => aNotice(id, { atMs: T0, ...change });
const states = (outbox: Outbox): string[] =>
  outbox
    .list(100)
    .map(({ id, target, state }) => `${id} ${target || '-'} ${state}`)
    .reverse();

describe('the outbox', () => {
  it('takes a notice in once for each receiver, with how far the history was read', () => {
    const outbox = open();
    const placed = [{ position: 7, notice: notice('n1', { to: ['a@b.c', 'd@e.f'] }) }];
    outbox.takeIn(placed, 7, T0);
    outbox.takeIn([...placed, { position: 8, notice: notice('n2') }], 8, T0);
    expect(states(outbox)).toEqual(['n1 a@b.c waiting', 'n1 d@e.f waiting', 'n2 room@example.org waiting']);
    expect(outbox.position).toBe(8);
  });

  it('begins what is due, the oldest first, and no more than asked for', () => {
    const outbox = open();
    for (const id of ['n1', 'n2', 'n3']) outbox.add(notice(id), T0);
    outbox.failed(outbox.begin('mail', 'room@example.org', T0, 1)[0].seq, 'waiting', T0 + 10, 'no');
    expect(outbox.begin('mail', 'room@example.org', T0 + 9, 9).map((d) => d.id)).toEqual(['n2', 'n3']);
    expect(outbox.dueTargets('mail', T0 + 9)).toEqual([]);
    expect(outbox.dueTargets('mail', T0 + 10)).toEqual(['room@example.org']);
    expect(outbox.begin('mail', 'room@example.org', T0 + 10, 9)).toMatchObject([
      { id: 'n1', attempts: 2, firstMs: T0, error: 'no' },
    ]);
  });

  it('doubts what had been begun when it is opened again', () => {
    const { outboxFile } = noticeFiles();
    const first = new Outbox(outboxFile);
    first.add(notice('n1'), T0);
    first.add(notice('n2'), T0);
    first.begin('mail', 'room@example.org', T0, 1);
    first.close();
    const second = open(outboxFile);
    expect(states(second)).toEqual(['n1 room@example.org in-doubt', 'n2 room@example.org waiting']);
    expect(second.begin('mail', 'room@example.org', T0, 9).map((d) => d.id)).toEqual(['n1', 'n2']);
  });

  it('marks what is old when it is first seen as expired; critical mail is sent all the same', () => {
    const outbox = open();
    const add = (id: string, ageMs: number, change: Partial<Notice> = {}): void =>
      outbox.add(notice(id, { to: [], ...change }), T0 + ageMs);
    add('mail', STALE_MS);
    add('old mail', STALE_MS + 1);
    add('critical', STALE_MS + 1, { priority: 1 });
    add('old critical', STALE_CRITICAL_MS + 1, { priority: 1, channel: 'webhook' });
    add('tone', STALE_ON_SCREEN_MS, { channel: 'sound' });
    add('old tone', STALE_ON_SCREEN_MS + 1, { channel: 'sound', priority: 1 });
    add('state', 30 * STALE_CRITICAL_MS, { channel: 'mqtt' });
    expect(states(outbox)).toEqual([
      'mail - waiting',
      'old mail - expired',
      'critical - waiting',
      'old critical - expired',
      'tone - waiting',
      'old tone - expired',
      'state - waiting',
    ]);
  });

  it('sends only the newest state of an alert that waits, and lets it be seen to close', () => {
    const outbox = open();
    const state = (id: string, alert: string, payload: string): void =>
      outbox.add(notice(id, { channel: 'mqtt', to: [], alertIds: [alert], payload }), T0);
    state('s1', 'a', '{}');
    state('other', 'b', '{}');
    state('s2', 'a', '{}');
    state('closed', 'a', '{}');
    state('gone', 'a', '');
    expect(outbox.states(0, 9).map((d) => d.id)).toEqual(['other', 'closed', 'gone']);
    expect(outbox.states(2, 1).map((d) => d.id)).toEqual(['closed']);
    outbox.sent([2, 4, 5], T0);
    expect(states(outbox)).toEqual(['s1 - replaced', 'other - sent', 's2 - replaced', 'closed - sent', 'gone - sent']);
  });

  it('sends what was given up again when asked to', () => {
    const outbox = open();
    outbox.add(notice('n1'), T0);
    outbox.dead(1, T0, 'refused');
    expect(outbox.list(9, 'dead')).toMatchObject([{ id: 'n1', error: 'refused', doneMs: T0 }]);
    expect(outbox.deadSince(T0)).toBe(1);
    expect(outbox.retry('n1', T0 + 5)).toBe(1);
    expect(outbox.retry('n1', T0 + 5)).toBe(0);
    expect(outbox.deadSince(T0)).toBe(0);
    expect(outbox.begin('mail', 'room@example.org', T0 + 5, 1)).toMatchObject([{ id: 'n1', firstMs: T0 + 5 }]);
  });

  it('forgets what ended long ago and never what waits', () => {
    const outbox = open();
    for (const id of ['n1', 'n2']) outbox.add(notice(id), T0);
    outbox.sent([1], T0);
    outbox.prune(T0);
    expect(states(outbox)).toHaveLength(2);
    outbox.prune(T0 + 1);
    expect(states(outbox)).toEqual(['n2 room@example.org waiting']);
  });
});
