import { haversineM } from '../model/geometry.ts';

/** Engine state of a fix: what was known when it arrived. */
export const ENGINE = { unknown: 0, off: 1, on: 2 } as const;

/** What a leg shows of harsh driving, as bits; `severe` goes with one of the others. */
export const HARSH = { brake: 1, acceleration: 2, corner: 4, severe: 8 } as const;

/**
 * One message of a vehicle (telemetry, or a status while no telemetry comes) in event-time order behind its watermark, together
 * with what leads to it from the one before. One reused object: read it during the call only.
 */
export class Step {
  slot = 0;
  /** Unix ms. */
  timeMs = 0;
  /** Since the vehicle's step before; 0 for its first (`first` is then true). */
  gapMs = 0;
  first = true;
  /** True for telemetry: position and speed may be known. */
  fix = true;
  /** Degrees; NaN = not in this message. */
  lat = 0;
  lon = 0;
  /** NaN = not known. */
  speedKmph = 0;
  headingDeg = 0;
  /** The speed and heading of the fix before, NaN = none. */
  prevSpeedKmph = 0;
  prevHeadingDeg = 0;
  /** Since the fix before (other steps in between left out); NaN = none. */
  fixGapMs = 0;
  /** Great-circle distance from the last known position, m; 0 where either is missing. */
  legM = 0;
  /** See ENGINE. */
  engine = 0;
  /** See MOVEMENT (moving, idling, stopped or noData): now, and from the step before until now. */
  movement = 0;
  prevMovement = 0;
  /** Bits of HARSH. */
  harsh = 0;
  /** Peak of what `harsh` says, m/s². */
  harshMps2 = 0;
  /** NaN = never reported. */
  fuelPct = 0;
  odometerKm = 0;
  engineTempC = 0;
  batteryV = 0;
  /** Number of the trip id (Names), 0 = outside a trip; and that of the fix before. */
  trip = 0;
  prevTrip = 0;
  /** Number of the driver id (Names), 0 = none. */
  driver = 0;
}

/** Whoever follows the vehicles in event-time order. */
export interface StepConsumer {
  /** False: only watermarks are wanted, no steps. */
  readonly wantsSteps?: boolean;
  /** The next message of the vehicle. */
  step(step: Step): void;
  /** All messages of the vehicle up to and including `watermarkMs` have been given. Called after the steps it releases. */
  watermark(slot: number, watermarkMs: number): void;
  /** The vehicle was unheard for `idleAfterS`: nothing is held back any more; `lastMs` is its last step. */
  idle(slot: number, lastMs: number): void;
}

/** Distance of a leg; 0 where an end is not known. */
export function legM(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const m = haversineM(lat1, lon1, lat2, lon2);
  return Number.isNaN(m) ? 0 : m;
}
