/** What is played: a stretch of this room's own journal by the time of receipt (Unix ms), or a recording file. */
export type ReplayTarget = { readonly fromMs: number; readonly toMs: number } | { readonly file: string };

/** Recorded seconds per second from 0.1 to 10,000, or as fast as it can. */
export type ReplaySpeed = number | 'max';

export const SLOWEST_REPLAY = 0.1;
export const FASTEST_REPLAY = 10_000;

/** How far a step goes: one record, up to and with the next tick, or a time. */
export type ReplayStep =
  | { readonly by: 'record' }
  | { readonly by: 'tick' }
  | { readonly by: 'seconds'; readonly seconds: number };

/**
 * - `playing`, `paused`: as it was told; `ended`: paused behind the last record.
 * - `moving`: on the way to where a seek or a step goes; then it is what it was before.
 */
export type ReplayPhase = 'playing' | 'paused' | 'moving' | 'ended';

/** Where a replay stands. Times are Unix ms of receipt. */
export interface ReplayState {
  /** A file's name, or which stretch of the journal. */
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Messages in all of it. */
  readonly messages: number;
  readonly phase: ReplayPhase;
  readonly speed: ReplaySpeed;
  /** The time on the replay's clock; runs on between two records. */
  readonly timeMs: number;
  /** Journal position of the next record. */
  readonly position: number;
  /** Messages between the start and here. */
  readonly processed: number;
  /** Share of the recording up to which seeking is fast, 0 … 1; grows while the recording is looked through once. */
  readonly indexed: number;
  /** Sentences about bytes that cannot be read. */
  readonly problems: readonly string[];
}

/** The replay of this window, or null while it shows the live room; `ended` says why a replay is gone that nobody closed. */
export interface ReplayChange {
  readonly replay: ReplayState | null;
  readonly ended?: string;
}

/** A recording that was written. */
export interface ReplayExport {
  /** Absolute path on the room's machine. */
  readonly file: string;
  readonly messages: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface ReplayExportProgress {
  /** The name that was asked for. */
  readonly name: string;
  readonly messages: number;
  /** Messages there are to write. */
  readonly of: number;
}
