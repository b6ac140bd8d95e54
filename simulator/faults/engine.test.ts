import { expect, test } from 'vitest';
import { faultStory, heldAt, joined } from '../testing/fault-story.ts';

const story = faultStory([
  'engine_overheat',
  'coolant_leak',
  'oil_pressure_loss',
  'fuel_pressure_loss',
  'charging_fault',
  'fault_code',
  'ecu_overload',
]);

test('the engine overheats past 118 °C within a minute and stays there', () => {
  const { line, duringStatus } = story.see('engine_overheat');
  const later = duringStatus.filter((s) => s.ms >= line.start_ms + 70_000);
  expect(later.length).toBeGreaterThan(10);
  expect(later.every((s) => s.engine_temp_c > 118)).toBe(true);
  expect(heldAt(duringStatus, 30_000, (s) => s.engine_temp_c > 110)).toBeLessThanOrEqual(line.due_ms);
});

test('coolant leaks while the engine grows warmer, seen well before it is hot', () => {
  const { line, duringStatus } = story.see('coolant_leak');
  const [first] = duringStatus;
  const shown = duringStatus.find(
    (s) => first.coolant_level_pct - s.coolant_level_pct > 8 && s.engine_temp_c - first.engine_temp_c > 3,
  );
  expect(shown?.ms).toBeLessThanOrEqual(line.due_ms);
  expect(shown?.engine_temp_c).toBeLessThan(100);
  const hot = duringStatus.find((s) => s.engine_temp_c > 104)?.ms ?? Number.NaN;
  expect(hot).toBeGreaterThan(line.due_ms);
  expect(duringStatus.some((s) => s.engine_temp_c > 112)).toBe(true);
  expect(line.also).toEqual(['engine-warm', 'engine-overheat', 'fault-code']);
});

test.each([
  ['oil_pressure_loss', 'oil_pressure_kpa', 100],
  ['fuel_pressure_loss', 'fuel_pressure_kpa', 200],
] as const)('%s: the pressure falls below the limit for 20 s with the engine running', (fault, signal, limit) => {
  const { line, duringStatus } = story.see(fault);
  expect(duringStatus[0].rpm).toBeGreaterThan(500);
  const low = heldAt(duringStatus, 20_000, (s) => s.rpm > 500 && s[signal] < limit);
  expect(low).toBeLessThanOrEqual(line.due_ms);
});

test('a charging fault leaves the running engine with the voltage of a battery that is not flat', () => {
  const seen = story.see('charging_fault');
  const during = joined(seen).filter((f) => f.ms > seen.line.start_ms && f.ms < seen.line.end_ms);
  const low = heldAt(during, 120_000, (f) => (f.rpm ?? 0) > 500 && f.battery_v < 13.2);
  expect(low).toBeLessThanOrEqual(seen.line.due_ms);
  expect(Math.min(...during.map((f) => f.battery_v))).toBeGreaterThan(12.4);
});

test('a fault code comes alone', () => {
  const { line, duringStatus } = story.see('fault_code');
  expect(duringStatus.every((s) => s.fault_codes.length === 1)).toBe(true);
  expect(heldAt(duringStatus, 10_000, (s) => s.fault_codes.length > 0)).toBeLessThanOrEqual(line.due_ms);
});

test('a gateway computer without time is more than 90 % busy for a minute', () => {
  const { line, duringStatus } = story.see('ecu_overload');
  expect(heldAt(duringStatus, 60_000, (s) => s.ecu_cpu_pct > 90)).toBeLessThanOrEqual(line.due_ms);
});
