import type Database from 'better-sqlite3';
import type { Meta } from './meta.ts';

const ALERTS_PER_SLICE = 2000;

export const COUNT_SLICE = `
  INSERT INTO alert_hour (hour_ms, rule_id, priority, raised)
  SELECT raised_ms / 3600000 * 3600000, rule_id, priority, count(*) FROM alert WHERE rowid > ? AND rowid <= ?
  GROUP BY 1, 2, 3
  ON CONFLICT (hour_ms, rule_id, priority) DO UPDATE SET raised = raised + excluded.raised`;

/** Counts the next slice of alerts from before version 4 by hour; gives back how many rows it went through, 0 when all are counted. */
export function oldAlertCounter(db: Database.Database, meta: Meta): () => number {
  const count = db.prepare<[number, number]>(COUNT_SLICE);
  const slice = db.transaction((): number => {
    const upTo = meta.get('alert_hour_from') ?? 0;
    if (upTo <= 0) return 0;
    const from = Math.max(0, upTo - ALERTS_PER_SLICE);
    count.run(from, upTo);
    meta.set('alert_hour_from', from);
    return upTo - from;
  });
  return () => slice.immediate();
}
