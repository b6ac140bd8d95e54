import type Database from 'better-sqlite3';
import { MOVEMENT_NAMES } from '../model/movement.ts';
import type { VehicleRow } from '../model/outputs.ts';
import { copySignals, placeholders, SIGNAL_COLUMNS, type SqlValue } from './signal-columns.ts';

const COLUMNS = [
  'first_seen_ms',
  'last_event_ms',
  'last_received_ms',
  'lat',
  'lon',
  'movement',
  'driver_id',
  'trip_id',
  'fault_codes',
  ...SIGNAL_COLUMNS,
];
const FIRST_SIGNAL = COLUMNS.length - SIGNAL_COLUMNS.length;

const INSERT = `INSERT INTO vehicle (${COLUMNS.join(', ')}, vehicle_id) VALUES (${placeholders(COLUMNS.length + 1)})`;
// The first sighting stays the earliest, also when an engine without its state starts the count again.
// A row that `idOf` made, never received, has only a stand-in for it: how batches were cut must not show.
const FIRST_SEEN = `min(iif(last_received_ms = 0, ${Number.MAX_SAFE_INTEGER}, first_seen_ms), ?)`;
const UPDATE = `UPDATE vehicle SET first_seen_ms = ${FIRST_SEEN}, ${COLUMNS.slice(1)
  .map((column) => `${column} = ?`)
  .join(', ')} WHERE id = ?`;

export interface VehicleWriter {
  write(row: VehicleRow): void;
  /** The number other tables use for this vehicle; a vehicle that has no row yet gets one. */
  idOf(vehicleId: string, seenMs: number): number;
  /** Must follow every rollback: numbers given out in it are void. */
  forget(): void;
}

/** Writes vehicles and knows their numbers; keeps one map entry per vehicle seen since the start. */
export function vehicleWriter(db: Database.Database): VehicleWriter {
  const ids = new Map<string, number>();
  const find = db.prepare<[string], number>('SELECT id FROM vehicle WHERE vehicle_id = ?').pluck();
  const insert = db.prepare<[SqlValue[]]>(INSERT);
  const update = db.prepare<[SqlValue[]]>(UPDATE);
  const bare = db.prepare<[string, number, string]>(
    'INSERT INTO vehicle (vehicle_id, first_seen_ms, last_received_ms, movement) VALUES (?, ?, 0, ?)',
  );
  const values: SqlValue[] = new Array(COLUMNS.length + 1).fill(null);

  const known = (vehicleId: string): number | undefined => {
    const id = ids.get(vehicleId) ?? find.get(vehicleId);
    if (id !== undefined) ids.set(vehicleId, id);
    return id;
  };
  const remember = (vehicleId: string, result: Database.RunResult): number => {
    const id = Number(result.lastInsertRowid);
    ids.set(vehicleId, id);
    return id;
  };

  return {
    write(row) {
      values[0] = row.firstSeenMs;
      values[1] = row.lastEventMs || null;
      values[2] = row.lastReceivedMs;
      values[3] = row.lat;
      values[4] = row.lon;
      values[5] = MOVEMENT_NAMES[row.movement];
      values[6] = row.driverId || null;
      values[7] = row.tripId || null;
      values[8] = row.faultCodes || null;
      copySignals(row.signals, 0, row.signals.length, values, FIRST_SIGNAL);
      const id = known(row.vehicleId);
      values[COLUMNS.length] = id ?? row.vehicleId;
      if (id === undefined) remember(row.vehicleId, insert.run(values));
      else update.run(values);
    },
    idOf(vehicleId, seenMs) {
      return known(vehicleId) ?? remember(vehicleId, bare.run(vehicleId, seenMs, MOVEMENT_NAMES[0]));
    },
    forget: () => ids.clear(),
  };
}
