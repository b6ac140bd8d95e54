import type Database from 'better-sqlite3';
import {
  BEHAVIOUR_STORED,
  HEALTH_STORED,
  MAX_SPEED_STORED,
  PANE_STORED,
  SIGNALS_STORED,
  type StoredColumn,
  valueSql,
  WINDOW_STORED,
} from './stored-columns.ts';

const DAY_MS = 86_400_000;
/** Days that rows may lie before the newest; older ones are beyond every age that is kept. A view of so many tables is still one that SQLite takes (500). */
export const MAX_DAYS = 400;
/** `day_ms` of the table with the rows from before version 4. */
export const BEFORE_DAYS = -1;

export const DAY_BASES = [
  'vehicle_minute',
  'track',
  'vehicle_window',
  'health_window',
  'behaviour_run',
  'driver_pane',
  'late_event',
] as const;
export type DayBase = (typeof DAY_BASES)[number];

interface DayShape {
  /** What stands between the parentheses of CREATE TABLE, and behind them. */
  readonly body: string;
  readonly options: string;
  /** Columns of the view, and what each is in terms of a table. */
  readonly columns: readonly string[];
  readonly values: readonly string[];
}

function keyed(time: string, key: 'vehicle' | 'driver', stored: readonly StoredColumn[]): DayShape {
  const own = stored.filter(({ name }) => name !== time);
  return {
    body: `
      ${time} INTEGER NOT NULL,
      ${key} INTEGER NOT NULL REFERENCES ${key} (id),
      ${own.map(({ name }) => `${name} INTEGER`).join(', ')},
      PRIMARY KEY (${time}, ${key})`,
    options: 'STRICT, WITHOUT ROWID',
    columns: [time, key, ...own.map(({ name }) => name)],
    values: [time, key, ...own.map((column) => valueSql(column))],
  };
}

function plain(columns: readonly string[], body: string, options: string): DayShape {
  return { body, options, columns, values: columns };
}

// A column that these tables get later is added by a migration to those that are there.
const SHAPES: Readonly<Record<DayBase, DayShape>> = {
  vehicle_minute: keyed('minute_ms', 'vehicle', [MAX_SPEED_STORED, ...SIGNALS_STORED]),
  vehicle_window: keyed('start_ms', 'vehicle', WINDOW_STORED),
  health_window: keyed('start_ms', 'vehicle', HEALTH_STORED),
  behaviour_run: keyed('first_end_ms', 'driver', BEHAVIOUR_STORED),
  driver_pane: keyed('start_ms', 'driver', PANE_STORED),
  track: plain(
    ['vehicle', 'start_ms', 'end_ms', 'points', 'data'],
    `
      id INTEGER PRIMARY KEY,
      vehicle INTEGER NOT NULL REFERENCES vehicle (id),
      start_ms INTEGER NOT NULL,
      end_ms INTEGER NOT NULL,
      points INTEGER NOT NULL,
      data BLOB NOT NULL CHECK (length(data) = points * 12),
      UNIQUE (vehicle, start_ms)`,
    'STRICT',
  ),
  late_event: plain(
    ['position', 'message_index', 'object_index', 'vehicle_id', 'topic_kind', 'event_ms', 'received_ms', 'behind_ms'],
    `
      position INTEGER NOT NULL,
      message_index INTEGER NOT NULL,
      object_index INTEGER NOT NULL,
      vehicle_id TEXT NOT NULL,
      topic_kind INTEGER NOT NULL,
      event_ms INTEGER,
      received_ms INTEGER NOT NULL,
      behind_ms INTEGER,
      PRIMARY KEY (position, message_index, object_index)`,
    'STRICT, WITHOUT ROWID',
  ),
};

export interface DayTable {
  /** Start of the day (UTC), Unix ms; BEFORE_DAYS for rows from before version 4, which are of any day and in their units. */
  readonly dayMs: number;
  readonly name: string;
}

const LIST = 'SELECT day_ms AS dayMs, name FROM partition WHERE base = ?';

/** Where the day of a time begins, Unix ms. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

/** Every table of a base, the oldest day first. */
export function dayTables(db: Database.Database, base: DayBase): DayTable[] {
  return db.prepare<[string], DayTable>(`${LIST} ORDER BY day_ms`).all(base);
}

/** The tables of a base that can hold rows from [fromMs, toMs], the oldest day first; one with rows from before version 4 always. */
export function dayTablesIn(db: Database.Database): (base: DayBase, fromMs: number, toMs: number) => DayTable[] {
  const list = db.prepare<[string, number, number], DayTable>(
    `${LIST} AND (day_ms BETWEEN ? AND ? OR day_ms = ${BEFORE_DAYS}) ORDER BY day_ms`,
  );
  return (base, fromMs, toMs) => list.all(base, dayOf(fromMs), toMs);
}

/** Makes the view that shows all days of a base as one table; the newest ones, should there be more than a view can hold. */
export function makeView(db: Database.Database, base: DayBase): void {
  const { columns, values } = SHAPES[base];
  const parts = dayTables(db, base)
    .slice(-MAX_DAYS)
    .map(({ dayMs, name }) => `SELECT ${(dayMs === BEFORE_DAYS ? columns : values).join(', ')} FROM ${name}`);
  if (parts.length === 0) parts.push(`SELECT ${columns.map(() => 'NULL').join(', ')} WHERE 0`);
  db.exec(`DROP VIEW IF EXISTS ${base}; CREATE VIEW ${base} (${columns.join(', ')}) AS\n${parts.join('\nUNION ALL ')}`);
}

/** Makes the views that are not there yet. */
export function makeMissingViews(db: Database.Database): void {
  const there = new Set(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'").pluck().all());
  for (const base of DAY_BASES) if (!there.has(base)) makeView(db, base);
}

/** Adds the table of a day. */
export function addDay(db: Database.Database, base: DayBase, dayMs: number): DayTable {
  const name = `${base}_${new Date(dayMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const { body, options } = SHAPES[base];
  db.exec(`CREATE TABLE ${name} (${body}) ${options}`);
  db.prepare('INSERT INTO partition (base, day_ms, name) VALUES (?, ?, ?)').run(base, dayMs, name);
  makeView(db, base);
  return { dayMs, name };
}

/** Takes a table away with all its rows. */
export function dropDay(db: Database.Database, base: DayBase, { dayMs, name }: DayTable): void {
  db.prepare('DELETE FROM partition WHERE base = ? AND day_ms = ?').run(base, dayMs);
  makeView(db, base);
  db.exec(`DROP TABLE ${name}`);
}
