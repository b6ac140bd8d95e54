import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { contentQuery, type TableQuery, tableNames } from './history-tables.ts';

export interface TableHash {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 in hex. */
  readonly sha256: string;
}

export interface HistoryHash {
  /** SHA-256 over every table, in hex. */
  readonly sha256: string;
  readonly tables: readonly TableHash[];
}

/**
 * A hash of all that a history holds, of every table there is. Equal for equal contents, whatever numbers rows were given
 * and in however many batches they came: see `contentQuery`. REAL values count with all their 64 bits.
 */
export function hashHistory(db: Database.Database): HistoryHash {
  const tables = tableNames(db).map((table) => hashTable(db, contentQuery(db, table)));
  const whole = createHash('sha256');
  for (const { table, rows, sha256 } of tables) whole.update(`${table} ${rows} ${sha256}\n`);
  return { sha256: whole.digest('hex'), tables };
}

/** The hash as text: a line a table, the hash of all of it on the last line. */
export function hashText({ tables, sha256 }: HistoryHash): string {
  const width = Math.max(...tables.map(({ table }) => table.length));
  const lines = tables.map((t) => `${t.table.padEnd(width)} ${String(t.rows).padStart(9)} rows  ${t.sha256}`);
  return `${[...lines, sha256].join('\n')}\n`;
}

function hashTable(db: Database.Database, { table, columns, sql }: TableQuery): TableHash {
  const hash = createHash('sha256').update(`${table}(${columns.join(', ')})\n`);
  const statement = db.prepare<[], unknown[]>(sql).raw().safeIntegers();
  let rows = 0;
  for (const row of statement.iterate()) {
    for (const value of row) addValue(hash, value);
    rows++;
  }
  return { table, rows, sha256: hash.digest('hex') };
}

const real = Buffer.alloc(8);

/** Each value with its type, and its length where it has one, so that no two rows give the same bytes. */
function addValue(hash: ReturnType<typeof createHash>, value: unknown): void {
  if (value === null) hash.update('n');
  else if (typeof value === 'bigint') hash.update(`i${value};`);
  else if (typeof value === 'number') {
    real.writeDoubleLE(value);
    hash.update('r').update(real);
  } else if (typeof value === 'string') hash.update(`t${Buffer.byteLength(value)};`).update(value);
  else if (value instanceof Uint8Array) hash.update(`b${value.length};`).update(value);
  else throw new Error(`a ${typeof value} in a history`);
}
