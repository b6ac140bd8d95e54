import type Database from 'better-sqlite3';
import { MAX_TRACK_SPAN_MS } from '../model/track-codec.ts';
import { oldAlertCounter } from './count-alerts.ts';
import { BEFORE_DAYS, type DayBase, type DayTable, dayTables, dropDay } from './day-tables.ts';
import type { DayWriter } from './day-writer.ts';
import type { Meta } from './meta.ts';
import { AGED_TABLES, type AgedTable, type Ages, baseAges, THIN_AFTER_MS, tableAges } from './retention-ages.ts';
import { trackThinner } from './thin-tracks.ts';

export interface PruneArguments extends Ages {
  /** Age at which tracks, minutes and closed alerts go, ms. */
  readonly olderThanMs: number;
  /** Unix ms. */
  readonly nowMs: number;
  /** Stop after about this many ms of work; default 50. One slice is always done. */
  readonly budgetMs?: number;
}

export interface PruneResult {
  /** Rows deleted one by one, alert transitions included. */
  readonly deleted: number;
  /** Days dropped with all their rows, each table counted. */
  readonly droppedDays: number;
  /** Track chunks looked at for thinning. */
  readonly thinned: number;
  /** True when the time was up before all was done: call again. */
  readonly more: boolean;
}

const DAY_MS = 86_400_000;
const MINUTES_PER_SLICE = 2000;
const TRACKS_PER_SLICE = 500;
const ROWS_PER_SLICE = 1000;
const ALERTS_PER_SLICE = 200;
const PAGES_PER_SLICE = 256;
/** Free pages up to this part of the file are left for the rows to come. */
const FREE_PART = 1 / 8;

/** When the last thing happened to an alert that is closed; the partial index `alert_closed` is on it. */
const CLOSED_MS = 'max(raised_ms, coalesce(cleared_ms, 0), coalesce(acknowledged_ms, 0))';

/** Rows from before version 4. Chunks were stored as they finished, so the oldest come first; one that is still young at the head is looked at again next time. */
export const DELETE_OLD: Readonly<Partial<Record<DayBase, string>>> = {
  vehicle_minute: `DELETE FROM vehicle_minute_v3 WHERE minute_ms < ? ORDER BY minute_ms LIMIT ${MINUTES_PER_SLICE}`,
  track: `
    DELETE FROM track_v3 WHERE id IN (SELECT id FROM track_v3 ORDER BY id LIMIT ${TRACKS_PER_SLICE}) AND end_ms < ?`,
};

export const deleteAged = (table: AgedTable): string =>
  `DELETE FROM ${table} WHERE ${AGED_TABLES[table]} < ? ORDER BY ${AGED_TABLES[table]} LIMIT ${ROWS_PER_SLICE}`;

export const SELECT_CLOSED_ALERTS = `
  SELECT id FROM alert
  WHERE condition = 'cleared' AND latched = 0 AND acknowledged = 1 AND ${CLOSED_MS} < ?
  ORDER BY ${CLOSED_MS} LIMIT ${ALERTS_PER_SLICE}`;

/** One kind of upkeep: each call does a slice of it and says how much that was; 0 when there is nothing left to do. */
interface Upkeep {
  readonly counts?: 'deleted' | 'droppedDays' | 'thinned';
  readonly slice: (args: PruneArguments) => number;
}

/** Deletes what is old in slices small enough to run between two commits, thins old tracks, then gives unused pages back to the disk. */
export function pruner(db: Database.Database, days: DayWriter, meta: Meta): (args: PruneArguments) => PruneResult {
  const countAlerts = oldAlertCounter(db, meta);
  const thin = trackThinner(db);
  const alerts = alertDeleter(db);
  const rows = rowDeleter(db);
  const drop = dayDropper(db, days);
  const upkeep: Upkeep[] = [
    { slice: countAlerts },
    { counts: 'droppedDays', slice: drop },
    { counts: 'deleted', slice: (args) => deleteBeforeDays(db, days, args.nowMs - args.olderThanMs) },
    { counts: 'deleted', slice: (args) => alerts(args.nowMs - args.olderThanMs) },
    { counts: 'deleted', slice: rows },
    { counts: 'thinned', slice: ({ nowMs }) => thin(nowMs - THIN_AFTER_MS) },
    { slice: () => Number(shrink(db)) },
  ];

  return (args) => {
    const until = performance.now() + (args.budgetMs ?? 50);
    const done = { deleted: 0, droppedDays: 0, thinned: 0 };
    for (const { counts, slice } of upkeep) {
      for (let n = slice(args); n > 0; n = slice(args)) {
        if (counts) done[counts] += n;
        if (performance.now() >= until) return { ...done, more: true };
      }
    }
    return { ...done, more: false };
  };
}

/** Drops the oldest day that is too old, of the first table that has one. */
function dayDropper(db: Database.Database, days: DayWriter): (args: PruneArguments) => number {
  const drop = db.transaction((base: DayBase, table: DayTable): number => {
    dropDay(db, base, table);
    return 1;
  });
  return (args) => {
    for (const [base, ageMs] of baseAges(args)) {
      // A chunk that began at the end of a day reaches into the next.
      const endMs = args.nowMs - ageMs - DAY_MS - (base === 'track' ? MAX_TRACK_SPAN_MS : 0);
      const old = dayTables(db, base).find(({ dayMs }) => dayMs !== BEFORE_DAYS && dayMs <= endMs);
      if (!old) continue;
      drop.immediate(base, old);
      days.forget();
      return 1;
    }
    return 0;
  };
}

/** Deletes rows from before version 4 that are too old, and their table when it is empty. */
function deleteBeforeDays(db: Database.Database, days: DayWriter, cutMs: number): number {
  for (const base of ['vehicle_minute', 'track'] as const) {
    const old = dayTables(db, base).find(({ dayMs }) => dayMs === BEFORE_DAYS);
    if (!old) continue;
    const deleted = db.prepare<[number]>(DELETE_OLD[base] ?? '').run(cutMs).changes;
    if (deleted > 0) return deleted;
    if (db.prepare(`SELECT 1 FROM ${old.name} LIMIT 1`).get() === undefined) {
      db.transaction(() => dropDay(db, base, old)).immediate();
      days.forget();
    }
  }
  return 0;
}

function rowDeleter(db: Database.Database): (args: PruneArguments) => number {
  const statements = new Map(
    tableAges({ olderThanMs: 0 }).map(([table]) => [table, db.prepare<[number]>(deleteAged(table))]),
  );
  return (args) => {
    for (const [table, ageMs] of tableAges(args)) {
      const deleted = statements.get(table)?.run(args.nowMs - ageMs).changes ?? 0;
      if (deleted > 0) return deleted;
    }
    return 0;
  };
}

function alertDeleter(db: Database.Database): (cutMs: number) => number {
  const closed = db.prepare<[number], string>(SELECT_CLOSED_ALERTS).pluck();
  const transitions = db.prepare<[string]>('DELETE FROM alert_transition WHERE alert_id = ?');
  const alert = db.prepare<[string]>('DELETE FROM alert WHERE id = ?');
  const slice = db.transaction((cutMs: number): number => {
    let deleted = 0;
    for (const id of closed.all(cutMs)) deleted += transitions.run(id).changes + alert.run(id).changes;
    return deleted;
  });
  return (cutMs) => slice.immediate(cutMs);
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
