import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { openForReading } from '../../history/open-database.ts';
import type { Episodes } from './episodes.ts';
import type { AlertSource } from './translate-action.ts';

/** The alerts that the room's history keeps. All calls block. */
export interface HistoryAlerts {
  /** Alerts raised from `fromMs` up to but not at `toMs` (event time, Unix ms); those from `countFromMs` on count. */
  into(episodes: Episodes, fromMs: number, countFromMs: number, toMs: number): void;
  readonly sourceOf: AlertSource;
  close(): void;
}

type Row = readonly [ruleId: string, vehicleId: string, onsetMs: number, raisedMs: number, clearedMs: number | null];

/** Opens the history of a data directory for reading, beside its writer too. Throws a HistoryError. */
export function openHistoryAlerts(dataDir: string): HistoryAlerts {
  const db: Database.Database = openForReading({ file: join(dataDir, 'history.db') });
  const raised = db
    .prepare<[number, number], Row>(
      `SELECT rule_id, vehicle_id, onset_ms, raised_ms,
         CASE condition WHEN 'cleared' THEN coalesce(cleared_ms, onset_ms) END FROM alert
       WHERE raised_ms >= ? AND raised_ms < ? ORDER BY raised_ms`,
    )
    .raw();
  const one = db.prepare<[string], { ruleId: string; vehicleId: string }>(
    'SELECT rule_id AS ruleId, vehicle_id AS vehicleId FROM alert WHERE id = ?',
  );
  return {
    into(episodes, fromMs, countFromMs, toMs) {
      for (const [ruleId, vehicleId, onsetMs, raisedMs, clearedMs] of raised.iterate(fromMs, toMs)) {
        if (ruleId.startsWith('external:')) continue;
        const row = episodes.add(ruleId, vehicleId, onsetMs, raisedMs, raisedMs >= countFromMs);
        if (clearedMs !== null) episodes.clearedMs[row] = clearedMs;
      }
    },
    sourceOf: (alertId) => one.get(alertId),
    close: () => db.close(),
  };
}
