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

/** What starts an alert: a condition over the vehicle's columns, or something that happened once. */
export type RuleTrigger =
  | { readonly type: 'condition'; readonly when: ExpressionText; readonly clear: ExpressionText | undefined }
  /** `event`: the `event_type` of a driver event. */
  | { readonly type: 'driver-event'; readonly event: string };

/** One rule of a pack, checked for shape but not yet compiled. Durations in ms. */
export interface RuleSpec {
  readonly id: string;
  /** Where the id stands. */
  readonly place: Place;
  readonly name: string;
  readonly priority: Priority;
  readonly trigger: RuleTrigger;
  /** The condition must hold this long (event time) before the alert is raised. */
  readonly forMs: number;
  /** The clear condition must hold this long before the alert is cleared. */
  readonly keepMs: number;
  /** Text with `{column}` or `{column:digits}` in it, see compileTemplate. */
  readonly message: ExpressionText;
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
