/**
 * Rows as a struct of arrays: row i is about `keys[i]` and has `values[i * width … (i + 1) * width)`, `width` being the number
 * of columns of its kind below. NaN = no value. A row replaces an earlier one with the same key and the same values in the
 * columns marked as its identity.
 */
export interface RowBlock {
  readonly keys: string[];
  readonly values: Float64Array;
}

/** Tumbling windows of 20 s over a vehicle's telemetry. Key: vehicle id; identity: `start_ms`. */
export const VEHICLE_WINDOW_COLUMNS = [
  'start_ms',
  'revision',
  'first_ms',
  'last_ms',
  'events',
  'distance_m',
  'avg_speed_kmph',
  'min_speed_kmph',
  'max_speed_kmph',
] as const;

/**
 * Behaviour in hopping windows of 15 s every 1 s of a driver: a run of consecutive windows with the same counts, the first ending at
 * `first_end_ms` and the last at `last_end_ms`. Windows of score 0 are not kept. Key: driver id; identity: `first_end_ms`.
 */
export const BEHAVIOUR_COLUMNS = [
  'first_end_ms',
  'last_end_ms',
  'overspeed',
  'harsh_brake',
  'idling',
  'score',
] as const;

/** The whole fleet in hopping windows of 5 s every 1 s. Key: empty; identity: `end_ms`. Counts of vehicles. */
export const UTILISATION_COLUMNS = ['end_ms', 'revision', 'active', 'idle', 'offline'] as const;

/** Tumbling windows of 1 min in which a vehicle's engine was hotter than 90 °C. Key: vehicle id; identity: `start_ms`. */
export const HEALTH_WINDOW_COLUMNS = ['start_ms', 'revision', 'max_engine_temp_c', 'readings'] as const;

/**
 * What a driver did in a pane of 10 min. Key: driver id; identity: `start_ms`. `speeding_*_ms` are the time over the limit by tier
 * (Lightfoot): a tier's time is not part of the tiers below it.
 */
export const DRIVER_PANE_COLUMNS = [
  'start_ms',
  'distance_m',
  'driving_ms',
  'idling_ms',
  'speeding_minor_ms',
  'speeding_major_ms',
  'speeding_severe_ms',
  'harsh_brakes',
  'harsh_accelerations',
  'harsh_corners',
  'severe_events',
] as const;

/** What a vehicle did in an hour or a day (UTC). Key: vehicle id; identity: `start_ms`. */
export const VEHICLE_ROLLUP_COLUMNS = [
  'start_ms',
  'events',
  'distance_m',
  'moving_ms',
  'idling_ms',
  'stopped_ms',
  'silent_ms',
  'max_speed_kmph',
  'fuel_used_pct',
  'harsh_events',
  'speeding_ms',
  'trips_started',
  'max_engine_temp_c',
  'min_battery_v',
] as const;

export const TRIP_END_REASONS = ['ignition-off', 'idle', 'park', 'gap', 'event', 'silence'] as const;
export type TripEndReason = (typeof TRIP_END_REASONS)[number];

/** A trip as it stands. Times are event times in Unix ms, when it happened, not when it was noticed. */
export interface TripRow {
  /** Hash of vehicle and start; the same through all revisions. */
  readonly id: string;
  readonly vehicleId: string;
  readonly driverId: string;
  /** The sender's trip id; empty when the trip was found in telemetry alone. */
  readonly tripId: string;
  readonly state: 'open' | 'completed' | 'cancelled';
  /** What told us of it. */
  readonly source: 'telemetry' | 'events' | 'both';
  /** Grows with every change that is given out. */
  readonly revision: number;
  readonly startMs: number;
  /** While open: the newest fix. */
  readonly endMs: number;
  readonly endReason: TripEndReason | '';
  readonly startLat: number;
  readonly startLon: number;
  readonly endLat: number;
  readonly endLon: number;
  readonly distanceM: number;
  readonly movingMs: number;
  readonly idlingMs: number;
  /** Standing with the engine off. */
  readonly stoppedMs: number;
  /** Time within it of which nothing is known. */
  readonly gapMs: number;
  /** Over the time moving, km/h. */
  readonly avgSpeedKmph: number;
  readonly maxSpeedKmph: number;
  readonly fixes: number;
  readonly harshEvents: number;
  /** Fuel level lost, refuelling left out; NaN when not reported. */
  readonly fuelUsedPct: number;
  /** By odometer, km; NaN when not reported. */
  readonly odometerKm: number;
  /** Distance and duration that `trip_end` reported; NaN when none did. */
  readonly reportedDistanceM: number;
  readonly reportedDurationS: number;
}

/** A stop between trips, or at the end of one; a row replaces an earlier one with the same id. */
export interface StopRow {
  readonly id: string;
  readonly vehicleId: string;
  readonly startMs: number;
  /** NaN while it lasts. */
  readonly endMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly idlingMs: number;
  readonly reason: TripEndReason;
  /** `TripRow.id` of the trip that ended here; empty when none did. */
  readonly tripRowId: string;
}

/** The seeds' own summary of all telemetry with one `trip_id` of one vehicle, in event-time order behind the watermark. */
export interface TripSummaryRow {
  readonly tripId: string;
  readonly vehicleId: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly events: number;
  readonly distanceM: number;
  readonly avgSpeedKmph: number;
  readonly minSpeedKmph: number;
  readonly maxSpeedKmph: number;
}

export interface BreakViolationRow {
  readonly id: string;
  readonly driverId: string;
  readonly vehicleId: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The shortest break allowed, s. */
  readonly allowedS: number;
}

export type DriverEventKind = 'harsh-brake' | 'harsh-acceleration' | 'harsh-corner' | 'speeding';

/** One thing that lowers a driver's score. */
export interface DriverEventRow {
  readonly id: string;
  readonly driverId: string;
  readonly vehicleId: string;
  readonly tripId: string;
  readonly kind: DriverEventKind;
  readonly severity: 'minor' | 'major' | 'severe';
  readonly startMs: number;
  readonly endMs: number;
  /** Peak: m/s² for harsh events, km/h for speeding. */
  readonly peak: number;
  readonly lat: number;
  readonly lon: number;
}

/** An event that came behind its watermark; its payload is in the journal at `position`. */
export interface LateRow {
  readonly position: number;
  readonly messageIndex: number;
  /** Place of the object in the message. */
  readonly objectIndex: number;
  readonly vehicleId: string;
  readonly topicKind: number;
  readonly eventMs: number;
  readonly receivedMs: number;
  /** How far behind the watermark, ms. */
  readonly behindMs: number;
}

/** What event time, windows, trips and scores gave out since the last batch. */
export interface StreamOutputs {
  readonly vehicleWindows: RowBlock;
  readonly behaviour: RowBlock;
  readonly utilisation: RowBlock;
  readonly healthWindows: RowBlock;
  readonly driverPanes: RowBlock;
  readonly vehicleHours: RowBlock;
  readonly vehicleDays: RowBlock;
  readonly trips: TripRow[];
  readonly stops: StopRow[];
  readonly tripSummaries: TripSummaryRow[];
  readonly breakViolations: BreakViolationRow[];
  readonly driverEvents: DriverEventRow[];
  readonly late: LateRow[];
}
