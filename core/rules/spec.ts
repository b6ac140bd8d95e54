import type { Priority } from '../model/alerts.ts';

/** Where a piece of a pack stands, for error messages: 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** An expression or other text of a pack, and where its characters stand there. */
export interface ExpressionText {
  readonly text: string;
  /** The place of the character at `offset` (UTF-16 units); `text.length` is the place after the last. */
  readonly placeAt: (offset: number) => Place;
}

/** One step of a sequence: something that is to come, or that must not come before the next step (or in time, as the last). */
export interface SequenceStep {
  readonly name: string;
  readonly condition: ExpressionText;
  readonly not: boolean;
  /** The very next message, not any later one. */
  readonly directly: boolean;
  /** How many messages it takes. */
  readonly times: number;
}

/** What starts an alert: a condition over what is known of the vehicle, something that happened, or several things in order. */
export type RuleTrigger =
  | { readonly type: 'condition'; readonly when: ExpressionText; readonly clear: ExpressionText | undefined }
  /** `event`: one of NAMED_EVENTS; with `when` it counts only while that is true. */
  | { readonly type: 'event'; readonly event: string; readonly when: ExpressionText | undefined }
  | { readonly type: 'sequence'; readonly steps: readonly SequenceStep[]; readonly withinMs: number };

/** One rule of a pack, checked for shape but not yet compiled. Durations in ms. */
export interface RuleSpec {
  readonly id: string;
  /** Where the id stands. */
  readonly place: Place;
  readonly name: string;
  /** Undefined when `priorityBy` says it. */
  readonly priority: Priority | undefined;
  /** Expression of the name of a priority. */
  readonly priorityBy: ExpressionText | undefined;
  readonly trigger: RuleTrigger;
  /** Ends the alert at once. */
  readonly until: ExpressionText | undefined;
  /** The condition must hold this long (event time) before the alert is raised. */
  readonly forMs: number;
  /** The clear condition must hold this long before the alert is cleared. */
  readonly keepMs: number;
  /** Without `clear`: how far the watched value must come back behind its limit before the alert is over. */
  readonly deadband: number;
  /** What holds an alert whose condition is over. Events and sequences without an end hold until they are acknowledged. */
  readonly latch: 'acknowledge' | 'reset' | undefined;
  /** After an alert no other one of the rule on the vehicle for this long. */
  readonly cooldownMs: number;
  /** Ids of rules whose alerts explain this one's. */
  readonly suppressedBy: readonly string[];
  readonly suppressedOn: 'vehicle' | 'depot';
  /** Text with `{expression}` or `{expression:digits}` in it, see compileTemplate. */
  readonly message: ExpressionText;
  /** What to do; written like `message`. */
  readonly response: ExpressionText | undefined;
  /** Link to the full procedure. */
  readonly runbook: string | undefined;
  /** Hash of all that the rule says, wherever it stands: a rule with another version is another rule. */
  readonly version: string;
}

/** What is wrong with a pack, where, and what to do about it. */
export interface PackError extends Place {
  readonly pack: string;
  readonly message: string;
}

/** `pack:line:column: message`, as editors and logs show it. */
export function formatPackError(error: PackError): string {
  return `${error.pack}:${error.line}:${error.column}: ${error.message}`;
}
