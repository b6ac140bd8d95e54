import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertKpis, kpiFigure } from '../model/alert-kpis.ts';
import type { Alert, AlertTransition, Priority } from '../model/alerts.ts';
import { openMemoryHistory } from './memory.ts';
import { alert, batch, T0_MS, temporaryFile, transition } from './testing/batches.ts';
import { openHistory } from './writer.ts';

fc.configureGlobal({ seed: 20_260_301 });

const SLOT_MS = 600_000;
const DAY_MS = 86_400_000;
const START_MS = Math.floor(T0_MS / DAY_MS) * DAY_MS;
const SPAN = { fromMs: START_MS, toMs: START_MS + 2 * DAY_MS };

interface Raised {
  readonly alert: Alert;
  readonly transitions: readonly AlertTransition[];
  /** It was put aside as it was raised. */
  readonly hidden: boolean;
}

const raised: fc.Arbitrary<Omit<Raised, 'alert' | 'transitions'> & { part: Partial<Alert>; chattered: boolean }> =
  fc.record({
    part: fc
      .record({
        ruleId: fc.constantFrom('a', 'b', 'c'),
        vehicleId: fc.constantFrom('V-1', 'V-2', 'V-3'),
        priority: fc.constantFrom<Priority[]>(1, 2, 3, 4),
        raisedMs: fc.integer({ min: START_MS - DAY_MS, max: START_MS + 3 * DAY_MS }),
        groupId: fc.option(fc.constant('head'), { nil: undefined, freq: 5 }),
        condition: fc.constantFrom<Alert['condition'][]>('active', 'cleared'),
        waitedMs: fc.option(fc.integer({ min: -5, max: 3_600_000 }), { nil: undefined }),
        acknowledgedBy: fc.constantFrom('kim', 'ada', 'engine'),
        shelved: fc.boolean(),
        suppressed: fc.boolean(),
      })
      .map(({ waitedMs, acknowledgedBy, shelved, suppressed, ...facts }) => ({
        ...facts,
        ...(waitedMs !== undefined && {
          acknowledged: true,
          acknowledgedBy,
          acknowledgedMs: facts.raisedMs + waitedMs,
        }),
        ...(shelved && { shelved: { by: 'kim', reason: 'known', untilMs: 1 } }),
        ...(suppressed && { suppressed: { alertId: 'x', ruleId: 'y' } }),
      })),
    hidden: fc.boolean(),
    chattered: fc.boolean(),
  });

const all = fc.array(raised, { maxLength: 60 }).map((rows) =>
  rows.map(({ part, hidden, chattered }, i): Raised => {
    const made = alert(`a${i}`, part);
    const atMs = made.raisedMs;
    const later = (n: number, kind: AlertTransition['kind']): AlertTransition =>
      transition(`t${i}/${n}`, made.id, { kind, atMs: atMs + (kind === 'chattering' ? 1000 : 0) });
    const transitions = [later(0, 'raised'), ...(hidden ? [later(1, 'suppressed')] : [])];
    return { alert: made, hidden, transitions: chattered ? [...transitions, later(2, 'chattering')] : transitions };
  }),
);

/** The same figures by going through all alerts. */
function naive(rows: readonly Raised[], nowMs: number): Record<string, unknown> {
  const inSpan = (ms: number): boolean => ms >= SPAN.fromMs && ms < SPAN.toMs;
  const alerts = rows.map((row) => row.alert);
  const entries = rows
    .filter((row) => !row.hidden && row.alert.groupId === undefined)
    .map((row) => row.alert)
    .filter((a) => inSpan(a.raisedMs));
  const tally = (keys: readonly string[]): [string, number][] => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  };
  const slots = new Map(
    tally(entries.map((a) => String(Math.floor(a.raisedMs / SLOT_MS) * SLOT_MS))).map(([ms, n]) => [Number(ms), n]),
  );
  const waits = rows
    .filter((row) => !row.hidden && row.alert.groupId === undefined && row.alert.acknowledgedBy !== 'engine')
    .filter((row) => row.alert.acknowledgedMs !== undefined && inSpan(row.alert.acknowledgedMs))
    .map(({ alert: a }) => [a.acknowledgedBy, Math.max(0, a.acknowledgedMs! - a.raisedMs)] as const);
  const median = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
  const chatter = rows.filter((row) => row.transitions.some((t) => t.kind === 'chattering' && inSpan(t.atMs)));
  const open = alerts.filter((a) => a.condition !== 'cleared' || !a.acknowledged);
  const queued = open.filter((a) => !a.shelved && !a.suppressed && !a.groupId);
  const toMs = Math.min(SPAN.toMs, nowMs);
  return {
    entries: entries.length,
    per10Min: entries.length / ((toMs - SPAN.fromMs) / SLOT_MS),
    peak: Math.max(0, ...slots.values()),
    over: [...slots.values()].filter((n) => n > 2).length / ((toMs - SPAN.fromMs) / SLOT_MS),
    rules: tally(entries.map((a) => a.ruleId)),
    vehicles: tally(entries.map((a) => a.vehicleId)),
    priorities: [1, 2, 3, 4].map((p) => entries.filter((a) => a.priority === p).length),
    acknowledged: waits.length,
    median: median(waits.map(([, ms]) => ms)),
    kim: median(waits.filter(([by]) => by === 'kim').map(([, ms]) => ms)),
    chattering: tally(chatter.map(({ alert: a }) => `${a.ruleId} ${a.vehicleId}`)),
    stale: queued.filter((a) => a.raisedMs < nowMs - DAY_MS).length,
    shelved: open.filter((a) => a.shelved).length,
    suppressed: open.filter((a) => a.suppressed).length,
  };
}

const shownOf = (kpis: AlertKpis): Record<string, unknown> => ({
  entries: kpis.entries,
  per10Min: kpis.rate.per10Min.value,
  peak: kpis.rate.peak10Min?.entries ?? 0,
  over: kpis.rate.shareOverLimit,
  rules: kpis.frequent.rules.top.map(({ id, entries }) => [id, entries]),
  vehicles: kpis.frequent.vehicles.top.map(({ id, entries }) => [id, entries]),
  priorities: Object.values(kpis.priorities).map(({ entries }) => entries),
  acknowledged: kpis.response.acknowledged,
  median: kpis.response.medianMs,
  kim: kpis.response.operators.find(({ operator }) => operator === 'kim')?.medianMs ?? null,
  chattering: kpis.chattering.sources.map(({ ruleId, vehicleId, times }) => [`${ruleId} ${vehicleId}`, times]),
  stale: kpis.stale.figure.value,
  shelved: kpis.aside.shelved,
  suppressed: kpis.aside.suppressed,
});

describe('the figures of alarm quality', () => {
  it('are those of going through all alerts, in whatever batches they came', () => {
    const nowMs = START_MS + DAY_MS + 12 * SLOT_MS;
    fc.assert(
      fc.property(all, fc.integer({ min: 1, max: 9 }), (rows, perBatch) => {
        const { writer, queries, close } = openMemoryHistory();
        for (let at = 0; at === 0 || at < rows.length; at += perBatch) {
          const part = rows.slice(at, at + perBatch);
          const transitions = part.flatMap((row) => row.transitions);
          writer.commit(
            batch(at, at + perBatch, { alerts: part.map((row) => row.alert), transitions, engineMs: nowMs }),
          );
        }
        expect(shownOf(queries.alertKpis(SPAN))).toEqual(naive(rows, nowMs));
        close();
      }),
      { numRuns: 100 },
    );
  });

  it('of floods are the part of the time and the worst 10 min', () => {
    const { writer, queries, close } = openMemoryHistory();
    const hour = 3_600_000;
    const floods = [
      { startMs: SPAN.fromMs - 9 * hour, endMs: SPAN.fromMs - 8 * hour, raised: 99, peak: 99 },
      { startMs: SPAN.fromMs - hour, endMs: SPAN.fromMs + hour, raised: 40, peak: 25 },
      { startMs: SPAN.fromMs + 9 * hour, raised: 11, peak: 11 },
    ];
    writer.commit(batch(0, 10, { floods, engineMs: SPAN.fromMs + 10 * hour }));
    const kpis = queries.alertKpis(SPAN).floods;
    expect(kpis).toMatchObject({
      count: 2,
      longestMs: 2 * hour,
      worst10Min: { value: 25, target: 10, verdict: 'bad' },
    });
    expect(kpis.share).toEqual({ value: 0.2, target: 0.01, limit: null, verdict: 'bad' });
    writer.commit(batch(10, 20, { floods: [{ ...floods[2], endMs: SPAN.fromMs + 11 * hour }], engineMs: SPAN.toMs }));
    expect(queries.alertFloods(SPAN).floods).toEqual([{ ...floods[2], endMs: SPAN.fromMs + 11 * hour }, floods[1]]);
    close();
  });

  it('say per operator what is within target, within limit and beyond', () => {
    const { writer, queries, close } = openMemoryHistory();
    const alerts = Array.from({ length: 18 }, (_, i) => alert(`a${i}`, { raisedMs: SPAN.fromMs + i, priority: 4 }));
    const transitions = alerts.map((a, i) => transition(`t${i}`, a.id, { atMs: a.raisedMs }));
    writer.commit(batch(0, 10, { alerts, transitions, engineMs: SPAN.fromMs + 12 * SLOT_MS }));
    const rate = (operators?: number) => queries.alertKpis({ ...SPAN, operators }).rate;
    expect(rate().per10Min).toEqual({ value: 1.5, target: 1, limit: 2, verdict: 'fair' });
    expect(rate(2).per10Min).toMatchObject({ value: 0.75, verdict: 'good' });
    expect(rate().perDay).toEqual({ value: 216, target: 150, limit: 300, verdict: 'fair' });
    expect(queries.alertKpis(SPAN).priorities[4]).toMatchObject({ value: 1, verdict: 'good', entries: 18 });
    expect(() => rate(0)).toThrow(/operators is 0; give a number from 1/);
    close();
  });

  it('of nothing are nothing', () => {
    const { queries, close } = openMemoryHistory();
    const kpis = queries.alertKpis(SPAN);
    expect(kpis.rate).toMatchObject({ per10Min: { value: 0, verdict: 'good' }, peak10Min: null });
    expect(kpis.frequent.rules).toEqual({
      figure: { value: null, target: 0.05, limit: null, verdict: null },
      top: [],
    });
    expect(kpis.response).toEqual({ acknowledged: 0, medianMs: null, p90Ms: null, operators: [] });
    close();
  });

  it('have a verdict that knows more is better', () => {
    expect(kpiFigure(0.7, { target: 0.8, limit: 0.6, atLeast: true }).verdict).toBe('fair');
    expect(kpiFigure(0.5, { target: 0.8, limit: 0.6, atLeast: true }).verdict).toBe('bad');
  });
});

describe('the sums', () => {
  const sums = (file: string, table: string): unknown[] => {
    const db = new Database(file, { readonly: true });
    const rows = db.prepare(`SELECT * FROM ${table}`).raw().all();
    db.close();
    return rows;
  };

  it('follow an alert that becomes more urgent, is folded and comes into the queue late', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const raisedMs = START_MS + 5;
    const first = alert('a', { raisedMs, priority: 3 });
    const suppressed = { alertId: 'x', ruleId: 'y' };
    const hidden = [
      transition('t1', 'a', { atMs: raisedMs }),
      transition('t2', 'a', { atMs: raisedMs, kind: 'suppressed' }),
    ];
    writer.commit(batch(0, 1, { alerts: [{ ...first, suppressed }], transitions: hidden }));
    expect(sums(file, 'alert_hour')).toEqual([[START_MS, 'overspeed', 3, 1]]);
    expect(sums(file, 'alert_slot')).toEqual([]);
    const released = transition('t3', 'a', { atMs: raisedMs + SLOT_MS, kind: 'released' });
    writer.commit(batch(1, 2, { alerts: [first], transitions: [released] }));
    expect(sums(file, 'alert_slot')).toEqual([[START_MS + SLOT_MS, 'overspeed', 3, 1]]);
    const worse = { ...first, priority: 1 as const };
    writer.commit(batch(2, 3, { alerts: [worse] }));
    expect(sums(file, 'alert_hour')).toEqual([[START_MS, 'overspeed', 1, 1]]);
    expect(sums(file, 'alert_slot')).toEqual([[START_MS + SLOT_MS, 'overspeed', 1, 1]]);
    writer.commit(batch(3, 4, { alerts: [{ ...worse, groupId: 'head' }] }));
    expect(sums(file, 'alert_slot')).toEqual([]);
    writer.close();
  });

  it('leave out what was over before anybody saw it', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const atMs = START_MS + 9;
    const made = alert('a', { raisedMs: START_MS, condition: 'cleared', acknowledged: true, acknowledgedBy: 'engine' });
    const transitions = [
      transition('t1', 'a', { atMs: START_MS }),
      transition('t2', 'a', { atMs: START_MS, kind: 'shelved' }),
      transition('t3', 'a', { atMs, kind: 'unshelved' }),
      transition('t4', 'a', { atMs, kind: 'acknowledged' }),
    ];
    writer.commit(batch(0, 1, { alerts: [made], transitions }));
    expect(sums(file, 'alert_slot')).toEqual([]);
    writer.close();
  });
});
