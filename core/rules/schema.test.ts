import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultPacks } from '../engine/testing/default-room.ts';
import { PRIORITY } from '../model/alerts.ts';
import { FleetState } from '../stream/fleet-state.ts';
import { compileCondition, MAX_EXPRESSION_CHARS } from './expression.ts';
import { NAMED_EVENTS } from './named-events.ts';
import { PACK_KEYS, RULE_ID_PATTERN, RULE_KEYS } from './pack.ts';
import { MAX_STEPS, MAX_TIMES, STEP_KEYS } from './rule-reader.ts';
import { compilePacks } from './rule-set.ts';
import { isValid, type JsonSchema } from './testing/json-schema.ts';
import { expressionText, packErrors } from './testing/rule-fleet.ts';

fc.configureGlobal({ seed: 20_260_301 });

const file = new URL('../../resources/rules/rule-pack.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(file, 'utf8')) as JsonSchema;
const { rule, step, condition, message } = schema.definitions!;

test('the schema names what the reader knows', () => {
  expect(Object.keys(schema.properties!).toSorted()).toEqual(PACK_KEYS.toSorted());
  expect(Object.keys(rule.properties!).toSorted()).toEqual(RULE_KEYS.toSorted());
  expect(Object.keys(step.properties!).toSorted()).toEqual(STEP_KEYS.toSorted());
  expect(schema.definitions!.priority.anyOf?.[0].enum).toEqual(Object.keys(PRIORITY));
  expect(rule.properties!.on.enum).toEqual(NAMED_EVENTS);
  expect(schema.definitions!.id.pattern).toBe(RULE_ID_PATTERN.source);
  expect(condition.maxLength).toBe(MAX_EXPRESSION_CHARS);
  expect([rule.properties!.sequence.maxItems, step.properties!.times.maximum]).toEqual([MAX_STEPS, MAX_TIMES]);
});

test('every key says what it is for', () => {
  for (const of of [schema, rule, step]) {
    for (const [key, property] of Object.entries(of.properties!)) {
      const target = property.$ref && schema.definitions![property.$ref.replace('#/definitions/', '')];
      expect([key, property.description ?? (target as JsonSchema).description]).toEqual([
        key,
        expect.stringMatching(/../),
      ]);
    }
  }
});

test('the default rules are valid and name their schema', () => {
  for (const { name, text } of defaultPacks()) {
    expect([name, isValid(schema, parse(text), schema)]).toEqual([name, true]);
    expect(text.split('\n', 1)[0]).toBe('# yaml-language-server: $schema=rule-pack.schema.json');
  }
});

test('the examples of the schema are valid and compile', () => {
  const all = (of: JsonSchema): [JsonSchema, unknown][] => [
    ...(of.examples ?? []).map((example): [JsonSchema, unknown] => [of, example]),
    ...Object.values(of.properties ?? {}).flatMap(all),
    ...(of.anyOf ?? []).flatMap(all),
  ];
  const examples = Object.values(schema.definitions!).flatMap(all);
  expect(examples.length).toBeGreaterThan(40);
  for (const [of, example] of examples) expect([example, isValid(of, example, schema)]).toEqual([example, true]);
  for (const text of condition.examples!) compileCondition(expressionText(String(text)), new FleetState());
  const written = message.examples!.map((text, i) => ({
    id: `m${i}`,
    name: 'M',
    priority: 'low',
    when: 'true',
    message: text,
  }));
  expect(packErrors(JSON.stringify({ rules: [...written, ...rule.examples!] }))).toEqual([]);
});

/** A value for each key, sometimes a wrong one, sometimes none. */
const values: Record<string, unknown[]> = {
  id: ['a', 'speed-2', 'A', '9a', '', 'a b', 'a'.repeat(65), 5, null],
  name: ['Name', '7', 7, true, '', '  ', null, ['x'], {}],
  priority: [...Object.keys(PRIORITY), "ignition ? 'high' : 'low'", 'urgent', 1, 'High', null],
  when: ['rpm > 1', true, '', ' ', null, ['rpm > 1']],
  clear: ['rpm < 1', false, '', null],
  on: [...NAMED_EVENTS, 'sos', 'driver.', null],
  sequence: [
    [{ is: 'rpm > 1' }],
    [
      { is: 'rpm > 1', times: 3, name: 'fast' },
      { not: 'ignition', directly: true },
      { is: 'rpm > 2', times: '100' },
    ],
    [],
    'rpm > 1',
    [{ not: 'rpm > 1' }],
    [{}],
    [{ is: 'rpm > 1', not: 'rpm > 1' }],
    [{ is: 'rpm > 1' }, { not: 'rpm > 1', times: 2 }],
    [{ is: 'rpm > 1', times: 0 }],
    [{ is: 'rpm > 1', times: 101 }],
    [{ is: 'rpm > 1', times: 1.5 }],
    [{ is: 'rpm > 1', times: 'x' }],
    [{ is: 'rpm > 1', directly: 1 }],
    [{ is: 'rpm > 1', when: 'rpm > 1' }],
    [{ is: null }],
    Array.from({ length: 16 }, () => ({ is: 'rpm > 1' })),
    Array.from({ length: 17 }, () => ({ is: 'rpm > 1' })),
    null,
  ],
  within: ['10s', '0.5h', '0s', '0', 5, null],
  until: ['ignition', true, '', null],
  for: ['30s', '1h30m', '1.5m', '30', 30, 'soon', '', null],
  keep: ['250ms', '2d', '-1s', null],
  deadband: [3, 0.5, '2.5', 0, -1, '0', '3 °C', '', null, [3]],
  latch: ['acknowledge', 'reset', 'yes', true, null],
  cooldown: ['1m', '1', 1, null],
  suppressed_by: [['a'], ['a', 'a'], [], ['A'], [null], 'a', [{ a: 1 }], null],
  suppressed_on: ['vehicle', 'depot', 'fleet', null],
  message: ['text', '{rpm}', 4, '', null, {}],
  response: ['Stop', '{rpm:0}', 5, '', null],
  runbook: [
    'https://a.b/c',
    'http://a',
    './a.md',
    '/a',
    '../a',
    'a',
    'ftp://a',
    'https://',
    'javascript:alert(1)',
    5,
    null,
  ],
  extra: ['x'],
};

const someRule = fc.record(
  Object.fromEntries(
    Object.entries(values).map(([key, [first, ...others]]) => [
      key,
      fc.oneof(
        { weight: 12, arbitrary: fc.constant(first) },
        { weight: 1, arbitrary: fc.constantFrom(first, ...others) },
      ),
    ]),
  ),
  { requiredKeys: [] },
);
const packs = fc.record(
  {
    pack: fc.constantFrom('mine', 5, ''),
    rules: fc.oneof(
      { weight: 20, arbitrary: fc.array(someRule, { maxLength: 2 }) },
      { weight: 1, arbitrary: fc.constant({}) },
    ),
    more: fc.constant(1),
  },
  { requiredKeys: [] },
);
/** Mostly whole rules, of which a key or two is wrong or missing. */
const nearlyRight = fc
  .tuple(
    fc.constantFrom('when', 'on', 'sequence'),
    fc.array(fc.constantFrom(...Object.keys(values)), { maxLength: 2 }),
    fc.nat(),
  )
  .map(([kind, touched, n]) => {
    const whole: Record<string, unknown> = { id: 'a', name: 'N', priority: 'low', message: 'm' };
    whole[kind] = values[kind][0];
    if (kind === 'sequence') whole.within = '10s';
    for (const key of touched) {
      const choice = n % (values[key].length + 1);
      if (choice === values[key].length) delete whole[key];
      else whole[key] = values[key][choice];
    }
    return { rules: [whole] };
  });

test('what the schema accepts the reader reads, and what it refuses the reader refuses', () => {
  const seen = { valid: 0, invalid: 0 };
  const agree = (pack: object): void => {
    const valid = isValid(schema, pack, schema);
    seen[valid ? 'valid' : 'invalid']++;
    const compiled = compilePacks([{ name: 'p', text: JSON.stringify(pack) }], new FleetState());
    const errors = compiled.errors.map((e) => e.message).filter((said) => !said.endsWith(' is already in p:1'));
    expect([valid, errors]).toEqual([errors.length === 0, errors]);
  };
  fc.assert(fc.property(packs, agree), { numRuns: 1500 });
  fc.assert(fc.property(nearlyRight, agree), { numRuns: 4000 });
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(400);
});
