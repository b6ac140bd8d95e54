import { describe, expect, test } from 'vitest';
import type { Onset } from '../alert-book.ts';
import { AlertRoom, MIN } from './testing/alert-room.ts';

const CAUSE: Partial<Onset> = { ruleId: 'unit-off', priority: 3, depot: 'North' };
const CONSEQUENCE: Partial<Onset> = { suppress: { rules: ['other', 'unit-off'], on: 'vehicle' }, depot: 'North' };
const IN_DEPOT: Partial<Onset> = { ...CONSEQUENCE, suppress: { rules: ['unit-off'], on: 'depot' } };

describe.each([
  ['the cause first', true],
  ['the cause later', false],
] as const)('%s', (_name, causeFirst) => {
  function pair(consequence: Partial<Onset>, vehicle = 0) {
    const room = new AlertRoom();
    let cause = causeFirst ? room.raise(CAUSE) : undefined;
    room.wait(2 * MIN);
    const alert = room.raiseOn(vehicle, consequence);
    room.wait(2 * MIN);
    cause ??= room.raise(CAUSE);
    return { room, cause, alert };
  }

  test('on the vehicle: out of the queue until the cause is over', () => {
    const { room, cause, alert } = pair(CONSEQUENCE);
    expect(room.entries()).toEqual([cause]);
    expect(alert.suppressed).toEqual({ alertId: cause.id, ruleId: 'unit-off' });
    expect(room.book.worst(0)).toEqual({ priority: 3, unacknowledged: true });
    room.restart();
    room.clear(cause);
    expect(room.states()).toContain('unacknowledged');
    expect(room.kinds(alert)).toEqual(['released']);
  });

  test('in the depot, and only where the rule says so', () => {
    expect(pair(IN_DEPOT, 1).alert.suppressed).toBeDefined();
    expect(pair({ ...IN_DEPOT, depot: 'South' }, 1).alert.suppressed).toBeUndefined();
    expect(pair({ ...IN_DEPOT, depot: undefined }, 1).alert.suppressed).toBeUndefined();
    expect(pair(CONSEQUENCE, 1).alert.suppressed).toBeUndefined();
  });

  test('what is over meanwhile is logged and closes by itself', () => {
    const { room, cause, alert } = pair(CONSEQUENCE);
    room.book.take();
    room.clear(alert);
    room.clear(cause);
    const { transitions } = room.book.take();
    const own = transitions.filter((t) => t.alertId === alert.id);
    expect(own.map((t) => [t.kind, t.by])).toEqual([
      ['cleared', 'engine'],
      ...(causeFirst ? [] : [['released', 'engine']]),
      ['acknowledged', 'engine'],
    ]);
    expect(own.at(-1)?.comment).toBe(
      causeFirst ? 'closed: over before it was shown' : 'closed: over while it was set aside',
    );
    expect(room.book.get(alert.id)).toBeUndefined();
  });

  test('a latched cause explains until it is let go, one out of service explains nothing', () => {
    const { room, cause, alert } = pair(CONSEQUENCE);
    room.ask({ type: 'out-of-service', vehicleId: 'v0', ruleId: 'unit-off', reason: 'sensor' });
    expect(alert.suppressed).toBeUndefined();
    room.ask({ type: 'in-service', vehicleId: 'v0', ruleId: 'unit-off' });
    expect(alert.suppressed?.alertId).toBe(cause.id);
  });
});

test('a latched cause explains until it is reset', () => {
  const room = new AlertRoom();
  const cause = room.raise({ ...CAUSE, latched: true, momentary: false, latch: 'reset' });
  const alert = room.raise(CONSEQUENCE);
  room.clear(cause);
  room.acknowledge(cause);
  expect(alert.suppressed).toBeDefined();
  room.ask({ type: 'reset', alertId: cause.id });
  expect(alert.suppressed).toBeUndefined();
});

test('another cause that is still on takes over', () => {
  const room = new AlertRoom();
  const first = room.raise(CAUSE);
  const second = room.raise({ ...CAUSE, ruleId: 'other' });
  const alert = room.raise(CONSEQUENCE);
  expect(alert.suppressed?.alertId).toBe(second.id);
  room.clear(second);
  expect(alert.suppressed?.alertId).toBe(first.id);
  room.clear(first);
  expect(alert.suppressed).toBeUndefined();
  expect(room.kinds(alert)).toEqual(['raised', 'suppressed', 'suppressed', 'released']);
});

test('rules that explain each other hide one of them, and chains hide all but the first', () => {
  const room = new AlertRoom();
  const facts = (ruleId: string, by: string): Partial<Onset> => ({
    ruleId,
    suppress: { rules: [by], on: 'vehicle' },
    group: false,
  });
  const a = room.raise(facts('a', 'b'));
  const b = room.raise(facts('b', 'a'));
  const c = room.raise(facts('c', 'b'));
  expect(room.entries()).toEqual([a]);
  expect(c.suppressed?.alertId).toBe(b.id);
  room.clear(a);
  expect(room.entries()).toEqual([a, b]);
});

test('a suppressed head of a group hands it over', () => {
  const room = new AlertRoom();
  for (let i = 0; i < 6; i++) room.raiseOn(i, { ...CONSEQUENCE, depot: 'North' });
  room.raise({ ...CAUSE, group: false });
  expect(room.entries().map((alert) => [alert.vehicleId, alert.group?.count])).toEqual([
    ['v1', 5],
    ['v0', undefined],
  ]);
});
