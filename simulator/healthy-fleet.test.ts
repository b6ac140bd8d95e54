import { expect, test } from 'vitest';
import { haversineM, headingGapDeg } from '../core/model/geometry.ts';
import { type FleetMessage, fleetMessages } from './fleet.ts';
import { NOON_MS, type Status, type Telemetry } from './testing/collect.ts';

interface Fix {
  readonly ms: number;
  readonly mps: number;
  readonly lat: number;
  readonly lon: number;
  readonly headingDeg: number;
}

/** The extremes of a healthy fleet, as a rule would see them in its messages. */
function extremes(seed: string, rate: number, vehicles: number, seconds: number) {
  const seen = {
    accel: Number.NEGATIVE_INFINITY,
    brake: Number.NEGATIVE_INFINITY,
    kmph: 0,
    jumpM: 0,
    batteryLow: 99,
    batteryHigh: 0,
    engineHigh: 0,
    coolantLow: 100,
    standingS: 0,
    least: 1,
    cargoOffC: 0,
    codes: 0,
    lateral: 0,
    notChargingS: 0,
    oilLow: 999,
    oilHigh: 0,
    fuelLow: 999,
    fuelHigh: 0,
    tyreLow: 999,
    cpuHigh: 0,
    ecuHighC: 0,
    lightsOff: 0,
    coolingOff: 0,
    unbeltedS: 0,
    doorsS: 0,
  };
  const last = new Map<string, Fix>();
  const ignition = new Map<string, boolean>();
  const stoodSince = new Map<string, number>();
  const status = new Map<string, Status>();
  const unbelted = new Map<string, number>();
  const doors = new Map<string, number>();
  const notCharging = new Map<string, number>();
  /** How long something has held for a vehicle, s. */
  const held = (since: Map<string, number>, m: FleetMessage, holds: boolean) => {
    if (!holds) since.delete(m.vehicleId);
    else if (!since.has(m.vehicleId)) since.set(m.vehicleId, m.timeMs);
    return (m.timeMs - (since.get(m.vehicleId) ?? m.timeMs)) / 1000;
  };
  let moving = 0;
  let fixes = 0;

  function onTelemetry(m: FleetMessage): void {
    const t = JSON.parse(m.payload) as Telemetry;
    const fix = { ms: m.timeMs, mps: t.speed_kmph / 3.6, lat: t.lat, lon: t.lon, headingDeg: t.heading };
    const before = last.get(m.vehicleId);
    if (before) {
      const dtS = (fix.ms - before.ms) / 1000;
      seen.accel = Math.max(seen.accel, (fix.mps - before.mps) / dtS);
      seen.brake = Math.max(seen.brake, (before.mps - fix.mps) / dtS);
      // As the room does: by the mean speed, and only of vehicles that are fast enough for their heading to mean something.
      const turn = (headingGapDeg(before.headingDeg, fix.headingDeg) * Math.PI) / 180 / dtS;
      if (rate <= 1 && Math.min(fix.mps, before.mps) > 30 / 3.6) {
        seen.lateral = Math.max(seen.lateral, (turn * (fix.mps + before.mps)) / 2);
      }
      const odd = haversineM(before.lat, before.lon, fix.lat, fix.lon) - ((fix.mps + before.mps) / 2) * dtS;
      seen.jumpM = Math.max(seen.jumpM, rate >= 1 ? Math.abs(odd) : 0);
    }
    last.set(m.vehicleId, fix);
    seen.kmph = Math.max(seen.kmph, t.speed_kmph);
    seen.batteryLow = Math.min(seen.batteryLow, t.battery_v);
    seen.batteryHigh = Math.max(seen.batteryHigh, t.battery_v);
    const now = status.get(m.vehicleId);
    const idle = t.speed_kmph < 1 && ignition.get(m.vehicleId) === true;
    seen.standingS = Math.max(seen.standingS, held(stoodSince, m, idle));
    seen.unbeltedS = Math.max(seen.unbeltedS, held(unbelted, m, t.speed_kmph > 20 && now?.seatbelt === false));
    seen.doorsS = Math.max(seen.doorsS, held(doors, m, t.speed_kmph > 8 && now?.doors_open === true));
    const drained = now !== undefined && now.rpm > 500 && t.battery_v < 13.3;
    seen.notChargingS = Math.max(seen.notChargingS, held(notCharging, m, drained));
    fixes++;
    if (t.speed_kmph > 1) moving++;
    if (fixes % (vehicles * 30) !== 0) return;
    seen.least = Math.min(seen.least, moving / (vehicles * 30));
    moving = 0;
  }

  for (const m of fleetMessages({ vehicles, seconds, seed, rate, startMs: NOON_MS })) {
    if (m.topicKind === 'telemetry') onTelemetry(m);
    if (m.topicKind !== 'status') continue;
    const s = JSON.parse(m.payload) as Status;
    ignition.set(m.vehicleId, s.ignition);
    status.set(m.vehicleId, s);
    if (s.rpm > 500) {
      seen.oilLow = Math.min(seen.oilLow, s.oil_pressure_kpa);
      seen.oilHigh = Math.max(seen.oilHigh, s.oil_pressure_kpa);
      seen.fuelLow = Math.min(seen.fuelLow, s.fuel_pressure_kpa);
      seen.fuelHigh = Math.max(seen.fuelHigh, s.fuel_pressure_kpa);
    }
    seen.tyreLow = Math.min(seen.tyreLow, ...s.tyre_pressure_kpa);
    seen.cpuHigh = Math.max(seen.cpuHigh, s.ecu_cpu_pct);
    seen.ecuHighC = Math.max(seen.ecuHighC, s.ecu_temp_c);
    if (!s.ignition && s.headlights_on) seen.lightsOff++;
    if (s.cargo_temp_c !== undefined && !s.ac_on) seen.coolingOff++;
    seen.engineHigh = Math.max(seen.engineHigh, s.engine_temp_c);
    seen.coolantLow = Math.min(seen.coolantLow, s.coolant_level_pct);
    seen.codes += s.fault_codes.length;
    const cargo = s.cargo_temp_c;
    if (cargo !== undefined) {
      seen.cargoOffC = Math.max(seen.cargoOffC, Math.min(Math.abs(cargo - 4), Math.abs(cargo + 20)));
    }
  }
  return seen;
}

test.each([
  ['a', 1, 120, 1200],
  ['b', 1, 30, 5400],
  ['c', 5, 25, 400],
  ['d', 0.2, 100, 1200],
])('seed %s at rate %d: no healthy vehicle looks like a fault', (seed, rate, vehicles, seconds) => {
  const seen = extremes(seed, rate, vehicles, seconds);
  expect(seen.accel).toBeLessThan(1.9);
  expect(seen.brake).toBeLessThan(2.5);
  expect(seen.kmph).toBeLessThanOrEqual(80);
  expect(seen.jumpM).toBeLessThan(8);
  expect(seen.batteryLow).toBeGreaterThanOrEqual(12.5);
  expect(seen.batteryHigh).toBeLessThanOrEqual(14.4);
  expect(seen.engineHigh).toBeLessThanOrEqual(99);
  expect(seen.coolantLow).toBeGreaterThan(85);
  expect(seen.standingS).toBeLessThan(180);
  expect(seen.cargoOffC).toBeLessThan(2.5);
  expect(seen.lateral).toBeLessThan(2.8);
  expect(seen.notChargingS).toBeLessThanOrEqual(1);
  expect(seen.oilLow).toBeGreaterThan(200);
  expect(seen.oilHigh).toBeLessThan(600);
  expect(seen.fuelLow).toBeGreaterThan(300);
  expect(seen.fuelHigh).toBeLessThan(450);
  expect(seen.tyreLow).toBeGreaterThan(0.93 * 240);
  expect(seen.cpuHigh).toBeLessThan(60);
  expect(seen.ecuHighC).toBeLessThan(70);
  expect(seen.unbeltedS).toBeLessThanOrEqual(1);
  expect(seen.doorsS).toBeLessThanOrEqual(1);
  expect([seen.lightsOff, seen.coolingOff]).toEqual([0, 0]);
  expect(seen.codes).toBe(0);
});

test('about three in four vehicles move, from the first second on', () => {
  const seen = extremes('moving', 1, 1000, 120);
  expect(seen.least).toBeGreaterThan(0.68);
});
