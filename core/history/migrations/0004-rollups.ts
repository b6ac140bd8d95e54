import type Database from 'better-sqlite3';

const VEHICLE_SUMS = `
  start_ms INTEGER NOT NULL,
  vehicle INTEGER NOT NULL REFERENCES vehicle (id),
  events INTEGER,
  distance_m INTEGER,
  moving_ms INTEGER,
  idling_ms INTEGER,
  stopped_ms INTEGER,
  silent_ms INTEGER,
  max_speed_kmph INTEGER,
  fuel_used_pct INTEGER,
  harsh_events INTEGER,
  speeding_ms INTEGER,
  trips_started INTEGER,
  max_engine_temp_c INTEGER,
  min_battery_v INTEGER,
  PRIMARY KEY (start_ms, vehicle)`;

const VEHICLE_VIEW = `
  start_ms, vehicle, events, distance_m / 10.0 AS distance_m, moving_ms, idling_ms, stopped_ms, silent_ms,
  max_speed_kmph / 100.0 AS max_speed_kmph, fuel_used_pct / 100.0 AS fuel_used_pct, harsh_events, speeding_ms, trips_started,
  max_engine_temp_c / 100.0 AS max_engine_temp_c, min_battery_v / 1000.0 AS min_battery_v`;

const DRIVER_SUMS = `
  start_ms INTEGER NOT NULL,
  driver INTEGER NOT NULL REFERENCES driver (id),
  distance_m INTEGER NOT NULL,
  driving_ms INTEGER NOT NULL,
  idling_ms INTEGER NOT NULL,
  speeding_minor_ms INTEGER NOT NULL,
  speeding_major_ms INTEGER NOT NULL,
  speeding_severe_ms INTEGER NOT NULL,
  harsh_brakes INTEGER NOT NULL,
  harsh_accelerations INTEGER NOT NULL,
  harsh_corners INTEGER NOT NULL,
  severe_events INTEGER NOT NULL,
  PRIMARY KEY (start_ms, driver)`;

const DRIVER_VIEW = `
  start_ms, driver, distance_m / 10.0 AS distance_m, driving_ms, idling_ms, speeding_minor_ms, speeding_major_ms,
  speeding_severe_ms, harsh_brakes, harsh_accelerations, harsh_corners, severe_events`;

/** Sums by hour and day. Those with fractions are whole numbers in a table `…_store`, shown in their units by a view. */
export function rollups(db: Database.Database): void {
  db.exec(`
    CREATE TABLE driver (id INTEGER PRIMARY KEY, driver_id TEXT NOT NULL UNIQUE) STRICT;
  `);
  for (const period of ['hour', 'day']) {
    db.exec(`
      CREATE TABLE vehicle_${period}_store (${VEHICLE_SUMS}) STRICT, WITHOUT ROWID;
      CREATE VIEW vehicle_${period} AS SELECT ${VEHICLE_VIEW} FROM vehicle_${period}_store;
      CREATE TABLE driver_${period}_store (${DRIVER_SUMS}) STRICT, WITHOUT ROWID;
      CREATE VIEW driver_${period} AS SELECT ${DRIVER_VIEW} FROM driver_${period}_store;
    `);
  }
  db.exec(`
    CREATE TABLE utilisation_window (
      end_ms INTEGER PRIMARY KEY,
      revision INTEGER,
      active INTEGER,
      idle INTEGER,
      offline INTEGER
    ) STRICT;

    CREATE TABLE alert_hour (
      hour_ms INTEGER NOT NULL,
      rule_id TEXT NOT NULL,
      priority INTEGER NOT NULL,
      raised INTEGER NOT NULL,
      PRIMARY KEY (hour_ms, rule_id, priority)
    ) STRICT, WITHOUT ROWID;
  `);
  // Alerts up to this row are still to be counted: done in slices later, so that the start stays short.
  db.exec(`
    INSERT INTO meta (name, value)
    SELECT 'alert_hour_from', rowid FROM alert ORDER BY rowid DESC LIMIT 1
  `);
}
