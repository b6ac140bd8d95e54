import type Database from 'better-sqlite3';
import type { RowBlock, StreamOutputs } from '../model/stream-outputs.ts';
import { perDay } from './day-writer.ts';
import { placeholders, type SqlValue } from './signal-columns.ts';
import { PANE_STORED, ROLLUP_STORED } from './stored-columns.ts';
import { type BlockWriterNeeds, storeRow, upsertRow } from './write-blocks.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const SUMS = PANE_STORED.slice(1).map(({ name }) => name);

const addTo = (table: string): string => `
  INSERT INTO ${table} (start_ms, driver, ${SUMS.join(', ')}) VALUES (${placeholders(2 + SUMS.length)})
  ON CONFLICT (start_ms, driver) DO UPDATE SET ${SUMS.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`;

/**
 * Writes panes of drivers and keeps the sums over hours and days: what a pane adds is its difference to the row it replaces, in whole
 * numbers, so that a pane that comes again adds nothing.
 */
function paneWriter(db: Database.Database, { days, driverNumber }: BlockWriterNeeds): (panes: RowBlock) => void {
  const base = 'driver_pane';
  const before = perDay<[number, number]>(
    db,
    days,
    base,
    (table) => `SELECT ${SUMS.join(', ')} FROM ${table} WHERE start_ms = ? AND driver = ?`,
  );
  const upsert = perDay<[SqlValue[]]>(db, days, base, (table) => upsertRow(table, PANE_STORED, 'driver'));
  const hour = db.prepare<[SqlValue[]]>(addTo('driver_hour_store'));
  const day = db.prepare<[SqlValue[]]>(addTo('driver_day_store'));
  const values: SqlValue[] = new Array(PANE_STORED.length + 1).fill(null);
  const sums: SqlValue[] = new Array(2 + SUMS.length).fill(0);
  return (panes) => {
    for (let row = 0; row < panes.keys.length; row++) {
      const startMs = panes.values[row * PANE_STORED.length];
      const find = before(startMs);
      if (!find) continue;
      const driver = driverNumber(panes.keys[row], startMs);
      const old = find.raw().get(startMs, driver) as (number | null)[] | undefined;
      storeRow(panes, row, PANE_STORED, values);
      values[PANE_STORED.length] = driver;
      upsert(startMs)?.run(values);
      for (let i = 0; i < SUMS.length; i++) sums[2 + i] = (Number(values[1 + i]) || 0) - (old?.[i] ?? 0);
      sums[1] = driver;
      sums[0] = Math.floor(startMs / HOUR_MS) * HOUR_MS;
      hour.run(sums);
      sums[0] = Math.floor(startMs / DAY_MS) * DAY_MS;
      day.run(sums);
    }
  };
}

/** Writes hours and days of vehicles, and panes of drivers with their sums. */
export function rollupWriter(db: Database.Database, needs: BlockWriterNeeds): (stream: StreamOutputs) => void {
  const panes = paneWriter(db, needs);
  const periods = (['hour', 'day'] as const).map((period) =>
    db.prepare<[SqlValue[]]>(upsertRow(`vehicle_${period}_store`, ROLLUP_STORED, 'vehicle')),
  );
  const values: SqlValue[] = new Array(ROLLUP_STORED.length + 1).fill(null);
  const write = (upsert: Database.Statement<[SqlValue[]]>, block: RowBlock): void => {
    for (let row = 0; row < block.keys.length; row++) {
      storeRow(block, row, ROLLUP_STORED, values);
      values[ROLLUP_STORED.length] = needs.vehicleNumber(block.keys[row], block.values[row * ROLLUP_STORED.length]);
      upsert.run(values);
    }
  };
  return (stream) => {
    write(periods[0], stream.vehicleHours);
    write(periods[1], stream.vehicleDays);
    panes(stream.driverPanes);
  };
}
