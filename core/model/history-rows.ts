import type { Priority } from './alerts.ts';
import type { Deduction, DriverTotals, ScoreWindow } from './driver-score.ts';
import type {
  BreakViolationRow,
  DriverEventRow,
  LateRow,
  StopRow,
  TripRow,
  VEHICLE_ROLLUP_COLUMNS,
} from './stream-outputs.ts';

/** A row as history gives it back: what is not known is null. */
type Known<Row, Unknown extends keyof Row> = Omit<Row, Unknown> & { readonly [K in Unknown]: number | null };

export type StoredTrip = Known<
  TripRow,
  | 'startLat'
  | 'startLon'
  | 'endLat'
  | 'endLon'
  | 'distanceM'
  | 'avgSpeedKmph'
  | 'maxSpeedKmph'
  | 'fuelUsedPct'
  | 'odometerKm'
  | 'reportedDistanceM'
  | 'reportedDurationS'
>;
/** `endMs` is null while it lasts. */
export type StoredStop = Known<StopRow, 'endMs' | 'lat' | 'lon'>;
export type StoredDriverEvent = Known<DriverEventRow, 'peak' | 'lat' | 'lon'>;
export type StoredBreakViolation = BreakViolationRow;
export type StoredLate = Known<LateRow, 'eventMs' | 'behindMs'>;

export type RollupColumn = Exclude<(typeof VEHICLE_ROLLUP_COLUMNS)[number], 'start_ms'>;

/** Hours or days (UTC) of one vehicle, oldest first: `values[column][i]` belongs to `startMs[i]`; null = not known. Those without any message are left out. */
export interface VehiclePeriods {
  readonly startMs: readonly number[];
  readonly values: Readonly<Record<RollupColumn, readonly (number | null)[]>>;
}

export interface UnderUsedVehicle {
  readonly vehicleId: string;
  readonly usedH: number;
  readonly availableH: number;
  /** Used of available. */
  readonly share: number;
}

/** The fleet over whole days (UTC). */
export interface FleetKpis {
  /** Start of the first day. */
  readonly fromMs: number;
  /** End of the last day, or the engine's clock when that day is not over. */
  readonly toMs: number;
  /** Vehicles heard of before `toMs`, and those of them with a message in the span. */
  readonly vehicles: number;
  readonly activeVehicles: number;
  readonly events: number;
  readonly distanceM: number;
  readonly movingMs: number;
  readonly idlingMs: number;
  readonly stoppedMs: number;
  readonly silentMs: number;
  /** Parts of the four times above, 0…1; all 0 when there is nothing. */
  readonly shares: {
    readonly moving: number;
    readonly idling: number;
    readonly stopped: number;
    readonly silent: number;
  };
  readonly trips: number;
  readonly harshEvents: number;
  readonly speedingMs: number;
  /** Alerts raised, by priority. */
  readonly alerts: Readonly<Record<Priority, number>>;
  /** Hours moving or idling against those the vehicles were meant to be available, from the day each was first heard of. */
  readonly usage: {
    readonly usedH: number;
    readonly availableH: number;
    readonly share: number;
    readonly underUsed: number;
    /** The least used first, at most 100. */
    readonly leastUsed: readonly UnderUsedVehicle[];
  };
}

export interface DriverScoreRow {
  readonly driverId: string;
  /** 0…100; null when the distance does not suffice. */
  readonly score: number | null;
  readonly totals: DriverTotals;
  readonly deductions: readonly Deduction[];
}

/** Scores over one window, the lowest first, those without a score at the end. */
export interface DriverScoreTable {
  readonly window: ScoreWindow;
  readonly fromMs: number;
  readonly toMs: number;
  readonly drivers: readonly DriverScoreRow[];
}

/** Vehicles by what they do, oldest first: readings at most 2,000 in number, evenly spaced. */
export interface UtilisationSeries {
  readonly endMs: readonly number[];
  readonly active: readonly (number | null)[];
  readonly idle: readonly (number | null)[];
  readonly offline: readonly (number | null)[];
}

export interface AlertHour {
  readonly hourMs: number;
  readonly ruleId: string;
  readonly priority: Priority;
  readonly raised: number;
}
