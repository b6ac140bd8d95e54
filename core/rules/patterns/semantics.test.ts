import { expect, test } from 'vitest';
import { compilePattern } from './compile-pattern.ts';
import type { PatternMatch } from './match-outputs.ts';
import { PatternMatcher } from './pattern-matcher.ts';
import { type Contiguity, OPTIONAL, oneOrMore, type PatternSpec } from './pattern-spec.ts';
import { events, not, pattern, run, skip, take } from './testing/pattern-stream.ts';

// What every correct pattern matcher does, by the row of the table of edge cases (23–34 are about patterns).

const found = (spec: PatternSpec, text: string): string[] => run(spec, text).matches;

test('row 23: `a b` strictly, relaxed, and with any b', () => {
  const ab = (contiguity: Contiguity) => found(pattern([take('a'), take('b', contiguity)]), 'a c b1 b2');
  expect(ab('next')).toEqual([]);
  expect(ab('followedBy')).toEqual(['a b1']);
  expect(ab('followedByAny')).toEqual(['a b1', 'a b2']);
});

test('row 24: `a b+ c` has 1 strict, 6 relaxed and 7 combined matches', () => {
  const text = 'a b1 d1 b2 d2 b3 c';
  const abc = (inner: 'consecutive' | 'relaxed' | 'combinations', c: Contiguity) =>
    found(pattern([take('a'), take('b', 'followedByAny', oneOrMore(inner)), take('c', c)]), text);
  expect(abc('consecutive', 'next')).toEqual(['a b3 c']);
  const relaxed = ['a b1 b2 b3 c', 'a b1 b2 c', 'a b1 c', 'a b2 b3 c', 'a b2 c', 'a b3 c'];
  expect(abc('relaxed', 'followedBy')).toEqual(relaxed);
  expect(abc('combinations', 'followedBy')).toEqual([...relaxed.slice(0, 2), 'a b1 b3 c', ...relaxed.slice(2)]);
});

test('row 25: `a+ until b`', () => {
  const spec = pattern([take('a', 'followedBy', oneOrMore('relaxed', 1))]);
  expect(found(spec, 'a1 c a2 b a3').sort()).toEqual(['a1', 'a1 a2', 'a2', 'a3']);
});

test('row 26: within 10 s, the last event at +9999 ms matches, at +10000 ms it is too late', () => {
  const spec = pattern([take('a'), take('b')], { withinMs: 10_000 });
  expect(run(spec, 'a@5000 b@14999')).toEqual({ matches: ['a b'], timeouts: [] });
  expect(run(spec, 'a@5000 b@15000')).toEqual({ matches: [], timeouts: ['a @15000'] });
});

test('row 27: `a !next(b) any(c) d`', () => {
  const spec = pattern([take('a'), not('b', 'notNext'), take('c', 'followedByAny'), take('d')]);
  expect(found(spec, 'a c1 b c2 d')).toEqual(['a c1 d', 'a c2 d']);
  expect(found(spec, 'a b c d')).toEqual([]);
});

test('row 28: `a !followedBy(b) any(c) d`', () => {
  const spec = pattern([take('a'), not('b', 'notFollowedBy'), take('c', 'followedByAny'), take('d')]);
  expect(found(spec, 'a c1 b c2 d')).toEqual(['a c1 d']);
});

test('row 29: `a !followedBy(b) within 3`', () => {
  const spec = pattern([take('a'), not('b', 'notFollowedBy')], { withinMs: 3 });
  expect(run(spec, 'a1@1 b@2 a2@4 c@5 b@10')).toEqual({ matches: ['a2'], timeouts: [] });
});

test('row 30: a negation at the end without within, or after an optional step, is refused', () => {
  expect(() => compilePattern(pattern([take('a'), not('b', 'notFollowedBy')]))).toThrow(
    'step "not b": notFollowedBy at the end would wait for ever: add within, or use notFor',
  );
  const steps = [take('a'), take('b', 'followedBy', OPTIONAL), not('c', 'notFollowedBy'), take('d')];
  expect(() => compilePattern(pattern(steps))).toThrow('step "not c": notFollowedBy after "b", which is optional');
});

test('row 31: `b+ c` without skipping, past the last event, and to the last b', () => {
  const steps = [take('b', 'followedBy', oneOrMore()), take('c', 'next')];
  const text = 'b1 b2 b3 c';
  expect(found(pattern(steps, skip('none')), text)).toEqual(['b1 b2 b3 c', 'b2 b3 c', 'b3 c']);
  expect(found(pattern(steps, skip('pastLast')), text)).toEqual(['b1 b2 b3 c']);
  expect(found(pattern(steps, { afterMatch: { skip: 'toLast', step: 'b' } }), text)).toEqual(['b1 b2 b3 c', 'b3 c']);
});

test('row 32: `a b+` without skipping, and to the next event', () => {
  const steps = [take('a'), take('b', 'followedBy', oneOrMore())];
  expect(found(pattern(steps), 'a b1 b2 b3')).toEqual(['a b1', 'a b1 b2', 'a b1 b2 b3']);
  expect(found(pattern(steps, skip('toNext')), 'a b1 b2 b3')).toEqual(['a b1']);
});

test('row 33: b at 2 arrives before a at 1', () => {
  expect(found(pattern([take('a'), take('b')]), 'b@2 a@1')).toEqual(['a b']);
});

test('row 34: equal timestamps go in order of arrival', () => {
  const spec = pattern([take('a'), take('b')]);
  expect(found(spec, 'a@1 b@1')).toEqual(['a b']);
  expect(found(spec, 'b@1 a@1')).toEqual([]);
});

test('a match says its key, its events by step, its start and its end', () => {
  const stream = events('a1@1 b1@5 b2@7 c@9');
  const matches: unknown[] = [];
  const spec = pattern([take('a'), take('b', 'followedBy', oneOrMore()), take('c', 'followedBy')]);
  const outputs = { match: (match: unknown) => matches.push(match) };
  const matcher = new PatternMatcher(compilePattern(spec), outputs, { name: 'pattern.test' });
  stream.forEach(({ timeMs, mask }, i) => {
    matcher.add(3, timeMs, 100 + i, mask);
  });
  matcher.advance(3, 8);
  expect(matches).toEqual([]);
  matcher.advance(3, 9);
  expect(matches).toEqual([
    { key: 3, steps: { a: [100], b: [101, 102], c: [103] }, startMs: 1, endMs: 9 },
    { key: 3, steps: { a: [100], b: [101], c: [103] }, startMs: 1, endMs: 9 },
  ]);
});

test('a sequence that timed out is given once, and one that was a match already is not', () => {
  const steps = [take('a'), take('b', 'followedBy', OPTIONAL), take('c')];
  expect(run(pattern(steps, { withinMs: 5 }), 'a1@1 b@2').timeouts).toEqual(['a1 b @6', 'a1 @6']);
  const open = [take('a'), take('b', 'followedBy', oneOrMore())];
  expect(run(pattern(open, { withinMs: 5 }), 'a1@1 b1@2 a2@3')).toEqual({ matches: ['a1 b1'], timeouts: ['a2 @8'] });
});

test('an event that a negation forbids ends the sequence even when the next step could take it', () => {
  const spec = pattern([take('a'), not('b', 'notFollowedBy'), take('c')]);
  expect(found(spec, 'a bc c2')).toEqual([]);
});

test('an optional step after a negation lifts it', () => {
  const steps = [take('a'), not('b', 'notFollowedBy'), take('c', 'followedBy', OPTIONAL), take('d')];
  expect(found(pattern(steps), 'a c b d')).toEqual(['a c d']);
  expect(found(pattern(steps), 'a b d')).toEqual([]);
});

test('matches of one moment come in the order of their events, whatever way they took', () => {
  const steps = [take('a'), take('b', 'followedBy', OPTIONAL), take('c'), take('d')];
  expect(found(pattern(steps), 'a c1 b c2 d')).toEqual(['a c1 d', 'a b c2 d']);
});

test('an event that two steps can take gives a match each, the earlier step first', () => {
  const spec = pattern([take('a', 'followedBy', oneOrMore()), take('b', 'followedBy', OPTIONAL), take('c', 'next')]);
  const matches: PatternMatch[] = [];
  const outputs = { match: (match: PatternMatch) => matches.push(match) };
  const matcher = new PatternMatcher(compilePattern(spec), outputs, { name: 'pattern.test' });
  events('a ab c').forEach(({ timeMs, mask }, i) => {
    matcher.add(0, timeMs, i, mask);
  });
  matcher.advance(0, 3);
  expect(matches.map(({ steps }) => steps)).toEqual([
    { a: [0, 1], c: [2] },
    { a: [0], b: [1], c: [2] },
    { a: [1], c: [2] },
  ]);
});

test('an iterative condition sees what the sequence has taken so far', () => {
  const speed = [40, 50, 45, 60];
  const spec = pattern([
    { name: 'a', condition: 0, quantifier: oneOrMore('relaxed'), iterative: true },
    take('b', 'followedBy'),
  ]);
  const rising = (_: string, event: number, earlier: { of(step: string): readonly number[] }): boolean =>
    earlier.of('a').every((before) => speed[before] < speed[event]);
  expect(run(spec, 'a0 a1 a2 a3 b', { test: rising }).matches).toContain('a0 a1 a3 b');
  expect(run(spec, 'a0 a1 a2 a3 b', { test: rising }).matches).not.toContain('a0 a1 a2 b');
  expect(() => run(spec, 'a0')).toThrow('iterative steps need');
});
