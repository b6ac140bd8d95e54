import type { StreamSettings } from '../../model/stream-settings.ts';

/** What the stores of driving ask of the stream they are part of. */
export interface DrivingDeps {
  vehicleName(slot: number): string;
  /** Numbers of drivers must stay theirs: state is kept by them. */
  driverName(driver: number): string;
  /** Asked when something begins on a trip, never later: the number may then be another's. */
  tripName(trip: number): string;
  settings(): StreamSettings;
  /** A break was too short; it ended at `endMs` (Unix ms) on that vehicle. */
  breakViolated?(slot: number, endMs: number): void;
}

/** A gap between two messages longer than this tells nothing of what the vehicle did meanwhile, ms. */
export const LONGEST_GAP_MS = 600_000;
