/**
 * Panes of `share`: ms with the value 1, ms observed; beside them time and value of the newest reading, the value NaN while the
 * signal is missing.
 */
export const SHARE_SHAPE = { width: 2, extras: 2, empty: 0 } as const;

export const TRUE_MS = 0;
export const OBSERVED_MS = 1;
/** Beside the panes. */
export const LAST_MS = 0;
export const LAST = 1;

export function mergeShare(into: Float64Array, intoAt: number, cells: Float64Array, at: number): void {
  into[intoAt + TRUE_MS] += cells[at + TRUE_MS];
  into[intoAt + OBSERVED_MS] += cells[at + OBSERVED_MS];
}
