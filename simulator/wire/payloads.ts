import {
  acOn,
  batteryV,
  belted,
  doorsOpen,
  ecu,
  fuelKpa,
  headlightsOn,
  oilKpa,
  rpm,
  tyreKpa,
} from '../vehicle/signals.ts';
import { type DriverEventType, driverId, type Vehicle } from '../vehicle/vehicle.ts';
import { isoTime } from './timestamp.ts';

/*
 * Payloads of the default profile, written by concatenation: none of the texts in them needs escaping, and it takes a
 * third of the time of JSON.stringify.
 */

function round(value: number, scale: number): number {
  return Math.round(value * scale) / scale;
}

/** The time that the vehicle's device tells. */
function toldTime(v: Vehicle): string {
  return isoTime(v.timeMs - v.override.clockBehindMs);
}

/** Vehicles that have a seatbelt switch, doors and so on report them; all of this fleet do, only some have cold cargo. */
export function statusPayload(v: Vehicle): string {
  const running = v.ignition;
  const revs = rpm(v);
  const { cpuPct, memPct, tempC } = ecu(v);
  const code = v.override.code;
  const impact = v.override.impactG;
  const cargo = v.kind === 'reefer' ? `,"cargo_temp_c":${round(v.cargoC, 10)}` : '';
  const tyres = `${round(tyreKpa(v, 0), 1)},${round(tyreKpa(v, 1), 1)},${round(tyreKpa(v, 2), 1)},${round(tyreKpa(v, 3), 1)}`;
  return (
    `{"vehicle_id":"${v.id}","timestamp":"${toldTime(v)}","fuel_pct":${round(v.fuelPct, 10)}` +
    `,"engine_temp_c":${round(v.engineC, 10)},"odometer_km":${round(v.odometerKm, 10)}` +
    `,"fault_codes":[${code === undefined ? '' : `"${code}"`}]` +
    `,"coolant_level_pct":${round(v.coolantPct, 10)},"oil_temp_c":${round(v.oilC, 10)},"oil_pressure_kpa":${oilKpa(v, revs)}` +
    `,"fuel_pressure_kpa":${fuelKpa(v)}${cargo},"ac_on":${acOn(v)},"tyre_pressure_kpa":[${tyres}]` +
    `,"ignition":${running},"doors_open":${doorsOpen(v)},"headlights_on":${headlightsOn(v)}` +
    `,"accel_g":[${impact === undefined ? round((v.character - 0.5) * 0.06, 100) : -round(impact, 100)},0,${impact === undefined ? 1 : 1.6}]` +
    `,"ecu_cpu_pct":${round(cpuPct, 10)},"ecu_mem_pct":${round(memPct, 10)},"ecu_temp_c":${round(tempC, 10)}` +
    `,"rpm":${revs},"seatbelt":${belted(v)}}`
  );
}

export function telemetryPayload(v: Vehicle, eventId: string): string {
  const { lat, lon } = v.override.stuckAt ?? v;
  return (
    `{"event_id":"${eventId}","vehicle_id":"${v.id}","driver_id":"${driverId(v)}","trip_id":"${v.tripId}"` +
    `,"timestamp":"${toldTime(v)}","lat":${round(lat, 1e6)},"lon":${round(lon, 1e6)}` +
    `,"speed_kmph":${round(v.speedMps * 3.6, 10)},"heading":${Math.round(v.headingDeg) % 360}` +
    `,"sat_count":${9 + ((v.index + Math.floor(v.timeMs / 30_000)) % 6)},"battery_v":${round(batteryV(v), 100)}}`
  );
}

function position(v: Vehicle, kind: 'origin' | 'end'): string {
  return `"${kind}_lat":${round(v.lat, 1e6)},"${kind}_lon":${round(v.lon, 1e6)}`;
}

export function tripStartPayload(v: Vehicle): string {
  return (
    `{"trip_id":"${v.tripId}","vehicle_id":"${v.id}","driver_id":"${driverId(v)}","event_type":"trip_start"` +
    `,${position(v, 'origin')},"timestamp":"${toldTime(v)}"}`
  );
}

export function tripEndPayload(v: Vehicle, status: 'completed' | 'cancelled'): string {
  return (
    `{"trip_id":"${v.tripId}","vehicle_id":"${v.id}","driver_id":"${driverId(v)}","event_type":"trip_end"` +
    `,${position(v, 'end')},"distance_m":${Math.round(v.tripM)},"duration_sec":${Math.round((v.timeMs - v.tripStartMs) / 1000)}` +
    `,"status":"${status}","timestamp":"${toldTime(v)}"}`
  );
}

export function driverPayload(v: Vehicle, type: DriverEventType): string {
  return `{"driver_id":"${driverId(v)}","vehicle_id":"${v.id}","event_type":"${type}","timestamp":"${toldTime(v)}"}`;
}

/** An alert that a device raised by itself; severity 1 (worst) to 4. */
export function deviceAlertPayload(
  v: Vehicle,
  alertId: string,
  type: string,
  severity: number,
  details: string,
): string {
  return (
    `{"alert_id":"${alertId}","ts":"${toldTime(v)}","vehicle_id":"${v.id}","trip_id":"${v.tripId}"` +
    `,"alert_type":"${type}","severity":${severity},"details":"${details}"}`
  );
}

/** A command nobody minds: the control centre asks a vehicle for its status. */
export function commandPayload(v: Vehicle, commandId: string, timeMs: number): string {
  return (
    `{"command_id":"${commandId}","vehicle_id":"${v.id}","command":"report_status"` +
    `,"timestamp":"${isoTime(timeMs)}"}`
  );
}
