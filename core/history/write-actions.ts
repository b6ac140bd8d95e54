import type Database from 'better-sqlite3';
import type { OutputBatch } from '../model/outputs.ts';
import type { OperatorAction } from '../model/records.ts';
import type { SqlValue } from './signal-columns.ts';

type Action = Pick<OutputBatch, 'operatorActions' | 'rulesChanges'>;

// Vehicle and rule of an action on an alert are those of the alert, which the same batch or an earlier one brought.
const INSERT_ACTION = `
  INSERT INTO operator_action
    (id, type, alert_id, vehicle_id, rule_id, operator, comment, reason, until_ms, assignee, at_ms, position)
  VALUES (:id, :type, :alertId,
    coalesce(:vehicleId, (SELECT vehicle_id FROM alert WHERE id = :alertId)),
    coalesce(:ruleId, (SELECT rule_id FROM alert WHERE id = :alertId)),
    :operator, :comment, :reason, :untilMs, :assignee, :atMs, :position)
  ON CONFLICT (id) DO NOTHING`;
const INSERT_RULES = `
  INSERT INTO rules_change (position, at_ms, actor, packs, comment, pack_names) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (position) DO NOTHING`;

/** Writes what operators did and which rules came into force; what is there already stays as it is. Call it behind the alerts. */
export function actionWriter(db: Database.Database): (batch: Action) => void {
  const action = db.prepare<[Record<string, SqlValue>]>(INSERT_ACTION);
  const rules = db.prepare<SqlValue[]>(INSERT_RULES);
  return ({ operatorActions, rulesChanges }) => {
    for (const { action: done, atMs, position } of operatorActions) action.run({ ...partsOf(done), atMs, position });
    for (const { change, atMs, position } of rulesChanges) {
      const names = JSON.stringify(change.packs.map(({ name }) => name));
      rules.run(position, atMs, change.by, JSON.stringify(change.packs), change.comment ?? null, names);
    }
  };
}

const part = <Name extends string>(action: OperatorAction, name: Name): SqlValue =>
  name in action ? ((action as Partial<Record<Name, string | number>>)[name] ?? null) : null;

function partsOf(action: OperatorAction): Record<string, SqlValue> {
  return {
    id: action.id,
    type: action.type,
    operator: action.operator,
    comment: action.comment ?? null,
    alertId: part(action, 'alertId'),
    vehicleId: part(action, 'vehicleId'),
    ruleId: part(action, 'ruleId'),
    reason: part(action, 'reason'),
    untilMs: part(action, 'untilMs'),
    assignee: part(action, 'assignee'),
  };
}
