import { describe, expect, test } from 'vitest';
import { collect, statusOf, telemetryOf } from '../testing/collect.ts';
import { VEHICLE_FAULTS, type VehicleFault } from './kinds.ts';
import type { TruthLine } from './truth.ts';

/*
 * Each fault as a rule sees it: in the messages of its vehicle after the time in the truth file.
 * 1,600 s leave every fault with an onset in the first 55 % the time to run its course.
 */
const { messages, truth } = collect({ vehicles: 250, seconds: 1600, seed: 'faults', faults: VEHICLE_FAULTS });

function lineOf(fault: VehicleFault): TruthLine {
  const line = truth.find((t) => t.fault === fault);
  if (!line) throw new Error(`${fault} was not injected`);
  return line;
}

const within = <T extends { ms: number }>(list: T[], fromMs: number, toMs: number) =>
  list.filter((m) => m.ms > fromMs && m.ms <= toMs);

/** First time (ms) from which a condition holds for `forMs` without a break. */
function holdsFrom<T extends { ms: number }>(list: T[], forMs: number, condition: (m: T) => boolean) {
  let since: number | undefined;
  for (const m of list) {
    if (!condition(m)) since = undefined;
    else since ??= m.ms;
    if (since !== undefined && m.ms - since >= forMs) return since;
  }
  return undefined;
}

function speedsOf(fault: VehicleFault) {
  const line = lineOf(fault);
  const fixes = telemetryOf(messages, line.vehicle_id);
  return { line, fixes, during: within(fixes, line.start_ms, line.end_ms) };
}

test('every fault was injected once, on a vehicle of its own, in the first 10 to 55 %', () => {
  expect(truth.map((t) => t.fault).toSorted()).toEqual([...VEHICLE_FAULTS].toSorted());
  expect(new Set(truth.map((t) => t.vehicle_id)).size).toBe(truth.length);
  const startMs = messages[0].timeMs;
  for (const line of truth) {
    expect(line.start_ms).toBeGreaterThanOrEqual(startMs + 159_000);
    // Leaving the area and coming to rest take their time after the onset.
    expect(line.start_ms).toBeLessThanOrEqual(startMs + 0.55 * 1_600_000 + 600_000);
    expect(line.end_ms).toBeLessThanOrEqual(startMs + 1_600_000);
    expect(line.due_ms).toBeGreaterThanOrEqual(line.start_ms);
  }
});

describe('driving', () => {
  test.each([
    ['harsh_braking', -1],
    ['harsh_acceleration', 1],
  ] as const)('%s shows at least 4.5 m/s² in two fixes running', (fault, sign) => {
    const { line, fixes } = speedsOf(fault);
    const from = fixes.findIndex((f) => f.ms === line.start_ms);
    const [first, second, third] = fixes.slice(from, from + 3).map((f) => f.speed_kmph / 3.6);
    expect(sign * (second - first)).toBeGreaterThan(4.5);
    expect(sign * (third - second)).toBeGreaterThan(4.5);
    if (fault === 'harsh_braking') expect(first * 3.6).toBeGreaterThanOrEqual(60);
    else expect(first * 3.6).toBeGreaterThan(10);
  });

  test('speeding holds 105 to 125 km/h for 100 s and more', () => {
    const { line, during } = speedsOf('speeding');
    const since = holdsFrom(during, 99_000, (f) => f.speed_kmph >= 105 && f.speed_kmph <= 125);
    expect(since).toBeDefined();
    const over = holdsFrom(during, 60_000, (f) => f.speed_kmph > 90);
    expect((over ?? Number.NaN) + 60_000).toBeLessThanOrEqual(line.due_ms);
  });

  test('long idling stands for more than 6 min with the engine on', () => {
    const { line, during } = speedsOf('long_idling');
    expect(line.end_ms - line.start_ms).toBeGreaterThan(360_000);
    expect(during.slice(0, -1).every((f) => f.speed_kmph === 0 && f.battery_v > 13)).toBe(true);
    const status = within(statusOf(messages, line.vehicle_id), line.start_ms, line.end_ms);
    expect(status.every((s) => s.ignition)).toBe(true);
  });

  test('a crash is a blow of 4 g and more, then standstill, with the device’s own alert', () => {
    const { line, during } = speedsOf('crash');
    expect(during.every((f) => f.speed_kmph === 0)).toBe(true);
    const [first] = within(statusOf(messages, line.vehicle_id), line.start_ms, line.end_ms);
    expect(Math.max(...first.accel_g.map(Math.abs))).toBeGreaterThanOrEqual(4);
    const alert = messages.find((m) => m.topicKind === 'alert' && m.vehicleId === line.vehicle_id);
    expect(JSON.parse(alert?.payload ?? '{}')).toMatchObject({ alert_type: 'crash', severity: 1 });
    expect(alert?.timeMs).toBeLessThanOrEqual(line.due_ms);
    expect(line).toMatchObject({ expected_rule: 'external:crash', also: ['harsh-braking'] });
  });

  test('an SOS is a driver event', () => {
    const line = lineOf('sos');
    const event = messages.find((m) => m.topicKind === 'driver' && m.payload.includes('"sos"'));
    expect(event?.vehicleId).toBe(line.vehicle_id);
    expect(event?.timeMs).toBeGreaterThan(line.start_ms);
    expect(event?.timeMs).toBeLessThanOrEqual(line.due_ms);
  });

  test('nobody but speeders and the harsh leaves the healthy band', () => {
    const rough = new Set(truth.filter((t) => /speeding|harsh|crash/.test(t.fault)).map((t) => t.vehicle_id));
    const fast = messages.filter(
      (m) =>
        m.topicKind === 'telemetry' &&
        !rough.has(m.vehicleId) &&
        Number(/speed_kmph":([\d.]+)/.exec(m.payload)?.[1]) > 80,
    );
    expect(fast).toEqual([]);
  });
});

describe('signals', () => {
  test('the engine overheats past 118 °C within a minute and stays there', () => {
    const line = lineOf('engine_overheat');
    const status = within(statusOf(messages, line.vehicle_id), line.start_ms, line.end_ms);
    const later = status.filter((s) => s.ms >= line.start_ms + 70_000);
    expect(later.length).toBeGreaterThan(10);
    expect(later.every((s) => s.engine_temp_c > 118)).toBe(true);
    const hot = holdsFrom(status, 30_000, (s) => s.engine_temp_c > 110);
    expect((hot ?? Number.NaN) + 30_000).toBeLessThanOrEqual(line.due_ms);
  });

  test('coolant leaks first, then the engine passes 112 °C', () => {
    const line = lineOf('coolant_leak');
    const status = within(statusOf(messages, line.vehicle_id), line.start_ms, line.end_ms);
    const low = status.find((s) => s.coolant_level_pct < 40);
    const hot = status.find((s) => s.engine_temp_c > 112);
    expect(low?.ms).toBeLessThan(hot?.ms ?? 0);
    const over = holdsFrom(status, 30_000, (s) => s.engine_temp_c > 110);
    expect((over ?? Number.NaN) + 30_000).toBeLessThanOrEqual(line.due_ms);
  });

  test('a flat battery falls below 11.9 V at rest', () => {
    const line = lineOf('flat_battery');
    const fixes = within(telemetryOf(messages, line.vehicle_id), line.start_ms, line.end_ms);
    const low = holdsFrom(fixes, 60_000, (f) => f.battery_v < 12.2);
    expect((low ?? Number.NaN) + 60_000).toBeLessThanOrEqual(line.due_ms);
    expect(fixes.at(-2)?.battery_v).toBeLessThan(11.9);
    expect(fixes.slice(0, -1).every((f) => f.speed_kmph === 0)).toBe(true);
  });

  test('the cargo warms by more than 10 °C', () => {
    const line = lineOf('cargo_cooling_failure');
    const cargo = within(statusOf(messages, line.vehicle_id), line.start_ms, line.end_ms).map(
      (s) => s.cargo_temp_c ?? 0,
    );
    expect(Math.max(...cargo) - cargo[0]).toBeGreaterThan(10);
  });

  test('one tyre loses more than a quarter of its pressure', () => {
    const line = lineOf('tyre_leak');
    const status = within(statusOf(messages, line.vehicle_id), line.start_ms, line.end_ms);
    const at = (wheel: number) => status.map((s) => s.tyre_pressure_kpa[wheel]);
    expect(Math.min(...at(3))).toBeLessThan(0.75 * at(3)[0]);
    expect(Math.min(...at(0))).toBeGreaterThan(0.9 * at(0)[0]);
  });

  test('fuel goes from a parked vehicle', () => {
    const line = lineOf('fuel_theft');
    const status = within(statusOf(messages, line.vehicle_id), line.start_ms, line.end_ms);
    expect(status[0].fuel_pct - Math.min(...status.map((s) => s.fuel_pct))).toBeGreaterThan(8);
    expect(status.slice(0, -1).every((s) => !s.ignition)).toBe(true);
  });

  test('headlights burn with the engine off, and the battery stays above what is low', () => {
    const line = lineOf('headlights_left_on');
    const status = within(statusOf(messages, line.vehicle_id), line.start_ms, line.end_ms - 1000);
    expect(status.every((s) => s.headlights_on && !s.ignition)).toBe(true);
    const fixes = within(telemetryOf(messages, line.vehicle_id), line.start_ms, line.end_ms);
    expect(Math.min(...fixes.map((f) => f.battery_v))).toBeGreaterThan(12.25);
  });

  test('a silent vehicle sends nothing for a quarter of an hour or to the end', () => {
    const line = lineOf('going_silent');
    const heard = messages.filter((m) => m.vehicleId === line.vehicle_id).map((m) => m.timeMs);
    expect(heard).toContain(line.start_ms);
    expect(heard.filter((ms) => ms > line.start_ms && ms < line.end_ms)).toEqual([]);
    expect(line.expected_rule).toMatch(/^(offline|silent-moving)$/);
    expect(line.due_ms - line.start_ms).toBeGreaterThanOrEqual(line.expected_rule === 'offline' ? 600_000 : 120_000);
  });
});
