import { openForWriting } from './open-database.ts';
import { type HistoryQueries, historyQueries, type QueryOptions } from './queries.ts';
import { type HistoryWriter, historyWriter } from './writer.ts';

/** What messages call it; to SQLite, a database without a file. */
const NAME = ':memory:';

/** A history in memory: writer and questions share one connection. All calls block. */
export interface MemoryHistory {
  readonly writer: HistoryWriter;
  readonly queries: HistoryQueries;
  /** All of it as the bytes of a database file, a copy. */
  serialize(): Uint8Array;
  close(): void;
}

export type MemoryOptions = Pick<QueryOptions, 'settings' | 'slowMs' | 'onSlow'>;

/** An empty history in memory, or one that goes on from what `serialize` gave. Grows to 1 GiB. Throws a HistoryError. */
export function openMemoryHistory(image?: Uint8Array, options: MemoryOptions = {}): MemoryHistory {
  const db = openForWriting({ file: NAME, image });
  return {
    writer: historyWriter(db, { file: NAME, ...options }),
    queries: historyQueries(db, { file: NAME, ...options }),
    serialize: () => db.serialize(),
    close: () => void db.close(),
  };
}
