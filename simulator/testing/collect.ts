import type { TruthLine } from '../faults/truth.ts';
import { type FleetMessage, type FleetOptions, fleetMessages } from '../fleet.ts';

/** A Monday noon UTC, so that some cities of the fleet lie in the dark. */
export const NOON_MS = Date.parse('2026-01-05T12:00:00Z');

export interface Telemetry {
  readonly event_id: string;
  readonly vehicle_id: string;
  readonly trip_id: string;
  readonly timestamp: string;
  readonly lat: number;
  readonly lon: number;
  readonly speed_kmph: number;
  readonly heading: number;
  readonly battery_v: number;
}

export interface Status {
  readonly vehicle_id: string;
  readonly timestamp: string;
  readonly fuel_pct: number;
  readonly engine_temp_c: number;
  readonly coolant_level_pct: number;
  readonly oil_pressure_kpa: number;
  readonly fuel_pressure_kpa: number;
  readonly cargo_temp_c?: number;
  readonly ac_on: boolean;
  readonly tyre_pressure_kpa: readonly number[];
  readonly accel_g: readonly number[];
  readonly ignition: boolean;
  readonly doors_open: boolean;
  readonly headlights_on: boolean;
  readonly ecu_cpu_pct: number;
  readonly ecu_temp_c: number;
  readonly rpm: number;
  readonly seatbelt: boolean;
  readonly fault_codes: readonly string[];
}

export interface Story {
  readonly messages: FleetMessage[];
  readonly truth: TruthLine[];
}

/** A whole run in memory. */
export function collect(options: Partial<FleetOptions> & { vehicles: number; seconds: number }): Story {
  const truth: TruthLine[] = [];
  const messages = [...fleetMessages({ startMs: NOON_MS, ...options }, (line) => truth.push(line))];
  return { messages, truth };
}

export function telemetryOf(messages: readonly FleetMessage[], vehicleId: string): (Telemetry & { ms: number })[] {
  return messages
    .filter((m) => m.topicKind === 'telemetry' && m.vehicleId === vehicleId)
    .map((m) => ({ ...(JSON.parse(m.payload) as Telemetry), ms: m.timeMs }));
}

export function statusOf(messages: readonly FleetMessage[], vehicleId: string): (Status & { ms: number })[] {
  return messages
    .filter((m) => m.topicKind === 'status' && m.vehicleId === vehicleId)
    .map((m) => ({ ...(JSON.parse(m.payload) as Status), ms: m.timeMs }));
}
