import type { Priority } from '../model/alerts.ts';

/** Where a piece of a pack stands, for error messages: 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** An expression as written, with the place of its first character. */
export interface ExpressionText {
  readonly text: string;
  readonly place: Place;
}

/** What starts an alert: a condition over the vehicle's columns, or something that happened once. */
export type RuleTrigger =
  | { readonly type: 'condition'; readonly when: ExpressionText; readonly clear: ExpressionText | undefined }
  /** `event`: the `event_type` of a driver event. */
  | { readonly type: 'driver-event'; readonly event: string };

/** One rule of a pack, checked for shape but not yet compiled. Durations in ms. */
export interface RuleSpec {
  readonly id: string;
  readonly name: string;
  readonly priority: Priority;
  readonly trigger: RuleTrigger;
  /** The condition must hold this long (event time) before the alert is raised. */
  readonly forMs: number;
  /** The clear condition must hold this long before the alert is cleared. */
  readonly keepMs: number;
  /** Text with `{column}` or `{column:digits}` in it. */
  readonly message: ExpressionText;
  /** Hash of everything above: a rule with another version is another rule. */
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
