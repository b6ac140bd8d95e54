/** Events that made a match. Events by name of the step, as the numbers they were given in; steps that took none are left out. */
export interface PatternMatch {
  readonly key: number;
  readonly steps: Readonly<Record<string, readonly number[]>>;
  /** Time of the first event, Unix ms. */
  readonly startMs: number;
  /** When the match was certain: time of its last event, or the end of the absence behind it, Unix ms. */
  readonly endMs: number;
}

/** A sequence that was begun but not completed in time. `endMs` is its start + within. */
export type PatternTimeout = PatternMatch;

export interface PatternOutputs {
  match(match: PatternMatch): void;
  /** Once for each sequence of events that something could still have completed; not for those that were a match already. */
  timeout?(timeout: PatternTimeout): void;
}

/** What an iterative condition may look at. */
export interface EarlierEvents {
  /** Events that the partial match has taken for a step, first to last. */
  of(step: string): readonly number[];
}

/** The rest of an iterative condition, asked when its bit is set. Must depend on nothing but its arguments. */
export type StepTest = (step: string, event: number, earlier: EarlierEvents) => boolean;
