import { describe, expect, test } from 'vitest';
import { type Alert, type AlertState, alertState } from '../../model/alerts.ts';
import type { Onset } from '../alert-book.ts';
import { MAX_SHELVING_MS } from './shelving.ts';
import { AlertRoom, MIN, onset, T0 } from './testing/alert-room.ts';

type Step = (room: AlertRoom, alert: Alert) => unknown;

const ack: Step = (room, alert) => room.acknowledge(alert);
const clear: Step = (room, alert) => room.clear(alert);
const resume: Step = (room, { onsetMs }) => room.raise({ ...RESETS, onsetMs });
const again: Step = (room) => room.raise(RESETS);
const happens: Step = (room, alert) => room.book.repeat(alert, room.nowMs);
const worse: Step = (room, alert) => room.book.worsen(alert, 1, room.nowMs);
const shelve: Step = (room, alert) => room.shelve(alert, 60 * MIN);
const unshelve: Step = (room, alert) => room.ask({ type: 'unshelve', alertId: alert.id });
const expire: Step = (room) => room.wait(60 * MIN);
const reset: Step = (room, alert) => room.ask({ type: 'reset', alertId: alert.id });
const out: Step = (room) => room.ask({ type: 'out-of-service', vehicleId: 'v0', reason: 'workshop' });
const back: Step = (room) => room.ask({ type: 'in-service', vehicleId: 'v0' });
const causes: Step = (room) => room.raise({ ruleId: 'cause', priority: 3 });
const causeEnds: Step = (room) => room.clear(room.book.openAlerts().find((alert) => alert.ruleId === 'cause')!);

const PLAIN: Partial<Onset> = { suppress: { rules: ['cause'], on: 'vehicle' } };
const RESETS: Partial<Onset> = { latched: true, momentary: false, latch: 'reset' };
const LATCHED: Partial<Onset> = { ...RESETS, latch: 'acknowledge' };
const EVENT: Partial<Onset> = { latched: true };
const EVENT_RESETS: Partial<Onset> = { latched: true, latch: 'reset' };

/** The rows of the table in docs/alerts.md: how an alert gets into a state, what happens then, and the state after it. */
const ROWS: readonly (readonly [string, Partial<Onset>, readonly Step[], AlertState, Step, AlertState])[] = [
  ['ack', PLAIN, [], 'unacknowledged', ack, 'acknowledged'],
  ['clear', PLAIN, [], 'unacknowledged', clear, 'returned'],
  ['clear, latched', RESETS, [], 'unacknowledged', clear, 'unacknowledged'],
  ['then ack', RESETS, [clear], 'unacknowledged', ack, 'latched'],
  ['clear, latched until ack', LATCHED, [], 'unacknowledged', clear, 'unacknowledged'],
  ['then ack lets go', LATCHED, [clear], 'unacknowledged', ack, 'closed'],
  ['ack before the end lets go', LATCHED, [ack], 'acknowledged', clear, 'closed'],
  ['ack of an event', EVENT, [], 'unacknowledged', ack, 'closed'],
  ['ack of an event with reset', EVENT_RESETS, [], 'unacknowledged', ack, 'latched'],
  ['clear', PLAIN, [ack], 'acknowledged', clear, 'closed'],
  ['clear, latched', RESETS, [ack], 'acknowledged', clear, 'latched'],
  ['worse', PLAIN, [ack], 'acknowledged', worse, 'unacknowledged'],
  ['new onset', PLAIN, [ack], 'acknowledged', happens, 'unacknowledged'],
  ['ack', PLAIN, [clear], 'returned', ack, 'closed'],
  ['condition', PLAIN, [clear], 'returned', resume, 'unacknowledged'],
  ['reset', RESETS, [clear, ack], 'latched', reset, 'closed'],
  ['condition', RESETS, [clear, ack], 'latched', again, 'unacknowledged'],
  ['the same onset', RESETS, [clear, ack], 'latched', resume, 'unacknowledged'],
  ['event again', EVENT_RESETS, [ack], 'latched', happens, 'unacknowledged'],
  ['expiry, on', PLAIN, [shelve], 'shelved', expire, 'unacknowledged'],
  ['expiry, acknowledged before', PLAIN, [ack, shelve], 'shelved', expire, 'unacknowledged'],
  ['expiry, over', PLAIN, [shelve, clear], 'shelved', expire, 'closed'],
  ['unshelve, on', PLAIN, [shelve], 'shelved', unshelve, 'unacknowledged'],
  ['unshelve, over', PLAIN, [shelve, clear], 'shelved', unshelve, 'closed'],
  ['expiry, latched', RESETS, [shelve, clear], 'shelved', expire, 'unacknowledged'],
  ['cause', PLAIN, [], 'unacknowledged', causes, 'suppressed'],
  ['cause ends, on', PLAIN, [causes], 'suppressed', causeEnds, 'unacknowledged'],
  ['cause ends, acknowledged before', PLAIN, [ack, causes], 'suppressed', causeEnds, 'acknowledged'],
  ['cause ends, over', PLAIN, [causes, clear], 'suppressed', causeEnds, 'closed'],
  ['back, on', PLAIN, [out], 'out-of-service', back, 'unacknowledged'],
  ['back, over', PLAIN, [out, clear], 'out-of-service', back, 'closed'],
  ['reset while it goes on', RESETS, [ack], 'acknowledged', reset, 'acknowledged'],
  ['reset before ack', RESETS, [clear], 'unacknowledged', reset, 'unacknowledged'],
];

test.each(ROWS)('%s (%#)', (_name, facts, steps, before, step, after) => {
  const room = new AlertRoom();
  const alert = room.raise(facts);
  for (const each of steps) {
    room.wait(3 * MIN);
    each(room, alert);
  }
  expect(alertState(alert)).toBe(before);
  room.wait(3 * MIN);
  step(room, alert);
  expect(alertState(alert)).toBe(after);
  expect(room.book.get(alert.id)).toBe(after === 'closed' ? undefined : alert);
});

describe('who, when and why', () => {
  test('each change is a transition, heard at once and taken in the same order', () => {
    const room = new AlertRoom();
    const alert = room.raise(RESETS);
    room.wait(MIN);
    room.ask({ type: 'assign', alertId: alert.id, assignee: 'lee', comment: 'yours' });
    room.ask({ type: 'escalate', alertId: alert.id, comment: 'nobody answers' });
    room.ask({ type: 'comment', alertId: alert.id, comment: 'towed' });
    room.book.worsen(alert, 1, room.nowMs);
    room.clear(alert);
    room.ask({ type: 'acknowledge', alertId: alert.id, comment: 'seen' });
    room.ask({ type: 'reset', alertId: alert.id, comment: 'repaired' });
    const { transitions, alerts } = room.book.take();
    expect(transitions).toEqual(room.heard);
    expect(transitions.map(({ kind, by, comment, atMs }) => [kind, by, comment, atMs - T0])).toEqual([
      ['raised', 'engine', undefined, 0],
      ['assigned', 'kim', 'to lee: yours', MIN],
      ['escalated', 'kim', 'nobody answers', MIN],
      ['commented', 'kim', 'towed', MIN],
      ['worsened', 'engine', 'from high to critical', MIN],
      ['cleared', 'engine', undefined, MIN],
      ['acknowledged', 'kim', 'seen', MIN],
      ['reset', 'kim', 'repaired', MIN],
    ]);
    expect(alerts).toMatchObject([{ priority: 1, assignedTo: 'lee', comment: 'seen', clearedMs: T0 + MIN }]);
  });

  test('an action that is read twice is done once, also over a restart', () => {
    const room = new AlertRoom();
    const alert = room.raise();
    const action = { id: 'x', type: 'comment', alertId: alert.id, operator: 'kim', comment: 'a' } as const;
    expect(room.book.operator(action, T0)).toBe(true);
    expect(room.book.operator(action, T0)).toBe(false);
    room.restart();
    expect(room.book.operator(action, T0 + 1)).toBe(false);
    expect(room.book.operator({ ...action, id: 'y' }, T0 + 1)).toBe(true);
  });

  test('priority only becomes more urgent', () => {
    const room = new AlertRoom();
    const alert = room.raise({ priority: 3 });
    room.book.worsen(alert, 4, T0);
    room.book.worsen(alert, 3, T0);
    expect(room.kinds()).toEqual(['raised']);
  });

  test('what comes again after its acknowledgement is counted', () => {
    const room = new AlertRoom();
    const alert = room.raise(EVENT_RESETS);
    room.acknowledge(alert);
    expect(room.raise({ ...EVENT_RESETS, onsetMs: T0 + MIN })).toBe(alert);
    expect(alert).toMatchObject({ repeats: 1, acknowledged: false, latched: true });
    expect(alert.acknowledgedBy).toBeUndefined();
  });

  test('a closed alert takes no action', () => {
    const room = new AlertRoom();
    const alert = room.raise(EVENT);
    room.acknowledge(alert);
    expect(room.book.knows(alert.id)).toBe(true);
    for (const type of ['acknowledge', 'unshelve', 'reset', 'escalate'] as const)
      expect(room.ask({ type, alertId: alert.id })).toBe(false);
    expect(room.shelve(alert, MIN)).toBe(false);
  });

  test('an assignment is taken back with an empty name', () => {
    const room = new AlertRoom();
    const alert = room.raise();
    room.ask({ type: 'assign', alertId: alert.id, assignee: ' lee ' });
    expect(alert.assignedTo).toBe('lee');
    room.ask({ type: 'assign', alertId: alert.id, assignee: '' });
    expect(alert.assignedTo).toBeUndefined();
    expect(room.book.take().transitions.at(-1)).toMatchObject({ kind: 'assigned', comment: 'to nobody' });
  });
});

describe('shelving', () => {
  test('needs a reason and a time within a shift', () => {
    const room = new AlertRoom();
    const alert = room.raise();
    expect(room.shelve(alert, MIN, ' ')).toBe(false);
    expect(room.shelve(alert, 0)).toBe(false);
    expect(room.shelve(alert, Number.NaN)).toBe(false);
    expect(room.shelve(alert, MAX_SHELVING_MS + 1)).toBe(false);
    expect(alertState(alert)).toBe('unacknowledged');
    expect(room.shelve(alert, MAX_SHELVING_MS, ' loose wire ')).toBe(true);
    expect(alert.shelved).toEqual({ by: 'kim', reason: 'loose wire', untilMs: T0 + MAX_SHELVING_MS });
  });

  test('holds for the onsets to come of that rule on that vehicle, and for no others', () => {
    const room = new AlertRoom();
    const alert = room.raise();
    room.shelve(alert, 60 * MIN);
    room.acknowledge(alert);
    room.clear(alert);
    expect(room.book.openCount).toBe(0);
    room.restart();
    room.wait(20 * MIN);
    const next = room.raise();
    room.raiseOn(1);
    expect(room.states()).toEqual(['shelved', 'unacknowledged']);
    expect(room.kinds(next)).toEqual(['raised', 'shelved']);
    expect(room.book.worst(0)).toEqual({ priority: 0, unacknowledged: false });
    expect(room.book.totals()).toEqual({ active: 1, unacknowledged: 1, total: 3 });
    room.wait(40 * MIN);
    expect(room.book.take().transitions).toMatchObject([
      { kind: 'unshelved', by: 'engine', comment: 'its time is up', atMs: T0 + 60 * MIN },
    ]);
    expect(room.states()).toEqual(['unacknowledged', 'unacknowledged']);
    expect(room.book.worst(0)).toEqual({ priority: 2, unacknowledged: true });
  });

  test('what comes and ends while it is shelved closes by itself and is in the log', () => {
    const room = new AlertRoom();
    room.shelve(room.raise(), 60 * MIN);
    room.wait(20 * MIN);
    const next = room.raise();
    room.clear(next);
    const { transitions } = room.book.take();
    expect(transitions.filter((t) => t.alertId === next.id)).toMatchObject([
      { kind: 'raised' },
      { kind: 'shelved', by: 'kim' },
      { kind: 'cleared' },
      { kind: 'acknowledged', by: 'engine', comment: 'closed: over before it was shown' },
    ]);
  });

  test('ends by the alert on which it was pressed, also when that is closed', () => {
    const room = new AlertRoom();
    const alert = room.raise();
    room.shelve(alert, 60 * MIN);
    room.acknowledge(alert);
    room.clear(alert);
    expect(room.book.shelved).toMatchObject([{ alertId: alert.id, ruleId: 'hot', vehicleId: 'v0' }]);
    expect(room.ask({ type: 'unshelve', alertId: alert.id })).toBe(true);
    expect(room.ask({ type: 'unshelve', alertId: alert.id })).toBe(false);
    expect(room.book.shelved).toEqual([]);
    room.wait(20 * MIN);
    room.raise();
    expect(room.states()).toEqual(['unacknowledged']);
  });
});

describe('out of service', () => {
  test('a rule of a vehicle, or the vehicle, present and future', () => {
    const room = new AlertRoom();
    room.ask({ type: 'out-of-service', vehicleId: 'v0', ruleId: 'hot', reason: 'sensor' });
    room.ask({ type: 'out-of-service', vehicleId: 'v1', reason: 'workshop' });
    const hot = room.raise();
    room.raise({ ruleId: 'other', group: false });
    const other = room.raiseOn(1, { ruleId: 'other' });
    expect(room.states()).toEqual(['out-of-service', 'unacknowledged', 'out-of-service']);
    expect(hot.outOfService).toEqual({ by: 'kim', reason: 'sensor' });
    room.restart();
    expect(room.ask({ type: 'in-service', vehicleId: 'v1', ruleId: 'other' })).toBe(false);
    expect(room.ask({ type: 'in-service', vehicleId: 'v1' })).toBe(true);
    expect(room.ask({ type: 'in-service', vehicleId: 'v1' })).toBe(false);
    expect(room.states()).toEqual(['out-of-service', 'unacknowledged', 'unacknowledged']);
    expect(room.kinds(other).at(-1)).toBe('in-service');
    expect(room.ask({ type: 'in-service', vehicleId: 'v0', ruleId: 'hot' })).toBe(true);
    expect(room.book.outOfService).toEqual([]);
  });

  test('needs a reason', () => {
    const room = new AlertRoom();
    expect(room.ask({ type: 'out-of-service', vehicleId: 'v0', reason: '' })).toBe(false);
  });
});

test('a book stored before alerts were folded and shelved goes on', () => {
  const room = new AlertRoom();
  const { latch: _, ...old } = room.raise(EVENT);
  const stored = { total: 1, waiting: [old.id], closed: [], open: [{ alert: old, slot: 0, peak: undefined }] };
  const next = new AlertRoom();
  next.book.restore(JSON.parse(JSON.stringify(stored)));
  expect(next.states()).toEqual(['unacknowledged']);
  expect(next.book.raise(onset(EVENT))?.id).toBe(old.id);
  expect(next.acknowledge(old)).toBe(true);
  expect(next.book.openCount).toBe(0);
});
