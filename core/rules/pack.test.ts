import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FleetState } from '../stream/fleet-state.ts';
import { MAX_PACK_CHARS, parsePack } from './pack.ts';
import { compilePacks } from './rule-set.ts';
import { packErrors } from './testing/rule-fleet.ts';

const BASE = readFileSync(new URL('../../resources/rules/base.yaml', import.meta.url), 'utf8');

/** One correct rule with some lines replaced (undefined removes one). */
function rule(change: Record<string, string | undefined> = {}): string {
  const lines: Record<string, string | undefined> = {
    id: 'hot',
    name: 'Hot',
    priority: 'high',
    when: 'engine_temp_c > 110',
    message: 'm',
    ...change,
  };
  const written = Object.entries(lines).filter(([, value]) => value !== undefined);
  return `rules:\n  - ${written.map(([key, value]) => `${key}: ${value}`).join('\n    ')}\n`;
}

const RULE_KEYS = 'id, name, priority, when, clear, on, for, keep, message';

test('the rules of the product are right', () => {
  expect(packErrors(BASE)).toEqual([]);
});

test('a rule is read whole, with trimmed texts, ms and where it stands', () => {
  const text = rule({ clear: 'engine_temp_c < 107', for: '1m30s', keep: '250ms', name: "' Hot '" });
  expect(parsePack({ name: 'p', text }).rules).toMatchObject([
    {
      id: 'hot',
      place: { line: 2, column: 9 },
      name: 'Hot',
      priority: 2,
      trigger: { type: 'condition', when: { text: 'engine_temp_c > 110' }, clear: { text: 'engine_temp_c < 107' } },
      forMs: 90_000,
      keepMs: 250,
      message: { text: 'm' },
    },
  ]);
  const event = rule({ when: undefined, on: 'driver.sos' });
  expect(parsePack({ name: 'p', text: event }).rules[0].trigger).toEqual({ type: 'driver-event', event: 'sos' });
});

describe('what is wrong, where and what to do', () => {
  test.each([
    ['an empty file', '', '1:1 a rule pack is a mapping of pack, description, rules'],
    ['only a comment', '# nothing\n', '1:1 a rule pack is a mapping of pack, description, rules'],
    ['a list', '- a\n', '1:1 a rule pack is a mapping of pack, description, rules'],
    ['a word', 'rules', '1:1 a rule pack is a mapping of pack, description, rules'],
    ['no rules', 'pack: x\n', '1:1 a rule pack needs a list `rules:`'],
    ['rules of nothing', 'pack: x\nrules:\n', '2:7 a rule pack needs a list `rules:`'],
    ['rules that are no list', 'rules: 3', '1:8 a rule pack needs a list `rules:`'],
    ['a mistyped pack key', 'pack: x\nrule: []\n', '2:1 `rule` is no part of a rule pack; did you mean `rules`?'],
    ['a foreign pack key', 'author: x\n', '1:1 `author` is no part of a rule pack: pack, description, rules'],
    ['a key that is no text', '? [a]\n: b\n', '1:3 `` is no part of a rule pack: pack, description, rules'],
    ['a rule of nothing', 'rules:\n  -\n', `2:4 a rule is a mapping of ${RULE_KEYS}`],
    ['a rule that is a word', 'rules: [a]', `1:9 a rule is a mapping of ${RULE_KEYS}`],
    ['a mistyped rule key', rule({ wen: '1 > 0' }), '7:5 `wen` is no part of a rule; did you mean `when`?'],
    ['a foreign rule key', rule({ severity: '1' }), `7:5 \`severity\` is no part of a rule: ${RULE_KEYS}`],
    ['a merge key', 'rules: [{<<: {id: a}}]', `1:10 \`<<\` is no part of a rule: ${RULE_KEYS}`],
    ['no id', rule({ id: undefined }), '2:5 a rule needs `id`'],
    ['no name', rule({ name: undefined }), '2:5 a rule needs `name`'],
    ['no priority', rule({ priority: undefined }), '2:5 a rule needs `priority`'],
    ['no message', rule({ message: undefined }), '2:5 a rule needs `message`'],
    ['an empty name', rule({ name: '""' }), '3:11 `name` is empty'],
    ['a message of spaces', rule({ message: "'  '" }), '6:14 `message` is empty'],
    ['a name of nothing', rule({ name: '' }), '3:11 `name` must be text'],
    ['null for a text', rule({ name: '~' }), '3:11 `name` must be text'],
    ['a list for a text', rule({ message: '[a, b]' }), '6:14 `message` must be text'],
    ['an alias for a text', rule({ name: '&n Hot', message: '*n' }), '6:14 `message` must be text'],
    ['capitals in the id', rule({ id: 'Hot' }), '2:9 rule id `Hot`: small letters, digits and dashes, a letter first'],
    ['a digit first', rule({ id: '9a' }), '2:9 rule id `9a`: small letters, digits and dashes, a letter first'],
    [
      'a long id',
      rule({ id: 'a'.repeat(65) }),
      `2:9 rule id \`${'a'.repeat(60)}…\`: small letters, digits and dashes, a letter first`,
    ],
    [
      'a foreign priority',
      rule({ priority: 'urgent' }),
      '4:15 priority `urgent` is none of critical, high, medium, low',
    ],
    ['a priority by number', rule({ priority: '1' }), '4:15 priority `1` is none of critical, high, medium, low'],
    [
      'a priority of the language',
      rule({ priority: 'constructor' }),
      '4:15 priority `constructor` is none of critical, high, medium, low',
    ],
    ['neither when nor on', rule({ when: undefined }), '2:5 a rule has either `when` (a condition) or `on` (an event)'],
    ['when and on', rule({ on: 'driver.sos' }), '2:5 a rule has either `when` (a condition) or `on` (an event)'],
    [
      'an event without its source',
      rule({ when: undefined, on: 'sos' }),
      '6:9 `on: sos` is none of driver.driver_login, driver.driver_logout, driver.break_start, driver.break_end, driver.driver_incident, driver.sos',
    ],
    [
      'an event rule with a delay',
      rule({ when: undefined, on: 'driver.sos', for: '3s' }),
      '7:10 `for` needs a condition; an event rule stays until it is acknowledged',
    ],
    [
      'an event rule with a clear',
      rule({ when: undefined, on: 'driver.sos', clear: 'rpm > 0' }),
      '7:12 `clear` needs a condition; an event rule stays until it is acknowledged',
    ],
    [
      'an event rule with a keep',
      rule({ when: undefined, on: 'driver.sos', keep: '3s' }),
      '7:11 `keep` needs a condition; an event rule stays until it is acknowledged',
    ],
    ['a delay without unit', rule({ for: '60' }), '7:10 `for: 60` is no duration up to 365d; write 30s, 5m or 1h'],
    [
      'a delay in words',
      rule({ keep: 'a minute' }),
      '7:11 `keep: a minute` is no duration up to 365d; write 30s, 5m or 1h',
    ],
    ['a delay of years', rule({ for: '366d' }), '7:10 `for: 366d` is no duration up to 365d; write 30s, 5m or 1h'],
    [
      'a bad expression',
      rule({ when: 'rpm >' }),
      '5:15 rule `hot`: not an expression: found > but expecting end of input',
    ],
    ['a number', rule({ when: 'rpm + 1' }), '5:11 rule `hot`: a condition must be true or false, this is a number'],
    [
      'an unknown signal',
      rule({ when: 'fuel_pt > 1' }),
      '5:11 rule `hot`: there is no signal `fuel_pt`; did you mean `fuel_pct`?',
    ],
    [
      'a bad clear',
      rule({ clear: 'true && rpm' }),
      '7:20 rule `hot`: a flag or a comparison is needed here, this is a number',
    ],
    ['a bad message', rule({ message: 'at {fuel}' }), '6:18 rule `hot`: there is no signal `fuel`'],
    ['tabs', 'rules:\n\t- id: a\n', '2:1 not valid YAML: Tabs are not allowed as indentation'],
    [
      'an open bracket',
      'rules: [',
      '1:9 not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a key twice', rule({ 'name ': 'Hot' }), '7:5 not valid YAML: Map keys must be unique'],
    [
      'two documents',
      'rules: []\n---\nrules: []\n',
      '2:1 a file holds one rule pack; remove the `---` or make two files of it',
    ],
    ['an alias of nothing', 'rules: *none\n', '1:8 a rule pack needs a list `rules:`'],
    [
      'a huge file',
      `#${' '.repeat(MAX_PACK_CHARS)}`,
      `1:1 a rule pack of ${MAX_PACK_CHARS + 1} characters, the limit is ${MAX_PACK_CHARS}; make several files of it`,
    ],
  ])('%s', (_, text, message) => {
    expect(packErrors(text)[0]).toBe(message);
  });

  test('each wrong rule is named, the first mistake of each, and the right ones compile', () => {
    const text = `rules:
  - {id: a, name: A, priority: low, when: rpm > 1, message: m}
  - {id: b, name: B, priority: lo, when: rpm > , message: m}
  - {id: c, name: C, priority: low, when: rpm > 1, message: m, for: 1}
  - {id: d, name: D, priority: low, when: rpm, message: "{x}"}
`;
    expect(packErrors(text)).toEqual([
      '3:32 priority `lo` is none of critical, high, medium, low',
      '4:69 `for: 1` is no duration up to 365d; write 30s, 5m or 1h',
      '5:59 rule `d`: there is no signal `x`',
    ]);
    expect(parsePack({ name: 'p', text }).rules.map((r) => r.id)).toEqual(['a', 'd']);
  });

  test('deep nesting is said in one sentence, and a flood of errors is cut', () => {
    expect(packErrors('['.repeat(100_000))[0]).toMatch(/^1:\d+ not valid YAML: nested too deeply$/);
    const flood = packErrors(`rules:\n${'  - {id: A}\n'.repeat(80)}`);
    expect(flood).toHaveLength(51);
    expect(flood[50]).toBe('52:10 and 30 more errors');
  });
});

describe('the place of a mistake inside a text', () => {
  test.each([
    ['quoted', rule({ when: '"  rpm > 1 && fule_pct < 1"' }), '5:25'],
    ['quoted with escapes', rule({ when: '"rpm \\u003e 1 \\\n      && fule_pct < 1"' }), '6:10'],
    ['single quotes', rule({ message: "'it''s {fule_pct}'" }), '6:22'],
    ['plain over two lines', rule({ when: 'rpm > 1\n      && fule_pct < 1' }), '6:10'],
    ['a folded block', rule({ when: '>  # why\n      rpm > 1\n      && fule_pct < 1' }), '7:10'],
    ['a folded block after an empty line', rule({ when: '>\n\n      rpm > 1 &&\n      fule_pct < 1' }), '8:7'],
    ['a literal block', rule({ when: '|\n      rpm > 1\n      && fule_pct < 1' }), '7:10'],
    ['a block with an indicator', rule({ when: '|2-\n      rpm > 1\n      && fule_pct < 1' }), '7:10'],
    ['an anchor before it', rule({ when: '&x rpm > 1 && fule_pct < 1' }), '5:25'],
    ['a tag before it', rule({ when: '!!str rpm > 1 && fule_pct < 1' }), '5:28'],
    ['a comment in the expression', rule({ when: '|\n      rpm > 1 // 😀\n      && fule_pct < 1' }), '7:10'],
    ['windows line ends', rule({ when: '|\n      rpm > 1\n      && fule_pct < 1' }).replaceAll('\n', '\r\n'), '7:10'],
  ])('%s', (_, text, place) => {
    expect(packErrors(text)).toEqual([expect.stringMatching(new RegExp(`^${place} .*fule_pct`))]);
  });
});

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
    ];
    const versions = changes.map((change) => parsePack({ name: 'p', text: rule(change) }).rules[0].version);
    expect(new Set(versions).size).toBe(changes.length);
  });
});

describe('several packs', () => {
  const pack = (name: string, text: string) => ({ name, text });

  test('an id stands once in all of them; the first stays', () => {
    const twice = `${rule()}${rule().replace('rules:\n', '')}`;
    const { rules, errors } = compilePacks([pack('a.yaml', rule()), pack('b.yaml', twice)], new FleetState());
    expect(rules).toHaveLength(1);
    expect(errors).toEqual([
      { pack: 'b.yaml', line: 2, column: 9, message: 'rule `hot` is already in a.yaml:2' },
      { pack: 'b.yaml', line: 7, column: 9, message: 'rule `hot` is already in a.yaml:2' },
    ]);
  });

  test('no pack at all is no rule and no error', () => {
    expect(compilePacks([], new FleetState())).toEqual({ rules: [], errors: [] });
  });
});
