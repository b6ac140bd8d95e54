import type Database from 'better-sqlite3';

/** Where the engine goes on after a restart: nothing that happened to the fleet. */
const BOOKKEEPING = new Set(['checkpoint']);

interface Column {
  readonly name: string;
  readonly type: string;
  /** Place in the primary key from 1; 0 when it is not part of it. */
  readonly pk: number;
}

interface ForeignKey {
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
}

/** How to read a table so that equal contents give equal rows in the same order. */
export interface TableQuery {
  readonly table: string;
  readonly columns: readonly string[];
  readonly sql: string;
}

/** The tables of a history by name, those left out that only say where the engine stands. */
export function tableNames(db: Database.Database): string[] {
  return db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .pluck()
    .all()
    .filter((name) => !BOOKKEEPING.has(name));
}

/**
 * Rows are given numbers in the order in which they are written, which depends on how outputs were cut into batches. So a
 * number that only names its own row is left out, one that names a row of another table is replaced by that row's own name
 * (a vehicle's number by its id), and rows come in the order of their primary key, or of all columns where it was such a number.
 */
export function contentQuery(db: Database.Database, table: string): TableQuery {
  const foreign = db.pragma(`foreign_key_list(${quote(table)})`) as ForeignKey[];
  const all = columnsOf(db, table);
  const given = numberOf(all);
  const kept = all.length > 1 ? all.filter((column) => column !== given) : all;
  const joins: string[] = [];
  const expressions = new Map<string, string>();
  for (const { name, type } of kept) {
    const key = foreign.find((f) => f.from === name) ?? impliedKey(db, name, type);
    const own = key && ownName(db, key);
    if (key && own) {
      const alias = quote(`of ${name}`);
      joins.push(
        `LEFT JOIN ${quote(key.table)} AS ${alias} ON ${alias}.${quote(key.to ?? 'id')} = main_table.${quote(name)}`,
      );
      expressions.set(name, `${alias}.${quote(own)}`);
    } else expressions.set(name, `main_table.${quote(name)}`);
  }
  const keys = kept.filter((column) => column.pk > 0).sort((a, b) => a.pk - b.pk);
  const order = (keys.length > 0 ? keys : kept).map(({ name }) => expressions.get(name));
  const sql = `SELECT ${[...expressions.values()].join(', ')} FROM ${quote(table)} AS main_table ${joins.join(' ')}
    ORDER BY ${order.join(', ')}`;
  return { table, columns: [...expressions.keys()], sql };
}

function columnsOf(db: Database.Database, table: string): Column[] {
  return db.pragma(`table_info(${quote(table)})`) as Column[];
}

/** A number in a column that is called like a table names a row of it. */
function impliedKey(db: Database.Database, from: string, type: string): ForeignKey | undefined {
  if (type !== 'INTEGER' || !numberOf(columnsOf(db, from))) return undefined;
  return { table: from, from, to: 'id' };
}

/** The column that only numbers the rows: `id`, when it is an integer and the whole primary key. */
function numberOf(columns: readonly Column[]): Column | undefined {
  const keys = columns.filter((column) => column.pk > 0);
  const [key] = keys;
  return keys.length === 1 && key?.name === 'id' && key.type === 'INTEGER' ? key : undefined;
}

/** The text that names a row of the table a key points to, when the key is only a number: its one unique text column. */
function ownName(db: Database.Database, key: ForeignKey): string | undefined {
  const columns = columnsOf(db, key.table);
  const number = numberOf(columns);
  if (!number || (key.to ?? number.name) !== number.name) return undefined;
  const indexes = db.pragma(`index_list(${quote(key.table)})`) as { name: string; unique: number; partial: number }[];
  for (const index of indexes.filter((i) => i.unique === 1 && i.partial === 0)) {
    const parts = db.pragma(`index_info(${quote(index.name)})`) as { name: string }[];
    const column = parts.length === 1 && columns.find((c) => c.name === parts[0].name && c.type === 'TEXT');
    if (column) return column.name;
  }
  throw new Error(`The table ${key.table} has no unique text by which its rows could be told apart.`);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
