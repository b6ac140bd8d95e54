import { expect, test } from 'vitest';
import { compilePattern } from './compile-pattern.ts';
import type { EarlierEvents, PatternMatch } from './match-outputs.ts';
import type { MatcherOptions } from './matcher-options.ts';
import { PatternMatcher } from './pattern-matcher.ts';
import type { PatternSpec, PatternStep } from './pattern-spec.ts';
import { END_MS, notFor, pattern, runEvents, skip, take } from './testing/pattern-stream.ts';

const A = 1;
const B = 2;
const NOTHING = 0;
const AB = pattern([take('a'), take('b')], { withinMs: 100 });

function watch(spec: PatternSpec, options: Partial<MatcherOptions> = {}) {
  const matches: PatternMatch[] = [];
  const outputs = { match: (match: PatternMatch) => matches.push(match) };
  const matcher = new PatternMatcher(compilePattern(spec), outputs, { name: 'pattern.test', ...options });
  return { matcher, matches };
}

test('events wait for the watermark of their own key', () => {
  const { matcher, matches } = watch(AB);
  for (const key of [0, 1]) {
    matcher.add(key, 10, 1, A);
    matcher.add(key, 12, 2, B);
  }
  matcher.advance(0, 11);
  expect(matches).toEqual([]);
  matcher.advance(0, 12);
  expect(matches).toEqual([{ key: 0, steps: { a: [1], b: [2] }, startMs: 10, endMs: 12 }]);
  matcher.advance(1, 12);
  expect(matches).toHaveLength(2);
});

test('an event behind the watermark is refused and counted', () => {
  const { matcher, matches } = watch(AB);
  matcher.advance(0, 10);
  expect(matcher.add(0, 10, 1, A)).toBe(false);
  expect(matcher.add(0, 11, 2, B)).toBe(true);
  matcher.advance(0, 20);
  matcher.advance(0, 15);
  expect(matcher.add(0, 18, 3, A)).toBe(false);
  expect(matcher.late).toBe(2);
  expect(matches).toEqual([]);
});

test('beyond the most partial matches the oldest is dropped and counted', () => {
  const { matcher, matches } = watch(AB, { maxPartialMatches: 2 });
  for (let i = 1; i <= 3; i++) matcher.add(0, i, i, A);
  matcher.add(0, 4, 4, B);
  matcher.advance(0, 4);
  expect(matches.map(({ steps }) => steps.a)).toEqual([[2], [3]]);
  expect(matcher.dropped).toBe(1);
});

/** b follows the a that was given two numbers before. */
const BY_NUMBER = (_: string, event: number, earlier: EarlierEvents): boolean => earlier.of('a')[0] === event - 2;

test('a match waits while an older sequence may still complete, and comes when that is over', () => {
  const steps: PatternStep[] = [take('a'), { name: 'b', condition: 1, iterative: true }];
  const spec = pattern(steps, { withinMs: 100, ...skip('pastLast') });
  const { matcher, matches } = watch(spec, { test: BY_NUMBER });
  [A, A, NOTHING, B].forEach((mask, i) => {
    matcher.add(0, i + 1, i, mask);
  });
  matcher.advance(0, 100);
  expect(matches).toEqual([]);
  matcher.advance(0, 101);
  expect(matches).toEqual([{ key: 0, steps: { a: [1], b: [3] }, startMs: 2, endMs: 4 }]);
});

test('a dropped partial match no longer keeps back the matches behind it', () => {
  const steps: PatternStep[] = [take('a'), { name: 'b', condition: 1, iterative: true }];
  const { matcher, matches } = watch(pattern(steps, skip('pastLast')), { test: BY_NUMBER, maxPartialMatches: 2 });
  [A, A, NOTHING, B, A].forEach((mask, i) => {
    matcher.add(0, i + 1, i, mask);
  });
  matcher.advance(0, 5);
  expect(matches).toEqual([]);
  matcher.add(0, 6, 5, A);
  matcher.advance(0, 6);
  expect(matches.map(({ steps }) => steps)).toEqual([{ a: [1], b: [3] }]);
  expect(matcher.dropped).toBe(1);
});

test('beyond the most events in partial matches the oldest partial match is dropped and counted', () => {
  const { matcher, matches } = watch(AB, { maxEvents: 2 });
  for (let i = 1; i <= 3; i++) matcher.add(0, i, i, A);
  matcher.advance(0, 3);
  expect(matcher.dropped).toBe(1);
  matcher.add(0, 4, 4, B);
  matcher.advance(0, 4);
  expect(matches.map(({ steps }) => steps.a)).toEqual([[2], [3]]);
});

test('beyond the most events that wait, the first is looked at before the watermark has passed it', () => {
  const early = watch(AB, { maxEvents: 3 });
  for (let i = 1; i <= 5; i++) early.matcher.add(0, i * 10, i, i === 1 ? A : B);
  expect(early.matches).toEqual([{ key: 0, steps: { a: [1], b: [2] }, startMs: 10, endMs: 20 }]);
  expect(early.matcher.add(0, 20, 6, A)).toBe(false);
  expect(early.matcher.add(0, 21, 7, A)).toBe(true);
});

test('memory follows what is held, not what has passed', () => {
  const { matcher } = watch(AB);
  for (let i = 1; i <= 200; i++) {
    matcher.add(0, i, i, i % 2 === 0 ? B : A);
    matcher.advance(0, i - 5);
  }
  const { bytes } = matcher;
  expect(bytes).toBeGreaterThan(0);
  for (let i = 201; i <= 20_000; i++) {
    matcher.add(0, i, i, i % 2 === 0 ? B : A);
    matcher.advance(0, i - 5);
  }
  expect(matcher.bytes).toBe(bytes);
  for (let i = 1; i <= 1000; i++) matcher.add(0, 30_000 + i, i, A);
  expect(matcher.bytes).toBeGreaterThan(bytes);
});

test('events that no condition names are not even held, unless they matter by coming between', () => {
  const held = (spec: PatternSpec): number => {
    const { matcher } = watch(spec);
    for (let i = 1; i <= 5; i++) matcher.add(0, i, i, NOTHING);
    return new Map(matcher.arrays(1)).get('pattern.test.held')!.length / 3;
  };
  expect(held(AB)).toBe(0);
  expect(held(pattern([take('a'), take('b', 'next')]))).toBe(5);
});

test('a checkpoint is the same however the state came about, and holds only what is alive', () => {
  const { matcher } = watch(AB);
  const { matcher: busy } = watch(AB);
  for (let i = 1; i <= 50; i++) busy.add(1, i, i, i % 2 === 0 ? B : A);
  busy.advance(1, 1000);
  for (const one of [matcher, busy]) {
    one.add(0, 1001, 7, A);
    one.add(0, 1002, 8, A);
    one.advance(0, 1001);
  }
  const sections = (one: PatternMatcher) => one.arrays(1).map(([name, array]) => [name, ...array]);
  expect(sections(busy)).toEqual(sections(matcher));
  expect(Object.fromEntries(matcher.arrays(1).map(([name, { length }]) => [name, length]))).toEqual({
    'pattern.test.counters': 2,
    'pattern.test.keys': 3,
    'pattern.test.counts': 3,
    'pattern.test.events': 5,
    'pattern.test.held': 3,
    'pattern.test.partials': 4,
    'pattern.test.waiting': 0,
  });
});

test('a checkpoint keeps counts, waiting matches and absences', () => {
  const spec = pattern([notFor('d', 5), take('a'), take('b', 'followedByAny'), take('c', 'next')], {
    withinMs: 50,
    ...skip('pastLast'),
  });
  const stream = 'd a1 a2 b1 d c1 c2'.split(' ');
  const before = watch(spec, { maxPartialMatches: 3 });
  const times = [1, 6, 7, 8, 20, 21, 22];
  const bit = (name: string): number => 1 << (name.charCodeAt(0) - 97);
  const after = watch(spec, { maxPartialMatches: 3 });
  for (let i = 0; i < stream.length; i++) before.matcher.add(0, times[i], i, bit(stream[i]));
  before.matcher.add(0, 23, 7, bit('b'));
  before.matcher.add(0, 24, 8, bit('c'));
  before.matcher.advance(0, 22);
  expect(before.matcher.add(0, 22, 9, A)).toBe(false);
  const stored = new Map(before.matcher.arrays(1));
  after.matcher.restore(1, (name) => stored.get(name));
  expect(after.matcher.late).toBe(1);
  expect(after.matcher.dropped).toBe(before.matcher.dropped);
  before.matcher.advance(0, END_MS);
  after.matcher.advance(0, END_MS);
  expect(after.matches).toEqual(before.matches);
  expect(after.matches).toHaveLength(1);
});

test('a checkpoint of another pattern is not read', () => {
  const { matcher } = watch(AB);
  matcher.add(0, 1, 1, A);
  const stored = new Map(matcher.arrays(1));
  const { matcher: other, matches } = watch(AB, { name: 'pattern.other' });
  other.restore(1, (name) => stored.get(name));
  other.add(0, 2, 2, B);
  other.advance(0, 10);
  expect(matches).toEqual([]);
});

test('keys are independent of how many there are', () => {
  const { matcher, matches } = watch(AB);
  matcher.add(5000, 1, 1, A);
  matcher.add(5000, 2, 2, B);
  matcher.advance(5000, 2);
  matcher.advance(9000, 2);
  expect(matches).toHaveLength(1);
  expect(runEvents(AB, []).matches).toEqual([]);
});
