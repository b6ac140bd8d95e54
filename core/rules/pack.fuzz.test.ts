import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../stream/fleet-state.ts';
import { compilePacks } from './rule-set.ts';

fc.configureGlobal({ seed: 20_260_301 });

const BASE = readFileSync(new URL('../../resources/rules/base.yaml', import.meta.url), 'utf8');

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
  ...[
    'rules',
    'id',
    'when',
    'clear',
    'on',
    'for',
    'keep',
    'message',
    'priority',
    'speed_kmph',
    'ignition',
    'driver.sos',
  ],
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
  const state = new FleetState();
  state.use(0, 0);
  const { rules, errors } = compilePacks([{ name: 'p', text }], state);
  const lines = text.split('\n');
  for (const { line, column, message } of errors) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual(lines[line - 1].length + 1);
    expect(message).toMatch(/^\S[^\n]*$/);
    expect(message.length).toBeLessThan(400);
  }
  for (const { when, clear, message } of rules) {
    for (const answer of [when(0), clear(0)])
      expect([answer, [0, 1].includes(answer) || Number.isNaN(answer)]).toEqual([answer, true]);
    expect(typeof message(0)).toBe('string');
  }
}

test('any text is either rules or sentences with a place', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), survive), { numRuns: 500 });
  const yaml = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));
  fc.assert(fc.property(yaml, survive), { numRuns: 1500 });
});

test('any expression or message in a correct rule', () => {
  const piece = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string() });
  const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(' '));
  fc.assert(
    fc.property(text, text, (when, message) => {
      survive(JSON.stringify({ rules: [{ id: 'a', name: 'A', priority: 'low', when, message }] }));
    }),
    { numRuns: 1500 },
  );
});

test('the default rules with random damage', () => {
  const edit = fc.record({
    at: fc.nat(BASE.length),
    cut: fc.nat(12),
    put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })),
  });
  const damaged = fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), BASE));
  fc.assert(fc.property(damaged, survive), { numRuns: 400 });
});

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
])('%s', (_, when) =>
  survive(JSON.stringify({ rules: [{ id: 'a', name: 'A', priority: 'low', when, message: 'm' }] })),
);

test.each([
  ['brackets', '['.repeat(100_000)],
  ['deep block', Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['anchors', `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join('\n')}`],
  ['many rules', `rules:\n${'  - {id: a, name: A, priority: low, when: rpm > 1, message: m}\n'.repeat(2000)}`],
  ['a long key', `${'k'.repeat(100_000)}: 1`],
])('%s', (_, text) => survive(text));
