import type Database from 'better-sqlite3';
import type { RowBlock, StreamOutputs } from '../model/stream-outputs.ts';
import type { DayBase } from './day-tables.ts';
import { type DayWriter, perDay } from './day-writer.ts';
import { placeholders, type SqlValue } from './signal-columns.ts';
import {
  BEHAVIOUR_STORED,
  HEALTH_STORED,
  type StoredColumn,
  toStored,
  UTILISATION_STORED,
  WINDOW_STORED,
} from './stored-columns.ts';

/** The number other tables use for a name; `seenMs` is when it was seen. */
export type NumberOf = (name: string, seenMs: number) => number;

/**
 * Inserts or replaces a row of a block: the columns, then the key where there is one. The first column and the key are the
 * identity. A row with a smaller revision does not replace one with a larger.
 */
export function upsertRow(table: string, columns: readonly StoredColumn[], key?: string): string {
  const [time, ...others] = columns.map(({ name }) => name);
  const identity = key === undefined ? time : `${time}, ${key}`;
  const sets = others.map((name) => `${name} = excluded.${name}`).join(', ');
  const newer = others.includes('revision') ? ' WHERE excluded.revision >= revision' : '';
  return `INSERT INTO ${table} (${[time, ...others].join(', ')}${key === undefined ? '' : `, ${key}`})
    VALUES (${placeholders(columns.length + (key === undefined ? 0 : 1))})
    ON CONFLICT (${identity}) DO UPDATE SET ${sets}${newer}`;
}

/** Copies a row of a block to `target` as it is stored; NaN is what SQLite is given for NULL. */
export function storeRow(block: RowBlock, row: number, columns: readonly StoredColumn[], target: SqlValue[]): void {
  const at = row * columns.length;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    // What a column is counted from is always the first.
    target[i] = toStored(block.values[at + i], column, block.values[at]);
  }
}

interface DayBlock {
  readonly base: DayBase;
  readonly key: 'vehicle' | 'driver';
  readonly columns: readonly StoredColumn[];
  readonly numberOf: NumberOf;
}

function dayBlockWriter(db: Database.Database, days: DayWriter, { base, key, columns, numberOf }: DayBlock) {
  const upsert = perDay<[SqlValue[]]>(db, days, base, (table) => upsertRow(table, columns, key));
  const values: SqlValue[] = new Array(columns.length + 1).fill(null);
  return (block: RowBlock): void => {
    for (let row = 0; row < block.keys.length; row++) {
      const timeMs = block.values[row * columns.length];
      const statement = upsert(timeMs);
      if (!statement) continue;
      storeRow(block, row, columns, values);
      values[columns.length] = numberOf(block.keys[row], timeMs);
      statement.run(values);
    }
  };
}

export interface BlockWriterNeeds {
  readonly days: DayWriter;
  readonly vehicleNumber: NumberOf;
  readonly driverNumber: NumberOf;
}

/** Writes windows: one row each, replaced when it comes again. */
export function windowWriter(
  db: Database.Database,
  { days, vehicleNumber, driverNumber }: BlockWriterNeeds,
): (stream: StreamOutputs) => void {
  const ofVehicle = { key: 'vehicle', numberOf: vehicleNumber } as const;
  const vehicle = dayBlockWriter(db, days, { base: 'vehicle_window', columns: WINDOW_STORED, ...ofVehicle });
  const health = dayBlockWriter(db, days, { base: 'health_window', columns: HEALTH_STORED, ...ofVehicle });
  const behaviour = dayBlockWriter(db, days, {
    base: 'behaviour_run',
    key: 'driver',
    columns: BEHAVIOUR_STORED,
    numberOf: driverNumber,
  });
  const utilisation = db.prepare<[SqlValue[]]>(upsertRow('utilisation_window', UTILISATION_STORED));
  const values: SqlValue[] = new Array(UTILISATION_STORED.length).fill(null);
  return (stream) => {
    vehicle(stream.vehicleWindows);
    health(stream.healthWindows);
    behaviour(stream.behaviour);
    for (let row = 0; row < stream.utilisation.keys.length; row++) {
      storeRow(stream.utilisation, row, UTILISATION_STORED, values);
      utilisation.run(values);
    }
  };
}
