import type { MessagePort } from 'node:worker_threads';
import type { OutputBatch } from '../model/outputs.ts';
import type { StreamSettings } from '../model/stream-settings.ts';
import type { RoomOptions } from './options.ts';

/** What the engine worker is started with; `historyPort` leads to the history worker, `queryPort` to the query worker. */
export interface EngineWorkerData {
  readonly options: RoomOptions;
  readonly historyPort: MessagePort;
  readonly queryPort: MessagePort;
}

/** main → engine worker. */
export type ToEngineWorker =
  | { readonly type: 'window'; readonly port: MessagePort }
  /** Commit what is open and stop; answered with `stopped`. */
  | { readonly type: 'stop' };

/** engine worker → main. */
export type FromEngineWorker =
  | { readonly type: 'ready' }
  /** The stream's settings in force from now on. */
  | { readonly type: 'settings'; readonly settings: StreamSettings }
  | { readonly type: 'stopped' };

/** What the history worker is started with. */
export interface HistoryWorkerData {
  readonly file: string;
  readonly port: MessagePort;
  /** Age at which tracks, minutes and closed alerts are deleted, ms. */
  readonly maxAgeMs: number;
  /** Some of the checkpoints are kept here, as long as the journal reaches back to them. */
  readonly keyframesDir: string;
  readonly journalDir: string;
}

/** engine worker → history worker. */
export type ToHistory = { readonly type: 'commit'; readonly batch: OutputBatch } | { readonly type: 'close' };

/** history worker → engine worker. */
export type FromHistory =
  | {
      readonly type: 'opened';
      readonly committedPosition: number;
      readonly checkpoints: { readonly position: number; readonly state: Uint8Array }[];
    }
  | { readonly type: 'committed'; readonly position: number }
  /** The batch is kept and tried again; `message` is a sentence for people. */
  | { readonly type: 'failing'; readonly message: string }
  | { readonly type: 'closed' };

/** history worker → main, once. */
export type HistoryStart = { readonly type: 'opened' } | { readonly type: 'refused'; readonly message: string };

/** What the query worker is started with. */
export interface QueryWorkerData {
  readonly file: string;
  /** For the engine worker's own questions. */
  readonly port: MessagePort;
}

/** main → query worker: a further port that asks questions, or the settings that answers depend on. */
export type ToQueryWorker =
  | { readonly type: 'window'; readonly port: MessagePort }
  | { readonly type: 'settings'; readonly settings: StreamSettings };
