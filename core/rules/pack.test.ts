import { describe, expect, test } from 'vitest';
import { defaultPacks } from '../engine/testing/default-room.ts';
import { FleetState } from '../stream/fleet-state.ts';
import { MAX_PACK_CHARS, parsePack } from './pack.ts';
import { compilePacks } from './rule-set.ts';
import { formatPackError } from './spec.ts';
import { packErrors } from './testing/rule-fleet.ts';
import { packWithRule as rule } from './testing/written-pack.ts';

const RULE_KEYS =
  'id, name, priority, when, clear, on, sequence, within, until, for, keep, deadband, latch, cooldown, suppressed_by, suppressed_on, message, response, runbook';
const EVENTS =
  'driver.driver_login, driver.driver_logout, driver.break_start, driver.break_end, driver.driver_incident, driver.sos, driver.break_violation, trip.start, trip.end';

test('the rules of the product are right', () => {
  expect(compilePacks(defaultPacks(), new FleetState()).errors.map(formatPackError)).toEqual([]);
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
  expect(parsePack({ name: 'p', text: event }).rules[0].trigger).toEqual({
    type: 'event',
    event: 'driver.sos',
    when: undefined,
  });
});

const UNTIL = 'needs a condition; end an event or a sequence with `until`';
const TIMES = '`times` is a whole number from 1 to 100, for a step with `is`';
const DEADBAND = '`deadband` is a number above 0, in the unit of the signal';

/** A rule whose sequence stands in line 6. */
const sequence = (steps: string, within = '1m'): string => rule({ when: undefined, sequence: steps, within });

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
      'a priority that is a number by an expression',
      rule({ priority: 'rpm + 1' }),
      "4:19 rule `hot`: a priority is one of critical, high, medium, low, or condition ? 'high' : 'low'",
    ],
    [
      'a priority that may be none',
      rule({ priority: `"rpm > 1 ? 'high' : 'urgent'"` }),
      "4:35 rule `hot`: `urgent` is none of critical, high, medium, low; write one of critical, high, medium, low, or condition ? 'high' : 'low'",
    ],
    [
      'a priority by a number',
      rule({ priority: `"rpm ? 'high' : 'low'"` }),
      '4:16 rule `hot`: a flag or a comparison is needed here, this is a number',
    ],
    [
      'a priority by a signal that is none',
      rule({ priority: `"rpn > 1 ? 'high' : 'low'"` }),
      '4:16 rule `hot`: there is no signal `rpn`; did you mean `rpm`?',
    ],
    [
      'an event with a deadband',
      rule({ when: undefined, on: 'driver.sos', deadband: '3' }),
      `7:15 \`deadband\` ${UNTIL}`,
    ],
    ['within without steps', rule({ within: '5s' }), '7:13 `within` needs a `sequence`'],
    [
      'no within',
      rule({ when: undefined, sequence: '[{is: rpm > 1}]' }),
      '2:5 a sequence needs `within`: the time it may take',
    ],
    ['within of nothing', sequence('[{is: rpm > 1}]', '0s'), '2:5 a sequence needs `within`: the time it may take'],
    [
      'within without unit',
      sequence('[{is: rpm > 1}]', '5'),
      '7:13 `within: 5` is no duration up to 365d; write 30s, 5m or 1h',
    ],
    ['a sequence that is a text', sequence('rpm > 1'), '6:15 `sequence` must be a list'],
    ['a sequence of nothing', sequence('[]'), '6:15 `sequence` must be a list'],
    ['a sequence with a delay', `${sequence('[{is: rpm > 1}]')}    for: 5s\n`, `8:10 \`for\` ${UNTIL}`],
    ['a step that is a text', sequence('[rpm > 1]'), '6:16 a step is a mapping of is, not, name, directly, times'],
    ['a step of nothing', sequence('[{}]'), '6:16 a step has either `is` or `not`'],
    ['a step that is and is not', sequence('[{is: rpm > 1, not: rpm > 2}]'), '6:16 a step has either `is` or `not`'],
    [
      'a mistyped step key',
      sequence('[{is: rpm > 1, time: 3}]'),
      '6:30 `time` is no part of a step; did you mean `times`?',
    ],
    ['a step 0 times', sequence('[{is: rpm > 1, times: 0}]'), `6:37 ${TIMES}`],
    ['a step 101 times', sequence('[{is: rpm > 1, times: 101}]'), `6:37 ${TIMES}`],
    ['a step 1.5 times', sequence('[{is: rpm > 1, times: 1.5}]'), `6:37 ${TIMES}`],
    ['a not that comes twice', sequence('[{is: rpm > 1}, {not: rpm > 2, times: 2}]'), `6:53 ${TIMES}`],
    [
      'directly maybe',
      sequence('[{is: rpm > 1}, {is: rpm > 2, directly: maybe}]'),
      '6:55 `directly: maybe` is none of true, false',
    ],
    ['a not first', sequence('[{not: rpm > 1}]'), '6:22 the first step must be something that comes'],
    [
      'two nots',
      sequence('[{is: rpm > 1}, {not: rpm > 2}, {not: rpm > 3}]'),
      '6:53 two `not` in a row: join them with ||',
    ],
    ['17 steps', sequence(`[${'{is: rpm > 1},'.repeat(17)}]`), '6:240 at most 16 steps'],
    [
      'a step that is no condition',
      sequence('[{is: rpm > 1}, {is: rpm}]'),
      '6:36 rule `hot`: a condition must be true or false, this is a number',
    ],
    ['a deadband in words', rule({ deadband: 'small' }), `7:15 ${DEADBAND}`],
    ['a deadband below 0', rule({ deadband: '-3' }), `7:15 ${DEADBAND}`],
    ['a deadband of 0', rule({ deadband: '0' }), `7:15 ${DEADBAND}`],
    ['a deadband with a unit', rule({ deadband: '3 °C' }), `7:15 ${DEADBAND}`],
    [
      'a deadband and a clear',
      rule({ clear: 'rpm < 1', deadband: '3' }),
      '8:15 a rule has either `clear` or `deadband`',
    ],
    [
      'a deadband of nothing',
      rule({ when: 'ignition', deadband: '3' }),
      '5:11 rule `hot`: `deadband` needs a comparison with its value on the left: rpm > 900, not 900 < rpm',
    ],
    [
      'an until that is no condition',
      rule({ until: 'rpm' }),
      '7:12 rule `hot`: a condition must be true or false, this is a number',
    ],
    [
      'an event until silence',
      rule({ when: undefined, on: 'driver.sos', until: 'silent_s > 60' }),
      '7:12 rule `hot`: the `until` of an event or a sequence is asked after messages: it cannot read what changes without',
    ],
    ['a foreign latch', rule({ latch: 'yes' }), '7:12 `latch: yes` is none of acknowledge, reset'],
    [
      'a cooldown without unit',
      rule({ cooldown: '5' }),
      '7:15 `cooldown: 5` is no duration up to 365d; write 30s, 5m or 1h',
    ],
    ['suppressed by a text', rule({ suppressed_by: 'hot' }), '7:20 `suppressed_by` must be a list'],
    ['suppressed by a mapping', rule({ suppressed_by: '[{a: b}]' }), '7:21 `suppressed_by` is a list of rule ids'],
    ['suppressed by no id', rule({ suppressed_by: '[Hot]' }), '7:21 `Hot` is no rule id'],
    ['suppressed by nothing', rule({ suppressed_by: '[~]' }), '7:21 `suppressed_by` must be text'],
    [
      'suppressed by a rule that is none',
      rule({ suppressed_by: '[hoot]' }),
      '2:9 rule `hot`: `suppressed_by` names `hoot`, which is no rule; did you mean `hot`?',
    ],
    [
      'alerts of a rule that is none',
      rule({ when: "alerts('hoot', '1h') > 3" }),
      '2:9 rule `hot`: `alerts` names `hoot`, which is no rule; did you mean `hot`?',
    ],
    ['suppressed on without by', rule({ suppressed_on: 'depot' }), '2:5 `suppressed_on` needs `suppressed_by`'],
    [
      'suppressed on a foreign thing',
      rule({ suppressed_by: '[hot]', suppressed_on: 'fleet' }),
      '8:20 `suppressed_on: fleet` is none of vehicle, depot',
    ],
    [
      'a runbook that is no address',
      rule({ runbook: 'see wiki' }),
      '7:14 runbook `see wiki` is no web address; write https://…',
    ],
    [
      'a runbook that runs',
      rule({ runbook: '"javascript:alert(1)"' }),
      '7:15 runbook `javascript:alert(1)` is no web address; write https://…',
    ],
    ['a response with a bad value', rule({ response: 'at {fuel}' }), '7:19 rule `hot`: there is no signal `fuel`'],
    [
      'a priority of the language',
      rule({ priority: 'constructor' }),
      '4:15 priority `constructor` is none of critical, high, medium, low',
    ],
    [
      'neither when nor on',
      rule({ when: undefined }),
      '2:5 a rule has either `when` (a condition), `on` (an event) or `sequence` (things in order)',
    ],
    [
      'when and a sequence',
      rule({ sequence: '[{is: rpm > 1}]', within: '1m' }),
      '2:5 a rule has either `when` (a condition), `on` (an event) or `sequence` (things in order)',
    ],
    [
      'on and a sequence',
      rule({ when: undefined, on: 'driver.sos', sequence: '[{is: rpm > 1}]' }),
      '2:5 a rule has either `when` (a condition), `on` (an event) or `sequence` (things in order)',
    ],
    ['an event without its source', rule({ when: undefined, on: 'sos' }), `6:9 \`on: sos\` is none of ${EVENTS}`],
    [
      'an event rule with a delay',
      rule({ when: undefined, on: 'driver.sos', for: '3s' }),
      '7:10 `for` needs a condition; end an event or a sequence with `until`',
    ],
    [
      'an event rule with a clear',
      rule({ when: undefined, on: 'driver.sos', clear: 'rpm > 0' }),
      '7:12 `clear` needs a condition; end an event or a sequence with `until`',
    ],
    [
      'an event rule with a keep',
      rule({ when: undefined, on: 'driver.sos', keep: '3s' }),
      '7:11 `keep` needs a condition; end an event or a sequence with `until`',
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
    [
      'a choice without quotes',
      rule({ when: 'ignition ? true : false' }),
      '5:11 not valid YAML: a text with `: ` in it has to stand in quotes',
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

test('every key is read', () => {
  const text = `rules:
  - id: crash
    name: Crash
    priority: "speed_kmph > 50 ? 'critical' : 'high'"
    sequence:
      - is: accel_g_x > 2.5
        name: impact
      - is: speed_kmph < 5
        times: 3
        directly: true
      - not: speed_kmph > 5
    within: 10s
    until: speed_kmph > 20
    latch: reset
    cooldown: 5m
    suppressed_by: [crash]
    suppressed_on: depot
    message: m
    response: Call {driver}
    runbook: ./crash.md
`;
  expect(packErrors(text)).toEqual([]);
  expect(parsePack({ name: 'p', text }).rules).toMatchObject([
    {
      priority: undefined,
      priorityBy: { text: "speed_kmph > 50 ? 'critical' : 'high'" },
      trigger: {
        type: 'sequence',
        withinMs: 10_000,
        steps: [
          { name: 'impact', not: false, directly: false, times: 1, condition: { text: 'accel_g_x > 2.5' } },
          { name: 'step 2', not: false, directly: true, times: 3, condition: { text: 'speed_kmph < 5' } },
          { name: 'step 3', not: true, directly: false, times: 1, condition: { text: 'speed_kmph > 5' } },
        ],
      },
      until: { text: 'speed_kmph > 20' },
      latch: 'reset',
      cooldownMs: 300_000,
      suppressedBy: ['crash'],
      suppressedOn: 'depot',
      response: { text: 'Call {driver}' },
      runbook: './crash.md',
    },
  ]);
});

describe('several packs', () => {
  test('a rule may be suppressed by one of another pack', () => {
    const packs = [
      { name: 'a.yaml', text: rule({ suppressed_by: '[b]' }) },
      { name: 'b.yaml', text: rule({ id: 'b' }) },
    ];
    expect(compilePacks(packs, new FleetState()).errors).toEqual([]);
  });

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
