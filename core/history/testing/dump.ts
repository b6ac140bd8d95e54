import Database from 'better-sqlite3';
import { SIGNAL_COLUMNS } from '../signal-columns.ts';

const SIGNALS = SIGNAL_COLUMNS.map((column) => `m.${column}`).join(', ');

// Vehicle numbers depend on where batches were cut, so every table names vehicles by their id; transitions and alerts keep their order.
const TABLES: Readonly<Record<string, string>> = {
  vehicle: `SELECT ${['first_seen_ms', 'last_event_ms', 'last_received_ms', 'lat', 'lon', 'movement', 'driver_id', 'trip_id', 'fault_codes'].join(', ')},
    vehicle_id, ${SIGNAL_COLUMNS.join(', ')} FROM vehicle ORDER BY vehicle_id`,
  track: `SELECT v.vehicle_id, t.start_ms, t.end_ms, t.points, hex(t.data) AS data FROM track t
    JOIN vehicle v ON v.id = t.vehicle ORDER BY v.vehicle_id, t.start_ms`,
  vehicle_minute: `SELECT v.vehicle_id, m.minute_ms, m.max_speed_kmph, ${SIGNALS} FROM vehicle_minute m
    JOIN vehicle v ON v.id = m.vehicle ORDER BY v.vehicle_id, m.minute_ms`,
  alert: 'SELECT * FROM alert ORDER BY rowid',
  alert_transition: 'SELECT * FROM alert_transition ORDER BY rowid',
  operator_action: 'SELECT * FROM operator_action ORDER BY position',
  rules_change: 'SELECT * FROM rules_change ORDER BY position',
  counter: 'SELECT * FROM counter',
  quarantine_count: 'SELECT * FROM quarantine_count',
  quarantine_sample: 'SELECT * FROM quarantine_sample',
  schema_notice: 'SELECT * FROM schema_notice',
  journal_gap: 'SELECT * FROM journal_gap',
  meta: 'SELECT * FROM meta',
  // Only the newest: where the one before it lies depends on where batches were cut.
  checkpoint:
    'SELECT position, engine_ms, bytes, crc32, hex(state) AS state FROM checkpoint ORDER BY position DESC LIMIT 1',
};

/** Every row of a history, in an order that does not depend on how its batches were cut. */
export function dump(file: string): Record<string, unknown[]> {
  const db = new Database(file, { readonly: true });
  try {
    const names = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
    return Object.fromEntries(names.map((name) => [name, db.prepare(TABLES[name] ?? `dump knows no ${name}`).all()]));
  } finally {
    db.close();
  }
}
