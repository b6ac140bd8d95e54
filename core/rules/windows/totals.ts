/** Panes of `sum` and `count` are one number that adds up; NaN = no readings. */
export const TOTAL_SHAPE = { width: 1, extras: 0, empty: Number.NaN } as const;

/** `worth`: the reading for a sum, 1 for a count. */
export function addToTotal(cells: Float64Array, at: number, worth: number): void {
  cells[at] = plus(cells[at], worth);
}

export function mergeTotal(into: Float64Array, intoAt: number, cells: Float64Array, at: number): void {
  into[intoAt] = plus(into[intoAt], cells[at]);
}

/** Both may be without readings. */
export function plus(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : a + b;
}
