/** Panes of `min` and `max` are one number, the smallest or largest reading; NaN = no readings. */
export const EXTREME_SHAPE = { width: 1, extras: 0, empty: Number.NaN } as const;

export function addToMin(cells: Float64Array, at: number, value: number): void {
  cells[at] = smaller(cells[at], value);
}

export function addToMax(cells: Float64Array, at: number, value: number): void {
  cells[at] = larger(cells[at], value);
}

/** `b` when `a` is NaN, and the other way round. */
export function smaller(a: number, b: number): number {
  return a <= b || Number.isNaN(b) ? a : b;
}

/** `b` when `a` is NaN, and the other way round. */
export function larger(a: number, b: number): number {
  return a >= b || Number.isNaN(b) ? a : b;
}
