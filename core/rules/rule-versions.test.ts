import { describe, expect, test } from 'vitest';
import { hashId } from '../model/hash.ts';
import { parsePack } from './pack.ts';
import { packWithRule as rule } from './testing/written-pack.ts';

describe('YAML oddities', () => {
  test('texts that look like something else stay as written', () => {
    const text = rule({ name: '007', message: '1e3' });
    expect(parsePack({ name: 'p', text }).rules[0]).toMatchObject({ name: '007', message: { text: '1e3' } });
  });

  test.each(['yes', 'true', '1.0', '0x1F', '2026-03-01', '!!binary aGk=', '%YAML'])('a name of %s', (name) => {
    const shown = name.replace('!!binary ', '');
    const text = rule({ name: name.startsWith('%') ? `"${name}"` : name });
    expect(parsePack({ name: 'p', text }).rules[0].name).toBe(shown);
  });

  test('flow style, JSON, a byte order mark, comments and folding make the same rule', () => {
    const versions = [
      rule(),
      `\ufeff${rule()}`,
      rule({ when: '>-\n      engine_temp_c\n      > 110' }),
      rule({ when: "'engine_temp_c > 110'  # comment" }),
      '{"rules": [{"message": "m", "when": "engine_temp_c > 110", "priority": "high", "name": "Hot", "id": "hot"}]}',
      'rules: [{id: hot, name: Hot, priority: high, when: engine_temp_c > 110, message: m}]',
    ].map((text) => parsePack({ name: 'p', text }).rules[0].version);
    expect(new Set(versions).size).toBe(1);
  });

  test('whatever a rule says changes its version', () => {
    const changes: Record<string, string | undefined>[] = [
      {},
      { id: 'hotter' },
      { name: 'Hotter' },
      { priority: 'low' },
      { when: 'engine_temp_c > 111' },
      { when: undefined, on: 'driver.sos' },
      { clear: 'engine_temp_c < 1' },
      { for: '1s' },
      { keep: '1s' },
      { message: 'n' },
      { priority: `"ignition ? 'high' : 'low'"` },
      { when: undefined, on: 'driver.sos', until: 'rpm > 1' },
      { when: 'rpm > 1', on: 'driver.sos' },
      { when: undefined, on: 'trip.end' },
      { until: 'rpm > 1' },
      { deadband: '3' },
      { deadband: '4' },
      { latch: 'reset' },
      { latch: 'acknowledge' },
      { cooldown: '1m' },
      { suppressed_by: '[hot]' },
      { suppressed_by: '[hot, hotter]' },
      { suppressed_by: '[hot]', suppressed_on: 'depot' },
      { response: 'r' },
      { runbook: 'https://a' },
      { when: undefined, sequence: '[{is: rpm > 1}]', within: '1m' },
      { when: undefined, sequence: '[{is: rpm > 1}]', within: '2m' },
      { when: undefined, sequence: '[{is: rpm > 2}]', within: '1m' },
      { when: undefined, sequence: '[{is: rpm > 1, times: 2}]', within: '1m' },
      { when: undefined, sequence: '[{is: rpm > 1}, {is: rpm > 2}]', within: '1m' },
      { when: undefined, sequence: '[{is: rpm > 1}, {is: rpm > 2, directly: true}]', within: '1m' },
      { when: undefined, sequence: '[{is: rpm > 1}, {not: rpm > 2}]', within: '1m' },
    ];
    const versions = changes.map((change) => parsePack({ name: 'p', text: rule(change) }).rules[0].version);
    expect(new Set(versions).size).toBe(changes.length);
  });
});

test('a rule that uses nothing new has the version it always had: history knows its alerts by it', () => {
  const version = (text: string): string => parsePack({ name: 'p', text }).rules[0].version;
  const measured = rule({ clear: 'engine_temp_c < 107', for: '30s', keep: '30s' });
  expect(version(measured)).toBe(
    hashId('hot', 'Hot', 2, 'when', 'engine_temp_c > 110', 'engine_temp_c < 107', 30_000, 30_000, 'm'),
  );
  expect(version(rule({ when: undefined, on: 'driver.sos' }))).toBe(hashId('hot', 'Hot', 2, 'on', 'sos', 0, 0, 'm'));
});
