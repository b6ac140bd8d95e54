import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { PRIORITY } from '../model/alerts.ts';
import { MAX_EXPRESSION_CHARS } from './expression.ts';
import { DRIVER_EVENTS, PACK_KEYS, parsePack, RULE_ID_PATTERN, RULE_KEYS } from './pack.ts';
import { isValid, type JsonSchema } from './testing/json-schema.ts';

fc.configureGlobal({ seed: 20_260_301 });

const folder = new URL('../../resources/rules/', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('rule-pack.schema.json', folder), 'utf8')) as JsonSchema;
const base = readFileSync(new URL('base.yaml', folder), 'utf8');
const rule = schema.definitions!.rule;

test('the schema names what the reader knows', () => {
  expect(Object.keys(schema.properties!).toSorted()).toEqual(PACK_KEYS.toSorted());
  expect(Object.keys(rule.properties!).toSorted()).toEqual(RULE_KEYS.toSorted());
  expect(rule.properties!.priority.enum).toEqual(Object.keys(PRIORITY));
  expect(rule.properties!.on.enum).toEqual(DRIVER_EVENTS.map((event) => `driver.${event}`));
  expect(rule.properties!.id.pattern).toBe(RULE_ID_PATTERN.source);
  expect(schema.definitions!.condition.maxLength).toBe(MAX_EXPRESSION_CHARS);
});

test('the default rules are valid and name their schema', () => {
  const pack = parse(base) as { rules: Record<string, unknown>[] };
  expect(isValid(schema, pack, schema)).toBe(true);
  expect(pack.rules.length).toBeGreaterThan(5);
  expect(base.split('\n', 1)[0]).toBe('# yaml-language-server: $schema=rule-pack.schema.json');
});

test('the examples of the schema are valid', () => {
  for (const definition of Object.values(schema.definitions!)) {
    for (const example of definition.examples ?? []) expect(isValid(definition, example, schema)).toBe(true);
  }
});

/** A value for each key, sometimes a wrong one, sometimes none. */
const values: Record<string, unknown[]> = {
  id: ['a', 'speed-2', 'A', '9a', '', 'a b', 'a'.repeat(65), 5, null],
  name: ['Name', '7', 7, true, '', '  ', null, ['x'], {}],
  priority: [...Object.keys(PRIORITY), 'urgent', 1, 'High', null],
  when: ['rpm > 1', true, '', ' ', null, ['rpm > 1']],
  clear: ['rpm < 1', false, '', null],
  on: [...DRIVER_EVENTS.map((event) => `driver.${event}`), 'sos', 'driver.', null],
  for: ['30s', '1h30m', '1.5m', '30', 30, 'soon', '', null],
  keep: ['250ms', '2d', '-1s', null],
  message: ['text', '{rpm}', 4, '', null, {}],
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
  .tuple(fc.constantFrom('when', 'on'), fc.array(fc.constantFrom(...Object.keys(values)), { maxLength: 2 }), fc.nat())
  .map(([kind, touched, n]) => {
    const whole: Record<string, unknown> = { id: 'a', name: 'N', priority: 'low', message: 'm' };
    whole[kind] = values[kind][0];
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
    const errors = parsePack({ name: 'p', text: JSON.stringify(pack) }).errors.map((e) => e.message);
    expect([valid, errors]).toEqual([errors.length === 0, errors]);
  };
  fc.assert(fc.property(packs, agree), { numRuns: 1500 });
  fc.assert(fc.property(nearlyRight, agree), { numRuns: 1500 });
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(400);
});
