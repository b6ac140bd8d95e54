import Database from 'better-sqlite3';

/**
 * - `disk-full`, `disk`, `busy`: the file cannot be written or read now; the same call may work later.
 * - `damaged`, `newer`, `older`, `foreign`, `missing`: the file is not one this program can use.
 * - `bad-batch`: the engine gave something that the tables do not allow; nothing of it was written.
 * - `bad-arguments`: a question that cannot be answered as asked.
 */
export type HistoryErrorKind =
  | 'disk-full'
  | 'disk'
  | 'busy'
  | 'damaged'
  | 'newer'
  | 'older'
  | 'foreign'
  | 'missing'
  | 'bad-batch'
  | 'bad-arguments';

/** An error of the history: `kind` for code, `message` one or two plain sentences for people. */
export class HistoryError extends Error {
  readonly kind: HistoryErrorKind;

  constructor(kind: HistoryErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'HistoryError';
    this.kind = kind;
  }
}

/** Turns an error of SQLite into a sentence that says which file and what to do; any other error is given back as it is. */
export function toHistoryError(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code, message } = error;
  const made = (kind: HistoryErrorKind, text: string): HistoryError => new HistoryError(kind, text, error);
  if (code === 'SQLITE_FULL') {
    return made(
      'disk-full',
      `No space left for the history ${file}. Free some disk space; nothing is recorded until then.`,
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return made('busy', `Another program is writing to the history ${file}. Close it there; reading it is fine.`);
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return made(
      'damaged',
      `The history ${file} is damaged (${message}). Move it away, with the files beside it that end in -wal and -shm, and start again: a new history begins.`,
    );
  }
  if (code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_MISMATCH' || code === 'SQLITE_TOOBIG') {
    return made('bad-batch', `The history ${file} refused a batch (${message}). Nothing of it was written.`);
  }
  return made(
    'disk',
    `The history ${file} cannot be used (${message}). Check the disk and the permissions of its folder.`,
  );
}
