import Database from 'better-sqlite3';

interface ForeignKey {
  readonly table: string;
  readonly from: string;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

/** The unique text that a table's numbers stand for. */
const NAMES: Readonly<Record<string, string>> = { vehicle: 'vehicle_id', driver: 'driver_id' };
/** Their rows stay in the order in which they were written. */
const IN_ORDER = ['alert', 'alert_transition', 'notice'];

/**
 * Reads every column of a table. Numbers of rows depend on where batches were cut: they are left out, and those that point to a
 * vehicle or a driver are replaced by its id.
 */
function contents(db: Database.Database, table: string): string {
  const columns = db.pragma(`table_info(${table})`) as Column[];
  const foreign = db.pragma(`foreign_key_list(${table})`) as ForeignKey[];
  const keys = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const numbered = keys.length === 1 && ['id', 'sequence'].includes(keys[0].name) && keys[0].type === 'INTEGER';
  const kept = columns.filter((column) => !(numbered && column === keys[0]));
  const expression = ({ name, type }: Column): string => {
    const key = foreign.find(({ from }) => from === name);
    if (key) return `(SELECT ${NAMES[key.table]} FROM ${key.table} WHERE id = t.${name})`;
    return type === 'BLOB' ? `hex(t.${name})` : `t.${name}`;
  };
  const order = IN_ORDER.includes(table) ? ['rowid'] : (numbered ? kept : keys).map(expression);
  // Only the newest: where the one before it lies depends on where batches were cut.
  const limit = table === 'checkpoint' ? ' DESC LIMIT 1' : '';
  const values = kept.map((column) => {
    const named = foreign.some(({ from }) => from === column.name) ? `${column.name}_id` : column.name;
    return `${expression(column)} AS ${named}`;
  });
  return `SELECT ${values.join(', ')} FROM ${table} AS t ORDER BY ${order.join(', ')}${limit}`;
}

/** Every row of a history by table, in an order that does not depend on how its batches were cut. */
export function dump(file: string): Record<string, Record<string, unknown>[]> {
  const db = new Database(file, { readonly: true });
  try {
    return dumpOf(db);
  } finally {
    db.close();
  }
}

export function dumpOf(db: Database.Database): Record<string, Record<string, unknown>[]> {
  const names = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  const rows = names.toSorted().map((name) => [name, db.prepare(contents(db, name)).all()]);
  return Object.fromEntries(rows) as Record<string, Record<string, unknown>[]>;
}

/** The rows of a base by days, all days together, as they are stored. */
export function ofDays(rows: Record<string, Record<string, unknown>[]>, base: string): Record<string, unknown>[] {
  const tables = Object.keys(rows).filter((table) => table.startsWith(`${base}_`) && /_\d{8}$/.test(table));
  return tables.toSorted().flatMap((table) => rows[table]);
}

/** What a view shows, by vehicle and time. */
export function dumpView(file: string, view: string, time: string): Record<string, unknown>[] {
  const db = new Database(file, { readonly: true });
  try {
    const sql = `SELECT v.vehicle_id, t.* FROM ${view} t JOIN vehicle v ON v.id = t.vehicle ORDER BY v.vehicle_id, t.${time}`;
    return db.prepare<[], Record<string, unknown>>(sql).all();
  } finally {
    db.close();
  }
}
