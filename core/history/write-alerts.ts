import type Database from 'better-sqlite3';
import type { Alert, AlertTransition } from '../model/alerts.ts';
import { ALERT_COLUMNS, alertValues } from './alert-columns.ts';
import { alertSums, type Counted } from './alert-sums.ts';
import { firstShown } from './first-shown.ts';
import type { Meta } from './meta.ts';
import { placeholders, type SqlValue } from './signal-columns.ts';

const COLUMNS = [...ALERT_COLUMNS, 'shown_ms'];
const UPSERT = `
  INSERT INTO alert (${COLUMNS.join(', ')}) VALUES (${placeholders(COLUMNS.length)})
  ON CONFLICT (id) DO UPDATE SET ${COLUMNS.filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}`;
const SELECT_COUNTED = `
  SELECT rowid, rule_id AS ruleId, raised_ms AS raisedMs, priority, shown_ms AS shownMs, group_id AS groupId FROM alert WHERE id = ?`;

/**
 * Writes alerts as they stand at the end of a batch, and keeps the counts: of those it had not seen, and by hour and 10 min.
 * `transitions` are those of the same batch: they tell when an alert came into the queue.
 */
export function alertWriter(
  db: Database.Database,
  meta: Meta,
): (alerts: readonly Alert[], transitions: readonly AlertTransition[]) => void {
  const known = db.prepare<[string], Counted>(SELECT_COUNTED);
  const upsert = db.prepare<[SqlValue[]]>(UPSERT);
  const count = alertSums(db, meta);
  return (alerts, transitions) => {
    const shown = firstShown(transitions);
    let raised = 0;
    for (const alert of alerts) {
      const before = known.get(alert.id);
      const shownMs = before?.shownMs ?? shown.get(alert.id) ?? null;
      const { lastInsertRowid } = upsert.run([...alertValues(alert), shownMs]);
      if (!before) raised++;
      const { ruleId, raisedMs, priority, groupId = null } = alert;
      count(before, {
        rowid: before?.rowid ?? Number(lastInsertRowid),
        ruleId,
        raisedMs,
        priority,
        shownMs,
        groupId,
      });
    }
    if (raised > 0) meta.add('alerts_raised', raised);
  };
}

/** Writes changes of alerts; a change that is there already stays as it is. */
export function transitionWriter(db: Database.Database): (transitions: readonly AlertTransition[]) => void {
  const insert = db.prepare<SqlValue[]>(
    `INSERT INTO alert_transition (id, alert_id, kind, at_ms, actor, comment, value)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  return (transitions) => {
    for (const { id, alertId, kind, atMs, by, comment, value } of transitions) {
      insert.run(id, alertId, kind, atMs, by, comment ?? null, value ?? null);
    }
  };
}
