import type { RulePackSource } from '../model/records.ts';

/** Where the messages come from. Times are Unix ms of arrival; `toMs` is not included. */
export type BacktestSource =
  | { readonly type: 'journal'; readonly fromMs: number; readonly toMs: number }
  /** A file in the recordings folder, or a path. */
  | { readonly type: 'recording'; readonly file: string };

/**
 * What the tried rules are compared with. `history`: the alerts the room's history keeps. `rules`: the rules of that time, run again
 * over the same stretch: for recordings, and where the history is pruned. `packs`: other rules, run over the same stretch.
 */
export type BacktestAgainst = 'history' | 'rules' | { readonly packs: readonly RulePackSource[] };

/** For which rules tuning answers are worked out: those that differ from what is in force (default), some, or all. Costs time by rule. */
export type BacktestTuning = 'changed' | 'all' | 'none' | readonly string[];

export interface BacktestAsk {
  /** The packs to try; or one file of them, with which the packs in force are tried. */
  readonly packs?: readonly RulePackSource[];
  readonly name?: string;
  readonly text?: string;
  readonly source: BacktestSource;
  readonly against: BacktestAgainst;
  readonly tuning?: BacktestTuning;
  /** People who share the alerts; default 1. */
  readonly operators?: number;
}

export type BacktestState = 'running' | 'done' | 'failed' | 'cancelled';

export interface BacktestProgress {
  readonly id: string;
  /** 0 … 1. */
  readonly share: number;
  readonly messagesPerSecond: number;
  readonly etaS: number;
}

export interface BacktestDone {
  readonly id: string;
  readonly state: Exclude<BacktestState, 'running'>;
  /** A sentence when it failed. */
  readonly message?: string;
}

/** One alert of a comparison. Event times, Unix ms. */
export interface BacktestAlert {
  readonly ruleId: string;
  readonly vehicleId: string;
  readonly onsetMs: number;
  readonly raisedMs: number;
  /** Undefined while it goes on at the end, and for alerts that have no end of their own. */
  readonly clearedMs?: number;
}

/** The same episode, raised at another time. */
export interface MovedAlert extends BacktestAlert {
  readonly beforeMs: number;
  /** Above 0: later than before. */
  readonly deltaMs: number;
}

/** A list cut off at 1,000, and how long it was. By the time of the raise. */
export interface Capped<T> {
  readonly total: number;
  readonly alerts: readonly T[];
}

/** How much work alerts make (EEMUA 191). Averages are for each operator. */
export interface AlertLoad {
  readonly alerts: number;
  readonly perDay: number;
  readonly perOperatorDay: number;
  /** Of one operator. */
  readonly averagePer10Min: number;
  readonly peakPer10Min: number;
  /** Shares (0 … 1) of the 10-minute spans in which an operator got more than 1 (the target), 2 (the limit) and 10 (a flood). */
  readonly shareOverTarget: number;
  readonly shareOverLimit: number;
  readonly shareInFlood: number;
}

export interface RuleDifference {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly change: 'new' | 'changed' | 'removed' | 'same';
  readonly before: AlertLoad;
  readonly after: AlertLoad;
  readonly gained: number;
  readonly lost: number;
  readonly moved: number;
  readonly unchanged: number;
}

/** What a rule would have raised with one thing changed. */
export interface TuningAnswer {
  readonly ruleId: string;
  readonly by: 'for' | 'keep' | 'deadband';
  /** ms more of `for` or `keep`; the deadband in the unit of the value. */
  readonly amount: number;
  readonly alerts: number;
  /** Of the rule as it was tried. */
  readonly of: number;
  /** 1 − alerts / of. */
  readonly removedShare: number;
  /** For people: “on-delay of 10 s more removes 41 % (of 120)”. */
  readonly text: string;
}

export interface BacktestResult {
  readonly source: string;
  /** The stretch that counts, Unix ms of arrival, and the warm-up before it. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly warmUpMs: number;
  readonly operators: number;
  readonly messages: number;
  readonly elapsedMs: number;
  readonly messagesPerSecond: number;
  readonly before: AlertLoad;
  readonly after: AlertLoad;
  readonly gained: Capped<BacktestAlert>;
  readonly lost: Capped<BacktestAlert>;
  readonly moved: Capped<MovedAlert>;
  readonly unchanged: number;
  /** Rules with most alerts gained and lost first. */
  readonly rules: readonly RuleDifference[];
  readonly tuning: readonly TuningAnswer[];
  /** Sentences about what the figures do not tell. */
  readonly notes: readonly string[];
}
