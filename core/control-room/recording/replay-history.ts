import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type HistoryWriter, openHistory } from '../../history/writer.ts';

/** A history that a replay fills and that goes when it is closed. */
export interface ReplayHistory {
  readonly writer: HistoryWriter;
  /** For reading what is committed. */
  readonly db: Database.Database;
  close(): void;
}

/** A new, empty history in a temporary file: a history in memory could not be read beside its writer. */
export function openReplayHistory(): ReplayHistory {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-replay-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    const file = join(dir, 'history.sqlite');
    const writer = openHistory({ file });
    const db = new Database(file, { readonly: true });
    return {
      writer,
      db,
      close() {
        db.close();
        writer.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
