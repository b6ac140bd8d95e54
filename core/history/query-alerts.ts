import type Database from 'better-sqlite3';
import type { Alert, AlertTransition, ConditionState, Priority, TransitionKind } from '../model/alerts.ts';
import { nameOf, rowLimit, timeOf } from './arguments.ts';

export const SELECT_ALERTS = 'SELECT * FROM alert ORDER BY raised_ms DESC, rowid DESC LIMIT ?';
export const SELECT_VEHICLE_ALERTS =
  'SELECT * FROM alert WHERE vehicle_id = ? ORDER BY raised_ms DESC, rowid DESC LIMIT ?';
export const SELECT_TRANSITIONS = 'SELECT * FROM alert_transition WHERE alert_id = ? ORDER BY at_ms, rowid LIMIT 1000';
export const COUNT_ALERTS_SINCE = 'SELECT count(*) FROM alert WHERE raised_ms >= ?';
// The condition is the text of the partial index `alert_open`: only so does SQLite use it.
export const COUNT_OPEN_ALERTS = `
  SELECT count(*) AS open, coalesce(sum(acknowledged = 0), 0) AS unacknowledged FROM alert
  WHERE condition <> 'cleared' OR latched = 1 OR acknowledged = 0`;

interface AlertRow {
  id: string;
  rule_id: string;
  rule_name: string;
  vehicle_id: string;
  priority: number;
  onset_ms: number;
  raised_ms: number;
  cleared_ms: number | null;
  condition: string;
  latched: number;
  acknowledged: number;
  acknowledged_by: string | null;
  acknowledged_ms: number | null;
  comment: string | null;
  value: number | null;
  peak: number | null;
  unit: string;
  message: string;
  lat: number | null;
  lon: number | null;
}

interface TransitionRow {
  id: string;
  alert_id: string;
  kind: string;
  at_ms: number;
  actor: string;
  comment: string | null;
  value: number | null;
}

function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    ruleId: row.rule_id,
    ruleName: row.rule_name,
    vehicleId: row.vehicle_id,
    priority: row.priority as Priority,
    onsetMs: row.onset_ms,
    raisedMs: row.raised_ms,
    clearedMs: row.cleared_ms ?? undefined,
    condition: row.condition as ConditionState,
    latched: row.latched === 1,
    acknowledged: row.acknowledged === 1,
    acknowledgedBy: row.acknowledged_by ?? undefined,
    acknowledgedMs: row.acknowledged_ms ?? undefined,
    comment: row.comment ?? undefined,
    value: row.value ?? undefined,
    peak: row.peak ?? undefined,
    unit: row.unit,
    message: row.message,
    lat: row.lat ?? undefined,
    lon: row.lon ?? undefined,
  };
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
  /** Newest first, at most 1,000; `vehicleId` narrows it. */
  alertHistory(args: { limit: number; vehicleId?: string }): { alerts: Alert[] };
  /** Every change of one alert, oldest first, at most 1,000. */
  alertTransitions(args: { alertId: string }): { transitions: AlertTransition[] };
  /** Alerts raised at or after `sinceMs` (Unix ms, event time). */
  alertsSince(sinceMs: number): number;
  openAlerts(): { open: number; unacknowledged: number };
}

export function alertQueries(db: Database.Database): AlertQueries {
  const all = db.prepare<[number], AlertRow>(SELECT_ALERTS);
  const ofVehicle = db.prepare<[string, number], AlertRow>(SELECT_VEHICLE_ALERTS);
  const transitions = db.prepare<[string], TransitionRow>(SELECT_TRANSITIONS);
  const since = db.prepare<[number], number>(COUNT_ALERTS_SINCE).pluck();
  const open = db.prepare<[], { open: number; unacknowledged: number }>(COUNT_OPEN_ALERTS);
  return {
    alertHistory({ limit, vehicleId }) {
      const rows = rowLimit(limit);
      const found = vehicleId === undefined ? all.all(rows) : ofVehicle.all(nameOf('vehicleId', vehicleId), rows);
      return { alerts: found.map(toAlert) };
    },
    alertTransitions: ({ alertId }) => ({
      transitions: transitions.all(nameOf('alertId', alertId)).map(toTransition),
    }),
    alertsSince: (sinceMs) => since.get(timeOf('sinceMs', sinceMs)) ?? 0,
    openAlerts: () => open.get() ?? { open: 0, unacknowledged: 0 },
  };
}
