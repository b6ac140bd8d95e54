import type Database from 'better-sqlite3';
import { HistoryError } from './errors.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations/all.ts';

/** `WFLR`: what `file` and other tools show as the owner of the database. */
export const APPLICATION_ID = 0x57464c52;

/** The schema version of the file; 0 for an empty one. Throws a HistoryError for a newer schema or another program's database. */
export function schemaVersion(db: Database.Database, file: string): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  const owner = db.pragma('application_id', { simple: true }) as number;
  const empty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (empty && version === 0 && owner === 0) return 0;
  if (owner !== APPLICATION_ID) {
    throw new HistoryError(
      'foreign',
      `${file} is another program's database. Move it away, or choose another data folder.`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new HistoryError(
      'newer',
      `The history ${file} was written by a newer Watchfloor (schema ${version}; this one knows ${SCHEMA_VERSION}). Start the newer version, or choose another data folder.`,
    );
  }
  return version;
}

/** Brings the schema to `upTo`, each migration in a transaction of its own; a crash in between leaves a whole earlier version. */
export function migrate(db: Database.Database, file: string, upTo = SCHEMA_VERSION): void {
  for (const migration of MIGRATIONS.slice(schemaVersion(db, file), upTo)) {
    const step = db.transaction(() => {
      migration.up(db);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${migration.version}`);
    });
    step.immediate();
  }
}
