import type Database from 'better-sqlite3';
import {
  ALERT_TARGETS,
  type AlertKpis,
  type ChatteringSource,
  type FrequentSource,
  kpiFigure,
  type MostFrequent,
  PRIORITY_TARGETS,
  SLOT_MS,
  STALE_MS,
  type StaleAlert,
} from '../model/alert-kpis.ts';
import { PRIORITY, type Priority } from '../model/alerts.ts';
import { responseTimes } from './alert-response.ts';
import { operatorCount, timeSpan } from './arguments.ts';
import type { Meta } from './meta.ts';
import { IS_OPEN } from './query-alerts.ts';
import { type FloodRow, SELECT_FLOODS } from './query-floods.ts';

const LISTED = 100;
const MOST = 10;

export const SELECT_SLOTS = `
  SELECT slot_ms, rule_id, priority, entries FROM alert_slot WHERE slot_ms >= :fromMs AND slot_ms < :toMs`;
// The conditions are those of the partial indexes: only so does SQLite use them.
// Counted here: SQLite would sort 100,000 names for it, which takes three times as long.
export const SELECT_ENTRY_VEHICLES = `
  SELECT vehicle_id FROM alert
  WHERE shown_ms IS NOT NULL AND group_id IS NULL AND shown_ms >= :fromMs AND shown_ms < :toMs`;
export const SELECT_RESPONSES = `
  SELECT acknowledged_by, acknowledged_ms - shown_ms FROM alert
  WHERE acknowledged_ms IS NOT NULL AND shown_ms IS NOT NULL AND group_id IS NULL
    AND acknowledged_ms >= :fromMs AND acknowledged_ms < :toMs AND acknowledged_by <> 'engine'`;
export const SELECT_CHATTERING = `
  SELECT a.rule_id AS ruleId, a.rule_name AS ruleName, a.vehicle_id AS vehicleId, count(*) AS times, max(t.at_ms) AS lastMs
  FROM alert_transition t CROSS JOIN alert a ON a.id = t.alert_id
  WHERE t.kind = 'chattering' AND t.at_ms >= :fromMs AND t.at_ms < :toMs
  GROUP BY a.rule_id, a.vehicle_id ORDER BY times DESC, a.rule_id, a.vehicle_id`;
const IN_QUEUE = `
  shelved_until_ms IS NULL AND suppressed_by_alert IS NULL AND out_of_service_by IS NULL AND group_id IS NULL`;
export const SELECT_STALE = `
  SELECT id AS alertId, rule_id AS ruleId, rule_name AS ruleName, vehicle_id AS vehicleId, priority, raised_ms AS raisedMs
  FROM alert INDEXED BY alert_open WHERE (${IS_OPEN}) AND raised_ms < ? AND ${IN_QUEUE} ORDER BY raised_ms, rowid`;
export const COUNT_ASIDE = `
  SELECT coalesce(sum(shelved_until_ms IS NOT NULL), 0) AS shelved,
    coalesce(sum(suppressed_by_alert IS NOT NULL), 0) AS suppressed,
    coalesce(sum(out_of_service_by IS NOT NULL), 0) AS outOfService
  FROM alert WHERE (${IS_OPEN})
    AND (shelved_until_ms IS NOT NULL OR suppressed_by_alert IS NOT NULL OR out_of_service_by IS NOT NULL)`;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface KpiArguments extends Span {
  /** Rates are divided by it; default 1. */
  readonly operators?: number;
}

type Slot = [slotMs: number, ruleId: string, priority: Priority, entries: number];

/** Answers `alerts.kpis`: from sums by 10 min and covering indexes (a week with 100,000 alerts in about 80 ms). */
export function alertKpiQuery(db: Database.Database, meta: Meta): (args: KpiArguments) => AlertKpis {
  const slots = db.prepare<[Span], Slot>(SELECT_SLOTS).raw();
  const vehicles = db.prepare<[Span], string>(SELECT_ENTRY_VEHICLES).pluck();
  const responses = db.prepare<[Span], [operator: string, waitedMs: number]>(SELECT_RESPONSES).raw();
  const chattering = db.prepare<[Span], ChatteringSource>(SELECT_CHATTERING);
  const stale = db.prepare<[number], StaleAlert>(SELECT_STALE);
  const aside = db.prepare<[], AlertKpis['aside']>(COUNT_ASIDE);
  const floods = db.prepare<[Span], FloodRow>(SELECT_FLOODS).raw();

  const read = db.transaction((span: Span, operators: number): AlertKpis => {
    const nowMs = meta.get('engine_ms') ?? span.toMs;
    const toMs = Math.max(span.fromMs, Math.min(span.toMs, nowMs));
    const rows = slots.all(span);
    const entries = rows.reduce((sum, [, , , n]) => sum + n, 0);
    const sources = chattering.all(span);
    const standing = stale.all(nowMs - STALE_MS);
    return {
      fromMs: span.fromMs,
      toMs,
      operators,
      entries,
      rate: rateOf(rows, entries, toMs - span.fromMs, operators),
      floods: floodsOf(floods.all(span), span.fromMs, toMs),
      chattering: {
        figure: kpiFigure(sources.length, ALERT_TARGETS.chattering),
        sources: sources.slice(0, LISTED),
      },
      stale: { figure: kpiFigure(standing.length, ALERT_TARGETS.stale), alerts: standing.slice(0, LISTED) },
      frequent: {
        rules: mostFrequent(
          sumBy(rows, ([, ruleId]) => ruleId),
          entries,
        ),
        vehicles: mostFrequent(countOf(vehicles.all(span)), entries),
      },
      priorities: prioritiesOf(rows, entries),
      response: responseTimes(responses.all(span)),
      aside: aside.get()!,
    };
  });

  return (args) => {
    const { fromMs, toMs } = timeSpan(args);
    const span = { fromMs: Math.floor(fromMs / SLOT_MS) * SLOT_MS, toMs: Math.ceil(toMs / SLOT_MS) * SLOT_MS };
    return read(span, operatorCount(args.operators));
  };
}

function rateOf(rows: readonly Slot[], entries: number, spanMs: number, operators: number): AlertKpis['rate'] {
  const bySlot = sumBy(rows, ([slotMs]) => slotMs);
  const slotsInSpan = Math.max(spanMs / SLOT_MS, bySlot.size);
  const per10Min = slotsInSpan > 0 ? entries / slotsInSpan / operators : null;
  const times = (n: number): number | null => (per10Min === null ? null : per10Min * n);
  let peak: AlertKpis['rate']['peak10Min'] = null;
  let over = 0;
  for (const [startMs, count] of bySlot) {
    if (!peak || count > peak.entries) peak = { startMs, entries: count };
    if (count / operators > ALERT_TARGETS.per10Min.limit) over++;
  }
  return {
    per10Min: kpiFigure(per10Min, ALERT_TARGETS.per10Min),
    perHour: kpiFigure(times(6), ALERT_TARGETS.perHour),
    perDay: kpiFigure(times(144), ALERT_TARGETS.perDay),
    peak10Min: peak,
    shareOverLimit: slotsInSpan > 0 ? over / slotsInSpan : 0,
  };
}

function floodsOf(rows: readonly FloodRow[], fromMs: number, toMs: number): AlertKpis['floods'] {
  let floodedMs = 0;
  let longestMs = 0;
  let worst = 0;
  for (const [startMs, endMs, , peak] of rows) {
    const end = Math.min(endMs ?? toMs, toMs);
    floodedMs += Math.max(0, end - Math.max(startMs, fromMs));
    longestMs = Math.max(longestMs, (endMs ?? toMs) - startMs);
    worst = Math.max(worst, peak);
  }
  return {
    share: kpiFigure(toMs > fromMs ? floodedMs / (toMs - fromMs) : null, ALERT_TARGETS.floodShare),
    count: rows.length,
    longestMs,
    worst10Min: kpiFigure(worst, ALERT_TARGETS.worst10Min),
  };
}

function mostFrequent(counts: ReadonlyMap<string, number>, entries: number): MostFrequent {
  const top = [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, MOST)
    .map(([id, count]): FrequentSource => ({ id, entries: count, share: count / entries }));
  const value = entries > 0 ? top.reduce((sum, source) => sum + source.entries, 0) / entries : null;
  return { figure: kpiFigure(value, ALERT_TARGETS.tenMostFrequent), top };
}

function countOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function prioritiesOf(rows: readonly Slot[], entries: number): AlertKpis['priorities'] {
  const byPriority = sumBy(rows, ([, , priority]) => priority);
  const figures = Object.values(PRIORITY).map((priority) => {
    const own = byPriority.get(priority) ?? 0;
    const share = entries > 0 ? Math.round((own / entries) * 100) / 100 : null;
    const figure = kpiFigure(share, PRIORITY_TARGETS[priority]);
    return [priority, { ...figure, entries: own }];
  });
  return Object.fromEntries(figures) as AlertKpis['priorities'];
}

function sumBy<Key>(rows: readonly Slot[], keyOf: (row: Slot) => Key): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const row of rows) {
    const key = keyOf(row);
    sums.set(key, (sums.get(key) ?? 0) + row[3]);
  }
  return sums;
}
