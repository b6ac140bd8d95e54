import { expect, test } from 'vitest';
import { faultStory, heldAt } from '../testing/fault-story.ts';

const story = faultStory(['going_silent', 'device_clock', 'telemetry_stuck'], { seconds: 1800 });

test('a silent vehicle sends nothing for a quarter of an hour or to the end', () => {
  const { line } = story.see('going_silent');
  const heard = story.messages.filter((m) => m.vehicleId === line.vehicle_id).map((m) => m.timeMs);
  expect(heard).toContain(line.start_ms);
  expect(heard.filter((ms) => ms > line.start_ms && ms < line.end_ms)).toEqual([]);
  expect(line.expected_rule).toMatch(/^(offline|silent-moving)$/);
  expect(line.due_ms - line.start_ms).toBeGreaterThanOrEqual(line.expected_rule === 'offline' ? 600_000 : 120_000);
});

test('a wrong clock is 90 s behind in every message until it is put right, and nothing moves until it has caught up', () => {
  const { line, during, duringStatus, fixes } = story.see('device_clock');
  const lags = [...during, ...duringStatus].map((m) => m.ms - Date.parse(m.timestamp));
  expect(lags.slice(1).every((ms) => ms === 90_000)).toBe(true);
  expect(fixes.every((f) => f.ms < line.end_ms + 1000 || f.ms === Date.parse(f.timestamp))).toBe(true);
  const early = during.filter((f) => f.ms < line.start_ms + 90_000);
  expect(early.every((f) => f.speed_kmph === 0)).toBe(true);
  expect(line.due_ms).toBeLessThan(line.end_ms);
});

test('a stuck receiver repeats its position while the vehicle drives', () => {
  const { line, fixes, during } = story.see('telemetry_stuck');
  expect(new Set(during.map((f) => `${f.lat} ${f.lon}`)).size).toBe(1);
  expect(heldAt(during, 60_000, (f) => f.speed_kmph > 15)).toBeLessThanOrEqual(line.due_ms);
  expect(new Set(fixes.map((f) => `${f.lat} ${f.lon}`)).size).toBeGreaterThan(100);
});
