import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { makeMissingViews } from './day-tables.ts';
import { HistoryError, toHistoryError } from './errors.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { SCHEMA_VERSION } from './migrations/all.ts';

export interface DatabaseOptions {
  readonly file: string;
  /** A whole database to go on with, in memory; `file` is then only what messages call it. */
  readonly image?: Uint8Array;
  /** How long to wait for another program that is writing; default 5 s. */
  readonly busyTimeoutMs?: number;
  /** Gets the text of every statement that runs, for diagnosis. */
  readonly trace?: (sql: string) => void;
}

const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** Opens or creates the database for writing and brings its schema up to date. Throws a HistoryError. */
export function openForWriting(options: DatabaseOptions): Database.Database {
  return open(options, false, (db) => {
    // Takes effect only in a file that has no tables yet, and not once WAL has written its first page.
    if (schemaVersion(db, options.file) === 0) db.pragma('auto_vacuum = INCREMENTAL');
    const journal = db.pragma('journal_mode = WAL', { simple: true });
    if (journal !== (db.memory ? 'memory' : 'wal')) {
      throw new HistoryError(
        'disk',
        `The disk of ${options.file} cannot hold a history that is read while it is written. Choose a data folder on a local disk.`,
      );
    }
    db.pragma('synchronous = NORMAL');
    db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
    db.pragma('wal_autocheckpoint = 4000');
    db.pragma('cache_size = -65536');
    db.pragma('temp_store = MEMORY');
    migrate(db, options.file);
    makeMissingViews(db);
  });
}

/** Opens the database for reading beside the writer. Throws a HistoryError, also when the writer has not made it yet. */
export function openForReading(options: DatabaseOptions): Database.Database {
  return open(options, true, (db) => {
    const version = schemaVersion(db, options.file);
    if (version < SCHEMA_VERSION) {
      throw new HistoryError(
        'older',
        `The history ${options.file} has schema ${version} and is read as ${SCHEMA_VERSION}: open it for writing first.`,
      );
    }
    db.pragma('cache_size = -16384');
    db.pragma('temp_store = MEMORY');
  });
}

function open(
  options: DatabaseOptions,
  readonly: boolean,
  prepare: (db: Database.Database) => void,
): Database.Database {
  const { file, image, busyTimeoutMs: timeout = 5000, trace } = options;
  if (!existsSync(dirname(file)))
    throw new HistoryError('missing', `The folder of the history ${file} does not exist.`);
  if (readonly && !existsSync(file)) throw new HistoryError('missing', `There is no history at ${file} yet.`);
  let db: Database.Database | undefined;
  try {
    db = new Database(image ? Buffer.from(image.buffer, image.byteOffset, image.byteLength) : file, {
      readonly,
      timeout,
      ...(trace && { verbose: (sql) => trace(String(sql)) }),
    });
    prepare(db);
    return db;
  } catch (error) {
    db?.close();
    throw toHistoryError(error, file);
  }
}
