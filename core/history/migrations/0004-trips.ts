import type Database from 'better-sqlite3';

/** Trips, stops and what drivers did. */
export function trips(db: Database.Database): void {
  db.exec(`
    CREATE TABLE trip (
      id TEXT PRIMARY KEY NOT NULL,
      vehicle_id TEXT NOT NULL,
      driver_id TEXT,
      trip_id TEXT,
      state TEXT NOT NULL,
      source TEXT NOT NULL,
      revision INTEGER NOT NULL,
      start_ms INTEGER NOT NULL,
      end_ms INTEGER NOT NULL,
      end_reason TEXT,
      start_lat REAL,
      start_lon REAL,
      end_lat REAL,
      end_lon REAL,
      distance_m REAL,
      moving_ms INTEGER,
      idling_ms INTEGER,
      stopped_ms INTEGER,
      gap_ms INTEGER,
      avg_speed_kmph REAL,
      max_speed_kmph REAL,
      fixes INTEGER,
      harsh_events INTEGER,
      fuel_used_pct REAL,
      odometer_km REAL,
      reported_distance_m REAL,
      reported_duration_s REAL
    ) STRICT;
    CREATE INDEX trip_start ON trip (start_ms);
    CREATE INDEX trip_vehicle ON trip (vehicle_id, start_ms);
    CREATE INDEX trip_driver ON trip (driver_id, start_ms);

    CREATE TABLE stop (
      id TEXT PRIMARY KEY NOT NULL,
      vehicle_id TEXT NOT NULL,
      start_ms INTEGER NOT NULL,
      end_ms INTEGER,
      lat REAL,
      lon REAL,
      idling_ms INTEGER,
      reason TEXT NOT NULL,
      trip_row_id TEXT
    ) STRICT;
    CREATE INDEX stop_start ON stop (start_ms);
    CREATE INDEX stop_vehicle ON stop (vehicle_id, start_ms);

    CREATE TABLE trip_summary (
      first_ms INTEGER NOT NULL,
      vehicle_id TEXT NOT NULL,
      trip_id TEXT NOT NULL,
      last_ms INTEGER NOT NULL,
      events INTEGER NOT NULL,
      distance_m REAL,
      avg_speed_kmph REAL,
      min_speed_kmph REAL,
      max_speed_kmph REAL,
      PRIMARY KEY (first_ms, vehicle_id, trip_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX trip_summary_trip ON trip_summary (trip_id);

    CREATE TABLE break_violation (
      id TEXT PRIMARY KEY NOT NULL,
      driver_id TEXT NOT NULL,
      vehicle_id TEXT NOT NULL,
      start_ms INTEGER NOT NULL,
      end_ms INTEGER NOT NULL,
      allowed_s REAL NOT NULL
    ) STRICT;
    CREATE INDEX break_violation_start ON break_violation (start_ms);
    CREATE INDEX break_violation_driver ON break_violation (driver_id, start_ms);

    CREATE TABLE driver_event (
      id TEXT PRIMARY KEY NOT NULL,
      driver_id TEXT NOT NULL,
      vehicle_id TEXT NOT NULL,
      trip_id TEXT,
      kind TEXT NOT NULL,
      severity TEXT NOT NULL,
      start_ms INTEGER NOT NULL,
      end_ms INTEGER NOT NULL,
      peak REAL,
      lat REAL,
      lon REAL
    ) STRICT;
    CREATE INDEX driver_event_start ON driver_event (start_ms);
    CREATE INDEX driver_event_driver ON driver_event (driver_id, start_ms);
  `);
}
