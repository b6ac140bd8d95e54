import type { WhyTerm } from './alerts.ts';

/** A rule that is under way at a vehicle, or close to it. */
export interface PendingRule {
  readonly ruleId: string;
  readonly ruleName: string;
  /** 1 is critical. */
  readonly priority: number;
  /** `near`: not begun, but the value is within a tenth of its limit. */
  readonly stage: 'near' | 'pending' | 'firing' | 'clearing' | 'unknown';
  /** How long it has been in that stage, and how long it has to be, ms; 0 where that has no meaning. */
  readonly heldMs: number;
  readonly neededMs: number;
  /** The values it looks at, now. */
  readonly terms: readonly WhyTerm[];
  /** How much of the limit the value has reached, 0…1; null where that has no meaning. */
  readonly closeness: number | null;
  /** One line: `engine_temp_c 108.2 of 110 °C, 21 of 30 s`. */
  readonly text: string;
}
