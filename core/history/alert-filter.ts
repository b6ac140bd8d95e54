import { PRIORITY, type Priority } from '../model/alerts.ts';
import { ALERT_COLUMNS } from './alert-columns.ts';
import { describe, openSpan, optionalName, rowLimit } from './arguments.ts';
import { HistoryError } from './errors.ts';
import type { SqlValue } from './signal-columns.ts';

/** Lists come without the reasons of each alert, which are long. */
export const LISTED_COLUMNS = ALERT_COLUMNS.filter((column) => column !== 'why').join(', ');

/** A text is looked for in this many alerts at most: the newest of those that pass the rest. */
export const SEARCHED_ALERTS = 50_000;

/** Which alerts; all that is given must hold. */
export interface AlertFilter {
  readonly limit: number;
  readonly vehicleId?: string;
  readonly ruleId?: string;
  readonly priority?: Priority;
  /** Folded under this one. */
  readonly groupId?: string;
  /** Raised from then on, Unix ms. */
  readonly fromMs?: number;
  /** Raised before then, Unix ms. */
  readonly toMs?: number;
  /** In vehicle, rule, message or comment; capital or small letters of a–z alike. */
  readonly text?: string;
}

/** By which filter alerts are looked up, the narrowest first; each has an index with `raised_ms` behind it. */
const LOOKED_UP_BY = ['group_id', 'vehicle_id', 'rule_id', 'priority'] as const;

const SEARCHED = `vehicle_id || char(10) || rule_name || char(10) || message || char(10) || coalesce(comment, '')`;

/** The question for alerts that pass the filter, newest first. Throws a HistoryError. */
export function filterAlerts(filter: AlertFilter): { sql: string; values: Record<string, SqlValue> } {
  const limit = rowLimit(filter.limit);
  const given = {
    group_id: optionalName('groupId', filter.groupId),
    vehicle_id: optionalName('vehicleId', filter.vehicleId),
    rule_id: optionalName('ruleId', filter.ruleId),
    priority: priorityOf(filter.priority),
  };
  const text = optionalName('text', filter.text);
  const values: Record<string, SqlValue> = { ...openSpan(filter), limit };
  const lookedUpBy = LOOKED_UP_BY.find((column) => given[column] !== undefined);
  const conditions = ['raised_ms >= :fromMs', 'raised_ms < :toMs'];
  for (const column of LOOKED_UP_BY) {
    const value = given[column];
    if (value === undefined) continue;
    // The sign keeps SQLite from another index.
    conditions.push(`${column === lookedUpBy ? '' : '+'}${column} = :${column}`);
    values[column] = value;
  }
  const newest = (columns: string, rows: string): string =>
    `SELECT ${columns} FROM alert WHERE ${conditions.join(' AND ')} ORDER BY raised_ms DESC, rowid DESC LIMIT ${rows}`;
  if (text === undefined) return { sql: newest(LISTED_COLUMNS, ':limit'), values };
  const sql = `
    SELECT ${LISTED_COLUMNS} FROM (${newest(LISTED_COLUMNS, String(SEARCHED_ALERTS))})
    WHERE instr(lower(${SEARCHED}), :text) > 0 LIMIT :limit`;
  return { sql, values: { ...values, text: lowerAscii(text) } };
}

function priorityOf(value: unknown): Priority | undefined {
  if (value === undefined) return undefined;
  const priority = Object.values(PRIORITY).find((known) => known === value);
  if (priority === undefined) {
    throw new HistoryError('bad-arguments', `priority is ${describe(value)}; give 1 (critical) to 4 (low).`);
  }
  return priority;
}

/** As SQLite's `lower` does it. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
