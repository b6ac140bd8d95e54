import type Database from 'better-sqlite3';
import type { Alert, AlertTransition, TransitionKind } from '../model/alerts.ts';
import { ALERT_COLUMNS, type AlertRow, toAlert } from './alert-columns.ts';
import { type AlertFilter, filterAlerts, LISTED_COLUMNS } from './alert-filter.ts';
import { nameOf, timeOf } from './arguments.ts';

/** The words of the indexes on open alerts: only so does SQLite use them. */
export const IS_OPEN = `condition <> 'cleared' OR latched = 1 OR acknowledged = 0`;

export const SELECT_ALERT = `SELECT ${ALERT_COLUMNS.join(', ')} FROM alert WHERE id = ?`;
export const SELECT_MEMBERS = `
  SELECT ${LISTED_COLUMNS} FROM alert WHERE group_id = ? ORDER BY raised_ms, rowid LIMIT 1000`;
export const SELECT_TRANSITIONS = 'SELECT * FROM alert_transition WHERE alert_id = ? ORDER BY at_ms, rowid LIMIT 1000';
export const COUNT_ALERTS_SINCE = 'SELECT count(*) FROM alert WHERE raised_ms >= ?';
export const COUNT_ENTRIES_SINCE = `
  SELECT count(*) FROM alert WHERE shown_ms IS NOT NULL AND group_id IS NULL AND shown_ms >= ?`;
export const COUNT_OPEN_ALERTS = `
  SELECT count(*) AS open, coalesce(sum(acknowledged = 0), 0) AS unacknowledged FROM alert
  WHERE ${IS_OPEN}`;

interface TransitionRow {
  id: string;
  alert_id: string;
  kind: string;
  at_ms: number;
  actor: string;
  comment: string | null;
  value: number | null;
}

function toTransition(row: TransitionRow): AlertTransition {
  return {
    id: row.id,
    alertId: row.alert_id,
    kind: row.kind as TransitionKind,
    atMs: row.at_ms,
    by: row.actor,
    comment: row.comment ?? undefined,
    value: row.value ?? undefined,
  };
}

export interface AlertQueries {
  /** Newest first, at most 1,000, without `why`. */
  alertHistory(args: AlertFilter): { alerts: Alert[] };
  /** One alert with everything that is kept of it; null when there is none. */
  alertById(args: { alertId: string }): { alert: Alert | null };
  /** Alerts folded under one, oldest first, at most 1,000, without `why`. */
  alertMembers(args: { groupId: string }): { alerts: Alert[] };
  /** Every change of one alert, oldest first, at most 1,000. */
  alertTransitions(args: { alertId: string }): { transitions: AlertTransition[] };
  /** Alerts raised at or after `sinceMs` (Unix ms, event time). */
  alertsSince(sinceMs: number): number;
  /** Of those, alerts that came into the queue and are not folded under another. */
  entriesSince(sinceMs: number): number;
  openAlerts(): { open: number; unacknowledged: number };
}

export function alertQueries(db: Database.Database): AlertQueries {
  const one = db.prepare<[string], AlertRow>(SELECT_ALERT);
  const members = db.prepare<[string], AlertRow>(SELECT_MEMBERS);
  const transitions = db.prepare<[string], TransitionRow>(SELECT_TRANSITIONS);
  const since = db.prepare<[number], number>(COUNT_ALERTS_SINCE).pluck();
  const entries = db.prepare<[number], number>(COUNT_ENTRIES_SINCE).pluck();
  const open = db.prepare<[], { open: number; unacknowledged: number }>(COUNT_OPEN_ALERTS);
  return {
    alertHistory(args) {
      const { sql, values } = filterAlerts(args);
      return { alerts: db.prepare<[typeof values], AlertRow>(sql).all(values).map(toAlert) };
    },
    alertById({ alertId }) {
      const row = one.get(nameOf('alertId', alertId));
      return { alert: row ? toAlert(row) : null };
    },
    alertMembers: ({ groupId }) => ({ alerts: members.all(nameOf('groupId', groupId)).map(toAlert) }),
    alertTransitions: ({ alertId }) => ({
      transitions: transitions.all(nameOf('alertId', alertId)).map(toTransition),
    }),
    alertsSince: (sinceMs) => since.get(timeOf('sinceMs', sinceMs)) ?? 0,
    entriesSince: (sinceMs) => entries.get(timeOf('sinceMs', sinceMs)) ?? 0,
    openAlerts: () => open.get() ?? { open: 0, unacknowledged: 0 },
  };
}
