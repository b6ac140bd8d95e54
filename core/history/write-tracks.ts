import type Database from 'better-sqlite3';
import type { MinuteRows, TrackChunk } from '../model/outputs.ts';
import { copySignals, placeholders, SIGNAL_COLUMNS, type SqlValue } from './signal-columns.ts';
import type { VehicleWriter } from './write-vehicles.ts';

// Of two chunks with the same start the fuller one stays, whichever comes first.
const UPSERT_TRACK = `
  INSERT INTO track (vehicle, start_ms, end_ms, points, data) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (vehicle, start_ms) DO UPDATE SET end_ms = excluded.end_ms, points = excluded.points, data = excluded.data
  WHERE excluded.points >= points`;

/** Writes finished track chunks, one row each. */
export function trackWriter(db: Database.Database, vehicles: VehicleWriter): (chunks: readonly TrackChunk[]) => void {
  const upsert = db.prepare<[number, number, number, number, Uint8Array]>(UPSERT_TRACK);
  return (chunks) => {
    for (const { vehicleId, startMs, endMs, points, data } of chunks) {
      upsert.run(vehicles.idOf(vehicleId, startMs), startMs, endMs, points, data);
    }
  };
}

const FIXED = ['minute_ms', 'vehicle', 'max_speed_kmph'];
// A minute that comes again adds to what is there: the highest speed, and the newest value of each signal that has one.
const UPSERT_MINUTE = `
  INSERT INTO vehicle_minute (${[...FIXED, ...SIGNAL_COLUMNS].join(', ')})
  VALUES (${placeholders(FIXED.length + SIGNAL_COLUMNS.length)})
  ON CONFLICT (minute_ms, vehicle) DO UPDATE SET
    max_speed_kmph = max(
      coalesce(max_speed_kmph, excluded.max_speed_kmph), coalesce(excluded.max_speed_kmph, max_speed_kmph)),
    ${SIGNAL_COLUMNS.map((column) => `${column} = coalesce(excluded.${column}, ${column})`).join(', ')}`;

/** Writes minute samples, one row per vehicle and minute. */
export function minuteWriter(db: Database.Database, vehicles: VehicleWriter): (minutes: MinuteRows) => void {
  const upsert = db.prepare<[SqlValue[]]>(UPSERT_MINUTE);
  const values: SqlValue[] = new Array(FIXED.length + SIGNAL_COLUMNS.length).fill(null);
  return ({ vehicleIds, minuteMs, maxSpeedKmph, values: signals, signalCount }) => {
    for (let row = 0; row < vehicleIds.length; row++) {
      values[0] = minuteMs[row];
      values[1] = vehicles.idOf(vehicleIds[row], minuteMs[row]);
      values[2] = maxSpeedKmph[row];
      copySignals(signals, row * signalCount, signalCount, values, FIXED.length);
      upsert.run(values);
    }
  };
}
