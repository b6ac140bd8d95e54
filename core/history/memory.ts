import type { VehicleRow } from '../model/outputs.ts';
import { toHistoryError } from './errors.ts';
import { openForWriting } from './open-database.ts';
import { type HistoryQueries, historyQueries } from './queries.ts';
import type { SlowOptions } from './slow.ts';
import { vehicleWriter } from './write-vehicles.ts';
import { type HistoryWriter, historyWriter } from './writer.ts';

/** What messages call it; to SQLite, a database without a file. */
const NAME = ':memory:';

/** A history in memory: writer and questions share one connection. All calls block. */
export interface MemoryHistory {
  readonly writer: HistoryWriter;
  readonly queries: HistoryQueries;
  /** Writes rows of vehicles as they are now, outside of any batch. Throws a HistoryError. */
  refreshVehicles(rows: readonly VehicleRow[]): void;
  /** All of it as the bytes of a database file, a copy. */
  serialize(): Uint8Array;
  close(): void;
}

/** An empty history in memory, or one that goes on from what `serialize` gave. Grows to 1 GiB. Throws a HistoryError. */
export function openMemoryHistory(image?: Uint8Array, slow: SlowOptions = {}): MemoryHistory {
  const db = openForWriting({ file: NAME, image });
  const vehicles = vehicleWriter(db);
  const refresh = db.transaction((rows: readonly VehicleRow[]) => {
    for (const row of rows) vehicles.write(row);
  });
  return {
    writer: historyWriter(db, { file: NAME, ...slow }),
    queries: historyQueries(db, { file: NAME, ...slow }),
    refreshVehicles(rows) {
      try {
        refresh.immediate(rows);
      } catch (error) {
        vehicles.forget();
        throw toHistoryError(error, NAME);
      }
    },
    serialize: () => db.serialize(),
    close: () => void db.close(),
  };
}
