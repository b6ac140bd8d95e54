import type Database from 'better-sqlite3';
import type { AlertFlood } from '../model/alert-floods.ts';
import { LONG_DAYS, MAX_ROWS, timeSpan } from './arguments.ts';

// Floods do not overlap: of those that began before the span only the last can reach into it.
export const SELECT_FLOODS = `
  SELECT start_ms, end_ms, raised, peak FROM alert_flood
  WHERE start_ms >= coalesce((SELECT max(start_ms) FROM alert_flood WHERE start_ms <= :fromMs), :fromMs)
    AND start_ms < :toMs AND (end_ms IS NULL OR end_ms > :fromMs)
  ORDER BY start_ms DESC`;

export type FloodRow = [startMs: number, endMs: number | null, raised: number, peak: number];

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Floods that reach into the span, newest first, at most 1,000 in at most 400 days. */
export function floodQuery(db: Database.Database): (args: Span) => { floods: AlertFlood[] } {
  const select = db.prepare<[Span], FloodRow>(SELECT_FLOODS).raw();
  return (args) => ({ floods: select.all(timeSpan(args, LONG_DAYS)).slice(0, MAX_ROWS).map(toFlood) });
}

function toFlood([startMs, endMs, raised, peak]: FloodRow): AlertFlood {
  return { startMs, endMs: endMs ?? undefined, raised, peak };
}
