import { isDark, sunElevationDeg } from '../world/sun.ts';
import type { Vehicle } from './vehicle.ts';

/** Where a warm engine settles, °C; inside the 82–99 °C a maker calls normal. */
const WARM_C = 89;
const WARM_UP_S = 170;
const COOL_DOWN_S = 2600;

/** Advances all that changes slowly to the vehicle's time: temperatures, fuel, load, tyres, light outside. */
export function advanceSignals(v: Vehicle): void {
  const dtS = Math.max(0, (v.timeMs - v.slowMs) / 1000);
  v.slowMs = v.timeMs;
  v.ambientC = ambientC(v);
  v.dark = isDark(v.place.city.lat, v.place.city.lon, v.timeMs);
  const driving = v.speedMps > 1;
  const target = v.ignition ? WARM_C + 4 * (v.character - 0.5) + (driving ? 1.5 : -0.5) : v.ambientC;
  const pull = 1 - Math.exp(-dtS / (v.ignition ? WARM_UP_S : COOL_DOWN_S));
  v.engineC += (target - v.engineC) * pull;
  v.oilC += (target + (driving ? 6 : 0) - v.oilC) * pull * 0.8;
  if (v.override.engineC !== undefined) v.engineC = v.override.engineC;
  if (v.ignition) v.fuelPct = Math.max(6, v.fuelPct - (driving ? v.speedMps * 0.00014 : 0.0009) * dtS);
  v.coolantPct = v.override.coolantPct ?? v.coolantPct + (nominalCoolantPct(v) - v.coolantPct) * Math.min(1, dtS / 60);
  v.tyreWarmth += ((driving ? 1 : 0) - v.tyreWarmth) * (1 - Math.exp(-dtS / 900));
  const loading = doorsOpen(v) ? 1.6 : 0;
  if (v.override.cargoWarmsCPerS !== undefined) v.cargoC += v.override.cargoWarmsCPerS * dtS;
  else v.cargoC += (v.cargoSetC + loading + 0.5 * wave(v, 700) - v.cargoC) * (1 - Math.exp(-dtS / 240));
}

export function nominalCoolantPct(v: Vehicle): number {
  return 90 + 8 * v.character;
}

/** A slow wave of its own for each vehicle, -1 … 1; `periodS` seconds long. */
function wave(v: Vehicle, periodS: number): number {
  return Math.sin(((v.timeMs / 1000) % periodS) * ((2 * Math.PI) / periodS) + v.character * 40);
}

/** Air temperature: milder towards the equator, warmest some hours after noon. */
function ambientC(v: Vehicle): number {
  const { lat, lon } = v.place.city;
  const sun = sunElevationDeg(lat, lon, v.timeMs - 2 * 3_600_000);
  return 27 - Math.abs(lat) * 0.32 + sun * 0.09;
}

/** 13.6–14.4 V with the alternator running, 12.5–12.8 V at rest. */
export function batteryV(v: Vehicle): number {
  if (v.override.batteryV !== undefined) return v.override.batteryV;
  return v.ignition ? 14 + 0.2 * (v.character - 0.5) + 0.15 * wave(v, 97) : 12.55 + 0.2 * v.character;
}

/** Doors are open while goods are handled: until the last half minute of a stop. */
export function doorsOpen(v: Vehicle): boolean {
  if (v.override.doorsOpen) return true;
  const handled = v.phase === 'parked' && v.loggedIn && !v.onBreak && v.phaseUntilMs - v.timeMs > 30_000;
  return handled && v.override.batteryV === undefined;
}

/** The driver buckles up before moving off, and unbuckles when the stop is reached. */
export function belted(v: Vehicle): boolean {
  return !v.override.unbelted && (v.phase === 'driving' || v.phase === 'leaving');
}

/** A cooling unit has a motor of its own and runs day and night; in other vehicles the cabin is cooled in warm weather. */
export function acOn(v: Vehicle): boolean {
  if (v.kind === 'reefer') return v.override.cargoWarmsCPerS === undefined;
  return v.ignition && v.ambientC > 21;
}

/** kPa; 250–430 with the engine running. */
export function oilKpa(v: Vehicle, revs: number): number {
  if (!v.ignition) return 0;
  return Math.round(v.override.oilKpa ?? 160 + revs * 0.11 + 20 * v.character);
}

/** kPa; 350–380 with the engine running. */
export function fuelKpa(v: Vehicle): number {
  if (!v.ignition) return 0;
  return Math.round(v.override.fuelKpa ?? 350 + 30 * v.character);
}

export function headlightsOn(v: Vehicle): boolean {
  return v.override.headlightsOn ?? (v.ignition && v.dark);
}

/** Engine speed, rpm: six gears between 1,100 and 2,300. */
export function rpm(v: Vehicle): number {
  if (!v.ignition) return 0;
  if (v.speedMps < 1) return 740 + Math.round(30 * wave(v, 13));
  const gear = Math.min(6, 1 + Math.floor(v.speedMps / 3.6));
  return Math.round(1100 + (v.speedMps / (gear * 3.6)) * 900 + 40 * wave(v, 11));
}

export function tyreKpa(v: Vehicle, wheel: number): number {
  if (wheel === 1 && v.override.tyreSensorDead) return 0;
  const leak = wheel === 3 ? (v.override.tyreDropKpa ?? 0) : 0;
  return Math.max(0, v.tyreKpa[wheel] + 14 * v.tyreWarmth - leak);
}

/** The gateway computer: load follows driving, temperature follows both. */
export function ecu(v: Vehicle): { cpuPct: number; memPct: number; tempC: number } {
  const cpuPct = v.override.ecuCpuPct ?? (v.ignition ? 28 : 9) + (v.speedMps > 1 ? 10 : 0) + 6 * wave(v, 41);
  return { cpuPct, memPct: 46 + 8 * v.character + 2 * wave(v, 1800), tempC: v.ambientC + 14 + cpuPct * 0.3 };
}
