import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Alert, alertState, isShown, type Priority } from '../../model/alerts.ts';
import type { Onset } from '../alert-book.ts';
import { explains } from './open-alert.ts';
import { AlertRoom, restored, S } from './testing/alert-room.ts';

fc.configureGlobal({ seed: 20_260_301 });

const RULES: readonly Partial<Onset>[] = [
  { ruleId: 'plain', priority: 3 },
  { ruleId: 'oil', priority: 4, suppress: { rules: ['cause', 'plain'], on: 'vehicle' } },
  { ruleId: 'cause', priority: 2, suppress: { rules: ['oil'], on: 'vehicle' } },
  { ruleId: 'gps', priority: 3, suppress: { rules: ['gateway'], on: 'depot' } },
  { ruleId: 'gateway', priority: 3 },
  { ruleId: 'brake', priority: 1 },
  { ruleId: 'sos', priority: 1, latched: true },
  { ruleId: 'tyre', priority: 3, latched: true, momentary: false, latch: 'reset' },
];

const step = fc.record({
  type: fc.constantFrom(
    ...(['raise', 'raise', 'raise', 'raise', 'end', 'end', 'unknown', 'resumed', 'repeat', 'worsen'] as const),
    ...(['acknowledge', 'acknowledge', 'reset', 'shelve', 'unshelve', 'out', 'back'] as const),
  ),
  rule: fc.oneof(fc.constant(0), fc.nat(RULES.length - 1)),
  vehicle: fc.oneof(fc.nat(1), fc.nat(7)),
  pick: fc.nat(),
  /** Most steps follow each other closely, so that things are folded. */
  waitS: fc.oneof({ weight: 20, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(400) }),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function apply(room: AlertRoom, s: Step): void {
  const { book, nowMs } = room;
  const vehicleId = `v${s.vehicle}`;
  if (s.type === 'raise') {
    const depot = s.vehicle < 6 ? 'North' : undefined;
    room.book.raise({ ...onsetOf(s, nowMs), vehicleId, slot: s.vehicle, depot });
    return;
  }
  if (s.type === 'out') room.ask({ type: 'out-of-service', vehicleId, ruleId: RULES[s.rule].ruleId, reason: 'r' });
  else if (s.type === 'back') room.ask({ type: 'in-service', vehicleId });
  const open = book.openAlerts();
  const alert = open[s.pick % open.length];
  if (alert) onAlert(room, s, alert);
}

function onsetOf({ rule, pick }: Step, nowMs: number): Onset {
  const facts = RULES[rule];
  return {
    ruleName: facts.ruleId!,
    ruleVersion: '1',
    message: '',
    unit: '',
    value: undefined,
    latched: false,
    lat: undefined,
    lon: undefined,
    vehicleId: '',
    slot: 0,
    ruleId: '',
    priority: 4,
    ...facts,
    raisedMs: nowMs,
    onsetMs: nowMs - (pick % 3) * S,
  };
}

function onAlert(room: AlertRoom, { type, pick }: Step, alert: Alert): void {
  const { book, nowMs } = room;
  const alertId = alert.id;
  const isEvent = alert.ruleId === 'sos';
  if (type === 'end' && !isEvent && alert.condition !== 'cleared') room.clear(alert);
  else if (type === 'unknown' && alert.condition === 'active') book.setCondition(alert, type, nowMs);
  else if (type === 'resumed' && alert.condition === 'unknown') book.setCondition(alert, type, nowMs);
  else if (type === 'repeat' && isEvent) book.repeat(alert, nowMs);
  else if (type === 'worsen' && alert.condition !== 'cleared') book.worsen(alert, ((pick % 4) + 1) as Priority, nowMs);
  else if (type === 'shelve') room.shelve(alert, ((pick % 10) + 1) * 60 * S);
  else if (type === 'acknowledge' || type === 'reset' || type === 'unshelve') room.ask({ type, alertId });
}

/** What must hold of the open alerts, whatever happened. */
function check({ book }: AlertRoom, ended: ReadonlySet<string>): void {
  const open = book.openAlerts();
  const byId = new Map(open.map((alert) => [alert.id, alert]));
  const members = Map.groupBy(
    open.filter((alert) => alert.groupId !== undefined),
    (alert) => alert.groupId!,
  );
  for (const alert of open) {
    expect(alertState(alert)).not.toBe('closed');
    expect(ended.has(alert.id)).toBe(false);
    if (alert.suppressed) expect(explains(byId.get(alert.suppressed.alertId)!)).toBe(true);
    if (alert.quietMs !== undefined) expect(alert).toMatchObject({ chattering: true });
    const own = members.get(alert.id) ?? [];
    expect(own.length > 0 && alert.group === undefined).toBe(false);
    if (alert.group) {
      expect(alert.group.open).toBe(1 + own.length);
      expect(alert.group.count).toBeGreaterThanOrEqual(alert.group.open);
    }
    if (alert.groupId !== undefined) checkMember(alert, byId.get(alert.groupId)!);
  }
  const shown = open.filter(isShown);
  expect(book.totals()).toMatchObject({
    active: shown.filter((alert) => alert.condition !== 'cleared' || alert.latched).length,
    unacknowledged: shown.filter((alert) => !alert.acknowledged).length,
  });
}

function checkMember(alert: Alert, head: Alert): void {
  expect(head.groupId).toBeUndefined();
  const sameSensor = alert.ruleId === head.ruleId && alert.vehicleId === head.vehicleId;
  expect(alert.priority === 1 && !sameSensor).toBe(false);
  expect(alert.group).toBeUndefined();
  if (!isShown(alert)) return;
  expect(isShown(head)).toBe(true);
  if (head.acknowledged) expect(alert.acknowledged).toBe(true);
  if (head.acknowledged === alert.acknowledged) expect(head.priority).toBeLessThanOrEqual(alert.priority);
}

test('whatever happens: groups and suppressions hold together, closed stays closed, and a restart changes nothing', () => {
  let folded = 0;
  let chattering = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), fc.nat(80), (steps, storeAt) => {
      const room = new AlertRoom();
      let twin: AlertRoom | undefined;
      const ended = new Set<string>();
      steps.forEach((s, i) => {
        if (i === storeAt) {
          twin = new AlertRoom(restored(room.book), room);
        }
        room.wait(s.waitS * S);
        apply(room, s);
        const taken = room.book.take();
        check(room, ended);
        for (const alert of taken.alerts) if (alertState(alert) === 'closed') ended.add(alert.id);
        folded += taken.alerts.filter((alert) => alert.groupId !== undefined).length;
        chattering += taken.alerts.filter((alert) => alert.chattering).length;
        if (!twin) return;
        twin.wait(s.waitS * S);
        apply(twin, s);
        expect(twin.book.take()).toEqual(taken);
      });
      if (twin) expect(JSON.stringify(twin.book.serialize())).toBe(JSON.stringify(room.book.serialize()));
    }),
    { numRuns: 400 },
  );
  expect([folded > 1000, chattering > 100]).toEqual([true, true]);
});
