import type { Priority } from '../model/alerts.ts';
import type { RulePackSource } from '../model/records.ts';
import type { BacktestAsk, BacktestResult, BacktestState } from './backtest.ts';

type Empty = Record<string, never>;

/** A rule in force. */
export interface ListedRule {
  readonly ruleId: string;
  readonly name: string;
  /** Undefined when an expression says it for each alert. */
  readonly priority?: Priority;
  /** File it stands in, and the line of its id. */
  readonly pack: string;
  readonly line: number;
  readonly trigger: 'condition' | 'event' | 'sequence';
  /** What raises the alert, as written: the condition, the event, or the steps. */
  readonly when: string;
  readonly clear?: string;
  readonly until?: string;
  /** Durations in ms, 0 = none. */
  readonly forMs: number;
  readonly keepMs: number;
  readonly cooldownMs: number;
  readonly suppressedBy: readonly string[];
  readonly state: 'in-force';
  /** Vehicles it fires at, and at which its `for` runs. */
  readonly firing: number;
  readonly pending: number;
  /** Alerts raised in the last 24 h of the history, by the hour; null while the history cannot be asked. */
  readonly raisedLastDay: number | null;
}

/** What is wrong with a pack: `line` and `column` from 1. */
export interface RuleProblem {
  readonly pack: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface RuleCheck {
  /** Empty: the packs could be put in force. */
  readonly problems: readonly RuleProblem[];
  readonly rules: number;
  readonly compileMs: number;
}

/** A change that is in force now. */
export interface RulesInForce {
  /** Journal position of the change; null when the packs were those in force already. */
  readonly position: number | null;
  readonly rules: number;
  /** Rules that were new or changed, and those that begin with what the journal knew. */
  readonly changed: readonly string[];
  readonly rebuilt: readonly string[];
  /** Sentences about what could not be rebuilt. */
  readonly notes: readonly string[];
}

interface Author {
  /** Who changes it. */
  readonly operator: string;
  readonly comment?: string;
}

/** Rules: what is in force, checking, saving, undoing; and trying rules on what the journal holds. */
export interface RuleRequests {
  'rules.list': { args: Empty; result: { rules: ListedRule[] } };
  /** The packs in force, the folder they are saved to, and what is wrong with the files there. */
  'rules.packs': {
    args: Empty;
    result: { packs: readonly RulePackSource[]; folder: string; problems: readonly string[] };
  };
  /** Checks packs as a whole; changes nothing. */
  'rules.check': { args: { packs: readonly RulePackSource[] }; result: RuleCheck };
  /** Writes one file and puts the folder in force. Refused as `rules-refused`, with the problems in the message, while anything is wrong. */
  'rules.save': { args: Author & { name: string; text: string }; result: RulesInForce };
  'rules.remove': { args: Author & { name: string }; result: RulesInForce };
  /** Puts the packs of an earlier change back, as files too; `position` as in `rules.history`. */
  'rules.undo': { args: Author & { position: number }; result: RulesInForce };
  /** Begins a back-test; one at a time. Pushes `backtest.progress` and, at the end, `backtest.done` to every window. */
  'backtest.start': { args: BacktestAsk; result: { id: string } };
  /** False when it is over already. */
  'backtest.cancel': { args: { id: string }; result: { cancelled: boolean } };
  /** Of the last few back-tests; `result` is null until it is done. */
  'backtest.result': { args: { id: string }; result: { state: BacktestState; result: BacktestResult | null } };
}
