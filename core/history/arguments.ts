import { HistoryError } from './errors.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_DAYS = 31;
/** For lists that an index and a limit keep short however long the span is. */
export const LONG_DAYS = 400;
export const MAX_ROWS = 1000;

/** A number of rows between 1 and MAX_ROWS; more is cut to it. Throws a HistoryError on anything that is not a number. */
export function rowLimit(limit: unknown): number {
  if (typeof limit !== 'number' || !(limit >= 1)) {
    throw new HistoryError('bad-arguments', `limit is ${describe(limit)}; give a number from 1 to ${MAX_ROWS}.`);
  }
  return Math.min(MAX_ROWS, Math.floor(limit));
}

/** A text that names something. Throws a HistoryError on anything else. */
export function nameOf(argument: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new HistoryError('bad-arguments', `${argument} is ${describe(value)}; give a text.`);
  }
  return value;
}

/** The text, or undefined where none is given. Throws a HistoryError on anything else. */
export function optionalName(argument: string, value: unknown): string | undefined {
  return value === undefined ? undefined : nameOf(argument, value);
}

/** How many operators share the work, 1 where it is not said. Throws a HistoryError on anything below 1. */
export function operatorCount(value: unknown): number {
  if (value === undefined) return 1;
  if (typeof value !== 'number' || !(value >= 1 && value <= MAX_ROWS)) {
    throw new HistoryError('bad-arguments', `operators is ${describe(value)}; give a number from 1 to ${MAX_ROWS}.`);
  }
  return value;
}

/** A time, Unix ms. Throws a HistoryError on anything else. */
export function timeOf(argument: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new HistoryError('bad-arguments', `${argument} is ${describe(value)}; give a time in Unix ms.`);
  }
  return value;
}

/** A span of time of at most `maxDays`, by default 31. Throws a HistoryError when it ends before it begins or is longer. */
export function timeSpan(
  args: { readonly fromMs: unknown; readonly toMs: unknown },
  maxDays = MAX_DAYS,
): { fromMs: number; toMs: number } {
  const fromMs = timeOf('fromMs', args.fromMs);
  const toMs = timeOf('toMs', args.toMs);
  if (fromMs >= toMs) {
    throw new HistoryError('bad-arguments', `fromMs (${fromMs}) must be before toMs (${toMs}).`);
  }
  if (toMs - fromMs > maxDays * DAY_MS) {
    const days = ((toMs - fromMs) / DAY_MS).toFixed(1);
    throw new HistoryError('bad-arguments', `That span is ${days} days long; ask for at most ${maxDays}.`);
  }
  return { fromMs, toMs };
}

/** A span either end of which may be left open. Throws a HistoryError when it ends before it begins. */
export function openSpan(args: { readonly fromMs?: unknown; readonly toMs?: unknown }): {
  fromMs: number;
  toMs: number;
} {
  const fromMs = args.fromMs === undefined ? Number.MIN_SAFE_INTEGER : timeOf('fromMs', args.fromMs);
  const toMs = args.toMs === undefined ? Number.MAX_SAFE_INTEGER : timeOf('toMs', args.toMs);
  if (fromMs >= toMs) {
    throw new HistoryError('bad-arguments', `fromMs (${fromMs}) must be before toMs (${toMs}).`);
  }
  return { fromMs, toMs };
}

export function describe(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : value === undefined ? 'missing' : String(value);
}
