import Database from 'better-sqlite3';

/**
 * Tables about this room's own journal and file, and what goes by its clock (floods, and when somebody is told: notices-crash looks at
 * those), not about what the fleet did.
 */
const OWN_TABLES = new Set([
  ...['checkpoint', 'meta', 'journal_gap', 'rules_change', 'settings_change', 'partition'],
  ...['notice', 'alert_flood', 'alert_slot'],
]);

/** Columns that say when or where in its journal a room got something. Another run gets it at another time and place. */
const OWN_COLUMNS: Record<string, readonly string[]> = {
  // What is folded under what goes by the room's clock as well.
  alert: ['why', 'shown_ms', 'group_id', 'group_kind', 'group_label', 'group_count', 'group_open'],
  late_event: ['position', 'message_index', 'object_index', 'received_ms'],
  operator_action: ['position'],
  quarantine_sample: ['position', 'message_index', 'received_ms'],
  schema_notice: ['first_ms'],
  vehicle: ['first_seen_ms', 'last_received_ms'],
};

/** Counts of messages as they came, those that the broker sent again included. */
const OWN_COUNTERS = new Set(['processed', 'duplicates', 'ignored']);

export interface TableComparison {
  readonly table: string;
  readonly rows: number;
  /** Rows that only one of the two has, as JSON: at most a few of each. */
  readonly onlyFirst: string[];
  readonly onlySecond: string[];
}

type Row = Record<string, unknown>;

/** Compares two histories row for row in everything that does not depend on when the room got its messages. */
export function compareHistories(first: string, second: string): TableComparison[] {
  const a = readTables(first);
  const b = readTables(second);
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  return names.map((table) => compareRows(table, a.get(table) ?? [], b.get(table) ?? []));
}

const SHOWN = 5;

function compareRows(table: string, first: string[], second: string[]): TableComparison {
  const counts = new Map<string, number>();
  for (const row of first) counts.set(row, (counts.get(row) ?? 0) + 1);
  for (const row of second) counts.set(row, (counts.get(row) ?? 0) - 1);
  const differing = [...counts].filter(([, n]) => n !== 0).sort();
  const only = (sign: number): string[] =>
    differing
      .filter(([, n]) => Math.sign(n) === sign)
      .slice(0, SHOWN)
      .map(([row]) => row);
  return { table, rows: first.length, onlyFirst: only(1), onlySecond: only(-1) };
}

function readTables(file: string): Map<string, string[]> {
  const db = new Database(file, { readonly: true });
  try {
    const ids = { vehicle: idsOf(db, 'vehicle'), driver: idsOf(db, 'driver') };
    const names = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
    return new Map(
      names
        .filter((name) => !OWN_TABLES.has(name))
        .map((name) => {
          const rows = db.prepare<[], Row>(`SELECT * FROM ${name}`).all();
          return [name, rows.filter((row) => isFleets(name, row)).map((row) => textOf(name, row, ids))];
        }),
    );
  } finally {
    db.close();
  }
}

function isFleets(table: string, row: Row): boolean {
  if (table === 'alert_transition' && row.kind === 'grouped') return false;
  return table !== 'counter' || !OWN_COUNTERS.has(String(row.name));
}

type Ids = Readonly<Record<'vehicle' | 'driver', ReadonlyMap<unknown, unknown>>>;

/** A database numbers vehicles and drivers as they come. */
function idsOf(db: Database.Database, table: 'vehicle' | 'driver'): Map<unknown, unknown> {
  const rows = db.prepare<[], Row>(`SELECT id, ${table}_id AS name FROM ${table}`).all();
  return new Map(rows.map((row) => [row.id, row.name]));
}

function textOf(table: string, row: Row, ids: Ids): string {
  // Tables by day end in the day.
  const own = OWN_COLUMNS[table.replace(/_\d{8}$/, '')];
  const kept = Object.entries(row).filter(([name, value]) => !own?.includes(name) && !isRowNumber(name, value));
  const named = (name: string, value: unknown): unknown =>
    name === 'vehicle' || name === 'driver' ? ids[name].get(value) : shown(value);
  return JSON.stringify(Object.fromEntries(kept.map(([name, value]) => [name, named(name, value)])));
}

/** Numbers that a database gives its rows say in which order they came. */
const isRowNumber = (name: string, value: unknown): boolean => name === 'id' && typeof value === 'number';

const shown = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
