import { expect, test } from 'vitest';
import { headingGapDeg } from '../../core/model/geometry.ts';
import { faultStory, heldAt, joined } from '../testing/fault-story.ts';

const story = faultStory([
  'harsh_braking',
  'harsh_acceleration',
  'harsh_cornering',
  'speeding',
  'long_idling',
  'no_seatbelt',
  'crash',
  'sos',
]);

test.each([
  ['harsh_braking', -1],
  ['harsh_acceleration', 1],
] as const)('%s shows at least 4.5 m/s² in two fixes running', (fault, sign) => {
  const { line, fixes } = story.see(fault);
  const from = fixes.findIndex((f) => f.ms === line.start_ms);
  const [first, second, third] = fixes.slice(from, from + 3).map((f) => f.speed_kmph / 3.6);
  expect(sign * (second - first)).toBeGreaterThan(4.5);
  expect(sign * (third - second)).toBeGreaterThan(4.5);
  if (fault === 'harsh_braking') expect(first * 3.6).toBeGreaterThanOrEqual(60);
  else expect(first * 3.6).toBeGreaterThan(10);
});

test('harsh cornering is more than 0.45 g sideways at more than 30 km/h, and nobody else’s corner is', () => {
  const { line, fixes } = story.see('harsh_cornering');
  const sideways = fixes.slice(1).map((f, i) => {
    const before = fixes[i];
    const turn = (headingGapDeg(before.heading, f.heading) * Math.PI) / 180 / ((f.ms - before.ms) / 1000);
    const fast = Math.min(before.speed_kmph, f.speed_kmph) > 30;
    return { ms: f.ms, mps2: fast ? (turn * (before.speed_kmph + f.speed_kmph)) / 7.2 : 0 };
  });
  const harsh = sideways.filter(({ mps2 }) => mps2 > 0.45 * 9.81);
  expect(harsh.length).toBeGreaterThan(0);
  expect(harsh[0].ms).toBeLessThanOrEqual(line.due_ms);
  const others = sideways.filter(({ ms }) => ms < line.start_ms || ms > line.end_ms);
  expect(Math.max(...others.map(({ mps2 }) => mps2))).toBeLessThan(2.8);
});

test('speeding holds 105 to 125 km/h for 100 s and more', () => {
  const { line, during } = story.see('speeding');
  expect(heldAt(during, 99_000, (f) => f.speed_kmph >= 105 && f.speed_kmph <= 125)).not.toBeNaN();
  expect(heldAt(during, 60_000, (f) => f.speed_kmph > 90)).toBeLessThanOrEqual(line.due_ms);
});

test('long idling stands for more than 6 min with the engine on', () => {
  const { line, during, duringStatus } = story.see('long_idling');
  expect(line.end_ms - line.start_ms).toBeGreaterThan(360_000);
  expect(during.every((f) => f.speed_kmph === 0 && f.battery_v > 13)).toBe(true);
  expect(duringStatus.every((s) => s.ignition)).toBe(true);
});

test('a driver without a belt drives at more than 20 km/h for 20 s in time', () => {
  const seen = story.see('no_seatbelt');
  const unbelted = joined(seen).filter((f) => f.ms > seen.line.start_ms);
  const at = heldAt(unbelted, 20_000, (f) => f.seatbelt === false && f.speed_kmph > 20);
  expect(at).toBeLessThanOrEqual(seen.line.due_ms);
  expect(seen.statuses.filter((s) => s.ms > seen.line.end_ms).some((s) => s.seatbelt)).toBe(true);
});

test('a crash is a blow of 4 g and more, then standstill, with the device’s own alert', () => {
  const { line, during, duringStatus } = story.see('crash');
  expect(during.every((f) => f.speed_kmph === 0)).toBe(true);
  expect(Math.max(...duringStatus[0].accel_g.map(Math.abs))).toBeGreaterThanOrEqual(4);
  expect(duringStatus[0].ms).toBeLessThan(line.due_ms - 10_000);
  const alert = story.messages.find((m) => m.topicKind === 'alert' && m.vehicleId === line.vehicle_id);
  expect(JSON.parse(alert?.payload ?? '{}')).toMatchObject({ alert_type: 'crash', severity: 1 });
  expect(line).toMatchObject({ expected_rule: 'crash', also: ['external:crash', 'harsh-braking'] });
});

test('an SOS is a driver event', () => {
  const { line } = story.see('sos');
  const event = story.messages.find((m) => m.topicKind === 'driver' && m.payload.includes('"sos"'));
  expect(event?.vehicleId).toBe(line.vehicle_id);
  expect(event?.timeMs).toBeGreaterThan(line.start_ms);
  expect(event?.timeMs).toBeLessThanOrEqual(line.due_ms);
});

test('nobody but speeders and the harsh leaves the healthy band', () => {
  const rough = new Set(story.truth.filter((t) => /speeding|harsh|crash/.test(t.fault)).map((t) => t.vehicle_id));
  const fast = story.messages.filter(
    (m) =>
      m.topicKind === 'telemetry' &&
      !rough.has(m.vehicleId) &&
      Number(/speed_kmph":([\d.]+)/.exec(m.payload)?.[1]) > 80,
  );
  expect(fast).toEqual([]);
});
