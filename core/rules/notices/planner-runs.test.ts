import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alert } from '../../model/alerts.ts';
import type { Notice, NotifyPlan } from '../../model/notices.ts';
import { MIN, mail, NoticeDesk, planOf, S, T0 } from './testing/notice-desk.ts';

fc.configureGlobal({ seed: 20_260_301 });

const PLAN: NotifyPlan = planOf(
  [
    mail({ cleared: true, perTenMinutes: 3 }),
    mail({ name: 'night', fromMin: 12 * 60 + 10, toMin: 60 }),
    mail({ name: 'supervisor', afterMs: 2 * MIN, priorities: ['critical', 'high'] }),
    { name: 'hook', channel: 'webhook', to: ['ops'], cleared: true },
  ],
  { silences: [{ vehicles: ['BER-3'], untilMs: T0 + 7 * MIN, reason: 'x' }], repeatMs: 20 * MIN },
);

const ids = ['1', '2', '3', '4', '5', '6'];
const operation = fc.record({
  kind: fc.constantFrom(
    'raise',
    'raise',
    'clear',
    'resume',
    'ack',
    'shelve',
    'unshelve',
    'worsen',
    'fold',
    'escalate',
    'wait',
    'wait',
  ),
  id: fc.constantFrom(...ids),
  n: fc.integer({ min: 1, max: 400 }),
  settles: fc.boolean(),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

function apply(desk: NoticeDesk, { kind, id, n, settles }: Operation, made: Map<string, number>): void {
  const alertId = `${id}.${made.get(id) ?? 0}`;
  const alert = desk.open.get(alertId);
  if (kind === 'wait') desk.wait(n * S);
  else if (kind === 'raise' && !alert) {
    made.set(id, (made.get(id) ?? 0) + 1);
    desk.raise(`${id}.${made.get(id)}`, { vehicleId: `BER-${id}`, priority: (1 + (n % 4)) as Alert['priority'] });
  } else if (alert) change(desk, alert, kind, n);
  if (settles) desk.settle();
}

function change(desk: NoticeDesk, alert: Alert, kind: Operation['kind'], n: number): void {
  const { id } = alert;
  if (kind === 'clear' && alert.condition === 'active') desk.clear(id);
  if (kind === 'resume' && alert.condition === 'cleared') desk.change(id, 'resumed', { condition: 'active' });
  if (kind === 'ack' && !alert.acknowledged) desk.acknowledge(id);
  if (kind === 'shelve') desk.change(id, 'shelved', { shelved: { by: 'ada', reason: 'r', untilMs: T0 } });
  if (kind === 'unshelve') desk.change(id, 'unshelved', { shelved: undefined });
  if (kind === 'worsen' && alert.priority > 1)
    desk.change(id, 'worsened', { priority: (alert.priority - 1) as Alert['priority'], acknowledged: false });
  if (kind === 'escalate') desk.change(id, 'escalated', {}, 'passed on');
  if (kind === 'fold') fold(desk, alert, n);
}

function fold(desk: NoticeDesk, alert: Alert, n: number): void {
  const heads = [...desk.open.values()].filter((a) => a !== alert && a.groupId === undefined);
  const head = heads[n % Math.max(1, heads.length)];
  const leads = [...desk.open.values()].some((a) => a.groupId === alert.id);
  if (alert.groupId !== undefined || !head || leads) return;
  head.group = { kind: 'area', label: 'Berlin', count: (head.group?.count ?? 1) + 1, open: 1 };
  desk.change(alert.id, 'grouped', { groupId: head.id });
}

/** `stopAt`: before which operation the planner goes on from a checkpoint. */
function run(operations: readonly Operation[], stopAt = -1): Notice[] {
  const desk = new NoticeDesk(PLAN);
  const made = new Map<string, number>();
  operations.forEach((op, i) => {
    if (i === stopAt) {
      desk.settle();
      desk.restart();
    }
    apply(desk, op, made);
  });
  desk.wait(60 * MIN);
  return desk.told;
}

it('tells the same after a checkpoint anywhere, and no notice has the id of another', () => {
  fc.assert(
    fc.property(
      fc.array(
        operation.map((op) => ({ ...op, settles: true })),
        { maxLength: 60 },
      ),
      fc.nat(59),
      (operations, stopAt) => {
        const told = run(operations);
        expect(new Set(told.map((n) => n.id)).size).toBe(told.length);
        expect(run(operations, stopAt)).toEqual(told);
      },
    ),
    { numRuns: 150 },
  );
});

it('never tells a route of an alert that nobody has to be told of', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const desk = new NoticeDesk(PLAN);
      const made = new Map<string, number>();
      for (const op of operations) {
        const before = desk.told.length;
        apply(desk, { ...op, settles: true }, made);
        if (op.kind === 'wait') check(desk, desk.told.slice(before));
      }
    }),
    { numRuns: 150 },
  );
});

/** While time passes no fact changes, so what was told then must be true now. */
function check(desk: NoticeDesk, told: readonly Notice[]): void {
  for (const { reason, alertIds, route, atMs } of told) {
    if (reason === 'digest') continue;
    const alert = desk.open.get(alertIds[0])!;
    expect(alert.shelved).toBeUndefined();
    expect(alert.groupId).toBeUndefined();
    if (reason === 'escalated') expect(atMs - alert.raisedMs).toBeGreaterThanOrEqual(2 * MIN);
    if (alert.vehicleId === 'BER-3') expect(atMs).toBeGreaterThanOrEqual(T0 + 7 * MIN);
    if (route === 'night') expect(atMs).toBeGreaterThanOrEqual(T0 + 10 * MIN);
    const callers = [...desk.open.values()].filter((a) => a.id === alert.id || a.groupId === alert.id);
    if (reason !== 'reminder') expect(callers.some((a) => !a.acknowledged)).toBe(true);
  }
}
