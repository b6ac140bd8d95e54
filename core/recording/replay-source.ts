import type { JournalRecord } from '../model/records.ts';

/** What a replay reads: a stretch of a journal or a recording file. Times are Unix ms; positions are journal positions. */
export interface ReplaySource {
  /** What to call it on a screen: a file's name or the journal's. */
  readonly name: string;
  /** Position of the first record. */
  readonly startPosition: number;
  /** Position after the last record. */
  readonly endPosition: number;
  /** `receivedMs` of the first record. */
  readonly startMs: number;
  /** `receivedMs` of the last record. */
  readonly endMs: number;
  /** Messages in it, for progress. */
  readonly messages: number;
  /** Put before every topic where it was recorded, with its slash: the engine must be given the same. */
  readonly topicPrefix?: string;
  /** Engine state before the first record (a checkpoint), when the stretch does not begin at the journal's beginning. Read or worked out when asked for. */
  readonly startState: Uint8Array | undefined;
  /**
   * Records in order from the first boundary at or after `position`. A record's payload is valid until the next is taken.
   * A recording throws a RecordingError where its bytes are damaged.
   */
  records(position: number): Iterable<JournalRecord>;
  /** Position of the first record received at or after that time; `endPosition` when there is none. */
  positionAt(ms: number): number;
  close(): void;
}
