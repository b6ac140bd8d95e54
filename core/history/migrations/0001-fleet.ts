import type { Migration } from './migration.ts';

// Written out, not made from the catalogue: what a released migration does must never change.
const SIGNAL_COLUMNS = `
  speed_kmph REAL,
  heading REAL,
  sat_count REAL,
  battery_v REAL,
  fuel_pct REAL,
  engine_temp_c REAL,
  odometer_km REAL,
  coolant_level_pct REAL,
  oil_temp_c REAL,
  oil_pressure_kpa REAL,
  fuel_pressure_kpa REAL,
  cargo_temp_c REAL,
  tyre_pressure_kpa_1 REAL,
  tyre_pressure_kpa_2 REAL,
  tyre_pressure_kpa_3 REAL,
  tyre_pressure_kpa_4 REAL,
  accel_g_x REAL,
  accel_g_y REAL,
  accel_g_z REAL,
  ecu_cpu_pct REAL,
  ecu_mem_pct REAL,
  ecu_temp_c REAL,
  rpm REAL,
  ignition INTEGER,
  ac_on INTEGER,
  doors_open INTEGER,
  headlights_on INTEGER,
  seatbelt INTEGER`;

/** Vehicles, their tracks and their minutes. */
export const fleet: Migration = {
  version: 1,
  name: 'fleet',
  up(db) {
    db.exec(`
      CREATE TABLE vehicle (
        id INTEGER PRIMARY KEY,
        vehicle_id TEXT NOT NULL UNIQUE,
        first_seen_ms INTEGER NOT NULL,
        last_event_ms INTEGER,
        last_received_ms INTEGER NOT NULL,
        lat REAL,
        lon REAL,
        movement TEXT NOT NULL,
        driver_id TEXT,
        trip_id TEXT,
        fault_codes TEXT,${SIGNAL_COLUMNS}
      ) STRICT;

      CREATE TABLE track (
        id INTEGER PRIMARY KEY,
        vehicle INTEGER NOT NULL REFERENCES vehicle (id),
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        points INTEGER NOT NULL,
        data BLOB NOT NULL CHECK (length(data) = points * 12)
      ) STRICT;
      CREATE UNIQUE INDEX track_vehicle ON track (vehicle, start_ms);

      CREATE TABLE vehicle_minute (
        minute_ms INTEGER NOT NULL,
        vehicle INTEGER NOT NULL REFERENCES vehicle (id),
        max_speed_kmph REAL,${SIGNAL_COLUMNS},
        PRIMARY KEY (minute_ms, vehicle)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
