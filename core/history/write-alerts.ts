import type Database from 'better-sqlite3';
import type { Alert, AlertTransition } from '../model/alerts.ts';
import type { OutputBatch } from '../model/outputs.ts';
import type { Meta } from './meta.ts';
import { placeholders, type SqlValue } from './signal-columns.ts';

const COLUMNS = [
  'rule_id',
  'rule_name',
  'vehicle_id',
  'priority',
  'onset_ms',
  'raised_ms',
  'cleared_ms',
  'condition',
  'latched',
  'acknowledged',
  'acknowledged_by',
  'acknowledged_ms',
  'comment',
  'value',
  'peak',
  'unit',
  'message',
  'lat',
  'lon',
  'id',
];
const INSERT = `INSERT INTO alert (${COLUMNS.join(', ')}) VALUES (${placeholders(COLUMNS.length)}) ON CONFLICT (id) DO NOTHING`;
const UPDATE = `UPDATE alert SET ${COLUMNS.slice(0, -1)
  .map((column) => `${column} = ?`)
  .join(', ')} WHERE id = ?`;

function values(alert: Alert): SqlValue[] {
  return [
    alert.ruleId,
    alert.ruleName,
    alert.vehicleId,
    alert.priority,
    alert.onsetMs,
    alert.raisedMs,
    alert.clearedMs ?? null,
    alert.condition,
    Number(alert.latched),
    Number(alert.acknowledged),
    alert.acknowledgedBy ?? null,
    alert.acknowledgedMs ?? null,
    alert.comment ?? null,
    alert.value ?? null,
    alert.peak ?? null,
    alert.unit,
    alert.message,
    alert.lat ?? null,
    alert.lon ?? null,
    alert.id,
  ];
}

const HOUR_MS = 3_600_000;
const COUNT_ALERT = `
  INSERT INTO alert_hour (hour_ms, rule_id, priority, raised) VALUES (?, ?, ?, 1)
  ON CONFLICT (hour_ms, rule_id, priority) DO UPDATE SET raised = raised + 1`;

/** Writes alerts as they stand at the end of a batch, and counts those it had not seen, also by hour, rule and priority. */
export function alertWriter(db: Database.Database, meta: Meta): (alerts: readonly Alert[]) => void {
  const insert = db.prepare<[SqlValue[]]>(INSERT);
  const update = db.prepare<[SqlValue[]]>(UPDATE);
  const count = db.prepare<[number, string, number]>(COUNT_ALERT);
  return (alerts) => {
    let raised = 0;
    for (const alert of alerts) {
      const row = values(alert);
      if (insert.run(row).changes > 0) {
        raised++;
        count.run(Math.floor(alert.raisedMs / HOUR_MS) * HOUR_MS, alert.ruleId, alert.priority);
      } else update.run(row);
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

/** Writes what operators did and which rules came into force. */
export function actionWriter(
  db: Database.Database,
): (batch: Pick<OutputBatch, 'operatorActions' | 'rulesChanges'>) => void {
  const action = db.prepare<SqlValue[]>(
    `INSERT INTO operator_action (id, type, alert_id, operator, comment, at_ms, position)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const rules = db.prepare<SqlValue[]>(
    'INSERT INTO rules_change (position, at_ms, actor, packs) VALUES (?, ?, ?, ?) ON CONFLICT (position) DO NOTHING',
  );
  return ({ operatorActions, rulesChanges }) => {
    for (const { action: done, atMs, position } of operatorActions) {
      action.run(done.id, done.type, done.alertId, done.operator, done.comment ?? null, atMs, position);
    }
    for (const { change, atMs, position } of rulesChanges) {
      rules.run(position, atMs, change.by, JSON.stringify(change.packs));
    }
  };
}
