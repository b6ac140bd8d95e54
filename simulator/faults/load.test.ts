import { expect, test } from 'vitest';
import { faultStory, heldAt, joined } from '../testing/fault-story.ts';

const story = faultStory(['cargo_cooling_failure', 'tyre_leak', 'tyre_defect', 'door_open_moving'], { seconds: 1800 });

test('a cooling unit that is off is told within a minute, and the cargo warms by more than 10 °C and cools again', () => {
  const { line, duringStatus, statuses } = story.see('cargo_cooling_failure');
  expect(heldAt(duringStatus, 60_000, (s) => !s.ac_on)).toBeLessThanOrEqual(line.due_ms);
  const cargo = duringStatus.map((s) => s.cargo_temp_c ?? Number.NaN);
  expect(Math.max(...cargo) - cargo[0]).toBeGreaterThan(10);
  const steps = statuses.slice(1).map((s, i) => Math.abs((s.cargo_temp_c ?? 0) - (statuses[i].cargo_temp_c ?? 0)));
  expect(Math.max(...steps)).toBeLessThan(1.5);
});

test('one tyre loses more than 20 kPa by the due time, and more than a quarter in the end', () => {
  const { line, duringStatus } = story.see('tyre_leak');
  const at = (wheel: number) => duringStatus.map((s) => s.tyre_pressure_kpa[wheel]);
  const lost = duringStatus.find((s) => at(3)[0] - s.tyre_pressure_kpa[3] > 20);
  expect(lost?.ms).toBeLessThanOrEqual(line.due_ms);
  expect(Math.min(...at(3))).toBeLessThan(0.75 * at(3)[0]);
  expect(Math.min(...at(0))).toBeGreaterThan(0.9 * at(0)[0]);
});

test('a dead tyre sensor reads 0 at once, and goes on so at more than 40 km/h for a minute', () => {
  const seen = story.see('tyre_defect');
  const { line, duringStatus } = seen;
  expect(duringStatus.every((s) => s.tyre_pressure_kpa[1] === 0)).toBe(true);
  expect(duringStatus.every((s) => s.tyre_pressure_kpa[0] > 220)).toBe(true);
  const during = joined(seen).filter((f) => f.ms > line.start_ms);
  const shown = heldAt(during, 60_000, (f) => f.speed_kmph > 40 && f.tyre_pressure_kpa?.[1] === 0);
  expect(shown).toBeLessThanOrEqual(line.due_ms);
});

test('a vehicle drives off with its door open', () => {
  const seen = story.see('door_open_moving');
  const open = joined(seen).filter((f) => f.ms > seen.line.start_ms);
  expect(heldAt(open, 5_000, (f) => f.doors_open === true && f.speed_kmph > 8)).toBeLessThanOrEqual(seen.line.due_ms);
});
