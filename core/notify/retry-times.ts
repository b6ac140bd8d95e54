const FIRST_MS = 5000;
const LONGEST_MS = 900_000;

/** A delivery that has not succeeded for this long is given up. */
export const GIVE_UP_MS = 24 * 3_600_000;

/**
 * How long to wait after so many attempts, ms: 5 s, doubled each time up to 15 min, ± 25 % so that many do not come at once. What the
 * receiver asks for counts when it is longer. `random` is from 0 to 1.
 */
export function retryDelayMs(attempts: number, retryAfterMs = 0, random: () => number = Math.random): number {
  const delayMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(20, Math.max(0, attempts - 1)));
  return Math.max(retryAfterMs, Math.round(delayMs * (0.75 + random() / 2)));
}
