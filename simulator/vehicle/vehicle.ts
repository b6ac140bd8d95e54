import type { Random } from '../random.ts';
import type { RouteTree } from '../world/route-tree.ts';
import type { Place } from '../world/world.ts';
import type { Overrides } from './overrides.ts';

export type VehicleClass = 'van' | 'truck' | 'reefer';

/**
 * `driving`; `arrived`: at a stop with the engine still on; `parked`: engine off; `leaving`: engine on, about to go.
 */
export type Phase = 'driving' | 'arrived' | 'parked' | 'leaving';

/** The trip that a vehicle is on when the story begins, as the dispatcher knows it. */
export interface VehicleOrder {
  /** Streets from where the vehicle is to its stop. */
  readonly edges: readonly number[];
  /** Number of the stop in its city, from 0. */
  readonly stop: number;
  readonly kind: 'loading' | 'unloading';
  /** Promised arrival, Unix ms. */
  readonly promisedMs: number;
  readonly serviceMin: number;
}

/** When somebody has the vehicle, Unix ms. */
export interface VehicleReservation {
  readonly fromMs: number;
  readonly toMs: number;
}

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
  /** Destinations after the tree's, in order; see plan.ts. */
  readonly ahead: number[];
  lat: number;
  lon: number;
  headingDeg: number;

  phase: Phase;
  phaseUntilMs: number;
  stopsLeft: number;
  /** Stops since the story began. */
  stopsMade: number;
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
  /** Work it has when the story begins. */
  order: VehicleOrder | undefined;
  readonly reservation: VehicleReservation | undefined;
  /** Stands in the depot for as long as the story lasts: nobody has it. */
  readonly offDuty: boolean;
  /** Set while a fault has it, and as long as it must not get another one; Unix ms. */
  busyUntilMs: number;
}

/** The id of who drives it now, e.g. `DRV-BER-00042-1`. */
export function driverId(v: Vehicle): string {
  return driverIdOf(v, v.driverNumber);
}

/** The id of one of its two drivers, 1 or 2. */
export function driverIdOf({ id }: Vehicle, number: number): string {
  return `DRV-${id}-${number}`;
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
