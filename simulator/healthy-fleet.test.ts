import { expect, test } from 'vitest';
import { haversineM } from '../core/model/geometry.ts';
import { type FleetMessage, fleetMessages } from './fleet.ts';
import { NOON_MS, type Status, type Telemetry } from './testing/collect.ts';

interface Fix {
  readonly ms: number;
  readonly mps: number;
  readonly lat: number;
  readonly lon: number;
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
  };
  const last = new Map<string, Fix>();
  const ignition = new Map<string, boolean>();
  const stoodSince = new Map<string, number>();
  let moving = 0;
  let fixes = 0;

  function onTelemetry(m: FleetMessage): void {
    const t = JSON.parse(m.payload) as Telemetry;
    const fix = { ms: m.timeMs, mps: t.speed_kmph / 3.6, lat: t.lat, lon: t.lon };
    const before = last.get(m.vehicleId);
    if (before) {
      const dtS = (fix.ms - before.ms) / 1000;
      seen.accel = Math.max(seen.accel, (fix.mps - before.mps) / dtS);
      seen.brake = Math.max(seen.brake, (before.mps - fix.mps) / dtS);
      const odd = haversineM(before.lat, before.lon, fix.lat, fix.lon) - ((fix.mps + before.mps) / 2) * dtS;
      seen.jumpM = Math.max(seen.jumpM, rate >= 1 ? Math.abs(odd) : 0);
    }
    last.set(m.vehicleId, fix);
    seen.kmph = Math.max(seen.kmph, t.speed_kmph);
    seen.batteryLow = Math.min(seen.batteryLow, t.battery_v);
    seen.batteryHigh = Math.max(seen.batteryHigh, t.battery_v);
    if (t.speed_kmph >= 1 || !ignition.get(m.vehicleId)) stoodSince.delete(m.vehicleId);
    else if (!stoodSince.has(m.vehicleId)) stoodSince.set(m.vehicleId, m.timeMs);
    seen.standingS = Math.max(seen.standingS, (m.timeMs - (stoodSince.get(m.vehicleId) ?? m.timeMs)) / 1000);
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
  expect(seen.brake).toBeLessThan(2.6);
  expect(seen.kmph).toBeLessThanOrEqual(80);
  expect(seen.jumpM).toBeLessThan(8);
  expect(seen.batteryLow).toBeGreaterThanOrEqual(12.5);
  expect(seen.batteryHigh).toBeLessThanOrEqual(14.4);
  expect(seen.engineHigh).toBeLessThanOrEqual(99);
  expect(seen.coolantLow).toBeGreaterThan(85);
  expect(seen.standingS).toBeLessThan(180);
  expect(seen.cargoOffC).toBeLessThan(3);
  expect(seen.codes).toBe(0);
});

test('about three in four vehicles move, from the first second on', () => {
  const seen = extremes('moving', 1, 1000, 120);
  expect(seen.least).toBeGreaterThan(0.68);
});
