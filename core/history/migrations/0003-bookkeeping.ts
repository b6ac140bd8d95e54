import type { Migration } from './migration.ts';

/** What was counted and set aside, the rules in force, and where the engine goes on after a restart. */
export const bookkeeping: Migration = {
  version: 3,
  name: 'bookkeeping',
  up(db) {
    db.exec(`
      CREATE TABLE counter (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE quarantine_count (reason TEXT PRIMARY KEY NOT NULL, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE quarantine_sample (
        reason TEXT NOT NULL,
        position INTEGER NOT NULL,
        message_index INTEGER NOT NULL,
        received_ms INTEGER NOT NULL,
        topic TEXT NOT NULL,
        detail TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        head TEXT NOT NULL,
        PRIMARY KEY (reason, position, message_index)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE schema_notice (
        topic_kind TEXT NOT NULL,
        field TEXT NOT NULL,
        change TEXT NOT NULL,
        detail TEXT NOT NULL,
        first_ms INTEGER NOT NULL,
        PRIMARY KEY (topic_kind, field, change)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX schema_notice_first ON schema_notice (first_ms);

      CREATE TABLE rules_change (
        position INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        actor TEXT NOT NULL,
        packs TEXT NOT NULL
      ) STRICT;

      CREATE TABLE checkpoint (
        position INTEGER PRIMARY KEY,
        engine_ms INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        crc32 INTEGER NOT NULL,
        state BLOB NOT NULL
      ) STRICT;

      CREATE TABLE journal_gap (
        from_position INTEGER PRIMARY KEY,
        to_position INTEGER NOT NULL,
        at_ms INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
  },
};
