import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { QUARANTINE_REASONS } from '../model/quarantine.ts';
import { ARRAY_SIGNALS, SIGNALS } from '../model/signals.ts';
import { DEFAULT_TOPICS } from '../model/topics.ts';
import { Decoder } from './decoder.ts';
import { DEFAULT_PROFILE, isRequired, MAX_ID_BYTES } from './profile.ts';

const text = readFileSync(new URL('../../docs/messages.md', import.meta.url), 'utf8');

/** The cells of the table rows under a heading, without its head. */
function table(heading: string): string[][] {
  const section = text.split(`\n${heading}\n`)[1]?.split(/^#/m)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const names = (cell: string): string[] => [...cell.matchAll(/`([\w/]+)`/g)].map((match) => match[1]);

describe('docs/messages.md', () => {
  test('lists every signal with its unit, range and normal band', () => {
    const shown = table('## Signals').map((row) => row.slice(0, 4));
    const n = (value: number): string => String(value).replace('-', '−');
    const band = (low: number | undefined, high: number | undefined): string =>
      low === undefined || high === undefined ? '–' : `${n(low)}…${n(high)}`;
    const real = SIGNALS.map((s) =>
      s.flag
        ? [`\`${s.name}\``, 'flag', '', '']
        : [`\`${s.name}\``, s.unit || '–', band(s.min, s.max), band(s.normalLow, s.normalHigh)],
    );
    expect(shown).toEqual(real);
    for (const key of Object.keys(ARRAY_SIGNALS)) expect(text).toContain(`sent in \`${key}\``);
  });

  test('lists every topic and every reason', () => {
    expect(
      table('## Topics')
        .flatMap((row) => names(row[0]))
        .toSorted(),
    ).toEqual(Object.values(DEFAULT_TOPICS).toSorted());
    const reasons = table('## What is set aside');
    expect(reasons.map((row) => row[0].replaceAll('`', ''))).toEqual([...QUARANTINE_REASONS]);
    for (const [, meaning, advice] of reasons) expect(meaning.length * advice.length).toBeGreaterThan(0);
  });

  test.each([
    ['### Telemetry and status', 'telemetry'],
    ['### Telemetry and status', 'status'],
    ['### Trip events', 'trip'],
    ['### Driver events', 'driver'],
    ['### Alerts of other systems', 'alert'],
  ])('%s: the fields of %s and which are required', (heading, kind) => {
    const rows = table(heading).filter((row) => kind === 'telemetry' || !row[2].startsWith('telemetry only'));
    const { fields } = DEFAULT_PROFILE.find((p) => p.name === kind)!;
    const signalKeys = new Set([...SIGNALS.map((s) => s.name), ...Object.keys(ARRAY_SIGNALS)]);
    const own = fields.filter((f) => !signalKeys.has(f.key));
    expect(rows.flatMap((row) => names(row[0])).toSorted()).toEqual(own.map((f) => f.key).toSorted());
    const required = rows.filter((row) => row[1] === 'required').flatMap((row) => names(row[0]));
    expect(required.toSorted()).toEqual(
      own
        .filter(isRequired)
        .map((f) => f.key)
        .toSorted(),
    );
    expect(text).toContain(`1 to ${MAX_ID_BYTES} bytes`);
  });

  test('its examples are taken, with nothing unknown in them', () => {
    const examples = [...text.matchAll(/^```json\n([\s\S]*?)^```/gm)].map((match) => match[1]);
    expect(examples).toHaveLength(2);
    const decoder = new Decoder({ maxVehicles: 10 });
    const found: string[] = [];
    const encoder = new TextEncoder();
    const sink = {
      event: () => found.push('event'),
      refuse: (problem: { detail: string }) => found.push(problem.detail),
      unknownField: (_: string, path: string) => found.push(path),
    };
    const topics = [DEFAULT_TOPICS.telemetry, DEFAULT_TOPICS.status];
    examples.forEach((example, i) => {
      const topic = encoder.encode(topics[i]);
      const payload = encoder.encode(example);
      decoder.message(Uint8Array.from([...topic, ...payload]), 0, topic.length, topic.length, payload.length, sink);
    });
    expect(found).toEqual(['event', 'event']);
  });

  test.each([
    ['2026-03-01T10:00:00Z', true],
    ['2026-03-01T10:00:00.123456+01:00', true],
    ['2026-03-01T10:00:00+0100', true],
    ['2026-03-01T10:00:00+01', true],
    ['2026-03-01 10:00:00Z', true],
    ['2026-03-01T10:00:60Z', true],
    [1_772_359_200, true],
    [1_772_359_200_000, true],
    ['2026-03-01T10:00:00', false],
    ['1999-12-31T23:59:59Z', false],
    ['2026-03-01', false],
  ])('the time %s is taken: %s', (timestamp, taken) => {
    const decoder = new Decoder({ maxVehicles: 10 });
    const encoder = new TextEncoder();
    const topic = encoder.encode(DEFAULT_TOPICS.status);
    const payload = encoder.encode(JSON.stringify({ vehicle_id: 'v', timestamp }));
    const found: string[] = [];
    decoder.message(Uint8Array.from([...topic, ...payload]), 0, topic.length, topic.length, payload.length, {
      event: () => found.push('event'),
      refuse: (problem) => found.push(problem.reason),
      unknownField: () => found.push('unknown'),
    });
    expect(found).toEqual([taken ? 'event' : 'bad-timestamp']);
  });
});
