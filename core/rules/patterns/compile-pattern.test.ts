import { expect, test } from 'vitest';
import { PatternError } from './check-pattern.ts';
import { compilePattern } from './compile-pattern.ts';
import { OPTIONAL, oneOrMore, type PatternSpec, type PatternStep, type Quantifier, times } from './pattern-spec.ts';
import { not, notFor, pattern, run, take } from './testing/pattern-stream.ts';

function refusal(spec: PatternSpec): PatternError {
  try {
    compilePattern(spec);
  } catch (error) {
    if (error instanceof PatternError) return error;
  }
  throw new Error('the pattern was not refused');
}

const b = (quantifier: Quantifier): PatternSpec => pattern([take('a'), take('b', 'next', quantifier)]);

test.each<[what: string, spec: PatternSpec, step: string | undefined, message: string]>([
  ['no steps', pattern([]), undefined, 'the pattern takes no event: add a step that does'],
  ['only negations', pattern([notFor('a', 5)]), undefined, 'the pattern takes no event'],
  ['within 0', pattern([take('a')], { withinMs: 0 }), undefined, 'within is 0 ms: give a number above 0'],
  ['within NaN', pattern([take('a')], { withinMs: Number.NaN }), undefined, 'within is NaN ms'],
  ['no name', pattern([take('a'), { name: '', condition: 1 }]), undefined, 'step 2 has no name: give it one'],
  ['one name twice', pattern([take('a'), take('b'), take('a')]), 'a', 'two steps have this name: rename one'],
  ['a bad condition', pattern([{ name: 'a', condition: 32 }]), 'a', 'condition 32: give a bit number from 0 to 31'],
  ['a negative minimum', b({ min: -1 }), 'b', 'takes at least -1 events: give a whole number from 0 to 1000'],
  ['half an event', b({ min: 1, max: 2.5 }), 'b', 'takes at most 2.5 events: give a whole number from 1 to 1000'],
  ['never', b({ min: 0, max: 0 }), 'b', 'takes at most 0 events'],
  ['too often', b({ min: 1, max: 1001 }), 'b', 'takes at most 1001 events'],
  ['3 to 2 times', b(times(3, 2)), 'b', 'takes at least 3 and at most 2 events: swap the two'],
  ['inner contiguity of one', b(times(1, 1)), 'b', 'relaxed means nothing where one event is taken'],
  ['until with a bound', b({ min: 1, max: 3, until: 2 }), 'b', 'until needs a step without upper bound'],
  ['until without a loop', b({ min: 1, max: 1, until: 2 }), 'b', 'until needs a step without upper bound'],
  ['a bad until', b(oneOrMore('relaxed', -1)), 'b', 'until -1: give a bit number from 0 to 31'],
  ['absent for nothing', pattern([take('a'), notFor('b', 0)]), 'no b', 'absent for 0 ms: give a number above 0'],
  [
    'absence in the middle',
    pattern([take('a'), notFor('b', 5), take('c')]),
    'no b',
    'absence for a time stands first or last: here use notFollowedBy and within',
  ],
  [
    'a negation first',
    pattern([not('a', 'notFollowedBy'), take('b')]),
    'not a',
    'notFollowedBy has no event to come after: put a step before it',
  ],
  [
    'a negation after an absence',
    pattern([notFor('a', 5), not('b', 'notNext'), take('c')]),
    'not b',
    'notNext has no event to come after',
  ],
  [
    'a negation after an optional step',
    pattern([take('a'), take('b', 'next', OPTIONAL), not('c', 'notNext'), take('d')]),
    'not c',
    'notNext after "b", which is optional: write two patterns, one with "b" and one without',
  ],
  [
    'an absence after an optional step',
    pattern([take('a'), take('b', 'next', OPTIONAL), notFor('c', 5)]),
    'no c',
    'notFor after "b", which is optional',
  ],
  [
    'a negation before nothing but optional steps',
    pattern([take('a'), not('b', 'notFollowedBy'), take('c', 'next', OPTIONAL)]),
    'not b',
    'all steps behind notFollowedBy are optional, so it would forbid nothing: make one of them required',
  ],
  [
    'notNext at the end',
    pattern([take('a'), not('b', 'notNext')], { withinMs: 5 }),
    'not b',
    'notNext at the end: add the step that comes instead, or use notFor',
  ],
  [
    'notFollowedBy at the end without within',
    pattern([take('a'), not('b', 'notFollowedBy')]),
    'not b',
    'notFollowedBy at the end would wait for ever: add within, or use notFor',
  ],
  [
    'skipping to an unknown step',
    pattern([take('a'), take('b')], { afterMatch: { skip: 'toLast', step: 'x' } }),
    'x',
    'toLast names no step of the pattern: use one of a, b',
  ],
  [
    'skipping to a negation',
    pattern([take('a'), not('b', 'notNext'), take('c')], { afterMatch: { skip: 'toFirst', step: 'not b' } }),
    'not b',
    'toFirst needs a step that takes events: name another',
  ],
])('refuses %s', (_, spec, step, message) => {
  const error = refusal(spec);
  expect(error.step).toBe(step);
  expect(error.message).toContain(message);
  if (step !== undefined) expect(error.message.startsWith(`step "${step}": `)).toBe(true);
});

test('refuses a pattern that is too large to build', () => {
  const steps = Array.from({ length: 26 }, (_, i): PatternStep => {
    return { name: `s${i}`, condition: i, quantifier: times(1, 1000) };
  });
  expect(refusal(pattern(steps)).message).toBe('the pattern repeats too many steps too often: ask for fewer events');
});

test('times n to m takes as many events as it says', () => {
  expect(run(b(times(2, 3, 'relaxed')), 'a b1 b2 b3 b4').matches).toEqual(['a b1 b2', 'a b1 b2 b3']);
  expect(run(b(times(0, 2, 'consecutive')), 'a b1 b2 b3').matches).toEqual(['a', 'a b1', 'a b1 b2']);
});

test('a long count compiles to as many states as events', () => {
  expect(compilePattern(b(times(1, 1000))).states).toHaveLength(1001);
  expect(compilePattern(b({ min: 3 })).states).toHaveLength(5);
});

test('the highest condition is a condition like any other', () => {
  const { mask, startMask } = compilePattern(pattern([{ name: 'a', condition: 31 }, take('b')]));
  expect(startMask >>> 0).toBe(0x80000000);
  expect(mask >>> 0).toBe(0x80000002);
});

test('events of no condition matter only where something must follow directly', () => {
  const strict = (...steps: PatternStep[]): boolean => compilePattern(pattern(steps)).strict;
  expect(strict(take('a', 'next'), take('b', 'followedByAny', oneOrMore()))).toBe(false);
  expect(strict(take('a'), not('b', 'notFollowedBy'), take('c'))).toBe(false);
  expect(strict(take('a'), take('b', 'next'))).toBe(true);
  expect(strict(take('a'), take('b', 'followedBy', oneOrMore('consecutive')))).toBe(true);
  expect(strict(take('a'), not('b', 'notNext'), take('c'))).toBe(true);
});
