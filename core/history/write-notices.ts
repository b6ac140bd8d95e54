import type Database from 'better-sqlite3';
import type { AlertFlood } from '../model/alert-floods.ts';
import type { Notice } from '../model/notices.ts';
import type { SqlValue } from './signal-columns.ts';

const INSERT_NOTICE = `
  INSERT INTO notice
    (id, channel, route, recipients, reason, priority, alert_ids, vehicle_id, subject, body, payload, at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;
const UPSERT_FLOOD = `
  INSERT INTO alert_flood (start_ms, end_ms, raised, peak) VALUES (?, ?, ?, ?)
  ON CONFLICT (start_ms) DO UPDATE SET end_ms = excluded.end_ms, raised = excluded.raised, peak = excluded.peak`;

/** Writes notices in the order in which they are to be delivered; one that is there already stays as it is. */
export function noticeWriter(db: Database.Database): (notices: readonly Notice[]) => void {
  const insert = db.prepare<SqlValue[]>(INSERT_NOTICE);
  return (notices) => {
    for (const n of notices) {
      const [to, alertIds] = [JSON.stringify(n.to), JSON.stringify(n.alertIds)];
      const texts = [n.vehicleId, n.subject, n.body, n.payload];
      insert.run(n.id, n.channel, n.route, to, n.reason, n.priority, alertIds, ...texts, n.atMs);
    }
  };
}

/** Writes floods as they stand. */
export function floodWriter(db: Database.Database): (floods: readonly AlertFlood[]) => void {
  const upsert = db.prepare<SqlValue[]>(UPSERT_FLOOD);
  return (floods) => {
    for (const { startMs, endMs, raised, peak } of floods) upsert.run(startMs, endMs ?? null, raised, peak);
  };
}
