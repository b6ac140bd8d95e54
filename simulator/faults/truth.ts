import type { FaultKind } from './kinds.ts';

/** One injected fault: a line of the truth file. Times are event times in Unix ms. */
export interface TruthLine {
  readonly fault: FaultKind;
  readonly vehicle_id: string;
  readonly start_ms: number;
  /** When it is over, as planned; the end of the run when that comes first. */
  readonly end_ms: number;
  /** Id of the rule that must raise an alert; null when none has to: the fault did not show long enough, or is one of the wire. */
  readonly expected_rule: string | null;
  /** Latest time by which that rule should have raised it, from the rule's delay and how often the signal is sent. */
  readonly due_ms: number;
  /** Rules that may rightly speak up as a consequence. */
  readonly also: readonly string[];
  /** Messages touched, for faults of the wire. */
  readonly count?: number;
  readonly detail: string;
}
