import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern } from './compile-pattern.ts';
import type { PatternMatch, StepTest } from './match-outputs.ts';
import { PatternMatcher } from './pattern-matcher.ts';
import { isTaking, type PatternSpec } from './pattern-spec.ts';
import { END_MS } from './testing/pattern-stream.ts';
import { type Arrival, arrivals, patterns } from './testing/random-pattern.ts';
import { type Line, slowPattern } from './testing/slow-pattern.ts';

const KEYS = 2;

/** Depends on the event, on the events of the same step and on the first step's. */
const jumps: StepTest = (step, event, earlier) =>
  (event + earlier.of(step).length + (earlier.of('s0')[0] ?? 0)) % 3 !== 0;

interface Ran {
  /** Per key. */
  readonly lines: readonly Line[][];
  readonly stored: string;
}

interface How {
  /** Index of the arrival before which all is stored and restored. */
  readonly restoreAt?: number;
  /** Watermarks are passed on with every so many arrivals only. */
  readonly every?: number;
}

function run(spec: PatternSpec, stream: readonly Arrival[], { restoreAt = -1, every = 1 }: How = {}): Ran {
  const compiled = compilePattern(spec);
  const order = spec.steps.filter(isTaking).map(({ name }) => name);
  const lines: Line[][] = Array.from({ length: KEYS }, () => []);
  const say = (kind: string, { key, steps, startMs, endMs }: PatternMatch): void => {
    const parts = order.filter((name) => steps[name]).map((name) => `${name}=${steps[name].join(',')}`);
    lines[key].push(`${kind} ${parts.join(' ')} ${startMs}..${endMs}`);
  };
  const outputs = {
    match: (match: PatternMatch) => say('match', match),
    timeout: (timeout: PatternMatch) => say('timeout', timeout),
  };
  const options = { name: 'pattern.test', test: jumps, maxPartialMatches: 1_000_000, maxEvents: 1_000_000 };
  let matcher = new PatternMatcher(compiled, outputs, options);
  stream.forEach(({ key, timeMs, event, mask, watermarkMs }, i) => {
    if (i === restoreAt) {
      const stored = new Map(matcher.arrays(KEYS));
      matcher = new PatternMatcher(compiled, outputs, options);
      matcher.restore(KEYS, (name) => stored.get(name));
    }
    expect(matcher.add(key, timeMs, event, mask)).toBe(true);
    if (i % every === 0) matcher.advance(key, watermarkMs);
  });
  const stored = JSON.stringify(matcher.arrays(KEYS).map(([name, array]) => [name, ...array]));
  for (let key = 0; key < KEYS; key++) matcher.advance(key, END_MS);
  expect(matcher.dropped).toBe(0);
  return { lines, stored };
}

test('every pattern finds what a slow reading of all events finds, in the same order', () => {
  const seen = { matches: 0, timeouts: 0 };
  fc.assert(
    fc.property(patterns, arrivals, (spec, stream) => {
      const { lines } = run(spec, stream);
      const slow = lines.map((_, key) =>
        slowPattern(
          spec,
          stream.filter((event) => event.key === key),
          END_MS,
          jumps,
        ),
      );
      expect(lines).toEqual(slow);
      for (const line of lines.flat()) seen[line.startsWith('match') ? 'matches' : 'timeouts']++;
    }),
    { numRuns: 3000 },
  );
  expect(seen.matches).toBeGreaterThan(1000);
  expect(seen.timeouts).toBeGreaterThan(300);
});

test('a restore in the middle, and watermarks passed on late, change nothing', () => {
  const cases = fc.tuple(patterns, arrivals, fc.nat(14), fc.integer({ min: 1, max: 5 }));
  fc.assert(
    fc.property(cases, ([spec, stream, restoreAt, every]) => {
      const whole = run(spec, stream);
      expect(run(spec, stream, { restoreAt })).toEqual(whole);
      expect(run(spec, stream, { every }).lines).toEqual(whole.lines);
    }),
    { numRuns: 1000 },
  );
});
