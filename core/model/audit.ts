import type { OperatorAction, RulePackSource } from './records.ts';

/** What an operator did, as history keeps it. */
export interface StoredAction {
  readonly id: string;
  readonly type: OperatorAction['type'];
  /** Received time, Unix ms, and where it is in the journal. */
  readonly atMs: number;
  readonly position: number;
  readonly operator: string;
  readonly alertId?: string;
  /** Of the alert, or what the action was on. */
  readonly vehicleId?: string;
  readonly ruleId?: string;
  readonly comment?: string;
  readonly reason?: string;
  /** Of a shelving, Unix ms. */
  readonly untilMs?: number;
  readonly assignee?: string;
}

interface RulesMoment {
  /** Journal position from which they hold. */
  readonly position: number;
  /** Received time, Unix ms. */
  readonly atMs: number;
  /** Who changed them; `startup` when the files had changed. */
  readonly by: string;
  readonly comment?: string;
}

export interface StoredRulesChange extends RulesMoment {
  readonly packNames: readonly string[];
}

export interface RulesVersion extends RulesMoment {
  readonly packs: readonly RulePackSource[];
}
