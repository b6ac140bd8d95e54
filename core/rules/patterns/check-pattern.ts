import { isTaking, type PatternSpec, type PatternStep, type TakingStep } from './pattern-spec.ts';

/** Most events that a step with an upper bound may ask for: each is a state of the automaton. */
export const MAX_TIMES = 1000;

/** Conditions are bits of a 32-bit mask. */
const CONDITIONS = 32;

/** Why a pattern is refused, and what to do about it. */
export class PatternError extends Error {
  /** The step at fault; undefined when it is the pattern as a whole. */
  readonly step: string | undefined;

  constructor(step: string | undefined, message: string) {
    super(step === undefined ? message : `step "${step}": ${message}`);
    this.name = 'PatternError';
    this.step = step;
  }
}

/** Throws a PatternError for a pattern that has no meaning, or one that nobody can have meant. */
export function checkPattern(spec: PatternSpec): void {
  const { steps, withinMs } = spec;
  if (!steps.some(isTaking)) throw new PatternError(undefined, 'the pattern takes no event: add a step that does');
  if (withinMs !== undefined && !(Number.isFinite(withinMs) && withinMs > 0))
    throw new PatternError(undefined, `within is ${withinMs} ms: give a number above 0, or leave it out`);
  checkNames(steps);
  steps.forEach((step, i) => {
    checkCondition(step.name, step.condition, 'condition');
    if (isTaking(step)) checkQuantifier(step);
    else checkNegation(spec, i);
  });
  checkAfterMatch(spec);
}

function checkNames(steps: readonly PatternStep[]): void {
  const seen = new Set<string>();
  steps.forEach(({ name }, i) => {
    if (name === '') throw new PatternError(undefined, `step ${i + 1} has no name: give it one`);
    if (seen.has(name)) throw new PatternError(name, 'two steps have this name: rename one');
    seen.add(name);
  });
}

function checkCondition(step: string, bit: number, what: string): void {
  if (!Number.isInteger(bit) || bit < 0 || bit >= CONDITIONS)
    throw new PatternError(step, `${what} ${bit}: give a bit number from 0 to ${CONDITIONS - 1}`);
}

function checkQuantifier({ name, quantifier }: TakingStep): void {
  if (!quantifier) return;
  const { min, max, inner, until } = quantifier;
  if (!Number.isInteger(min) || min < 0 || min > MAX_TIMES)
    throw new PatternError(name, `takes at least ${min} events: give a whole number from 0 to ${MAX_TIMES}`);
  if (max !== undefined && (!Number.isInteger(max) || max < 1 || max > MAX_TIMES))
    throw new PatternError(
      name,
      `takes at most ${max} events: give a whole number from 1 to ${MAX_TIMES}, or none for no bound`,
    );
  if (max !== undefined && max < min)
    throw new PatternError(name, `takes at least ${min} and at most ${max} events: swap the two`);
  if (max === 1 && inner !== undefined)
    throw new PatternError(name, `${inner} means nothing where one event is taken: leave it out, or allow more events`);
  if (until === undefined) return;
  if (max !== undefined)
    throw new PatternError(name, 'until needs a step without upper bound: leave out until, or the upper bound');
  checkCondition(name, until, 'until');
}

function checkNegation({ steps, withinMs }: PatternSpec, i: number): void {
  const step = steps[i];
  const last = i === steps.length - 1;
  if (step.contiguity === 'notFor') {
    if (!(Number.isFinite(step.forMs) && step.forMs > 0))
      throw new PatternError(step.name, `absent for ${step.forMs} ms: give a number above 0`);
    if (i === 0) return;
    if (!last)
      throw new PatternError(step.name, 'absence for a time stands first or last: here use notFollowedBy and within');
  }
  const before = steps.slice(0, i).findLast(isTaking);
  if (!before) throw new PatternError(step.name, `${step.contiguity} has no event to come after: put a step before it`);
  if (before.quantifier?.min === 0)
    throw new PatternError(
      step.name,
      `${step.contiguity} after "${before.name}", which is optional: write two patterns, one with "${before.name}" and one without`,
    );
  const behind = steps.slice(i + 1).filter(isTaking);
  if (behind.length > 0 && behind.every(({ quantifier }) => quantifier?.min === 0))
    throw new PatternError(
      step.name,
      `all steps behind ${step.contiguity} are optional, so it would forbid nothing: make one of them required`,
    );
  if (!last) return;
  if (step.contiguity === 'notNext')
    throw new PatternError(step.name, 'notNext at the end: add the step that comes instead, or use notFor');
  if (step.contiguity === 'notFollowedBy' && withinMs === undefined)
    throw new PatternError(step.name, 'notFollowedBy at the end would wait for ever: add within, or use notFor');
}

function checkAfterMatch({ steps, afterMatch }: PatternSpec): void {
  if (!afterMatch || !('step' in afterMatch)) return;
  const target = steps.find(({ name }) => name === afterMatch.step);
  const takers = steps.filter(isTaking).map(({ name }) => name);
  if (!target)
    throw new PatternError(
      afterMatch.step,
      `${afterMatch.skip} names no step of the pattern: use one of ${takers.join(', ')}`,
    );
  if (!isTaking(target))
    throw new PatternError(afterMatch.step, `${afterMatch.skip} needs a step that takes events: name another`);
}
