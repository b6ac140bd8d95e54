/** How an event of a step may lie behind the event before it. `followedBy` is relaxed, `followedByAny` non-deterministic relaxed. */
export type Contiguity = 'next' | 'followedBy' | 'followedByAny';

/** The same within a step that takes several events. */
export type InnerContiguity = 'consecutive' | 'relaxed' | 'combinations';

/** How many events a step takes. */
export interface Quantifier {
  /** 0 makes the step optional. */
  readonly min: number;
  /** Without it there is no upper bound. */
  readonly max?: number;
  /** Default: relaxed. */
  readonly inner?: InnerContiguity;
  /** Condition (bit number) after which a step without upper bound takes no more. */
  readonly until?: number;
}

/** A step that takes events. Conditions are the numbers of bits (0–31) in the mask that comes with each event. */
export interface TakingStep {
  readonly name: string;
  /** To the step before; means nothing on the first. Default: followedBy. */
  readonly contiguity?: Contiguity;
  readonly condition: number;
  /** Default: exactly one. */
  readonly quantifier?: Quantifier;
  /** The condition also asks the matcher's `test`, which sees the events taken so far. */
  readonly iterative?: boolean;
}

/** An event that must not come: right after the step before (`notNext`), or before the step behind takes one (`notFollowedBy`). */
export interface NotStep {
  readonly name: string;
  readonly contiguity: 'notNext' | 'notFollowedBy';
  readonly condition: number;
}

/** Nothing of the kind for a time, ms: before the first step takes its event, or after the last one. */
export interface AbsenceStep {
  readonly name: string;
  readonly contiguity: 'notFor';
  readonly condition: number;
  readonly forMs: number;
}

export type PatternStep = TakingStep | NotStep | AbsenceStep;

/**
 * What a match takes away from others: nothing; those that begin with the same event; those that begin up to its last event;
 * those that begin before the first or last event of a step in it (nothing when it has none).
 */
export type AfterMatch =
  | { readonly skip: 'none' | 'toNext' | 'pastLast' }
  | { readonly skip: 'toFirst' | 'toLast'; readonly step: string };

/** A sequence of events of one key: steps in order. */
export interface PatternSpec {
  readonly steps: readonly PatternStep[];
  /** The last event comes less than this after the first, ms. */
  readonly withinMs?: number;
  /** Default: none. */
  readonly afterMatch?: AfterMatch;
}

export const OPTIONAL: Quantifier = { min: 0, max: 1 };

export function oneOrMore(inner: InnerContiguity = 'relaxed', until?: number): Quantifier {
  return { min: 1, inner, until };
}

export function times(min: number, max: number, inner: InnerContiguity = 'relaxed'): Quantifier {
  return { min, max, inner };
}

export function isTaking(step: PatternStep): step is TakingStep {
  return step.contiguity === undefined || !step.contiguity.startsWith('not');
}
