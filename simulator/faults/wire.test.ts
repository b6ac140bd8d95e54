import { expect, test } from 'vitest';
import { collect, type Telemetry } from '../testing/collect.ts';
import { WIRE_FAULTS, type WireFault } from './kinds.ts';

const story = Object.fromEntries(
  WIRE_FAULTS.map((kind) => [kind, collect({ vehicles: 60, seconds: 400, seed: 'wire', faults: [kind] })]),
) as Record<WireFault, ReturnType<typeof collect>>;
const clean = collect({ vehicles: 60, seconds: 400, seed: 'wire' });

function telemetry(kind: WireFault) {
  const count = story[kind].truth.reduce((sum, line) => sum + (line.count ?? 0), 0);
  return { list: story[kind].messages.filter((m) => m.topicKind === 'telemetry'), count };
}

function parsed(payload: string): Telemetry | undefined {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

test.each(WIRE_FAULTS)('%s comes in bursts that are counted and expect no rule', (kind) => {
  expect(story[kind].truth.length).toBeGreaterThan(0);
  for (const line of story[kind].truth) {
    expect(line).toMatchObject({ fault: kind, expected_rule: null, count: 8 });
    expect(line.end_ms).toBeGreaterThan(line.start_ms);
  }
});

test('duplicates are the same bytes again', () => {
  const { list, count } = telemetry('duplicate');
  expect(list.length - new Set(list.map((m) => m.payload)).size).toBe(count);
});

test('late messages come more than 5 s after their time, none is lost', () => {
  const { list, count } = telemetry('late');
  expect(list.length).toBe(clean.messages.filter((m) => m.topicKind === 'telemetry').length);
  const late = list.filter((m) => m.timeMs - Date.parse(parsed(m.payload)?.timestamp ?? '') > 5000);
  expect(late).toHaveLength(count);
});

test('messages out of order come after their successor but within 5 s', () => {
  const { list, count } = telemetry('out_of_order');
  const newest = new Map<string, number>();
  let swapped = 0;
  for (const m of list) {
    const ms = Date.parse(parsed(m.payload)?.timestamp ?? '');
    if (ms < (newest.get(m.vehicleId) ?? 0)) swapped++;
    newest.set(m.vehicleId, Math.max(ms, newest.get(m.vehicleId) ?? 0));
    expect(m.timeMs - ms).toBeLessThan(5000);
  }
  expect(swapped).toBe(count);
});

test('broken JSON cannot be parsed', () => {
  const { list, count } = telemetry('broken_json');
  expect(list.filter((m) => parsed(m.payload) === undefined)).toHaveLength(count);
});

test('a changed type is a text where a number was', () => {
  const { list, count } = telemetry('type_change');
  expect(list.filter((m) => typeof parsed(m.payload)?.speed_kmph === 'string')).toHaveLength(count);
});

test('impossible values are beyond the earth, below standstill, faster than sound or tomorrow', () => {
  const { list, count } = telemetry('impossible_value');
  const odd = list.filter((m) => {
    const t = parsed(m.payload);
    return (
      t && (t.lat > 90 || t.speed_kmph < 0 || t.speed_kmph > 350 || Date.parse(t.timestamp) - m.timeMs > 3_600_000)
    );
  });
  expect(odd).toHaveLength(count);
  expect(
    new Set(odd.map((m) => m.payload.replace(/.*("lat":91|"speed_kmph":-5|"speed_kmph":900).*/, '$1'))).size,
  ).toBeGreaterThan(3);
});

test('messages that were held back at the end of a run are sent at its end', () => {
  const { messages, truth } = collect({ vehicles: 40, seconds: 40, seed: 'w', faults: ['late'] });
  const made = collect({ vehicles: 40, seconds: 40, seed: 'w' }).messages.length;
  expect(truth.length).toBeGreaterThan(0);
  expect(messages).toHaveLength(made);
  expect(messages.at(-1)?.timeMs).toBeLessThanOrEqual(messages[0].timeMs + 40_000);
});
