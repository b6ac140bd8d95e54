import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alert, isClosed, PRIORITY, type Priority } from '../model/alerts.ts';
import type { Notice } from '../model/notices.ts';
import type { OutputBatch } from '../model/outputs.ts';
import type { OperatorAction } from '../model/records.ts';
import type { AlertRequests } from '../protocol/alert-requests.ts';
import type { RequestHandlers } from '../protocol/requests.ts';
import { openMemoryHistory } from './memory.ts';
import { migrate } from './migrate.ts';
import { openQueries } from './queries.ts';
import { alert, batch, T0_MS, temporaryFile, transition } from './testing/batches.ts';
import { dump } from './testing/dump.ts';
import { openHistory } from './writer.ts';

fc.configureGlobal({ seed: 20_260_301 });

const DAY_MS = 86_400_000;

const FULL = alert('full', {
  clearedMs: T0_MS + 4,
  condition: 'cleared',
  latched: true,
  latch: 'reset',
  acknowledged: true,
  acknowledgedBy: 'kim',
  acknowledgedMs: T0_MS + 5,
  comment: 'called the driver',
  assignedTo: 'ada',
  shelved: { by: 'kim', reason: 'workshop', untilMs: T0_MS + 9 },
  suppressed: { alertId: 'cause', ruleId: 'silent' },
  outOfService: { by: 'ada', reason: 'sensor' },
  groupId: 'head',
  group: { kind: 'area', label: 'BER', count: 212, open: 200 },
  repeats: 3,
  chattering: true,
  quietMs: T0_MS + 3,
  value: 104.5,
  peak: 110,
  response: 'Call the driver.',
  runbook: 'https://example.org/speed',
  depot: 'BER',
  lat: 52.5,
  lon: 13.4,
  why: {
    condition: 'speed_kmph > 90',
    terms: [{ text: 'speed_kmph', value: 104.5, unit: 'km/h' }],
    windows: [{ text: "avg(speed_kmph, '1m')", unit: 'km/h', readings: [[T0_MS, 90.5]] }],
    onsetPosition: 5,
    raisedPosition: 9,
  },
});

function withHistory(outputs: Partial<OutputBatch>, ask: (room: ReturnType<typeof openMemoryHistory>) => void): void {
  const room = openMemoryHistory();
  try {
    room.writer.commit(batch(0, 10, outputs));
    ask(room);
  } finally {
    room.close();
  }
}

describe('an alert', () => {
  it('keeps all its facts; lists come without the reasons', () => {
    withHistory({ alerts: [FULL, alert('plain')] }, ({ queries }) => {
      const { why: _, ...listed } = FULL;
      expect(queries.alertById({ alertId: 'full' })).toEqual({ alert: FULL });
      expect(queries.alertById({ alertId: 'plain' })).toEqual({ alert: alert('plain') });
      expect(queries.alertById({ alertId: 'gone' })).toEqual({ alert: null });
      expect(queries.alertHistory({ limit: 10, groupId: 'head' }).alerts).toEqual([listed]);
      expect(queries.alertMembers({ groupId: 'head' }).alerts).toEqual([listed]);
    });
  });

  it('loses again what is no longer so', () => {
    withHistory({ alerts: [FULL] }, ({ writer, queries }) => {
      writer.commit(batch(10, 20, { alerts: [alert('full')] }));
      expect(queries.alertById({ alertId: 'full' }).alert).toEqual(alert('full'));
    });
  });

  it('is open in history as it is in the engine, in every state', () => {
    const states = ['active', 'unknown', 'cleared'] as const;
    const alerts = states.flatMap((condition) =>
      [0, 1, 2, 3].map((bits) =>
        alert(`${condition}${bits}`, {
          condition,
          latched: bits >= 2,
          acknowledged: bits % 2 === 1,
          ...(bits === 1 && { shelved: { by: 'kim', reason: 'x', untilMs: 1 } }),
        }),
      ),
    );
    withHistory({ alerts }, ({ writer, queries }) => {
      expect(queries.totals().openAlerts).toBe(alerts.filter((a) => !isClosed(a)).length);
      const { deleted } = writer.prune({ olderThanMs: DAY_MS, nowMs: T0_MS + 9 * DAY_MS });
      expect(deleted).toBe(alerts.filter(isClosed).length);
    });
  });
});

describe('the filters of the history', () => {
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const rules = fc.constantFrom('speed', 'brake');
  const vehicles = fc.constantFrom('V-1', 'V-2');
  const priority = fc.constantFrom<Priority[]>(...Object.values(PRIORITY));
  const groups = fc.constantFrom('g', 'h');
  const time = fc.integer({ min: T0_MS, max: T0_MS + 20 });
  const row = fc.record({
    ruleId: rules,
    vehicleId: vehicles,
    priority,
    raisedMs: time,
    groupId: optional(groups),
    message: fc.constantFrom('Brakes HOT', 'Über 90', 'b'),
    comment: optional(fc.constantFrom('Called Kim', '')),
  });
  const filter = fc.record({
    limit: fc.integer({ min: 1, max: 30 }),
    ruleId: optional(rules),
    vehicleId: optional(vehicles),
    priority: optional(priority),
    groupId: optional(groups),
    fromMs: optional(fc.integer({ min: T0_MS, max: T0_MS + 9 })),
    toMs: optional(fc.integer({ min: T0_MS + 10, max: T0_MS + 21 })),
    text: optional(fc.constantFrom('HOT', 'Über', 'v-2', 'kim')),
  });

  it('are those of looking at each alert', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 25 }),
        fc.array(filter, { minLength: 1, maxLength: 5 }),
        (rows, filters) => {
          const alerts = rows.map((part, i) => alert(`a${i}`, part));
          withHistory({ alerts }, ({ queries }) => {
            for (const args of filters) {
              const found = alerts.filter((a) => passes(a, args));
              const expected = found
                .toSorted((a, b) => b.raisedMs - a.raisedMs || Number(b.id.slice(1)) - Number(a.id.slice(1)))
                .slice(0, args.limit);
              expect(queries.alertHistory(args).alerts.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
            }
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  function passes(a: Alert, { text, fromMs = 0, toMs = Infinity, ...exact }: Omit<AlertArgs, 'limit'>): boolean {
    const searched = `${a.vehicleId}\n${a.ruleName}\n${a.message}\n${a.comment ?? ''}`.toLowerCase();
    return (
      (['ruleId', 'vehicleId', 'priority', 'groupId'] as const).every(
        (name) => exact[name] === undefined || a[name] === exact[name],
      ) &&
      a.raisedMs >= fromMs &&
      a.raisedMs < toMs &&
      (text === undefined || searched.includes(text.toLowerCase()))
    );
  }

  it('refuse what makes no sense', () => {
    withHistory({}, ({ queries }) => {
      const history = (args: Partial<Record<keyof AlertArgs, unknown>>) => () =>
        queries.alertHistory({ limit: 1, ...args } as AlertArgs);
      expect(history({ priority: 5 })).toThrow(/priority is 5; give 1 \(critical\) to 4 \(low\)/);
      expect(history({ fromMs: 2, toMs: 2 })).toThrow(/must be before/);
      expect(history({ text: '' })).toThrow(/text is ""/);
      expect(() => queries.rulesVersion({ position: 7 })).toThrow(/No rules came into force at position 7/);
    });
  });
});

type AlertArgs = AlertRequests['alerts.history']['args'];

const notice = (id: string, atMs = T0_MS): Notice => ({
  id,
  channel: 'mail',
  route: 'night',
  to: ['a@example.org', 'b@example.org'],
  reason: 'raised',
  priority: 1,
  alertIds: ['x', 'y'],
  vehicleId: 'V-1',
  subject: 'Crash',
  body: 'V-1 …',
  payload: '{}',
  atMs,
});

describe('notices', () => {
  it('lie in the order in which they came, once, and a number never comes again', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const stored = (): [number, string][] => {
      const db = new Database(file, { readonly: true });
      const rows = db.prepare<[], [number, string]>('SELECT rowid, id FROM notice ORDER BY rowid').raw().all();
      db.close();
      return rows;
    };
    writer.commit(batch(0, 10, { notices: [notice('b'), notice('a')] }));
    writer.commit(batch(0, 20, { notices: [notice('b'), notice('a'), notice('c')] }));
    expect(stored().map(([, id]) => id)).toEqual(['b', 'a', 'c']);
    expect(dump(file).notice[0]).toMatchObject({
      recipients: '["a@example.org","b@example.org"]',
      alert_ids: '["x","y"]',
      at_ms: T0_MS,
    });
    const last = stored()[2][0];
    writer.prune({ olderThanMs: 90 * DAY_MS, nowMs: T0_MS + 31 * DAY_MS });
    expect(stored()).toEqual([]);
    writer.commit(batch(20, 30, { notices: [notice('d')] }));
    expect(stored()[0][0]).toBeGreaterThan(last);
    writer.close();
  });
});

describe('the audit', () => {
  const on = { alertId: 'a', operator: 'kim' };
  const actions: OperatorAction[] = [
    { id: '1', type: 'acknowledge', ...on, comment: 'seen' },
    { id: '2', type: 'assign', ...on, assignee: 'ada' },
    { id: '3', type: 'shelve', ...on, reason: 'known', untilMs: T0_MS + 60_000 },
    { id: '4', type: 'unshelve', ...on, operator: 'ada' },
    { id: '5', type: 'out-of-service', vehicleId: 'V-2', ruleId: 'speed', operator: 'ada', reason: 'workshop' },
    { id: '6', type: 'in-service', vehicleId: 'V-2', operator: 'ada' },
  ];
  const outputs: Partial<OutputBatch> = {
    alerts: [alert('a', { vehicleId: 'V-1', ruleId: 'brake' })],
    operatorActions: actions.map((action, i) => ({ action, atMs: T0_MS + i, position: 100 + i })),
    rulesChanges: [
      { change: { packs: [{ name: 'a.yaml', text: 'one' }], by: 'startup' }, atMs: T0_MS, position: 5 },
      {
        change: {
          packs: [
            { name: 'a.yaml', text: 'two' },
            { name: 'b.yaml', text: '' },
          ],
          by: 'kim',
          comment: 'tuned',
        },
        atMs: T0_MS + 1,
        position: 9,
      },
    ],
  };

  it('says who did what when and why', () => {
    withHistory(outputs, ({ queries }) => {
      const ids = (args: Partial<Parameters<typeof queries.operatorActions>[0]>) =>
        queries.operatorActions({ limit: 10, ...args }).actions.map(({ id }) => id);
      expect(queries.operatorActions({ limit: 4 }).actions).toEqual([
        { id: '6', type: 'in-service', atMs: T0_MS + 5, position: 105, operator: 'ada', vehicleId: 'V-2' },
        {
          ...{ id: '5', type: 'out-of-service', atMs: T0_MS + 4, position: 104, operator: 'ada' },
          ...{ vehicleId: 'V-2', ruleId: 'speed', reason: 'workshop' },
        },
        {
          ...{ id: '4', type: 'unshelve', atMs: T0_MS + 3, position: 103, operator: 'ada' },
          ...{ alertId: 'a', vehicleId: 'V-1', ruleId: 'brake' },
        },
        {
          ...{ id: '3', type: 'shelve', atMs: T0_MS + 2, position: 102, operator: 'kim' },
          ...{ alertId: 'a', vehicleId: 'V-1', ruleId: 'brake', reason: 'known', untilMs: T0_MS + 60_000 },
        },
      ]);
      expect(ids({ operator: 'kim' })).toEqual(['3', '2', '1']);
      expect(ids({ vehicleId: 'V-2' })).toEqual(['6', '5']);
      expect(ids({ alertId: 'a', operator: 'ada' })).toEqual(['4']);
      expect(ids({ type: 'assign' })).toEqual(['2']);
      expect(ids({ fromMs: T0_MS + 1, toMs: T0_MS + 3 })).toEqual(['3', '2']);
    });
  });

  it('has the changes of the rules, and their texts on demand', () => {
    withHistory(outputs, ({ queries }) => {
      expect(queries.rulesHistory({ limit: 10 }).changes).toEqual([
        { position: 9, atMs: T0_MS + 1, by: 'kim', comment: 'tuned', packNames: ['a.yaml', 'b.yaml'] },
        { position: 5, atMs: T0_MS, by: 'startup', packNames: ['a.yaml'] },
      ]);
      expect(queries.rulesVersion({ position: 5 })).toEqual({
        position: 5,
        atMs: T0_MS,
        by: 'startup',
        packs: [{ name: 'a.yaml', text: 'one' }],
      });
    });
  });
});

it('a history of version 4 keeps its alerts, actions and rules', () => {
  const file = temporaryFile();
  const db = new Database(file);
  migrate(db, file, 4);
  db.exec(`
    INSERT INTO alert (id, rule_id, rule_name, vehicle_id, priority, onset_ms, raised_ms, condition, latched, acknowledged, unit, message)
      VALUES ('old', 'overspeed', 'Overspeed', 'V-1', 2, ${T0_MS - 5000}, ${T0_MS}, 'active', 0, 0, 'km/h', 'Speed 104 km/h, limit 90 km/h.');
    INSERT INTO operator_action VALUES ('o1', 'comment', 'old', 'kim', 'looking', ${T0_MS}, 7), ('o2', 'comment', 'gone', 'kim', 'x', ${T0_MS + 1}, 8);
    INSERT INTO rules_change VALUES (3, ${T0_MS}, 'startup', '[{"name":"a.yaml","text":"t"},{"name":"b.yaml","text":"u"}]');
  `);
  db.close();
  const writer = openHistory({ file });
  const queries = openQueries({ file });
  expect(queries.alertById({ alertId: 'old' }).alert).toEqual(alert('old'));
  expect(queries.operatorActions({ limit: 9 }).actions).toEqual([
    { id: 'o2', type: 'comment', atMs: T0_MS + 1, position: 8, operator: 'kim', alertId: 'gone', comment: 'x' },
    {
      ...{ id: 'o1', type: 'comment', atMs: T0_MS, position: 7, operator: 'kim', comment: 'looking' },
      ...{ alertId: 'old', vehicleId: 'V-1', ruleId: 'overspeed' },
    },
  ]);
  expect(queries.rulesHistory({ limit: 1 }).changes[0].packNames).toEqual(['a.yaml', 'b.yaml']);
  // Its engine goes on with the old alert, and sends again how it was raised.
  const raised = transition('t', 'old', { atMs: T0_MS });
  writer.commit(batch(0, 10, { alerts: [alert('old', { priority: 1 })], transitions: [raised] }));
  expect(queries.entriesSince(T0_MS)).toBe(1);
  expect(dump(file).alert_slot).toMatchObject([{ rule_id: 'overspeed', priority: 1, entries: 1 }]);
  queries.close();
  writer.close();
});

it('answers the protocol’s questions about alerts as they are', () => {
  withHistory({ alerts: [alert('a')] }, ({ queries }) => {
    // The types are the test: what history gives must be what a window is promised.
    const handlers = {
      'alerts.history': queries.alertHistory,
      'alerts.get': queries.alertById,
      'alerts.transitions': queries.alertTransitions,
      'alerts.members': queries.alertMembers,
      'alerts.kpis': queries.alertKpis,
      'alerts.floods': queries.alertFloods,
      'operator.actions': queries.operatorActions,
    } satisfies Partial<RequestHandlers>;
    expect(handlers['alerts.history']({ limit: 1 }).alerts[0].id).toBe('a');
  });
});
