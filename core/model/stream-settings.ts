/**
 * What can be set about event time, trips, scores and utilisation. They enter through the journal, so that a replay uses the
 * ones that were in force.
 */
export interface StreamSettings {
  /** How far behind its topic's newest event of the same vehicle a message may come without being late, by topic, ms. */
  readonly telemetryBoundMs: number;
  readonly tripBoundMs: number;
  readonly statusBoundMs: number;
  readonly driverBoundMs: number;
  /** A window is kept for this long after its end and gives a revised result for what still comes, ms. */
  readonly allowedLatenessMs: number;
  /** An event further ahead of its arrival than this is set aside, ms. */
  readonly futureBoundMs: number;
  /** A vehicle unheard for this long no longer holds the fleet's clock, and what waits for its order is let go, s. */
  readonly idleAfterS: number;
  /** Speed under which a vehicle stands, km/h (Geotab). */
  readonly standingKmph: number;
  /** Speed above which it moves, km/h (the seeds' "active"). */
  readonly movingKmph: number;
  /** Standing with the engine on for this long ends a trip, s (Geotab). */
  readonly tripIdleEndS: number;
  /** Standing in park, i.e. with the engine off or unknown, for this long ends a trip, s (Geotab). */
  readonly tripParkEndS: number;
  /** Ignition flips shorter than this are ignored, s (Geotab). */
  readonly ignitionFlipS: number;
  /** Moves shorter than this are jitter, m (Geotab). */
  readonly jitterM: number;
  /** A trip shorter than this in both distance and time is not one, m and s (Traccar). */
  readonly tripMinDistanceM: number;
  readonly tripMinDurationS: number;
  /** Nothing heard for this long ends a trip, s (Traccar). */
  readonly tripGapS: number;
  /** Speed limit where no other is known, km/h (the seeds' overspeed rule). */
  readonly speedLimitKmph: number;
  /** Harsh driving, m/s²; severe is 1.4 times as much. */
  readonly harshBrakeMps2: number;
  readonly harshAccelerationMps2: number;
  readonly harshCornerMps2: number;
  /** Below these speeds it is not judged, km/h (Teltonika). */
  readonly harshGateKmph: number;
  readonly cornerGateKmph: number;
  /** Breaks shorter than this are violations, s. */
  readonly minBreakS: number;
  /** Score: deductions per event and 1,600 km, per share of time speeding by tier, and the distance under which there is no score. */
  readonly scoreHarshWeight: number;
  readonly scoreSevereWeight: number;
  readonly scoreSpeedingMinorWeight: number;
  readonly scoreSpeedingMajorWeight: number;
  readonly scoreSpeedingSevereWeight: number;
  readonly scoreMinDistanceKm: number;
  /** Hours a day a vehicle is meant to be available, and the share of them under which it is under-used. */
  readonly availableHoursPerDay: number;
  readonly underUsedShare: number;
}

export interface SettingSpec {
  readonly name: keyof StreamSettings;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

const G = 9.80665;
const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Every setting with its default and range; defaults from docs/messages.md and the published figures named there. */
export const SETTINGS: readonly SettingSpec[] = [
  { name: 'telemetryBoundMs', fallback: 5000, min: 0, max: 3_600_000, unit: 'ms' },
  { name: 'tripBoundMs', fallback: 5000, min: 0, max: 3_600_000, unit: 'ms' },
  { name: 'statusBoundMs', fallback: 5000, min: 0, max: 3_600_000, unit: 'ms' },
  { name: 'driverBoundMs', fallback: 5000, min: 0, max: 3_600_000, unit: 'ms' },
  { name: 'allowedLatenessMs', fallback: 0, min: 0, max: 3_600_000, unit: 'ms' },
  { name: 'futureBoundMs', fallback: 60_000, min: 0, max: 86_400_000, unit: 'ms' },
  { name: 'idleAfterS', fallback: 30, min: 1, max: 3600, unit: 's' },
  { name: 'standingKmph', fallback: 1, min: 0, max: 20, unit: 'km/h' },
  { name: 'movingKmph', fallback: 5, min: 0, max: 50, unit: 'km/h' },
  { name: 'tripIdleEndS', fallback: 200, min: 10, max: 86_400, unit: 's' },
  { name: 'tripParkEndS', fallback: 30, min: 5, max: 86_400, unit: 's' },
  { name: 'ignitionFlipS', fallback: 30, min: 0, max: 3600, unit: 's' },
  { name: 'jitterM', fallback: 5, min: 0, max: 1000, unit: 'm' },
  { name: 'tripMinDistanceM', fallback: 200, min: 0, max: 100_000, unit: 'm' },
  { name: 'tripMinDurationS', fallback: 180, min: 0, max: 86_400, unit: 's' },
  { name: 'tripGapS', fallback: 3600, min: 60, max: 86_400, unit: 's' },
  { name: 'speedLimitKmph', fallback: 80, min: 5, max: 350, unit: 'km/h' },
  { name: 'harshBrakeMps2', fallback: round(0.35 * G), min: 0.5, max: 20, unit: 'm/s²' },
  { name: 'harshAccelerationMps2', fallback: round(0.36 * G), min: 0.5, max: 20, unit: 'm/s²' },
  { name: 'harshCornerMps2', fallback: round(0.35 * G), min: 0.5, max: 20, unit: 'm/s²' },
  { name: 'harshGateKmph', fallback: 10, min: 0, max: 100, unit: 'km/h' },
  { name: 'cornerGateKmph', fallback: 30, min: 0, max: 100, unit: 'km/h' },
  { name: 'minBreakS', fallback: 900, min: 0, max: 86_400, unit: 's' },
  { name: 'scoreHarshWeight', fallback: 2, min: 0, max: 1000, unit: 'points' },
  { name: 'scoreSevereWeight', fallback: 4, min: 0, max: 1000, unit: 'points' },
  { name: 'scoreSpeedingMinorWeight', fallback: 0.5, min: 0, max: 100, unit: 'points per %' },
  { name: 'scoreSpeedingMajorWeight', fallback: 1, min: 0, max: 100, unit: 'points per %' },
  { name: 'scoreSpeedingSevereWeight', fallback: 2, min: 0, max: 100, unit: 'points per %' },
  { name: 'scoreMinDistanceKm', fallback: 160, min: 0, max: 100_000, unit: 'km' },
  { name: 'availableHoursPerDay', fallback: 10, min: 0.5, max: 24, unit: 'h' },
  { name: 'underUsedShare', fallback: 0.2, min: 0, max: 1, unit: '' },
];

export const DEFAULT_SETTINGS: StreamSettings = Object.fromEntries(
  SETTINGS.map((s) => [s.name, s.fallback]),
) as unknown as StreamSettings;
