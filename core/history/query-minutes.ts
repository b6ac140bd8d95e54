import type Database from 'better-sqlite3';
import { nameOf, timeSpan } from './arguments.ts';
import { perTable } from './day-reader.ts';
import { BEFORE_DAYS, type DayTable, dayTablesIn } from './day-tables.ts';
import { SIGNAL_COLUMNS } from './signal-columns.ts';
import { MAX_SPEED_STORED, SIGNALS_STORED, valueSql } from './stored-columns.ts';

const MINUTE_MS = 60_000;
/** Longer spans are merged into buckets so that no answer has more points. */
export const MAX_MINUTE_POINTS = 2000;

export const FIND_VEHICLE = 'SELECT id FROM vehicle WHERE vehicle_id = ?';
export const firstMinute = (table: string): string => `SELECT minute_ms FROM ${table} ORDER BY minute_ms LIMIT 1`;
export const lastMinute = (table: string): string => `SELECT minute_ms FROM ${table} ORDER BY minute_ms DESC LIMIT 1`;

const COLUMNS = [MAX_SPEED_STORED, ...SIGNALS_STORED];

// The key is (minute, vehicle), which is what writing wants; one vehicle's minutes are looked up one by one (about 4 µs each).
export const selectMinutes = (table: string, values: readonly string[]): string => `
  WITH RECURSIVE span (ms) AS (SELECT :fromMs UNION ALL SELECT ms + ${MINUTE_MS} FROM span WHERE ms + ${MINUTE_MS} <= :lastMs)
  SELECT m.minute_ms, ${values.join(', ')}
  FROM span CROSS JOIN ${table} AS m ON m.minute_ms = span.ms AND m.vehicle = :vehicle`;
/** Values in their units, of a table by day and of one from before version 4. */
export const MINUTE_VALUES = COLUMNS.map((column) => valueSql(column, 'm.'));
export const MINUTE_VALUES_BEFORE = COLUMNS.map(({ name }) => `m.${name}`);

/** Minute samples of one vehicle, oldest first: `values[signal][i]` belongs to `minuteMs[i]`; null = not known. */
export interface VehicleMinutes {
  readonly minuteMs: number[];
  readonly maxSpeedKmph: (number | null)[];
  /** By signal name; every signal of the catalogue is there. Flags are 0 or 1. */
  readonly values: Record<string, (number | null)[]>;
}

export interface SpanArguments {
  readonly vehicleId: string;
  /** Unix ms, included. */
  readonly fromMs: number;
  /** Unix ms, not included. */
  readonly toMs: number;
}

/** Maximum speed and newest known values of the minutes that share a bucket. */
function addMinute(out: VehicleMinutes, row: readonly (number | null)[], sameBucket: boolean): void {
  const [minuteMs, maxSpeed, ...signals] = row;
  if (!sameBucket) {
    out.minuteMs.push(minuteMs ?? 0);
    out.maxSpeedKmph.push(maxSpeed);
    for (const [i, name] of SIGNAL_COLUMNS.entries()) out.values[name].push(signals[i]);
    return;
  }
  const last = out.minuteMs.length - 1;
  const highest = out.maxSpeedKmph[last];
  if (maxSpeed !== null && (highest === null || maxSpeed > highest)) out.maxSpeedKmph[last] = maxSpeed;
  for (const [i, name] of SIGNAL_COLUMNS.entries()) {
    if (signals[i] !== null) out.values[name][last] = signals[i];
  }
}

type MinuteRow = (number | null)[];

interface MinuteSpan {
  vehicle: number;
  fromMs: number;
  lastMs: number;
}

/** Reads a vehicle's minutes from `fromMs` to `lastMs`, oldest first, of all tables there are. */
function minuteReader(
  db: Database.Database,
): (span: MinuteSpan) => { rows: MinuteRow[]; fromMs: number; lastMs: number } {
  const tablesIn = dayTablesIn(db);
  const first = perTable<[], { minute_ms: number }>(db, firstMinute);
  const last = perTable<[], { minute_ms: number }>(db, lastMinute);
  const byDay = perTable<[MinuteSpan], MinuteRow>(db, (table) => selectMinutes(table, MINUTE_VALUES));
  const before = perTable<[MinuteSpan], MinuteRow>(db, (table) => selectMinutes(table, MINUTE_VALUES_BEFORE));
  /** The part of the span in which the table has rows; undefined when there is none. */
  const within = ({ name }: DayTable, span: MinuteSpan): MinuteSpan | undefined => {
    const fromMs = Math.max(span.fromMs, first(name).get()?.minute_ms ?? Number.POSITIVE_INFINITY);
    const lastMs = Math.min(span.lastMs, last(name).get()?.minute_ms ?? 0);
    return fromMs <= lastMs ? { vehicle: span.vehicle, fromMs, lastMs } : undefined;
  };
  return db.transaction((span: MinuteSpan) => {
    const rows: MinuteRow[] = [];
    let fromMs = Number.POSITIVE_INFINITY;
    let lastMs = 0;
    for (const table of tablesIn('vehicle_minute', span.fromMs, span.lastMs)) {
      const part = within(table, span);
      if (!part) continue;
      fromMs = Math.min(fromMs, part.fromMs);
      lastMs = Math.max(lastMs, part.lastMs);
      const select = table.dayMs === BEFORE_DAYS ? before : byDay;
      for (const row of select(table.name).raw().all(part)) rows.push(row as MinuteRow);
    }
    return { rows: rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)), fromMs, lastMs };
  });
}

/** Answers `vehicle.minutes`: at most 2,000 points; a vehicle nobody has heard of has none. */
export function minuteQuery(db: Database.Database): (args: SpanArguments) => VehicleMinutes {
  const find = db.prepare<[string], number>(FIND_VEHICLE).pluck();
  const read = minuteReader(db);

  return (args) => {
    const span = timeSpan(args);
    const vehicle = find.get(nameOf('vehicleId', args.vehicleId));
    const out: VehicleMinutes = {
      minuteMs: [],
      maxSpeedKmph: [],
      values: Object.fromEntries(SIGNAL_COLUMNS.map((name) => [name, []])),
    };
    if (vehicle === undefined) return out;
    const { rows, fromMs, lastMs } = read({
      vehicle,
      fromMs: Math.floor(span.fromMs / MINUTE_MS) * MINUTE_MS,
      lastMs: Math.ceil(span.toMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS,
    });
    const bucketMs = Math.ceil((lastMs - fromMs + MINUTE_MS) / MINUTE_MS / MAX_MINUTE_POINTS) * MINUTE_MS;
    let bucket = -1;
    for (const row of rows) {
      const own = Math.floor(((row[0] ?? 0) - fromMs) / bucketMs);
      addMinute(out, row, own === bucket);
      bucket = own;
    }
    return out;
  };
}
