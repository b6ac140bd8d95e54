import type Database from 'better-sqlite3';
import type { Counters } from '../model/counters.ts';
import type { OutputBatch } from '../model/outputs.ts';
import { type Checkpoint, checkpointStore } from './checkpoints.ts';
import { dayWriter } from './day-writer.ts';
import { driverNumbers } from './driver-numbers.ts';
import { HistoryError, toHistoryError } from './errors.ts';
import { metaStore } from './meta.ts';
import { type DatabaseOptions, openForWriting } from './open-database.ts';
import { type PruneArguments, type PruneResult, pruner } from './retention.ts';
import { type SlowOptions, timed } from './slow.ts';
import { actionWriter } from './write-actions.ts';
import { alertWriter, transitionWriter } from './write-alerts.ts';
import { windowWriter } from './write-blocks.ts';
import { countWriter, readCounters } from './write-counts.ts';
import { floodWriter, noticeWriter } from './write-notices.ts';
import { rollupWriter } from './write-rollups.ts';
import { minuteWriter, trackWriter } from './write-tracks.ts';
import { tripWriter } from './write-trips.ts';
import { vehicleWriter } from './write-vehicles.ts';

export interface HistoryOptions extends DatabaseOptions, SlowOptions {
  /** Size the database may grow to; default no limit. A commit beyond it fails like one on a full disk until `prune` makes room. */
  readonly maxBytes?: number;
}

/** What became of a batch: `skipped` when all of it was in already. */
export type CommitOutcome = 'applied' | 'skipped';

/** The one writer of a history. All calls block: use it in a worker of its own. */
export interface HistoryWriter {
  /**
   * Writes everything in the batch in one transaction, or nothing. A batch that ends before the committed position is
   * skipped but for its checkpoint: an engine that crashes again and again still gets ahead. Throws a HistoryError; the same batch,
   * or a later one that covers its range, may be given again.
   */
  commit(batch: OutputBatch): CommitOutcome;
  /** How far the journal's outputs are in; undefined in a new history. */
  lastCommit(): { position: number; engineMs: number } | undefined;
  /** Newest first, at most two, so that an engine that cannot read the first has another. */
  loadCheckpoint(): Checkpoint[];
  counters(): Counters;
  /** Deletes what is old, for about `budgetMs`; call it between commits until `more` is false. Throws a HistoryError. */
  prune(args: PruneArguments): PruneResult;
  close(): void;
}

const DEFAULT_SLOW_MS = 500;

/** Opens or makes the history. Throws a HistoryError when the file cannot be used; its message can be shown as it is. */
export function openHistory(options: HistoryOptions): HistoryWriter {
  return historyWriter(openForWriting(options), options);
}

/** The writer of an open database. Closing it closes the database. */
export function historyWriter(db: Database.Database, options: HistoryOptions): HistoryWriter {
  const { file, maxBytes } = options;
  const slow = { slowMs: options.slowMs ?? DEFAULT_SLOW_MS, onSlow: options.onSlow };
  if (maxBytes !== undefined) {
    const pageBytes = db.pragma('page_size', { simple: true }) as number;
    db.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
  }
  const meta = metaStore(db);
  const checkpoints = checkpointStore(db);
  const vehicles = vehicleWriter(db);
  const drivers = driverNumbers(db);
  const days = dayWriter(db);
  const writeTracks = trackWriter(db, days, vehicles);
  const writeMinutes = minuteWriter(db, days, vehicles);
  const needs = { days, vehicleNumber: vehicles.idOf, driverNumber: drivers.idOf };
  const writeWindows = windowWriter(db, needs);
  const writeRollups = rollupWriter(db, needs);
  const writeTrips = tripWriter(db, days);
  const writeAlerts = alertWriter(db, meta);
  const writeTransitions = transitionWriter(db);
  const writeActions = actionWriter(db);
  const writeNotices = noticeWriter(db);
  const writeFloods = floodWriter(db);
  const writeCounts = countWriter(db);
  const prune = pruner(db, days, meta);
  const gap = db.prepare<[number, number, number]>(
    'INSERT OR IGNORE INTO journal_gap (from_position, to_position, at_ms) VALUES (?, ?, ?)',
  );

  const lastCommit = (): { position: number; engineMs: number } | undefined => {
    const position = meta.get('committed_position');
    return position === undefined ? undefined : { position, engineMs: meta.get('engine_ms') ?? 0 };
  };

  const writeOutputs = (batch: OutputBatch): void => {
    for (const row of batch.vehicles) vehicles.write(row);
    writeTracks(batch.tracks);
    writeMinutes(batch.minutes);
    if (batch.stream) {
      writeWindows(batch.stream);
      writeRollups(batch.stream);
      writeTrips(batch.stream);
    }
    writeAlerts(batch.alerts, batch.transitions);
    writeTransitions(batch.transitions);
    writeActions(batch);
    writeNotices(batch.notices ?? []);
    writeFloods(batch.floods ?? []);
    writeCounts(batch);
    meta.set('committed_position', batch.toPosition);
    meta.set('engine_ms', batch.engineMs);
  };

  const apply = db.transaction((batch: OutputBatch): CommitOutcome => {
    const committed = meta.get('committed_position');
    // One that ends where the last one did may bring what that one was not asked for: the vehicles, when a room closes or comes back.
    const fresh = committed === undefined || batch.toPosition >= committed;
    if (committed !== undefined && batch.fromPosition > committed)
      gap.run(committed, batch.fromPosition, batch.engineMs);
    if (fresh) writeOutputs(batch);
    if (batch.checkpoint) checkpoints.save(batch.toPosition, batch.engineMs, batch.checkpoint);
    return fresh ? 'applied' : 'skipped';
  });

  const guarded = <T>(what: string, work: () => T): T => {
    try {
      return timed(what, slow, work);
    } catch (error) {
      vehicles.forget();
      drivers.forget();
      days.forget();
      throw toHistoryError(error, file);
    }
  };

  return {
    commit(batch) {
      if (!(batch.toPosition >= batch.fromPosition)) {
        throw new HistoryError(
          'bad-batch',
          `A batch from ${batch.fromPosition} to ${batch.toPosition} covers nothing.`,
        );
      }
      return guarded('commit', () => apply.immediate(batch));
    },
    lastCommit: () => guarded('last commit', lastCommit),
    loadCheckpoint: () => guarded('load checkpoint', checkpoints.load),
    counters: () => guarded('counters', () => readCounters(db)),
    prune: (args) => guarded('prune', () => prune(args)),
    close: () => void db.close(),
  };
}
