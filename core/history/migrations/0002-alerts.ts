import type { Migration } from './migration.ts';

/** Alerts, every change of them, and what operators did. */
export const alerts: Migration = {
  version: 2,
  name: 'alerts',
  up(db) {
    db.exec(`
      CREATE TABLE alert (
        id TEXT PRIMARY KEY NOT NULL,
        rule_id TEXT NOT NULL,
        rule_name TEXT NOT NULL,
        vehicle_id TEXT NOT NULL,
        priority INTEGER NOT NULL,
        onset_ms INTEGER NOT NULL,
        raised_ms INTEGER NOT NULL,
        cleared_ms INTEGER,
        condition TEXT NOT NULL,
        latched INTEGER NOT NULL,
        acknowledged INTEGER NOT NULL,
        acknowledged_by TEXT,
        acknowledged_ms INTEGER,
        comment TEXT,
        value REAL,
        peak REAL,
        unit TEXT NOT NULL,
        message TEXT NOT NULL,
        lat REAL,
        lon REAL
      ) STRICT;
      CREATE INDEX alert_raised ON alert (raised_ms);
      CREATE INDEX alert_vehicle ON alert (vehicle_id, raised_ms);
      CREATE INDEX alert_open ON alert (acknowledged, priority, raised_ms)
        WHERE condition <> 'cleared' OR latched = 1 OR acknowledged = 0;
      CREATE INDEX alert_closed ON alert (max(raised_ms, coalesce(cleared_ms, 0), coalesce(acknowledged_ms, 0)))
        WHERE condition = 'cleared' AND latched = 0 AND acknowledged = 1;

      CREATE TABLE alert_transition (
        id TEXT PRIMARY KEY NOT NULL,
        alert_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        actor TEXT NOT NULL,
        comment TEXT,
        value REAL
      ) STRICT;
      CREATE INDEX alert_transition_alert ON alert_transition (alert_id, at_ms);

      CREATE TABLE operator_action (
        id TEXT PRIMARY KEY NOT NULL,
        type TEXT NOT NULL,
        alert_id TEXT NOT NULL,
        operator TEXT NOT NULL,
        comment TEXT,
        at_ms INTEGER NOT NULL,
        position INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX operator_action_alert ON operator_action (alert_id, at_ms);
      CREATE INDEX operator_action_at ON operator_action (at_ms);
    `);
  },
};
