import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RaisedAlert } from '../faults/compare.ts';

export interface RoomHistory {
  readonly alerts: RaisedAlert[];
  /** Newest event time of any vehicle, Unix ms; 0 when there is none. */
  readonly endMs: number;
}

/** Reads a room's alerts from its data directory; the room may be running. Throws a sentence when there is no history. */
export function readHistory(dataDir: string): RoomHistory {
  const file = join(dataDir, 'history.db');
  if (!existsSync(file)) throw new Error(`--data: there is no history.db in ${dataDir}.`);
  const db = new Database(file, { readonly: true });
  try {
    const alerts = db
      .prepare<[], RaisedAlert>(
        'SELECT rule_id AS ruleId, vehicle_id AS vehicleId, onset_ms AS onsetMs, raised_ms AS raisedMs FROM alert',
      )
      .all();
    const end = db.prepare<[], { endMs: number | null }>('SELECT max(last_event_ms) AS endMs FROM vehicle').get();
    return { alerts, endMs: end?.endMs ?? 0 };
  } catch (error) {
    throw new Error(`--data: ${file} cannot be read as a room's history: ${(error as Error).message}.`);
  } finally {
    db.close();
  }
}
