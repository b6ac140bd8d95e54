import Database from 'better-sqlite3';

const VERSION = 1;

const SCHEMA = `
CREATE TABLE delivery (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  notice_id TEXT NOT NULL,
  target TEXT NOT NULL,
  channel TEXT NOT NULL,
  route TEXT NOT NULL,
  reason TEXT NOT NULL,
  priority INTEGER NOT NULL,
  alert_ids TEXT NOT NULL,
  vehicle_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  payload TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  first_ms INTEGER NOT NULL DEFAULT 0,
  due_ms INTEGER NOT NULL,
  done_ms INTEGER,
  error TEXT NOT NULL DEFAULT '',
  UNIQUE (notice_id, target)
) STRICT;
CREATE INDEX delivery_due ON delivery (channel, target, due_ms) WHERE state IN ('waiting', 'in-doubt');
CREATE INDEX delivery_state ON delivery (state, seq);
CREATE INDEX delivery_alert ON delivery (alert_ids, seq) WHERE channel = 'mqtt' AND state = 'waiting';
CREATE INDEX delivery_done ON delivery (done_ms) WHERE done_ms IS NOT NULL;
-- How far the notices of the history have been taken in.
CREATE TABLE cursor (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL) STRICT;
INSERT INTO cursor VALUES (1, 0);
PRAGMA user_version = ${VERSION};
`;

/**
 * Opens or makes the outbox. Every commit is on the disk when it returns: what is marked as begun must be known to be after a power
 * cut. Throws when the file cannot be used.
 */
export function openOutboxDatabase(file: string): Database.Database {
  const db = new Database(file, { timeout: 5000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    const version = db.pragma('user_version', { simple: true });
    if (version === 0) db.transaction(() => db.exec(SCHEMA))();
    else if (version !== VERSION)
      throw new Error(
        `it was made by another version of Watchfloor (its schema is ${version}, this one knows ${VERSION})`,
      );
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
