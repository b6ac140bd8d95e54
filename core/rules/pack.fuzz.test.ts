import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { defaultPacks } from '../engine/testing/default-room.ts';
import { FUNCTIONS } from './expression/functions.ts';
import { RuleInputs } from './inputs.ts';
import { RULE_KEYS } from './pack.ts';
import { STEP_KEYS } from './rule-reader.ts';
import { compilePacks } from './rule-set.ts';

fc.configureGlobal({ seed: 20_260_301 });

const PACKS = defaultPacks().map(({ text }) => text);

/** Pieces that mean something to YAML, to expressions or to messages. */
const PIECES = [
  ...[
    '\n',
    '\n  - ',
    ': ',
    '- ',
    '? ',
    '#',
    '|',
    '>',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '&a ',
    '*a',
    '!!str ',
    '%YAML 1.1\n',
  ],
  ...[
    '---\n',
    '...\n',
    '\t',
    '\r\n',
    '\\',
    '\\u0000',
    '\ufeff',
    '😀',
    '\ud800',
    '<<',
    '~',
    'null',
    '0x1F',
    '1e999',
    '.nan',
  ],
  ...['rules', 'speed_kmph', 'ignition', 'driver.sos', ...RULE_KEYS, ...STEP_KEYS],
  ...Object.values(FUNCTIONS).map(({ text }) => text),
  ...['driver', 'vehicle.class', 'moved_m', 'silent_s', "'van'", "'5m'", "['a', 'b']", ' in ', ".startsWith('a')"],
  ...[
    '&&',
    '||',
    '!',
    '(',
    ')',
    '+',
    '-',
    '*',
    '/',
    '%',
    '==',
    '<',
    '?',
    '.',
    '1',
    '2.5',
    'true',
    'has(a.b)',
    '{rpm:0}',
  ],
];

/** Compiles a pack; fails unless all that came back is usable: places inside the file, short sentences, rules that run. */
function survive(text: string): void {
  const inputs = new RuleInputs();
  inputs.state.use(0, 0);
  const { rules, errors } = compilePacks([{ name: 'p', text }], inputs);
  const lines = text.split('\n');
  for (const { line, column, message } of errors) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual(lines[line - 1].length + 1);
    expect(message).toMatch(/^\S[^\n]*$/);
    expect(message.length).toBeLessThan(400);
  }
  inputs.terms.updateAll(0, 1_000_000);
  for (const rule of rules) {
    for (const answer of [rule.when(0), rule.clear(0), rule.until(0)])
      expect([answer, [0, 1].includes(answer) || Number.isNaN(answer)]).toEqual([answer, true]);
    for (const written of [rule.message(0), rule.response?.(0) ?? '']) expect(typeof written).toBe('string');
    expect([1, 2, 3, 4]).toContain(rule.priority(0));
  }
}

/** A correct rule but for what is given. */
const packOf = (change: Record<string, unknown>): string =>
  JSON.stringify({ rules: [{ id: 'a', name: 'A', priority: 'low', when: 'rpm > 1', message: 'm', ...change }] });

test('any text is either rules or sentences with a place', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), survive), { numRuns: 500 });
  const yaml = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));
  fc.assert(fc.property(yaml, survive), { numRuns: 1500 });
});

test('any expression or message in a correct rule', () => {
  const piece = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string() });
  const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(' '));
  fc.assert(
    fc.property(text, text, (when, message) => survive(packOf({ when, message }))),
    { numRuns: 1500 },
  );
});

test('any value of any key of a correct rule', () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join(' '));
  const value = fc.oneof(
    text,
    fc.constantFrom('1m', '10s', 'rpm > 1', 'ignition', "ignition ? 'high' : 'low'"),
    fc.json(),
  );
  const steps = fc.array(fc.dictionary(fc.constantFrom(...STEP_KEYS), value, { maxKeys: 3 }), { maxLength: 4 });
  const kinds = fc.constantFrom({}, { when: undefined, on: 'driver.sos' }, { when: undefined, within: '1m' });
  const change = fc.dictionary(fc.constantFrom(...RULE_KEYS), value, { maxKeys: 3 });
  fc.assert(
    fc.property(kinds, change, fc.option(steps, { nil: undefined }), (kind, keys, sequence) =>
      survive(packOf({ ...kind, ...(sequence && { sequence }), ...keys })),
    ),
    { numRuns: 1500 },
  );
});

test('the default rules with random damage', () => {
  const edit = fc.record({
    at: fc.nat(5000),
    cut: fc.nat(12),
    put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })),
  });
  const damaged = fc
    .tuple(fc.constantFrom(...PACKS), fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([pack, edits]) => edits.reduce(damage, pack));
  fc.assert(fc.property(damaged, survive), { numRuns: 400 });
});

function damage(text: string, { at, cut, put }: { at: number; cut: number; put: string }): string {
  const place = at % text.length;
  return text.slice(0, place) + put + text.slice(place + cut);
}

/** What used to run away: none of it may throw or grow with the square of its length. */
test.each([
  ['a long sum', `1${'+1'.repeat(50_000)} > 2`],
  ['a sum as long as allowed', `1${'+1'.repeat(996)} > 2`],
  ['many parentheses', `${'('.repeat(990)}true${')'.repeat(990)}`],
  ['open parentheses', '('.repeat(1990)],
  ['many nots', `${'!'.repeat(1990)}true`],
  ['many choices', `${'true ? true : '.repeat(140)}true`],
  ['many ands', `true${' && true'.repeat(240)}`],
  ['open lists', '['.repeat(1990)],
  ['flags compared in a row', `true${' == true'.repeat(240)}`],
  ['signals compared in a row', `ignition${' == ignition'.repeat(160)}`],
  ['choices in choices', `${'(ignition ? '.repeat(90)}true${' : false)'.repeat(90)}`],
  ['choices of choices', `${'('.repeat(150)}ignition${' ? true : false)'.repeat(120)}`],
  ['a long list', `rpm in [${Array.from({ length: 600 }, (_, i) => i).join(',')}]`],
  ['many alternatives in folds', `${'max(min('.repeat(120)}rpm${',1),2)'.repeat(120)} > 1`],
  ['windows in windows', `${'avg('.repeat(180)}rpm${",'1m')".repeat(180)} > 1`],
  ['held in held', `${'held('.repeat(150)}ignition${') > 1'.repeat(150)}`],
  ['values or others', `${'coalesce('.repeat(130)}rpm${',1)'.repeat(130)} > 1`],
  ['known of known', `${'known('.repeat(240)}ignition${')'.repeat(240)}`],
  ['fields of fields', `a${'.b'.repeat(900)} > 1`],
  ['calls of calls', `a${'.b()'.repeat(480)}`],
  ['a long text', `driver == '${'x'.repeat(1900)}'`],
  ['signs of other alphabets', "driver == '\u202e😀é\u0000' && fühler > ١"],
])('%s', (_, text) => {
  survive(packOf({ when: text }));
  survive(packOf({ message: `{${text}}` }));
  survive(packOf({ priority: `${text} ? 'high' : 'low'` }));
});

/** Each would be seen if it ran: it sets `ran`, ends the process or throws something that is no error of a pack. */
const FOREIGN = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'hasOwnProperty',
  'process',
  'process.exit(1)',
  'globalThis.ran',
  'globalThis.constructor',
  "this.constructor.constructor('globalThis.ran = 1')()",
  "constructor.constructor('globalThis.ran = 1')() > 0",
  "rpm.constructor('globalThis.ran = 1')() > 0",
  "'a'.constructor('x') == 'x'",
  "driver.__proto__ == 'x'",
  "'a'.toString() == 'a'",
  "'a'.replace('a', 'b') == 'b'",
  'valueOf() > 0',
  'constructor(1) > 0',
  '__proto__(rpm) > 0',
  'hasOwnProperty(rpm) > 0',
  "eval('globalThis.ran = 1') > 0",
  "Function('globalThis.ran = 1')() > 0",
  'v[0][s] > 0',
  'd.values > 0',
  'f[0](s) > 0',
  `driver == '\${globalThis.ran = 1}'`,
  "driver == '`;globalThis.ran = 1;`'",
  'driver == "\');globalThis.ran = 1;(\'"',
  "driver == '\\u0027);globalThis.ran = 1;//'",
  'rpm > 1 // \u2028 globalThis.ran = 1',
  'rpm > 1;globalThis.ran = 1',
  '(() => 1)() > 0',
  'import("node:fs") > 0',
];

test.each(FOREIGN)('no foreign code: %s', (text) => {
  vi.stubGlobal('ran', undefined);
  for (const key of ['when', 'clear', 'until', 'priority', 'message', 'response', 'id', 'name', 'runbook', 'latch'])
    survive(packOf({ [key]: text }));
  survive(packOf({ message: `{${text}}`, response: `\${${text}}` }));
  survive(packOf({ when: `held(${text}) > 1 || inside('${text}')` }));
  survive(packOf({ when: undefined, on: text }));
  survive(packOf({ when: undefined, within: '1m', sequence: [{ is: text }, { not: text, name: text }] }));
  survive(packOf({ [text]: text }));
  survive(packOf({ suppressed_by: [text], suppressed_on: text }));
  expect((globalThis as { ran?: unknown }).ran).toBeUndefined();
  vi.unstubAllGlobals();
});

test.each([
  ['brackets', '['.repeat(100_000)],
  ['deep block', Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['anchors', `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join('\n')}`],
  ['many rules', `rules:\n${'  - {id: a, name: A, priority: low, when: rpm > 1, message: m}\n'.repeat(2000)}`],
  ['a long key', `${'k'.repeat(100_000)}: 1`],
])('%s', (_, text) => survive(text));
