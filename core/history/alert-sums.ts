import type Database from 'better-sqlite3';
import { SLOT_MS } from '../model/alert-kpis.ts';
import type { Priority } from '../model/alerts.ts';
import type { Meta } from './meta.ts';

const HOUR_MS = 3_600_000;

/** What the sums count of an alert. */
export interface Counted {
  readonly rowid: number;
  readonly ruleId: string;
  readonly raisedMs: number;
  readonly priority: Priority;
  /** When it came into the queue, Unix ms; null while it never has. */
  readonly shownMs: number | null;
  /** The alert it is folded under. */
  readonly groupId: string | null;
}

interface Sum {
  readonly table: 'alert_hour' | 'alert_slot';
  readonly timeMs: number;
  readonly ruleId: string;
  readonly priority: Priority;
}

const SUMS = { alert_hour: ['hour_ms', 'raised'], alert_slot: ['slot_ms', 'entries'] } as const;

/**
 * Keeps `alert_hour` and `alert_slot` equal to the sums over the alerts as they stand, those already deleted included: call it with
 * each alert as it was (undefined for a new one) and as it is. A change of priority or group moves it from one sum to another, so
 * the sums do not depend on where batches were cut.
 */
export function alertSums(db: Database.Database, meta: Meta): (before: Counted | undefined, after: Counted) => void {
  const statements = new Map(
    (['alert_hour', 'alert_slot'] as const).map((table) => {
      const [time, sum] = SUMS[table];
      const add = db.prepare<[number, string, number]>(`
        INSERT INTO ${table} (${time}, rule_id, priority, ${sum}) VALUES (?, ?, ?, 1)
        ON CONFLICT (${time}, rule_id, priority) DO UPDATE SET ${sum} = ${sum} + 1`);
      const where = `WHERE ${time} = ? AND rule_id = ? AND priority = ?`;
      const take = db.prepare<[number, string, number]>(`UPDATE ${table} SET ${sum} = ${sum} - 1 ${where}`);
      const drop = db.prepare<[number, string, number]>(`DELETE FROM ${table} ${where} AND ${sum} <= 0`);
      return [table, { add, take, drop }];
    }),
  );
  const change = (before: Sum | undefined, after: Sum | undefined): void => {
    if (before && after && same(before, after)) return;
    if (before) {
      const { take, drop } = statements.get(before.table)!;
      take.run(before.timeMs, before.ruleId, before.priority);
      drop.run(before.timeMs, before.ruleId, before.priority);
    }
    if (after) statements.get(after.table)!.add.run(after.timeMs, after.ruleId, after.priority);
  };
  return (before, after) => {
    change(before && slotOf(before), slotOf(after));
    // Alerts from before version 4 that are not counted by hour yet will be, with the priority they have then.
    const uncounted = before !== undefined && before.rowid <= (meta.get('alert_hour_from') ?? 0);
    if (!uncounted) change(before && hourOf(before), hourOf(after));
  };
}

function hourOf({ raisedMs, ruleId, priority }: Counted): Sum {
  return { table: 'alert_hour', timeMs: Math.floor(raisedMs / HOUR_MS) * HOUR_MS, ruleId, priority };
}

/** An entry of the queue is what came into it and is not folded under another. */
function slotOf({ shownMs, groupId, ruleId, priority }: Counted): Sum | undefined {
  if (shownMs === null || groupId !== null) return undefined;
  return { table: 'alert_slot', timeMs: Math.floor(shownMs / SLOT_MS) * SLOT_MS, ruleId, priority };
}

function same(a: Sum, b: Sum): boolean {
  return a.timeMs === b.timeMs && a.ruleId === b.ruleId && a.priority === b.priority;
}
