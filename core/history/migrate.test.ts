import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { SIGNALS } from '../model/signals.ts';
import { HistoryError } from './errors.ts';
import { migrate } from './migrate.ts';
import { SCHEMA_VERSION } from './migrations/all.ts';
import { openQueries } from './queries.ts';
import { batch, T0_MS, temporaryFile, vehicleRow } from './testing/batches.ts';
import { openHistory } from './writer.ts';

function schemaOf(file: string): unknown[] {
  const db = new Database(file, { readonly: true });
  const rows = db
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    .all();
  const version = db.pragma('user_version', { simple: true });
  db.close();
  return [version, ...rows];
}

function refusal(work: () => unknown): HistoryError {
  try {
    work();
  } catch (error) {
    if (error instanceof HistoryError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('opening a history', () => {
  it.each(Array.from({ length: SCHEMA_VERSION }, (_, version) => version))('brings schema %i up to date', (version) => {
    const fresh = temporaryFile();
    openHistory({ file: fresh }).close();
    const file = temporaryFile();
    const db = new Database(file);
    migrate(db, file, version);
    expect(db.pragma('user_version', { simple: true })).toBe(version);
    db.close();

    openHistory({ file }).close();
    expect(schemaOf(file)).toEqual(schemaOf(fresh));
    expect(schemaOf(file)[0]).toBe(SCHEMA_VERSION);
  });

  it('leaves a whole earlier version when a migration fails half way', () => {
    const file = temporaryFile();
    const db = new Database(file);
    migrate(db, file, 1);
    // The second migration makes `alert` first and then meets this table.
    db.exec('CREATE TABLE alert_transition (a)');
    expect(() => migrate(db, file)).toThrow(/already exists/);
    expect(db.pragma('user_version', { simple: true })).toBe(1);
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'alert'").get()).toBeUndefined();
    db.close();
  });

  it('has a column for every signal of the catalogue, flags as integers', () => {
    const file = temporaryFile();
    openHistory({ file }).close();
    const db = new Database(file, { readonly: true });
    const types = (table: string) =>
      Object.fromEntries(
        db.prepare<[string], [string, string]>('SELECT name, type FROM pragma_table_info(?)').raw().all(table),
      );
    const expected = Object.fromEntries(SIGNALS.map((signal) => [signal.name, signal.flag ? 'INTEGER' : 'REAL']));
    expect(types('vehicle')).toMatchObject(expected);
    const shown = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all('vehicle_minute');
    expect(shown).toEqual(['minute_ms', 'vehicle', 'max_speed_kmph', ...SIGNALS.map((signal) => signal.name)]);
    db.close();
  });

  it('uses a write-ahead log, can give pages back and says whose file it is', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const db = new Database(file, { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('auto_vacuum', { simple: true })).toBe(2);
    db.close();
    writer.close();
    expect(Buffer.from(readFileSync(file).subarray(68, 72)).toString()).toBe('WFLR');
  });

  it('refuses a newer history and leaves it as it was', () => {
    const file = temporaryFile();
    openHistory({ file }).close();
    const db = new Database(file);
    db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    const before = readFileSync(file);
    for (const open of [openHistory, openQueries]) {
      const error = refusal(() => open({ file }));
      expect(error.kind).toBe('newer');
      expect(error.message).toContain(`${file} was written by a newer Watchfloor (schema ${SCHEMA_VERSION + 1};`);
    }
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses another program’s database and leaves it as it was', () => {
    const file = temporaryFile();
    const db = new Database(file);
    db.exec('CREATE TABLE recipe (name TEXT)');
    db.close();
    const before = readFileSync(file);
    expect(refusal(() => openHistory({ file }))).toMatchObject({ kind: 'foreign' });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('says what to do with a file that is not a database', () => {
    const file = temporaryFile();
    writeFileSync(file, 'Dear diary, '.repeat(1000));
    const error = refusal(() => openHistory({ file }));
    expect(error.kind).toBe('damaged');
    expect(error.message).toContain(`${file} is damaged`);
    expect(error.message).toContain('Move it away');
  });

  it('says what to do when the damage is met later', () => {
    const file = temporaryFile();
    const first = openHistory({ file });
    first.commit(batch(0, 10, { vehicles: Array.from({ length: 3000 }, (_, i) => vehicleRow(`V-${i}`)) }));
    first.close();
    const broken = temporaryFile();
    copyFileSync(file, broken);
    truncateSync(broken, 100_000);
    const error = refusal(() => {
      const writer = openHistory({ file: broken });
      try {
        writer.commit(batch(10, 20, { vehicles: Array.from({ length: 3000 }, (_, i) => vehicleRow(`V-${i}`)) }));
      } finally {
        writer.close();
      }
    });
    expect(error).toMatchObject({ kind: 'damaged', message: expect.stringContaining(broken) });
  });

  it('says when the folder, or the history to be read, is not there', () => {
    const file = temporaryFile();
    expect(refusal(() => openQueries({ file }))).toMatchObject({ kind: 'missing' });
    expect(refusal(() => openHistory({ file: `${file}.dir/history.sqlite` }))).toMatchObject({ kind: 'missing' });
    const db = new Database(file);
    migrate(db, file, 1);
    db.close();
    expect(refusal(() => openQueries({ file }))).toMatchObject({ kind: 'older' });
  });

  it('refuses to write beside another writer, but reads', () => {
    const file = temporaryFile();
    const writer = openHistory({ file, busyTimeoutMs: 1 });
    writer.commit(batch(0, 10, { vehicles: [vehicleRow('V-1')] }));
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    expect(refusal(() => writer.commit(batch(10, 20)))).toMatchObject({ kind: 'busy' });
    const queries = openQueries({ file });
    expect(queries.totals().vehicles).toBe(1);
    queries.close();
    other.exec('ROLLBACK');
    other.close();
    expect(writer.commit(batch(10, 20))).toBe('applied');
    expect(writer.lastCommit()).toEqual({ position: 20, engineMs: T0_MS + 20 });
    writer.close();
  });
});
