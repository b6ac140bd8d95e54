import type Database from 'better-sqlite3';

/**
 * Tables by day: see `day-tables.ts`. Rows from before stay where they are, under another name, until they are too old: moving
 * gigabytes would hold up the start. Empty tables go at once.
 */
export function days(db: Database.Database): void {
  db.exec(`
    CREATE TABLE partition (
      base TEXT NOT NULL,
      day_ms INTEGER NOT NULL,
      name TEXT NOT NULL,
      thinned_id INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (base, day_ms)
    ) STRICT, WITHOUT ROWID;
  `);
  for (const base of ['vehicle_minute', 'track']) {
    if (db.prepare(`SELECT 1 FROM ${base} LIMIT 1`).get() === undefined) {
      db.exec(`DROP TABLE ${base}`);
      continue;
    }
    db.exec(`ALTER TABLE ${base} RENAME TO ${base}_v3`);
    db.prepare('INSERT INTO partition (base, day_ms, name) VALUES (?, -1, ?)').run(base, `${base}_v3`);
  }
}
