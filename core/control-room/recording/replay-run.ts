import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from '../../engine/engine.ts';
import type { HistoryWriter } from '../../history/writer.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { engineAtStart, engineOptionsOf } from './run-forward.ts';

/** Outputs are committed after this many messages; paced ones sooner. */
const COMMIT_EVERY_MESSAGES = 50_000;
/** Waits shorter than this are saved up, ms. */
const SHORTEST_WAIT_MS = 5;
const PROGRESS_EVERY_MS = 500;

export interface RunOptions {
  readonly source: ReplaySource;
  /** A history of its own, empty. */
  readonly history: HistoryWriter;
  /** Recorded seconds per second; default as fast as it can. */
  readonly speed?: number;
  /** Before the first record at or after each of these positions the engine is thrown away and restored from a checkpoint. Ascending. */
  readonly stopAt?: readonly number[];
  /** Messages between two commits; default 50,000. */
  readonly commitEveryMessages?: number;
  readonly onProgress?: (messages: number) => void;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly records: number;
  readonly messages: number;
  /** Times the engine was thrown away and restored. */
  readonly stops: number;
  readonly elapsedMs: number;
}

/**
 * Runs a source through a fresh engine into a history. What is in the history afterwards depends on the source alone: not on
 * speed, commits or stops. Rejects with the signal's reason when it is aborted.
 */
export async function runReplay(options: RunOptions): Promise<RunResult> {
  const { source, history, signal } = options;
  const every = options.commitEveryMessages ?? COMMIT_EVERY_MESSAGES;
  const stops = [...(options.stopAt ?? [])];
  const pace = pacer(source.startMs, options.speed, signal);
  const startedMs = performance.now();
  let engine = engineAtStart(source);
  let records = 0;
  let messages = 0;
  let uncommitted = 0;
  let stopped = 0;
  let progressMs = startedMs;

  const commit = (last: boolean): void => {
    history.commit(engine.takeOutputs({ vehicles: last, checkpoint: false }));
    uncommitted = 0;
  };
  for (const record of source.records(source.startPosition)) {
    if (stops.length > 0 && record.position >= stops[0]) {
      while (stops.length > 0 && record.position >= stops[0]) stops.shift();
      engine = stopAndResume(engine, history, source);
      stopped++;
      uncommitted = 0;
    }
    // Never after the last record: history skips a batch that covers no record, and the last one has the vehicles.
    if (uncommitted >= every || ((await pace(record.receivedMs)) && uncommitted > 0)) commit(false);
    engine.process(record);
    engine.fleet.lagSampleCount = 0;
    records++;
    messages += record.count;
    uncommitted += Math.max(1, record.count);
    const nowMs = performance.now();
    if (nowMs - progressMs < PROGRESS_EVERY_MS) continue;
    progressMs = nowMs;
    options.onProgress?.(messages);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  commit(true);
  options.onProgress?.(messages);
  return { records, messages, stops: stopped, elapsedMs: performance.now() - startedMs };
}

/** What a crash and a restart do: everything taken is committed with a checkpoint, and a new engine begins with its bytes. */
function stopAndResume(engine: Engine, history: HistoryWriter, source: ReplaySource): Engine {
  const batch = engine.takeOutputs({ vehicles: true, checkpoint: true });
  history.commit(batch);
  return Engine.restore(batch.checkpoint as Uint8Array, engineOptionsOf(source));
}

/** Waits until a record is due; answers whether it waited. */
function pacer(startMs: number, speed: number | undefined, signal: AbortSignal | undefined) {
  const beganMs = performance.now();
  return async (receivedMs: number): Promise<boolean> => {
    if (speed === undefined) return false;
    const waitMs = beganMs + (receivedMs - startMs) / speed - performance.now();
    if (waitMs < SHORTEST_WAIT_MS) return false;
    await sleep(waitMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    return true;
  };
}
