/**
 * Value of an expression for a slot. Conditions answer 1 (true), 0 (false) or NaN (unknown: a signal it needs was never
 * reported or is gone); NaN follows CEL's error absorption: `unknown && false` is false, `unknown || true` is true. A text is its
 * code, see BusinessData.
 */
export type Evaluate = (slot: number) => number;
