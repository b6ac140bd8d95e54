import type Database from 'better-sqlite3';

export interface PruneArguments {
  /** Age at which tracks, minutes and closed alerts go, ms. */
  readonly olderThanMs: number;
  /** Unix ms. */
  readonly nowMs: number;
  /** Stop after about this many ms of work; default 50. One slice is always done. */
  readonly budgetMs?: number;
}

export interface PruneResult {
  /** Rows deleted, alert transitions included. */
  readonly deleted: number;
  /** True when the time was up before all was done: call again. */
  readonly more: boolean;
}

const MINUTES_PER_SLICE = 2000;
const TRACKS_PER_SLICE = 500;
const ALERTS_PER_SLICE = 200;
const PAGES_PER_SLICE = 256;
/** Free pages up to this part of the file are left for the rows to come. */
const FREE_PART = 1 / 8;

/** When the last thing happened to an alert that is closed; the partial index `alert_closed` is on it. */
const CLOSED_MS = 'max(raised_ms, coalesce(cleared_ms, 0), coalesce(acknowledged_ms, 0))';

export const DELETE_MINUTES = `
  DELETE FROM vehicle_minute WHERE minute_ms < ? ORDER BY minute_ms LIMIT ${MINUTES_PER_SLICE}`;

// Chunks are stored as they finish, so the oldest rows come first. One that is still young at the head stays; it is looked at again next time.
export const DELETE_TRACKS = `
  DELETE FROM track WHERE id IN (SELECT id FROM track ORDER BY id LIMIT ${TRACKS_PER_SLICE}) AND end_ms < ?`;

export const SELECT_CLOSED_ALERTS = `
  SELECT id FROM alert
  WHERE condition = 'cleared' AND latched = 0 AND acknowledged = 1 AND ${CLOSED_MS} < ?
  ORDER BY ${CLOSED_MS} LIMIT ${ALERTS_PER_SLICE}`;

/** Deletes what is old in slices small enough to run between two commits, then gives unused pages back to the disk. */
export function pruner(db: Database.Database): (args: PruneArguments) => PruneResult {
  const minutes = db.prepare<[number]>(DELETE_MINUTES);
  const tracks = db.prepare<[number]>(DELETE_TRACKS);
  const closed = db.prepare<[number], string>(SELECT_CLOSED_ALERTS).pluck();
  const transitions = db.prepare<[string]>('DELETE FROM alert_transition WHERE alert_id = ?');
  const alert = db.prepare<[string]>('DELETE FROM alert WHERE id = ?');
  const alerts = db.transaction((cutMs: number): number => {
    let deleted = 0;
    for (const id of closed.all(cutMs)) deleted += transitions.run(id).changes + alert.run(id).changes;
    return deleted;
  });
  const slices: ((cutMs: number) => number)[] = [
    (cutMs) => minutes.run(cutMs).changes,
    (cutMs) => tracks.run(cutMs).changes,
    (cutMs) => alerts.immediate(cutMs),
  ];

  return ({ olderThanMs, nowMs, budgetMs = 50 }) => {
    const until = performance.now() + budgetMs;
    let deleted = 0;
    for (const slice of slices) {
      for (let n = slice(nowMs - olderThanMs); n > 0; n = slice(nowMs - olderThanMs)) {
        deleted += n;
        if (performance.now() >= until) return { deleted, more: true };
      }
    }
    while (shrink(db)) if (performance.now() >= until) return { deleted, more: true };
    return { deleted, more: false };
  };
}

/** Gives some unused pages back; true when it did. */
function shrink(db: Database.Database): boolean {
  const free = db.pragma('freelist_count', { simple: true }) as number;
  const total = db.pragma('page_count', { simple: true }) as number;
  const spare = Math.min(PAGES_PER_SLICE, Math.floor(free - total * FREE_PART));
  if (spare < 1) return false;
  db.exec(`PRAGMA incremental_vacuum(${spare})`);
  return (db.pragma('freelist_count', { simple: true }) as number) < free;
}
