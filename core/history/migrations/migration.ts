import type Database from 'better-sqlite3';

/**
 * One step of the schema. `up` runs once, inside a transaction of its own that also writes `version` to `user_version`.
 * Once released a migration is never edited: what is wrong is put right by the next one.
 */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly up: (db: Database.Database) => void;
}
