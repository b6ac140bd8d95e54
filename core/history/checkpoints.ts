import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';

/** Engine state after the journal record that ends at `position`. */
export interface Checkpoint {
  readonly position: number;
  /** The engine's clock at `position`, Unix ms. */
  readonly engineMs: number;
  readonly state: Uint8Array;
}

export interface CheckpointStore {
  /** Of all checkpoints given, the two with the highest positions stay; one at the same position is replaced. */
  save(position: number, engineMs: number, state: Uint8Array): void;
  /** Newest first, at most two; one whose bytes do not match their checksum is left out. Each state has a buffer of its own. */
  load(): Checkpoint[];
}

interface Row {
  position: number;
  engine_ms: number;
  bytes: number;
  crc32: number;
  state: Uint8Array;
}

export function checkpointStore(db: Database.Database): CheckpointStore {
  const upsert = db.prepare<[number, number, number, number, Uint8Array]>(
    'INSERT OR REPLACE INTO checkpoint (position, engine_ms, bytes, crc32, state) VALUES (?, ?, ?, ?, ?)',
  );
  const trim = db.prepare(
    'DELETE FROM checkpoint WHERE position < (SELECT position FROM checkpoint ORDER BY position DESC LIMIT 1 OFFSET 1)',
  );
  const all = db.prepare<[], Row>('SELECT * FROM checkpoint ORDER BY position DESC');
  return {
    save(position, engineMs, state) {
      upsert.run(position, engineMs, state.byteLength, crc32(state), state);
      trim.run();
    },
    load: () =>
      all
        .all()
        .filter((row) => row.state.byteLength === row.bytes && crc32(row.state) === row.crc32)
        .map((row) => ({ position: row.position, engineMs: row.engine_ms, state: new Uint8Array(row.state) })),
  };
}
