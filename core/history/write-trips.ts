import type Database from 'better-sqlite3';
import type { LateRow, StreamOutputs, TripRow } from '../model/stream-outputs.ts';
import { type DayWriter, perDay } from './day-writer.ts';
import { placeholders, type SqlValue } from './signal-columns.ts';

/** What a column takes of a row. Whole numbers are rounded: the tables refuse fractions there. */
type Fields<Row> = Readonly<Record<string, (row: Row) => SqlValue>>;

const TRIP: Fields<TripRow> = {
  id: (t) => t.id,
  vehicle_id: (t) => t.vehicleId,
  driver_id: (t) => t.driverId || null,
  trip_id: (t) => t.tripId || null,
  state: (t) => t.state,
  source: (t) => t.source,
  revision: (t) => t.revision,
  start_ms: (t) => Math.round(t.startMs),
  end_ms: (t) => Math.round(t.endMs),
  end_reason: (t) => t.endReason || null,
  start_lat: (t) => t.startLat,
  start_lon: (t) => t.startLon,
  end_lat: (t) => t.endLat,
  end_lon: (t) => t.endLon,
  distance_m: (t) => t.distanceM,
  moving_ms: (t) => Math.round(t.movingMs),
  idling_ms: (t) => Math.round(t.idlingMs),
  stopped_ms: (t) => Math.round(t.stoppedMs),
  gap_ms: (t) => Math.round(t.gapMs),
  avg_speed_kmph: (t) => t.avgSpeedKmph,
  max_speed_kmph: (t) => t.maxSpeedKmph,
  fixes: (t) => t.fixes,
  harsh_events: (t) => t.harshEvents,
  fuel_used_pct: (t) => t.fuelUsedPct,
  odometer_km: (t) => t.odometerKm,
  reported_distance_m: (t) => t.reportedDistanceM,
  reported_duration_s: (t) => t.reportedDurationS,
};

const STOP: Fields<StreamOutputs['stops'][number]> = {
  id: (s) => s.id,
  vehicle_id: (s) => s.vehicleId,
  start_ms: (s) => Math.round(s.startMs),
  end_ms: (s) => Math.round(s.endMs),
  lat: (s) => s.lat,
  lon: (s) => s.lon,
  idling_ms: (s) => Math.round(s.idlingMs),
  reason: (s) => s.reason,
  trip_row_id: (s) => s.tripRowId || null,
};

const SUMMARY: Fields<StreamOutputs['tripSummaries'][number]> = {
  first_ms: (s) => Math.round(s.firstMs),
  vehicle_id: (s) => s.vehicleId,
  trip_id: (s) => s.tripId,
  last_ms: (s) => Math.round(s.lastMs),
  events: (s) => s.events,
  distance_m: (s) => s.distanceM,
  avg_speed_kmph: (s) => s.avgSpeedKmph,
  min_speed_kmph: (s) => s.minSpeedKmph,
  max_speed_kmph: (s) => s.maxSpeedKmph,
};

const VIOLATION: Fields<StreamOutputs['breakViolations'][number]> = {
  id: (v) => v.id,
  driver_id: (v) => v.driverId,
  vehicle_id: (v) => v.vehicleId,
  start_ms: (v) => Math.round(v.startMs),
  end_ms: (v) => Math.round(v.endMs),
  allowed_s: (v) => v.allowedS,
};

const EVENT: Fields<StreamOutputs['driverEvents'][number]> = {
  id: (e) => e.id,
  driver_id: (e) => e.driverId,
  vehicle_id: (e) => e.vehicleId,
  trip_id: (e) => e.tripId || null,
  kind: (e) => e.kind,
  severity: (e) => e.severity,
  start_ms: (e) => Math.round(e.startMs),
  end_ms: (e) => Math.round(e.endMs),
  peak: (e) => e.peak,
  lat: (e) => e.lat,
  lon: (e) => e.lon,
};

const LATE: Fields<LateRow> = {
  position: (l) => l.position,
  message_index: (l) => l.messageIndex,
  object_index: (l) => l.objectIndex,
  vehicle_id: (l) => l.vehicleId,
  topic_kind: (l) => l.topicKind,
  event_ms: (l) => Math.round(l.eventMs),
  received_ms: (l) => Math.round(l.receivedMs),
  behind_ms: (l) => Math.round(l.behindMs),
};

function upsertSql<Row>(table: string, fields: Fields<Row>, identity: readonly string[]): string {
  const columns = Object.keys(fields);
  const others = columns.filter((name) => !identity.includes(name));
  const newer = columns.includes('revision') ? ' WHERE excluded.revision >= revision' : '';
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${placeholders(columns.length)})
    ON CONFLICT (${identity.join(', ')}) DO UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}${newer}`;
}

/** Writes rows one by one; a row with the same identity is replaced, unless it has a larger revision. */
function rowWriter<Row>(
  db: Database.Database,
  table: string,
  fields: Fields<Row>,
  identity: readonly string[] = ['id'],
): (rows: readonly Row[]) => void {
  const upsert = db.prepare<[SqlValue[]]>(upsertSql(table, fields, identity));
  const fieldValues = Object.values(fields);
  return (rows) => {
    for (const row of rows) upsert.run(fieldValues.map((value) => value(row)));
  };
}

/** Writes late events, by the day in which they came in. */
function lateWriter(db: Database.Database, days: DayWriter): (rows: readonly LateRow[]) => void {
  const identity = ['position', 'message_index', 'object_index'];
  const upsert = perDay<[SqlValue[]]>(db, days, 'late_event', (table) => upsertSql(table, LATE, identity));
  const fieldValues = Object.values(LATE);
  return (rows) => {
    for (const row of rows) upsert(row.receivedMs)?.run(fieldValues.map((value) => value(row)));
  };
}

/** Writes trips, stops and what drivers did. */
export function tripWriter(db: Database.Database, days: DayWriter): (stream: StreamOutputs) => void {
  const trips = rowWriter(db, 'trip', TRIP);
  const stops = rowWriter(db, 'stop', STOP);
  const summaries = rowWriter(db, 'trip_summary', SUMMARY, ['first_ms', 'vehicle_id', 'trip_id']);
  const violations = rowWriter(db, 'break_violation', VIOLATION);
  const events = rowWriter(db, 'driver_event', EVENT);
  const late = lateWriter(db, days);
  return (stream) => {
    trips(stream.trips);
    stops(stream.stops);
    summaries(stream.tripSummaries);
    violations(stream.breakViolations);
    events(stream.driverEvents);
    late(stream.late);
  };
}
