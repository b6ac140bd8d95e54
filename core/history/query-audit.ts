import type Database from 'better-sqlite3';
import type { RulesVersion, StoredAction, StoredRulesChange } from '../model/audit.ts';
import type { OperatorAction, RulePackSource } from '../model/records.ts';
import { describe, openSpan, optionalName, rowLimit } from './arguments.ts';
import { HistoryError } from './errors.ts';
import type { SqlValue } from './signal-columns.ts';

export const SELECT_RULES_CHANGES = `
  SELECT position, at_ms, actor, comment, pack_names FROM rules_change ORDER BY position DESC LIMIT ?`;
export const SELECT_RULES_VERSION =
  'SELECT position, at_ms, actor, comment, packs FROM rules_change WHERE position = ?';

/** Which actions; all that is given must hold. */
export interface ActionFilter {
  readonly limit: number;
  readonly operator?: string;
  readonly vehicleId?: string;
  readonly alertId?: string;
  readonly type?: OperatorAction['type'];
  /** Unix ms, received time. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

interface ActionRow {
  readonly id: string;
  readonly type: string;
  readonly alert_id: string | null;
  readonly vehicle_id: string | null;
  readonly rule_id: string | null;
  readonly operator: string;
  readonly comment: string | null;
  readonly reason: string | null;
  readonly until_ms: number | null;
  readonly assignee: string | null;
  readonly at_ms: number;
  readonly position: number;
}

interface RulesRow {
  readonly position: number;
  readonly at_ms: number;
  readonly actor: string;
  readonly comment: string | null;
  readonly pack_names: string;
  readonly packs: string;
}

export interface AuditQueries {
  /** What operators did, newest first, at most 1,000. */
  operatorActions(args: ActionFilter): { actions: StoredAction[] };
  /** Changes of the rule packs, newest first, at most 1,000, without texts. */
  rulesHistory(args: { limit: number }): { changes: StoredRulesChange[] };
  /** The packs that came into force at that position, with their texts. */
  rulesVersion(args: { position: number }): RulesVersion;
}

export function auditQueries(db: Database.Database): AuditQueries {
  const changes = db.prepare<[number], RulesRow>(SELECT_RULES_CHANGES);
  const version = db.prepare<[number], RulesRow>(SELECT_RULES_VERSION);
  return {
    operatorActions(args) {
      const { sql, values } = filterActions(args);
      return { actions: db.prepare<[typeof values], ActionRow>(sql).all(values).map(toAction) };
    },
    rulesHistory: ({ limit }) => ({
      changes: changes.all(rowLimit(limit)).map((row) => ({
        ...changeOf(row),
        packNames: JSON.parse(row.pack_names) as string[],
      })),
    }),
    rulesVersion({ position }) {
      const row = Number.isSafeInteger(position) ? version.get(position) : undefined;
      if (!row) {
        throw new HistoryError('bad-arguments', `No rules came into force at position ${describe(position)}.`);
      }
      return { ...changeOf(row), packs: JSON.parse(row.packs) as RulePackSource[] };
    },
  };
}

/** The narrowest first; each has an index with `at_ms` behind it. */
const LOOKED_UP_BY = ['alert_id', 'vehicle_id', 'operator'] as const;

/** The question for actions that pass the filter, newest first. Throws a HistoryError. */
export function filterActions(filter: ActionFilter): { sql: string; values: Record<string, SqlValue> } {
  const given = {
    alert_id: optionalName('alertId', filter.alertId),
    vehicle_id: optionalName('vehicleId', filter.vehicleId),
    operator: optionalName('operator', filter.operator),
    type: optionalName('type', filter.type),
  };
  const values: Record<string, SqlValue> = { ...openSpan(filter), limit: rowLimit(filter.limit) };
  const lookedUpBy = LOOKED_UP_BY.find((column) => given[column] !== undefined);
  const conditions = ['at_ms >= :fromMs', 'at_ms < :toMs'];
  for (const [column, value] of Object.entries(given)) {
    if (value === undefined) continue;
    conditions.push(`${column === lookedUpBy ? '' : '+'}${column} = :${column}`);
    values[column] = value;
  }
  const where = conditions.join(' AND ');
  return { sql: `SELECT * FROM operator_action WHERE ${where} ORDER BY at_ms DESC, rowid DESC LIMIT :limit`, values };
}

function toAction(row: ActionRow): StoredAction {
  return {
    id: row.id,
    type: row.type as OperatorAction['type'],
    atMs: row.at_ms,
    position: row.position,
    operator: row.operator,
    alertId: row.alert_id ?? undefined,
    vehicleId: row.vehicle_id ?? undefined,
    ruleId: row.rule_id ?? undefined,
    comment: row.comment ?? undefined,
    reason: row.reason ?? undefined,
    untilMs: row.until_ms ?? undefined,
    assignee: row.assignee ?? undefined,
  };
}

function changeOf(row: RulesRow): Omit<RulesVersion, 'packs'> {
  return { position: row.position, atMs: row.at_ms, by: row.actor, comment: row.comment ?? undefined };
}
