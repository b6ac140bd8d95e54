import type Database from 'better-sqlite3';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { tableNames } from './history-tables.ts';
import type { RunResult } from './replay-run.ts';

/** What a replay brought, as lines for people. */
export function summaryOf(source: ReplaySource, result: RunResult, db: Database.Database): string {
  const seconds = result.elapsedMs / 1000;
  const spanS = (source.endMs - source.startMs) / 1000;
  const lines = [
    `${source.name}: ${result.messages} messages in ${result.records} records`,
    `received ${iso(source.startMs)} to ${iso(source.endMs)} (${duration(spanS)}), events ${eventSpan(db)}`,
    `took ${seconds.toFixed(2)} s: ${Math.round(result.messages / seconds)} messages/s, ${(spanS / seconds).toFixed(1)} × real time`,
    ...(result.stops > 0 ? [`stopped and resumed ${result.stops} times`] : []),
    alerts(db),
    ...(tableNames(db).includes('trip') ? [`trips: ${count(db, 'trip')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function alerts(db: Database.Database): string {
  const rules = db
    .prepare<[], [string, number]>('SELECT rule_id, count(*) FROM alert GROUP BY rule_id ORDER BY 2 DESC, 1')
    .raw()
    .all();
  if (rules.length === 0) return 'alerts: none';
  const total = rules.reduce((sum, [, n]) => sum + n, 0);
  return `alerts: ${total} (${rules.map(([rule, n]) => `${rule} ${n}`).join(', ')})`;
}

function eventSpan(db: Database.Database): string {
  const [firstMs, lastMs] = db
    .prepare<[], [number | null, number | null]>(
      `SELECT (SELECT min(first) FROM (SELECT min(start_ms) AS first FROM track UNION SELECT min(minute_ms) FROM vehicle_minute)),
        (SELECT max(last_event_ms) FROM vehicle)`,
    )
    .raw()
    .get() ?? [null, null];
  return firstMs === null || lastMs === null ? 'none' : `${iso(firstMs)} to ${iso(lastMs)}`;
}

function count(db: Database.Database, table: string): number {
  return db.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
