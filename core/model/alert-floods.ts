/** A flood begins when more than this many entries came into the queue within FLOOD_SPAN_MS (EEMUA 191). */
export const FLOOD_STARTS_ABOVE = 10;
/** … and ends when fewer than this many did. */
export const FLOOD_ENDS_BELOW = 5;
export const FLOOD_SPAN_MS = 600_000;

/** A stretch of time in which more alerts came than an operator can take in. */
export interface AlertFlood {
  /** Engine time, Unix ms: its id. */
  readonly startMs: number;
  /** Undefined while it lasts. */
  readonly endMs?: number;
  /** Entries raised in it, and most within FLOOD_SPAN_MS. */
  readonly raised: number;
  readonly peak: number;
}
