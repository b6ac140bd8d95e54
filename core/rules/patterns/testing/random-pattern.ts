import fc from 'fast-check';
import { compilePattern } from '../compile-pattern.ts';
import type { AfterMatch, PatternSpec, PatternStep, Quantifier } from '../pattern-spec.ts';
import type { SlowEvent } from './slow-pattern.ts';

const CONDITIONS = 4;
const condition = fc.nat(CONDITIONS - 1);
const inner = fc.constantFrom('consecutive', 'relaxed', 'combinations', undefined);

const quantifier: fc.Arbitrary<Quantifier | undefined> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant({ min: 0, max: 1 }) },
  { weight: 2, arbitrary: fc.record({ min: fc.nat(2), inner }) },
  { weight: 1, arbitrary: fc.record({ min: fc.nat(2), inner, until: condition }) },
  {
    weight: 2,
    arbitrary: fc
      .record({ min: fc.nat(2), more: fc.nat(2), inner })
      .map(({ min, more, inner }) => ({ min, max: Math.max(2, min + more), inner })),
  },
);

type Unnamed = PatternStep extends infer S ? (S extends PatternStep ? Omit<S, 'name'> : never) : never;

const taking = fc.record({
  contiguity: fc.constantFrom('next', 'followedBy', 'followedByAny'),
  condition,
  quantifier,
  iterative: fc.constantFrom(false, false, false, true),
}) as fc.Arbitrary<Unnamed>;
const negation = fc.record({
  contiguity: fc.constantFrom('notNext', 'notFollowedBy'),
  condition,
}) as fc.Arbitrary<Unnamed>;
const absence = fc.record({
  contiguity: fc.constant('notFor'),
  condition,
  forMs: fc.integer({ min: 1, max: 6 }),
}) as fc.Arbitrary<Unnamed>;

/** `step` with weight, or nothing. */
const maybe = (step: fc.Arbitrary<Unnamed>, weight: number) =>
  fc.oneof({ weight: 10 - weight, arbitrary: fc.constant([]) }, { weight, arbitrary: step.map((s) => [s]) });

const steps: fc.Arbitrary<PatternStep[]> = fc
  .record({
    leading: maybe(absence, 1),
    body: fc.array(fc.tuple(taking, maybe(negation, 2)), { minLength: 1, maxLength: 3 }),
    trailing: maybe(absence, 2),
  })
  .map(({ leading, body, trailing }) =>
    [...leading, ...body.flatMap(([step, nots]) => [step, ...nots]), ...trailing].map(
      (step, i) => ({ ...step, name: `s${i}` }) as PatternStep,
    ),
  );

const afterMatch: fc.Arbitrary<AfterMatch | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ skip: fc.constantFrom('toNext', 'pastLast') }) as fc.Arbitrary<AfterMatch>,
  fc.record({
    skip: fc.constantFrom('toFirst', 'toLast'),
    step: fc.nat(3).map((i) => `s${i}`),
  }) as fc.Arbitrary<AfterMatch>,
);

/** Patterns of every kind that compile. */
export const patterns: fc.Arbitrary<PatternSpec> = fc
  .record({
    steps,
    withinMs: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 12 })),
    afterMatch,
  })
  .filter((spec) => {
    try {
      compilePattern(spec);
      return true;
    } catch {
      return false;
    }
  });

/** Arrives at most this much after a newer event. */
export const BOUND_MS = 4;

/** One event: mostly of one condition, sometimes of two or none; times go up by little, with ties and disorder within the bound. */
const arrival = fc.record({
  key: fc.nat(1),
  stepMs: fc.constantFrom(0, 1, 1, 2, 3),
  lateMs: fc.constantFrom(0, 0, 0, 1, BOUND_MS),
  mask: fc.oneof(
    { weight: 6, arbitrary: condition.map((bit) => 1 << bit) },
    { weight: 1, arbitrary: fc.tuple(condition, condition).map(([a, b]) => (1 << a) | (1 << b)) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  /** The same once more. */
  twice: fc.constantFrom(false, false, false, false, true),
});

export interface Arrival extends SlowEvent {
  readonly key: number;
  /** Of its key, once it has arrived. */
  readonly watermarkMs: number;
}

/** Combinations double with each event: more of one key than this would take the slow reading minutes. */
const MOST_EVENTS = 9;

/** Events of two keys in order of arrival; none is behind the watermark of its key. */
export const arrivals: fc.Arbitrary<Arrival[]> = fc.array(arrival, { maxLength: 14 }).map((raw) => {
  let clockMs = 1000;
  const newestMs = [0, 0];
  const count = [0, 0];
  return raw
    .flatMap((one) => (one.twice ? [one, { ...one, stepMs: 0 }] : [one]))
    .filter(({ key }) => ++count[key] <= MOST_EVENTS)
    .map(({ key, stepMs, lateMs, mask }, event) => {
      clockMs += stepMs;
      const timeMs = clockMs - lateMs;
      newestMs[key] = Math.max(newestMs[key], timeMs);
      return { key, timeMs, mask, event, watermarkMs: newestMs[key] - BOUND_MS - 1 };
    });
});
