import type Database from 'better-sqlite3';
import type { MinuteRows, TrackChunk } from '../model/outputs.ts';
import { BEFORE_DAYS, type DayBase, dayTables } from './day-tables.ts';
import { type DayWriter, perDay } from './day-writer.ts';
import { placeholders, SIGNAL_COLUMNS, type SqlValue } from './signal-columns.ts';
import { MAX_SPEED_STORED, SIGNALS_STORED, toStored } from './stored-columns.ts';
import type { VehicleWriter } from './write-vehicles.ts';

const MINUTE_STORED = [MAX_SPEED_STORED, ...SIGNALS_STORED];
const MINUTE_VALUES = [...MINUTE_STORED.map(({ name }) => name), 'minute_ms', 'vehicle'];

// Of two chunks with the same start the fuller one stays, whichever comes first.
const upsertTrack = (table: string): string => `
  INSERT INTO ${table} (start_ms, vehicle, end_ms, points, data) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (vehicle, start_ms) DO UPDATE SET end_ms = excluded.end_ms, points = excluded.points, data = excluded.data
  WHERE excluded.points >= points`;

// A minute that comes again adds to what is there: the highest speed, and the newest value of each signal that has one.
const upsertMinute = (table: string): string => `
  INSERT INTO ${table} (${MINUTE_VALUES.join(', ')}) VALUES (${placeholders(MINUTE_VALUES.length)})
  ON CONFLICT (minute_ms, vehicle) DO UPDATE SET
    max_speed_kmph = max(
      coalesce(max_speed_kmph, excluded.max_speed_kmph), coalesce(excluded.max_speed_kmph, max_speed_kmph)),
    ${SIGNAL_COLUMNS.map((column) => `${column} = coalesce(excluded.${column}, ${column})`).join(', ')}`;

const copyTrack = (from: string, to: string): string => `
  INSERT OR IGNORE INTO ${to} (vehicle, start_ms, end_ms, points, data)
  SELECT vehicle, start_ms, end_ms, points, data FROM ${from} WHERE start_ms = ? AND vehicle = ?`;

const copyMinute = (from: string, to: string): string => `
  INSERT OR IGNORE INTO ${to} (${MINUTE_VALUES.join(', ')})
  SELECT ${MINUTE_STORED.map(({ name, scale }) => `round(${name} * ${scale})`).join(', ')}, minute_ms, vehicle
  FROM ${from} WHERE minute_ms = ? AND vehicle = ?`;

/**
 * Moves a row from before version 4 to the table of its day when it is about to be written again: after a crash the engine
 * repeats what the older version had written already. Does nothing where there are no such rows.
 */
function mover(
  db: Database.Database,
  days: DayWriter,
  base: DayBase,
  copy: (from: string, to: string) => string,
  time: string,
): (timeMs: number, vehicle: number) => void {
  const oldTable = () => dayTables(db, base).find(({ dayMs }) => dayMs === BEFORE_DAYS)?.name;
  const prepared = () => {
    const old = oldTable();
    if (old === undefined) return undefined;
    return {
      insert: perDay<[number, number]>(db, days, base, (table) => copy(old, table)),
      remove: db.prepare<[number, number]>(`DELETE FROM ${old} WHERE ${time} = ? AND vehicle = ?`),
    };
  };
  let statements = prepared();
  let generation = days.generation;
  return (timeMs, vehicle) => {
    if (statements && generation !== days.generation) {
      statements = prepared();
      generation = days.generation;
    }
    if (statements?.insert(timeMs)?.run(timeMs, vehicle).changes) statements.remove.run(timeMs, vehicle);
  };
}

/** Writes finished track chunks, one row each. */
export function trackWriter(
  db: Database.Database,
  days: DayWriter,
  vehicles: VehicleWriter,
): (chunks: readonly TrackChunk[]) => void {
  const upsert = perDay<[number, number, number, number, Uint8Array]>(db, days, 'track', upsertTrack);
  const move = mover(db, days, 'track', copyTrack, 'start_ms');
  return (chunks) => {
    for (const { vehicleId, startMs, endMs, points, data } of chunks) {
      const statement = upsert(startMs);
      if (!statement) continue;
      const vehicle = vehicles.idOf(vehicleId, startMs);
      move(startMs, vehicle);
      statement.run(startMs, vehicle, endMs, points, data);
    }
  };
}

/** Writes minute samples, one row per vehicle and minute. */
export function minuteWriter(
  db: Database.Database,
  days: DayWriter,
  vehicles: VehicleWriter,
): (minutes: MinuteRows) => void {
  const upsert = perDay<[SqlValue[]]>(db, days, 'vehicle_minute', upsertMinute);
  const move = mover(db, days, 'vehicle_minute', copyMinute, 'minute_ms');
  const values: SqlValue[] = new Array(MINUTE_VALUES.length).fill(null);
  return ({ vehicleIds, minuteMs, maxSpeedKmph, values: signals, signalCount }) => {
    for (let row = 0; row < vehicleIds.length; row++) {
      const statement = upsert(minuteMs[row]);
      if (!statement) continue;
      const vehicle = vehicles.idOf(vehicleIds[row], minuteMs[row]);
      move(minuteMs[row], vehicle);
      values[0] = toStored(maxSpeedKmph[row], MAX_SPEED_STORED, 0);
      for (let i = 0; i < SIGNALS_STORED.length; i++) {
        const value = i < signalCount ? signals[row * signalCount + i] : Number.NaN;
        values[1 + i] = toStored(value, SIGNALS_STORED[i], 0);
      }
      values[MINUTE_STORED.length] = minuteMs[row];
      values[MINUTE_STORED.length + 1] = vehicle;
      statement.run(values);
    }
  };
}
