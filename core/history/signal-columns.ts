import { SIGNALS } from '../model/signals.ts';

/** What a statement takes as a value. NaN is written as NULL: SQLite has no NaN. */
export type SqlValue = number | string | null | Uint8Array;

/** The columns of the signals in catalogue order: the i-th belongs to catalogue column i. */
export const SIGNAL_COLUMNS: readonly string[] = SIGNALS.map((signal) => signal.name);

/** `?, ?, …`, one for each of `count` values. */
export function placeholders(count: number): string {
  return Array(count).fill('?').join(', ');
}

/** Copies one row of signals into `target` from `at` on; columns the row does not have become NULL. */
export function copySignals(source: Float64Array, from: number, count: number, target: SqlValue[], at: number): void {
  for (let i = 0; i < SIGNAL_COLUMNS.length; i++) target[at + i] = i < count ? source[from + i] : null;
}
