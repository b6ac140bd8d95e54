import type Database from 'better-sqlite3';
import type {
  StoredBreakViolation,
  StoredDriverEvent,
  StoredLate,
  StoredStop,
  StoredTrip,
} from '../model/history-rows.ts';
import { LONG_DAYS, nameOf, rowLimit, timeSpan } from './arguments.ts';
import { perTable } from './day-reader.ts';
import { dayTablesIn } from './day-tables.ts';

export interface ListArguments {
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}

const SPAN = 'start_ms >= :fromMs AND start_ms < :toMs';
const NEWEST = 'ORDER BY start_ms DESC, rowid DESC LIMIT :limit';

/** `name` of a column as the model calls it: `start_ms AS startMs`. */
function renamed(columns: readonly string[]): string {
  return columns
    .map((column) => `${column} AS ${column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`)
    .join(', ');
}

const TRIP = renamed([
  ...['id', 'vehicle_id', 'state', 'source', 'revision', 'start_ms', 'end_ms', 'start_lat', 'start_lon', 'end_lat'],
  ...['end_lon', 'distance_m', 'moving_ms', 'idling_ms', 'stopped_ms', 'gap_ms', 'avg_speed_kmph', 'max_speed_kmph'],
  ...['fixes', 'harsh_events', 'fuel_used_pct', 'odometer_km', 'reported_distance_m', 'reported_duration_s'],
]);
const TRIPS = `
  SELECT ${TRIP}, coalesce(driver_id, '') AS driverId, coalesce(trip_id, '') AS tripId, coalesce(end_reason, '') AS endReason
  FROM trip`;
const STOPS = `
  SELECT ${renamed(['id', 'vehicle_id', 'start_ms', 'end_ms', 'lat', 'lon', 'idling_ms', 'reason'])},
    coalesce(trip_row_id, '') AS tripRowId
  FROM stop`;
const EVENTS = `
  SELECT ${renamed(['id', 'driver_id', 'vehicle_id', 'kind', 'severity', 'start_ms', 'end_ms', 'peak', 'lat', 'lon'])},
    coalesce(trip_id, '') AS tripId
  FROM driver_event`;
const VIOLATIONS = `
  SELECT ${renamed(['id', 'driver_id', 'vehicle_id', 'start_ms', 'end_ms', 'allowed_s'])} FROM break_violation`;

export const SELECT_TRIPS = `${TRIPS} WHERE ${SPAN} ${NEWEST}`;
export const SELECT_VEHICLE_TRIPS = `${TRIPS} WHERE vehicle_id = :name AND ${SPAN} ${NEWEST}`;
export const SELECT_DRIVER_TRIPS = `${TRIPS} WHERE driver_id = :name AND ${SPAN} ${NEWEST}`;
export const SELECT_STOPS = `${STOPS} WHERE ${SPAN} ${NEWEST}`;
export const SELECT_VEHICLE_STOPS = `${STOPS} WHERE vehicle_id = :name AND ${SPAN} ${NEWEST}`;
export const SELECT_EVENTS = `${EVENTS} WHERE ${SPAN} ${NEWEST}`;
export const SELECT_DRIVER_EVENTS = `${EVENTS} WHERE driver_id = :name AND ${SPAN} ${NEWEST}`;
export const SELECT_VIOLATIONS = `${VIOLATIONS} WHERE ${SPAN} ${NEWEST}`;
export const SELECT_DRIVER_VIOLATIONS = `${VIOLATIONS} WHERE driver_id = :name AND ${SPAN} ${NEWEST}`;

// The key begins with the place in the journal, which grows with the time of arrival.
export const selectLate = (table: string): string => `
  SELECT ${renamed(['position', 'message_index', 'object_index', 'vehicle_id', 'topic_kind', 'event_ms', 'received_ms', 'behind_ms'])}
  FROM ${table} WHERE received_ms >= :fromMs AND received_ms < :toMs
  ORDER BY position DESC, message_index DESC, object_index DESC LIMIT :limit`;

interface Parameters extends ListArguments {
  readonly name?: string;
}

export interface TripQueries {
  /** By start, newest first, at most 1,000 in at most 400 days; of a vehicle, of a driver, or of all. */
  trips(args: ListArguments & { vehicleId?: string; driverId?: string }): { trips: StoredTrip[] };
  stops(args: ListArguments & { vehicleId?: string }): { stops: StoredStop[] };
  driverEvents(args: ListArguments & { driverId?: string }): { events: StoredDriverEvent[] };
  breakViolations(args: ListArguments & { driverId?: string }): { violations: StoredBreakViolation[] };
  /** By arrival, newest first, at most 1,000. */
  late(args: ListArguments): { late: StoredLate[] };
}

/** Answers with rows of trips, stops, what drivers did, and late events. */
export function tripQueries(db: Database.Database): TripQueries {
  const checked = (args: ListArguments): Parameters => ({
    ...timeSpan(args, LONG_DAYS),
    limit: rowLimit(args.limit),
  });
  /** Rows of all, or of the one that `argument` names. */
  const list = <Row>(ofAll: string, ofOne: string, argument: string) => {
    const all = db.prepare<[Parameters], Row>(ofAll);
    const one = db.prepare<[Parameters], Row>(ofOne);
    return (args: ListArguments, name: string | undefined): Row[] =>
      name === undefined ? all.all(checked(args)) : one.all({ ...checked(args), name: nameOf(argument, name) });
  };
  const trips = list<StoredTrip>(SELECT_TRIPS, SELECT_VEHICLE_TRIPS, 'vehicleId');
  const driverTrips = db.prepare<[Parameters], StoredTrip>(SELECT_DRIVER_TRIPS);
  const stops = list<StoredStop>(SELECT_STOPS, SELECT_VEHICLE_STOPS, 'vehicleId');
  const events = list<StoredDriverEvent>(SELECT_EVENTS, SELECT_DRIVER_EVENTS, 'driverId');
  const violations = list<StoredBreakViolation>(SELECT_VIOLATIONS, SELECT_DRIVER_VIOLATIONS, 'driverId');
  return {
    trips(args) {
      const { vehicleId, driverId } = args;
      if (driverId === undefined || vehicleId !== undefined) return { trips: trips(args, vehicleId) };
      return { trips: driverTrips.all({ ...checked(args), name: nameOf('driverId', driverId) }) };
    },
    stops: (args) => ({ stops: stops(args, args.vehicleId) }),
    driverEvents: (args) => ({ events: events(args, args.driverId) }),
    breakViolations: (args) => ({ violations: violations(args, args.driverId) }),
    late: lateQuery(db, checked),
  };
}

function lateQuery(db: Database.Database, checked: (args: ListArguments) => Parameters): TripQueries['late'] {
  const tablesIn = dayTablesIn(db);
  const select = perTable<[Parameters], StoredLate>(db, selectLate);
  const read = db.transaction((args: Parameters): StoredLate[] => {
    const found: StoredLate[] = [];
    for (const { name } of tablesIn('late_event', args.fromMs, args.toMs).reverse()) {
      if (found.length >= args.limit) break;
      found.push(...select(name).all({ ...args, limit: args.limit - found.length }));
    }
    return found;
  });
  return (args) => ({ late: read(checked(args)) });
}
