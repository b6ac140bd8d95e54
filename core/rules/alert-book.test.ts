import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Alert, alertState, type Priority } from '../model/alerts.ts';
import { AlertBook, MAX_WAITING_ALERTS, type Onset, REMEMBERED_CLOSED, type StoredAlertBook } from './alert-book.ts';

fc.configureGlobal({ seed: 20_260_301 });

const T0 = Date.UTC(2026, 2, 1, 10);

function onset(change: Partial<Onset> = {}): Onset {
  return {
    ruleId: 'hot',
    ruleName: 'Hot',
    ruleVersion: '1',
    slot: 0,
    vehicleId: 'v0',
    priority: 2,
    onsetMs: T0,
    raisedMs: T0,
    latched: false,
    value: 111,
    unit: '°C',
    message: 'hot',
    lat: undefined,
    lon: undefined,
    ...change,
  };
}

function bookWith(...onsets: Partial<Onset>[]): { book: AlertBook; alerts: Alert[] } {
  const book = new AlertBook(() => {});
  return { book, alerts: onsets.map((o) => book.raise(onset(o))!) };
}

function comment(book: AlertBook, alertId: string, operator: string, atMs: number, text: string): boolean {
  return book.operator({ id: `${operator} ${atMs}`, type: 'comment', alertId, operator, comment: text }, atMs);
}

const kinds = (book: AlertBook): string[] => book.take().transitions.map((t) => t.kind);

describe('one alert', () => {
  test('raised, cleared, acknowledged: returned in between, then closed and gone', () => {
    const { book, alerts } = bookWith({});
    const [alert] = alerts;
    expect(alertState(alert)).toBe('unacknowledged');
    book.setCondition(alert, 'cleared', T0 + 5);
    expect(alertState(alert)).toBe('returned');
    expect(book.totals()).toEqual({ active: 0, unacknowledged: 1, total: 1 });
    expect(book.acknowledge(alert.id, 'kim', T0 + 9, 'seen')).toBe(true);
    expect(book.openCount).toBe(0);
    const { alerts: changed, transitions } = book.take();
    expect(changed).toMatchObject([
      { condition: 'cleared', clearedMs: T0 + 5, acknowledgedBy: 'kim', acknowledgedMs: T0 + 9, comment: 'seen' },
    ]);
    expect(transitions.map((t) => [t.kind, t.atMs, t.by])).toEqual([
      ['raised', T0, 'engine'],
      ['cleared', T0 + 5, 'engine'],
      ['acknowledged', T0 + 9, 'kim'],
    ]);
    expect(new Set(transitions.map((t) => t.id)).size).toBe(3);
  });

  test('acknowledged while it goes on: it closes when it is over', () => {
    const { book, alerts } = bookWith({});
    expect(book.acknowledge(alerts[0].id, 'kim', T0 + 1)).toBe(true);
    expect(alertState(alerts[0])).toBe('acknowledged');
    expect(book.acknowledge(alerts[0].id, 'lee', T0 + 2)).toBe(false);
    book.setCondition(alerts[0], 'cleared', T0 + 3);
    expect(book.openCount).toBe(0);
    expect(book.acknowledge(alerts[0].id, 'lee', T0 + 4)).toBe(false);
    expect(comment(book, alerts[0].id, 'lee', T0 + 4, 'too late')).toBe(false);
    expect(kinds(book)).toEqual(['raised', 'acknowledged', 'cleared']);
  });

  test('a latched one is active until it is acknowledged, however often it repeats', () => {
    const { book, alerts } = bookWith({ latched: true });
    expect(book.totals()).toEqual({ active: 1, unacknowledged: 1, total: 1 });
    book.repeat(alerts[0], T0 + 1);
    book.acknowledge(alerts[0].id, 'kim', T0 + 2);
    expect(book.totals()).toEqual({ active: 0, unacknowledged: 0, total: 1 });
    expect(kinds(book)).toEqual(['raised', 'repeated', 'acknowledged']);
    expect(alerts[0]).toMatchObject({ latched: false, clearedMs: T0 + 2, repeats: 1 });
  });

  test('comments are transitions and the newest is kept', () => {
    const { book, alerts } = bookWith({});
    comment(book, alerts[0].id, 'kim', T0 + 1, 'called the driver');
    comment(book, alerts[0].id, 'lee', T0 + 2, 'towed');
    expect(alerts[0].comment).toBe('towed');
    expect(comment(book, 'nothing', 'kim', T0, 'x')).toBe(false);
    expect(book.take().transitions.map((t) => t.comment)).toEqual([undefined, 'called the driver', 'towed']);
  });

  test('the worst value shows at the next transition, whichever way is worse', () => {
    const { book, alerts } = bookWith(
      { value: 100 },
      { value: 12, ruleId: 'low' },
      { value: undefined, ruleId: 'none' },
    );
    for (const v of [105, 120, 90]) book.note(alerts[0], v, 'higher');
    for (const v of [13, 11.5, 14]) book.note(alerts[1], v, 'lower');
    expect(alerts.map((a) => a.peak)).toEqual([100, 12, undefined]);
    for (const alert of alerts) book.setCondition(alert, 'cleared', T0 + 1);
    expect(alerts.map((a) => [a.value, a.peak])).toEqual([
      [100, 120],
      [12, 11.5],
      [undefined, undefined],
    ]);
  });

  test('what was taken does not change afterwards', () => {
    const { book, alerts } = bookWith({});
    const [taken] = book.take().alerts;
    expect(book.hasChanges).toBe(false);
    book.setCondition(alerts[0], 'cleared', T0 + 1);
    expect(taken.condition).toBe('active');
    expect(book.hasChanges).toBe(true);
  });
});

describe('the same onset again', () => {
  test('while it is open: the same alert, no second raise', () => {
    const { book, alerts } = bookWith({}, {});
    expect(alerts[0]).toBe(alerts[1]);
    expect(kinds(book)).toEqual(['raised']);
    expect(book.totals().total).toBe(1);
  });

  test('after it returned: it goes on', () => {
    const { book, alerts } = bookWith({});
    book.setCondition(alerts[0], 'cleared', T0);
    expect(book.raise(onset())).toBe(alerts[0]);
    expect(alerts[0]).toMatchObject({ condition: 'active' });
    expect(alerts[0].clearedMs).toBeUndefined();
    expect(kinds(book)).toEqual(['raised', 'cleared', 'resumed']);
  });

  test('after it was closed: it stays closed, also after a restart, for as long as closed ones are remembered', () => {
    const { book, alerts } = bookWith({ latched: true });
    book.acknowledge(alerts[0].id, 'kim', T0 + 1);
    expect(book.raise(onset({ latched: true }))).toBeUndefined();
    const later = new AlertBook(() => {});
    later.restore(JSON.parse(JSON.stringify(book.serialize())) as StoredAlertBook);
    expect(later.raise(onset({ latched: true }))).toBeUndefined();
    expect([later.openCount, later.totals().total]).toEqual([0, 1]);
    for (let i = 1; i <= REMEMBERED_CLOSED; i++) {
      later.acknowledge(later.raise(onset({ latched: true, onsetMs: T0 + i }))!.id, 'kim', T0 + i);
    }
    expect(later.serialize().closed).toHaveLength(REMEMBERED_CLOSED);
    expect(later.raise(onset({ latched: true }))).toBeDefined();
  });
});

test('the most urgent of a vehicle: what waits for an acknowledgement first', () => {
  const { book, alerts } = bookWith(
    { priority: 1 },
    { ruleId: 'b', priority: 3, group: false },
    { ruleId: 'c', priority: 4, group: false },
    { ruleId: 'd', priority: 1, slot: 1 },
  );
  expect(book.worst(0)).toEqual({ priority: 1, unacknowledged: true });
  book.acknowledge(alerts[0].id, 'kim', T0);
  expect(book.worst(0)).toEqual({ priority: 3, unacknowledged: true });
  book.acknowledge(alerts[1].id, 'kim', T0);
  book.acknowledge(alerts[2].id, 'kim', T0);
  expect(book.worst(0)).toEqual({ priority: 1, unacknowledged: false });
  for (const alert of alerts.slice(0, 3)) book.setCondition(alert, 'cleared', T0 + 1);
  expect(book.worst(0)).toEqual({ priority: 0, unacknowledged: false });
  expect([...book.of(1)]).toEqual([alerts[3]]);
});

describe('more alerts than anybody acknowledges', () => {
  const latched = (i: number, priority: Priority): Partial<Onset> => ({ latched: true, priority, onsetMs: T0 + i });

  test('the oldest of the least urgent that are over are closed, and say so; what goes on is never closed', () => {
    const { book } = bookWith({ ruleId: 'going-on', priority: 4 });
    for (let i = 0; i < MAX_WAITING_ALERTS; i++) book.raise(onset(latched(i, i < 3 ? 4 : i === 3 ? 1 : 3)));
    expect(book.openCount).toBe(MAX_WAITING_ALERTS + 1);
    book.take();
    for (let i = 0; i < 5; i++) book.raise(onset(latched(MAX_WAITING_ALERTS + i, 2)));
    const { transitions, alerts } = book.take();
    const closed = transitions.filter((t) => t.kind === 'acknowledged');
    const closedAlerts = closed.map((t) => alerts.find((a) => a.id === t.alertId)!);
    expect(closedAlerts.map((a) => [a.priority, a.onsetMs - T0])).toEqual([
      [4, 0],
      [4, 1],
      [4, 2],
      [3, 4],
      [3, 5],
    ]);
    expect(closed[0]).toMatchObject({
      by: 'engine',
      comment: 'closed: more than 20000 alerts waited for an acknowledgement',
    });
    expect(book.openCount).toBe(MAX_WAITING_ALERTS + 1);
    expect(book.openAlerts().filter((a) => a.ruleId === 'going-on' || a.priority === 1)).toHaveLength(2);
  });

  test('any number may go on, and returning ones are closed beyond the limit', () => {
    const count = MAX_WAITING_ALERTS + 300;
    const { book, alerts } = bookWith(...Array.from({ length: count }, (_, i) => ({ slot: i, vehicleId: `v${i}` })));
    expect(book.openCount).toBe(count);
    for (const alert of alerts) book.setCondition(alert, 'cleared', T0 + 1);
    expect(book.openCount).toBe(MAX_WAITING_ALERTS);
    expect(book.openAlerts()[0].vehicleId).toBe('v300');
  });

  test('which one is next to be closed survives a restart', () => {
    const { book, alerts } = bookWith(
      ...Array.from({ length: MAX_WAITING_ALERTS }, (_, i) => ({ slot: i, vehicleId: `v${i}` })),
    );
    for (const alert of alerts.toReversed()) book.setCondition(alert, 'cleared', T0);
    const later = new AlertBook(() => {});
    later.restore(JSON.parse(JSON.stringify(book.serialize())) as StoredAlertBook);
    for (const b of [book, later]) {
      b.take();
      b.raise(onset({ latched: true, onsetMs: T0 - 1 }));
    }
    expect(later.take()).toEqual(book.take());
    expect(JSON.stringify(later.serialize())).toBe(JSON.stringify(book.serialize()));
    expect(book.get(alerts[MAX_WAITING_ALERTS - 1].id)).toBeUndefined();
  });
});

type Action =
  | { type: 'raise'; rule: number; slot: number; onset: number; latched: boolean }
  | { type: 'condition'; pick: number; kind: 'unknown' | 'resumed' | 'cleared' }
  | { type: 'acknowledge' | 'comment' | 'repeat'; pick: number; kind?: undefined };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    type: fc.constant('raise' as const),
    rule: fc.nat(3),
    slot: fc.nat(4),
    onset: fc.nat(6),
    latched: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('condition' as const),
    pick: fc.nat(),
    kind: fc.constantFrom('unknown' as const, 'resumed' as const, 'cleared' as const),
  }),
  fc.record({ type: fc.constantFrom('acknowledge' as const, 'comment' as const, 'repeat' as const), pick: fc.nat() }),
);

function apply(book: AlertBook, a: Action, atMs: number): void {
  if (a.type === 'raise') {
    const { rule, slot, latched } = a;
    const priority = (rule + 1) as Priority;
    const id = { ruleId: `${latched ? 'event' : 'rule'}-${rule}`, slot, vehicleId: `v${slot}` };
    book.raise(onset({ ...id, priority, latched, onsetMs: T0 + a.onset, raisedMs: atMs }));
    return;
  }
  const open = book.openAlerts();
  const alert = open[a.pick % open.length];
  if (!alert) return;
  if (a.type === 'acknowledge') book.acknowledge(alert.id, 'kim', atMs, a.pick % 2 ? 'seen' : undefined);
  else if (a.type === 'comment') comment(book, alert.id, 'kim', atMs, `note ${a.pick}`);
  else if (a.type === 'repeat') book.repeat(alert, atMs);
  else if (a.kind && !alert.latched) book.setCondition(alert, a.kind, atMs);
}

test('whatever happens: totals, worst and per-vehicle lists agree with a count of the open alerts; closed stays closed', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), fc.nat(80), (actions, storeAt) => {
      const book = new AlertBook(() => {});
      let restored: AlertBook | undefined;
      const ended = new Set<string>();
      actions.forEach((a, i) => {
        if (i === storeAt) {
          restored = new AlertBook(() => {});
          restored.restore(JSON.parse(JSON.stringify(book.serialize())) as StoredAlertBook);
        }
        apply(book, a, T0 + 100 + i);
        const taken = book.take();
        for (const t of taken.transitions) expect(ended.has(t.alertId)).toBe(false);
        for (const alert of taken.alerts) if (alertState(alert) === 'closed') ended.add(alert.id);
        if (!restored) return;
        apply(restored, a, T0 + 100 + i);
        expect(restored.take()).toEqual(taken);
      });
      const open = book.openAlerts();
      for (const alert of open) expect([alertState(alert) === 'closed', ended.has(alert.id)]).toEqual([false, false]);
      expect(book.totals()).toMatchObject({
        active: open.filter((a) => ['unacknowledged', 'acknowledged'].includes(alertState(a))).length,
        unacknowledged: open.filter((a) => !a.acknowledged).length,
      });
      for (let slot = 0; slot < 5; slot++) {
        const own = open.filter((a) => a.vehicleId === `v${slot}`);
        expect(new Set(book.of(slot))).toEqual(new Set(own));
        const waiting = own.filter((a) => !a.acknowledged);
        const most = waiting.length > 0 ? waiting : own;
        expect(book.worst(slot)).toEqual({
          priority: most.length > 0 ? Math.min(...most.map((a) => a.priority)) : 0,
          unacknowledged: waiting.length > 0,
        });
      }
      if (restored) expect(JSON.stringify(restored.serialize())).toBe(JSON.stringify(book.serialize()));
    }),
    { numRuns: 600 },
  );
});
