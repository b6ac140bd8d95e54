import { beforeEach, describe, expect, test } from 'vitest';
import { SlotTable } from '../decode/slot-table.ts';
import type { Alert } from '../model/alerts.ts';
import type { OperatorAction } from '../model/records.ts';
import { RoomError } from '../protocol/errors.ts';
import { AlertBook, type Onset } from '../rules/alert-book.ts';
import { operatorHandlers } from './operator-handlers.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const OPERATOR = 'Kim';

let book: AlertBook;
let journal: OperatorAction[];
let handlers: ReturnType<typeof operatorHandlers>;

beforeEach(() => {
  book = new AlertBook(() => {});
  journal = [];
  const vehicles = new SlotTable(10);
  const id = new TextEncoder().encode('V-1');
  vehicles.lookup(new DataView(id.buffer), 0, id.length);
  const operator = (action: OperatorAction): void => {
    journal.push(action);
    book.operator(action, Date.now());
  };
  handlers = operatorHandlers({ book, vehicles }, { operator });
});

function raise(part: Partial<Onset> = {}): Alert {
  return book.raise({
    ruleId: 'hot',
    ruleName: 'Hot',
    ruleVersion: '1',
    slot: 0,
    vehicleId: 'V-1',
    priority: 2,
    onsetMs: T0,
    raisedMs: T0,
    latched: false,
    value: undefined,
    unit: '',
    message: 'hot',
    lat: undefined,
    lon: undefined,
    ...part,
  })!;
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RoomError) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'not refused';
}

describe('what operators ask for is journaled and done', () => {
  test('acknowledged once, with or without a comment', () => {
    const alert = raise();
    const args = { alertIds: [alert.id, alert.id, 'gone'], operator: ' Kim ', comment: ' ' };
    expect(handlers['alerts.acknowledge'](args)).toEqual({ acknowledged: 1 });
    expect(handlers['alerts.acknowledge'](args)).toEqual({ acknowledged: 0 });
    expect(journal).toEqual([
      { id: expect.any(String), type: 'acknowledge', alertId: alert.id, operator: 'Kim', comment: undefined },
    ]);
    expect(alert).toMatchObject({ acknowledged: true, acknowledgedBy: 'Kim' });
  });

  test('assigned, and taken back with an empty name', () => {
    const alert = raise();
    const assign = (assignee: string) =>
      handlers['alerts.assign']({ alertIds: [alert.id], operator: OPERATOR, assignee });
    expect(assign('Ada')).toEqual({ assigned: 1 });
    expect(assign('Ada')).toEqual({ assigned: 0 });
    expect(alert.assignedTo).toBe('Ada');
    expect(assign('')).toEqual({ assigned: 1 });
    expect(alert.assignedTo).toBeUndefined();
  });

  test('shelved for an hour unless said otherwise, and unshelved', async () => {
    const alert = raise();
    const shelve = { alertIds: [alert.id], operator: OPERATOR, reason: 'sensor changed tomorrow' };
    const before = Date.now();
    const { shelved, untilMs } = await handlers['alerts.shelve'](shelve);
    expect(shelved).toBe(1);
    expect(untilMs - before).toBeGreaterThanOrEqual(3_600_000);
    expect(alert.shelved).toEqual({ by: OPERATOR, reason: 'sensor changed tomorrow', untilMs });
    const longest = await handlers['alerts.shelve']({ ...shelve, minutes: 720 });
    expect(alert.shelved?.untilMs).toBe(longest.untilMs);
    const { shelved: sources } = await handlers['alerts.aside']({});
    expect(sources).toMatchObject([{ ruleId: 'hot', vehicleId: 'V-1', alertId: alert.id }]);
    expect(handlers['alerts.unshelve']({ alertIds: [alert.id], operator: OPERATOR })).toEqual({ unshelved: 1 });
    expect(alert.shelved).toBeUndefined();
    expect(handlers['alerts.unshelve']({ alertIds: [alert.id], operator: OPERATOR })).toEqual({ unshelved: 0 });
  });

  test('a shelf whose alert is closed is taken away by that alert', () => {
    const alert = raise();
    handlers['alerts.shelve']({ alertIds: [alert.id], operator: OPERATOR, reason: 'known' });
    book.acknowledge(alert.id, OPERATOR, T0 + 1);
    book.setCondition(alert, 'cleared', T0 + 2);
    expect(book.get(alert.id)).toBeUndefined();
    expect(handlers['alerts.unshelve']({ alertIds: [alert.id], operator: OPERATOR })).toEqual({ unshelved: 1 });
    expect(book.shelved).toEqual([]);
  });

  test('reset when it is over and acknowledged', () => {
    const alert = raise({ latched: true, latch: 'reset', momentary: false });
    const reset = () => handlers['alerts.reset']({ alertIds: [alert.id], operator: OPERATOR });
    expect(refusal(reset)).toBe('not-possible: This alert still goes on; it can be reset when it is over.');
    book.setCondition(alert, 'cleared', T0 + 1);
    expect(refusal(reset)).toBe('not-possible: Acknowledge this alert first; then reset it.');
    book.acknowledge(alert.id, OPERATOR, T0 + 2);
    expect(reset()).toEqual({ reset: 1 });
    expect(book.openCount).toBe(0);
    expect(refusal(reset)).toMatch(/^closed-alert/);
  });

  test('escalated', () => {
    const alert = raise();
    handlers['alerts.escalate']({ alertId: alert.id, operator: OPERATOR, comment: 'cannot reach the driver' });
    expect(book.take().transitions.map((t) => [t.kind, t.by, t.comment])).toContainEqual([
      'escalated',
      OPERATOR,
      'cannot reach the driver',
    ]);
  });

  test('taken out of service and back', () => {
    const alert = raise();
    const source = { vehicleId: 'V-1', operator: OPERATOR };
    expect(handlers['alerts.outOfService']({ ...source, reason: 'workshop' })).toEqual({ ok: true });
    expect(alert.outOfService).toEqual({ by: OPERATOR, reason: 'workshop' });
    expect(handlers['alerts.aside']({})).toMatchObject({ outOfService: [{ vehicleId: 'V-1', ruleId: '' }] });
    expect(handlers['alerts.inService'](source)).toEqual({ ok: true });
    expect(alert.outOfService).toBeUndefined();
    expect(refusal(() => handlers['alerts.inService'](source))).toBe('not-possible: V-1 is not out of service.');
  });
});

describe('what makes no sense is refused with a sentence and not journaled', () => {
  const cases: [string, string, (alertId: string) => unknown][] = [
    [
      'no name',
      'bad-arguments: Please give your name.',
      (id) => handlers['alerts.acknowledge']({ alertIds: [id], operator: ' ' }),
    ],
    [
      'an endless name',
      'bad-arguments: Please keep your name under 80 characters.',
      (id) => handlers['alerts.reset']({ alertIds: [id], operator: 'x'.repeat(81) }),
    ],
    [
      '1,001 alerts',
      'bad-arguments: Choose at most 1000 alerts at a time.',
      () => handlers['alerts.acknowledge']({ alertIds: Array(1001).fill('x'), operator: OPERATOR }),
    ],
    [
      'no reason',
      'bad-arguments: Please give the reason.',
      (id) => handlers['alerts.shelve']({ alertIds: [id], operator: OPERATOR, reason: '' }),
    ],
    [
      'thirteen hours',
      'bad-arguments: Alerts can be shelved for 1 to 720 minutes.',
      (id) => handlers['alerts.shelve']({ alertIds: [id], operator: OPERATOR, reason: 'x', minutes: 780 }),
    ],
    [
      'no time at all',
      'bad-arguments: Alerts can be shelved for 1 to 720 minutes.',
      (id) => handlers['alerts.shelve']({ alertIds: [id], operator: OPERATOR, reason: 'x', minutes: Number.NaN }),
    ],
    [
      'shelving what is closed',
      'closed-alert: These alerts are closed; they cannot be shelved.',
      () => handlers['alerts.shelve']({ alertIds: ['gone'], operator: OPERATOR, reason: 'x' }),
    ],
    [
      'an empty comment',
      'bad-arguments: Please give the comment.',
      (id) => handlers['alerts.comment']({ alertId: id, operator: OPERATOR, comment: '' }),
    ],
    [
      'a comment on what is closed',
      'closed-alert: This alert is closed; nothing more can be done with it.',
      () => handlers['alerts.comment']({ alertId: 'gone', operator: OPERATOR, comment: 'x' }),
    ],
    [
      'resetting what is not held',
      'not-possible: This alert is not held; there is nothing to reset.',
      (id) => handlers['alerts.reset']({ alertIds: [id], operator: OPERATOR }),
    ],
    [
      'escalating what is closed',
      'closed-alert: This alert is closed; nothing more can be done with it.',
      () => handlers['alerts.escalate']({ alertId: 'gone', operator: OPERATOR }),
    ],
    [
      'an unknown vehicle',
      'bad-arguments: The room does not know the vehicle V-9.',
      () => handlers['alerts.outOfService']({ vehicleId: 'V-9', operator: OPERATOR, reason: 'x' }),
    ],
    [
      'what is not out of service',
      'not-possible: V-1 is not out of service for this rule.',
      () => handlers['alerts.inService']({ vehicleId: 'V-1', ruleId: 'hot', operator: OPERATOR }),
    ],
  ];
  test.each(cases)('%s', (_, sentence, ask) => {
    const { id } = raise();
    expect(refusal(() => ask(id))).toBe(sentence);
    expect(journal).toEqual([]);
  });
});
