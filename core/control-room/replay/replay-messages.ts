import type { MessagePort } from 'node:worker_threads';
import type { ReplayState, ReplayTarget } from '../../protocol/replay.ts';
import type { PackedMoment } from './pack-moments.ts';

/** Where the recordings of a room are. */
export interface RecordingPlace {
  readonly dataDir: string;
  readonly topicPrefix: string | undefined;
}

/** What a replay worker is started with. */
export interface ReplayWorkerData extends RecordingPlace {
  readonly target: ReplayTarget;
  /** Made when memory does not do, and removed by whoever started the worker. */
  readonly spillDir: string;
  /** Leads to the window. */
  readonly port: MessagePort;
}

/** replay worker → main, once; `refused` with a sentence for people. */
export type FromReplayWorker =
  | { readonly type: 'opened'; readonly state: ReplayState }
  | { readonly type: 'refused'; readonly kind: string; readonly message: string };

/** What a replay's index worker is started with: the same stretch as the replay's, whatever was journaled since. */
export interface IndexWorkerData extends RecordingPlace {
  readonly target: ReplayTarget;
  readonly startPosition: number;
  readonly endPosition: number;
  readonly messages: number;
  readonly startState: Uint8Array | undefined;
}

/** index worker → replay worker. */
export type FromIndexWorker = { readonly type: 'moment'; readonly moment: PackedMoment } | { readonly type: 'done' };

/** What an export worker is started with. */
export interface ExportWorkerData extends RecordingPlace {
  readonly target: ReplayTarget;
  /** Of what the target names, the part received from `fromMs` up to but not at `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly file: string;
  readonly roomVersion: string;
  readonly note?: string;
  readonly author?: string;
}

/** export worker → main. */
export type FromExportWorker =
  | { readonly type: 'progress'; readonly messages: number; readonly of: number }
  | { readonly type: 'done'; readonly messages: number; readonly startMs: number; readonly endMs: number }
  | { readonly type: 'refused'; readonly kind: string; readonly message: string };
