import type { TripRow } from '../../model/stream-outputs.ts';
import type { TripBook } from './trip-book.ts';
import * as C from './trip-columns.ts';
import type { ClosedTrip } from './trip-notes.ts';
import { averageKmph } from './trip-rows.ts';

/** A trip event and what the telemetry shows are about the same thing when they are no further apart [own choice]. */
export const RECONCILE_MS = 300_000;

const FROM_THE_START = [C.IDLING, C.STOPPED, C.GAP, C.MOVING];

/**
 * Moves the start of the open trip. The time gained or given up is exchanged with the stop before; what a trip begins with is taken
 * to be idling, then standing. Not before that stop, nor beyond what is known of the trip. Before the first trip of a vehicle nothing
 * is known: an earlier start adds a gap, a later one is not taken.
 */
export function moveStart(book: TripBook, slot: number, toMs: number): void {
  const { reals, counts } = book.columns;
  const at = slot * C.REALS;
  const c = slot * C.COUNTS;
  const startMs = reals[at + C.START_MS];
  const stopMs = reals[at + C.STOP_MS];
  if (toMs < startMs) {
    const ms = startMs - Math.max(toMs, earliestStart(book, slot));
    const idlingMs = Math.min(ms, counts[c + C.STOP_IDLING]);
    counts[c + C.STOP_IDLING] -= idlingMs;
    counts[c + C.IDLING] += idlingMs;
    counts[c + (stopMs > 0 ? C.STOPPED : C.GAP)] += ms - idlingMs;
    reals[at + C.START_MS] = startMs - ms;
  } else if (stopMs > 0) {
    const ms = Math.min(toMs - startMs, Math.max(0, book.knownMs(slot) - 1));
    counts[c + C.STOP_IDLING] += Math.min(ms, counts[c + C.IDLING]);
    book.shave(slot, ms, FROM_THE_START);
    reals[at + C.START_MS] = startMs + ms;
  }
}

function earliestStart(book: TripBook, slot: number): number {
  const at = slot * C.REALS;
  const stopMs = book.columns.reals[at + C.STOP_MS];
  if (stopMs > 0) return stopMs;
  return book.columns.stopTripMs(slot) > 0 ? book.columns.reals[at + C.START_MS] : 0;
}

/**
 * What a closed trip looks like when it ends at `toMs`, and the stop after it with it; undefined where that cannot be: before its
 * start, after the next trip's, with no stop to exchange time with, or too far from what was seen. A trip that ends later takes
 * the stop's idling first; one that ends sooner gives up moving first.
 */
export function moveEnd(book: TripBook, slot: number, closed: ClosedTrip, toMs: number): Partial<TripRow> | undefined {
  const { reals, counts } = book.columns;
  const at = slot * C.REALS;
  const { row } = closed;
  const latestMs = book.columns.state(slot) === C.STATE.trip ? reals[at + C.START_MS] : reals[at + C.LAST_MS];
  const after = book.columns.stopTripMs(slot) === closed.idMs && closed.idMs > 0;
  const follows = after && reals[at + C.STOP_MS] === row.endMs;
  const earliestMs = Math.max(row.startMs, closed.idMs);
  if (!follows || toMs <= earliestMs || toMs > latestMs || Math.abs(toMs - row.endMs) > RECONCILE_MS) return undefined;
  const marked = book.columns.state(slot) === C.STATE.stop && reals[at + C.MARK_MS] > 0;
  if (marked && reals[at + C.MARK_MS] < toMs) book.dropMark(slot);
  const times = { movingMs: row.movingMs, idlingMs: row.idlingMs, stoppedMs: row.stoppedMs, gapMs: row.gapMs };
  const idling = slot * C.COUNTS + C.STOP_IDLING;
  if (toMs >= row.endMs) {
    const idlingMs = Math.min(toMs - row.endMs, counts[idling]);
    counts[idling] -= idlingMs;
    times.idlingMs += idlingMs;
    times.stoppedMs += toMs - row.endMs - idlingMs;
  } else {
    let left = row.endMs - toMs;
    for (const key of ['movingMs', 'gapMs', 'idlingMs', 'stoppedMs'] as const) {
      const taken = Math.min(left, times[key]);
      times[key] -= taken;
      left -= taken;
    }
    counts[idling] += row.idlingMs - times.idlingMs;
  }
  reals[at + C.STOP_MS] = toMs;
  return { ...times, endMs: toMs, avgSpeedKmph: averageKmph(row.distanceM, times.movingMs) };
}

/** Gives the closed trip out with other contents, and the stop after it where its end moved. */
export function correctClosed(book: TripBook, slot: number, closed: ClosedTrip, change: Partial<TripRow>): void {
  closed.row = { ...closed.row, ...change, revision: closed.row.revision + 1 };
  book.give(closed.row);
  if (change.endMs === undefined) return;
  const { reals } = book.columns;
  const shown = reals[slot * C.REALS + C.ID_MS] > 0;
  book.giveStop(slot, shown ? reals[slot * C.REALS + C.START_MS] : Number.NaN);
}
