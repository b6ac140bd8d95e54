import type { Random } from '../random.ts';
import type { RouteTree } from '../world/route-tree.ts';
import type { Place } from '../world/world.ts';

export type VehicleClass = 'van' | 'truck' | 'reefer';

/**
 * `driving`; `arrived`: at a stop with the engine still on; `parked`: engine off; `leaving`: engine on, about to go.
 */
export type Phase = 'driving' | 'arrived' | 'parked' | 'leaving';

/** What a fault forces on a vehicle; undefined or false where it leaves things alone. Reset when the fault is over. */
export interface Overrides {
  /** Comes to rest and stays, engine on. */
  halt: boolean;
  /** Sends nothing at all. */
  silent: boolean;
  /** Drives this fast whatever the street says, m/s. */
  targetMps: number | undefined;
  /** Changes its speed by this much, m/s²; may be beyond what a healthy driver does. */
  accelMps2: number | undefined;
  engineC: number | undefined;
  coolantPct: number | undefined;
  /** Added to what a working cooling unit keeps, °C. */
  cargoRiseC: number | undefined;
  batteryV: number | undefined;
  /** Missing from the rear right tyre, kPa. */
  tyreDropKpa: number | undefined;
  headlightsOn: boolean | undefined;
  /** Peak of an impact along x, g. */
  impactG: number | undefined;
  /** OBD-II code. */
  code: string | undefined;
}

export const NO_OVERRIDES: Readonly<Overrides> = {
  halt: false,
  silent: false,
  targetMps: undefined,
  accelMps2: undefined,
  engineC: undefined,
  coolantPct: undefined,
  cargoRiseC: undefined,
  batteryV: undefined,
  tyreDropKpa: undefined,
  headlightsOn: undefined,
  impactG: undefined,
  code: undefined,
};

/** One simulated vehicle. Mutable, of one shape: tens of thousands of them are stepped every second. */
export interface Vehicle {
  readonly index: number;
  readonly id: string;
  readonly kind: VehicleClass;
  readonly place: Place;
  readonly rnd: Random;
  /** What makes this one differ from the next, 0 … 1. */
  readonly character: number;
  /** Time the state holds for, Unix ms. */
  timeMs: number;

  edge: number;
  alongM: number;
  speedMps: number;
  /** Speed to have at the end of the edge, m/s. */
  endMps: number;
  tree: RouteTree;
  /** True when it stops at the tree's destination, false when it passes through. */
  final: boolean;
  viasLeft: number;
  lat: number;
  lon: number;
  headingDeg: number;

  phase: Phase;
  phaseUntilMs: number;
  stopsLeft: number;
  ignition: boolean;
  tripId: string;
  tripStartMs: number;
  tripM: number;
  driverNumber: number;
  loggedIn: boolean;
  onBreak: boolean;
  nextBreakMs: number;
  shiftEndMs: number;

  slowMs: number;
  odometerKm: number;
  fuelPct: number;
  engineC: number;
  coolantPct: number;
  oilC: number;
  cargoC: number;
  readonly cargoSetC: number;
  readonly tyreKpa: readonly number[];
  tyreWarmth: number;
  ambientC: number;
  dark: boolean;

  /** Time of the last message, Unix ms. */
  sentMs: number;
  statusDue: boolean;
  readonly override: Overrides;
  /** Set while a fault has it, and as long as it must not get another one; Unix ms. */
  busyUntilMs: number;
}

/** The id of who drives it now, e.g. `DRV-BER-00042-1`. */
export function driverId(v: Vehicle): string {
  return `DRV-${v.id}-${v.driverNumber}`;
}

/** What a vehicle tells about itself beyond its regular telemetry, at the moment it happens (its `timeMs`). */
export interface Reporter {
  tripStart(v: Vehicle): void;
  tripEnd(v: Vehicle, status: 'completed' | 'cancelled'): void;
  driver(v: Vehicle, type: DriverEventType): void;
  deviceAlert(v: Vehicle, type: string, severity: number, details: string): void;
}

export type DriverEventType =
  | 'driver_login'
  | 'driver_logout'
  | 'break_start'
  | 'break_end'
  | 'driver_incident'
  | 'sos';
