import { compilePattern } from '../compile-pattern.ts';
import type { PatternMatch, PatternTimeout } from '../match-outputs.ts';
import type { MatcherOptions } from '../matcher-options.ts';
import { PatternMatcher } from '../pattern-matcher.ts';
import type { AfterMatch, Contiguity, PatternSpec, PatternStep, Quantifier } from '../pattern-spec.ts';

/** An event of a test: its name begins with the letters of the conditions that hold, a = bit 0. */
export interface TestEvent {
  readonly name: string;
  readonly timeMs: number;
  readonly mask: number;
}

const bitOf = (letter: string): number => letter.charCodeAt(0) - 97;

/** `a1 bc@5 d`: three events; without `@time` (ms) one comes 1 ms after the one before, the first at 1. */
export function events(text: string): TestEvent[] {
  let clockMs = 0;
  return text.split(' ').map((word) => {
    const [name, time] = word.split('@');
    clockMs = time === undefined ? clockMs + 1 : Number(time);
    const letters = /^[a-f]*/.exec(name)![0];
    return { name, timeMs: clockMs, mask: [...letters].reduce((mask, letter) => mask | (1 << bitOf(letter)), 0) };
  });
}

/** Steps whose condition is the first letter of their name. */
export const take = (name: string, contiguity?: Contiguity, quantifier?: Quantifier): PatternStep => ({
  name,
  contiguity,
  condition: bitOf(name),
  quantifier,
});
export const not = (name: string, contiguity: 'notNext' | 'notFollowedBy'): PatternStep => ({
  name: `not ${name}`,
  contiguity,
  condition: bitOf(name),
});
export const notFor = (name: string, forMs: number): PatternStep => ({
  name: `no ${name}`,
  contiguity: 'notFor',
  condition: bitOf(name),
  forMs,
});

export function pattern(steps: readonly PatternStep[], rest: Omit<PatternSpec, 'steps'> = {}): PatternSpec {
  return { steps, ...rest };
}

export const skip = (how: 'toNext' | 'pastLast' | 'none'): { afterMatch: AfterMatch } => ({
  afterMatch: { skip: how },
});

/** Far behind the events of a test. */
export const END_MS = 1_000_000;

export interface Said {
  readonly matches: string[];
  readonly timeouts: string[];
}

/** What a pattern finds in a stream of one key, as names of events (`a1 b1`), timeouts with their time (`a1 @11`). */
export function run(spec: PatternSpec, text: string, options: Partial<MatcherOptions> = {}): Said {
  return runEvents(spec, events(text), options);
}

export function runEvents(
  spec: PatternSpec,
  stream: readonly TestEvent[],
  options: Partial<MatcherOptions> = {},
): Said {
  const said: Said = { matches: [], timeouts: [] };
  const matcher = new PatternMatcher(compilePattern(spec), listener(stream, said), {
    name: 'pattern.test',
    ...options,
  });
  stream.forEach(({ timeMs, mask }, i) => {
    matcher.add(0, timeMs, i, mask);
  });
  matcher.advance(0, END_MS);
  return said;
}

const names = (stream: readonly TestEvent[], { steps }: PatternMatch): string =>
  Object.values(steps)
    .flat()
    .map((event) => stream[event].name)
    .join(' ');

function listener(stream: readonly TestEvent[], said: Said) {
  return {
    match: (match: PatternMatch) => {
      said.matches.push(names(stream, match));
    },
    timeout: (timeout: PatternTimeout) => {
      said.timeouts.push(`${names(stream, timeout)} @${timeout.endMs}`);
    },
  };
}
