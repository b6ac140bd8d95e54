import { closeSync, mkdirSync, openSync } from 'node:fs';
import type { RecordKind } from '../model/records.ts';
import { describeDiskError, isDiskRefusal } from './disk-errors.ts';
import { GroupCommit } from './group-commit.ts';
import { Housekeeping, removeSegment } from './housekeeping.ts';
import { encodeRecordHeader, MAX_PAYLOAD_BYTES, RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES } from './record-format.ts';
import { findTail, type Repair, type Tail } from './repair-tail.ts';
import { listSegments, sizeOf, syncDirectory } from './segment-files.ts';
import { createSegment, type SegmentWriter, type WriteBytes, writeRecord, writeToDisk } from './segment-writer.ts';

const HOUR_MS = 3_600_000;
/** Between two attempts to record again while the disk refuses. */
const RETRY_MS = 3000;

export interface JournalOptions {
  readonly dir: string;
  /** A segment is closed when it reaches this size; default 64 MiB. */
  readonly segmentBytes?: number;
  /** … or this age, when it holds a record; default 1 h. */
  readonly maxSegmentAgeMs?: number;
  /** Closed segments are deleted, oldest first, beyond this total; default 20 GiB. */
  readonly maxBytes?: number;
  /** … or when their last record is older than this; default 14 days. */
  readonly maxAgeMs?: number;
  /** `os`: durable when the write returned (survives the program). `disk`: after the fdatasync that covers it (survives a power cut). */
  readonly durability?: 'os' | 'disk';
  /** The journal goes on at this position when it ends before it: positions handed out once are never used again. */
  readonly atLeastPosition?: number;
  /** Unix ms. */
  readonly now?: () => number;
  readonly writeBytes?: WriteBytes;
}

export interface Journal {
  /**
   * Writes one record and answers its position. `onDurable` is called once: before this returns (`os`) or after the sync
   * that covers it (`disk`). `payload` is not kept. Never throws for a disk that refuses: see `recording`.
   */
  append(
    kind: RecordKind,
    flags: number,
    count: number,
    receivedMs: number,
    payload: Uint8Array,
    onDurable?: () => void,
  ): number;
  /** Where the next record will be. */
  readonly position: number;
  /** Messages journaled since the journal began (the sum of `count`), over all restarts. */
  readonly messages: number;
  /** Bytes of all segments on the disk, as last counted. */
  readonly bytesOnDisk: number;
  /** False while the disk refuses: positions go on, records are lost, `onDurable` is called at once. */
  readonly recording: boolean;
  /** Why it is not recording and what to do: one sentence. */
  readonly failure: string | undefined;
  /** Messages lost to a disk that refused, since this journal was opened. */
  readonly unrecordedMessages: number;
  /** What was cut off the end when the journal was opened. */
  readonly repaired: Repair | undefined;
  /** Segments with records at or after this position are never deleted: the checkpoint. 0 until set: nothing is deleted. */
  retainFrom: number;
  /** Resolves when closed segments are compressed and old ones deleted. */
  settled(): Promise<void>;
  /** Syncs and closes everything; stops compression. Resolves when no file is open. */
  close(): Promise<void>;
}

/**
 * Opens the journal in `dir`, made when missing, and repairs a torn end. One writer at a time: take `lockDataDir` first.
 * Throws when the folder cannot be read or written, or is of a later format; a full disk is no error (see `recording`).
 */
export function openJournal(options: JournalOptions): Journal {
  mkdirSync(options.dir, { recursive: true });
  return new SegmentJournal(options, findTail(options.dir));
}

class SegmentJournal implements Journal {
  readonly #dir: string;
  readonly #segmentBytes: number;
  readonly #maxSegmentAgeMs: number;
  readonly #now: () => number;
  readonly #write: WriteBytes;
  readonly #commit: GroupCommit | undefined;
  readonly #housekeeping: Housekeeping;
  readonly #header = Buffer.alloc(RECORD_HEADER_BYTES);
  #segment: SegmentWriter | undefined;
  #closedBytes = 0;
  #lastTryMs = 0;
  #closed = false;
  position: number;
  messages: number;
  failure: string | undefined;
  unrecordedMessages = 0;
  retainFrom = 0;
  readonly repaired: Repair | undefined;

  constructor(options: JournalOptions, tail: Tail) {
    this.#dir = options.dir;
    this.#segmentBytes = options.segmentBytes ?? 64 * 2 ** 20;
    this.#maxSegmentAgeMs = options.maxSegmentAgeMs ?? HOUR_MS;
    this.#now = options.now ?? Date.now;
    this.#write = options.writeBytes ?? writeToDisk;
    this.#commit = options.durability === 'disk' ? new GroupCommit((error, n) => this.#lost(error, n)) : undefined;
    this.position = Math.max(tail.position, options.atLeastPosition ?? 0);
    this.messages = tail.messages;
    this.repaired = tail.repaired;
    this.#openSegment(tail);
    const current = this.#segment?.path;
    for (const s of listSegments(this.#dir)) if (s.path !== current) this.#closedBytes += sizeOf(s.path);
    this.#housekeeping = new Housekeeping({
      dir: this.#dir,
      limits: { maxBytes: options.maxBytes ?? 20 * 2 ** 30, maxAgeMs: options.maxAgeMs ?? 14 * 24 * HOUR_MS },
      currentBase: () => this.#segment?.base ?? this.position,
      retainFrom: () => this.retainFrom,
      now: this.#now,
      closedBytes: (bytes) => {
        this.#closedBytes = bytes;
      },
    });
    this.#housekeeping.wake();
  }

  get bytesOnDisk(): number {
    return this.#closedBytes + (this.#segment?.bytes ?? 0);
  }

  get recording(): boolean {
    return this.failure === undefined;
  }

  append(
    kind: RecordKind,
    flags: number,
    count: number,
    receivedMs: number,
    payload: Uint8Array,
    onDurable?: () => void,
  ): number {
    if (this.#closed) throw new Error('append on a closed journal');
    if (payload.length > MAX_PAYLOAD_BYTES) throw new RangeError(`a record of ${payload.length} bytes is too large`);
    const position = this.position;
    if (this.#ready()) {
      const segment = this.#segment as SegmentWriter;
      encodeRecordHeader(this.#header, kind, flags, count, receivedMs, payload);
      try {
        writeRecord(segment, this.#header, payload, this.#write);
      } catch (error) {
        this.#fail(error);
      }
    }
    this.position += RECORD_HEADER_BYTES + payload.length;
    const fd = this.#segment?.fd;
    if (fd === undefined) {
      this.unrecordedMessages += count;
      onDurable?.();
      return position;
    }
    this.messages += count;
    if (this.#commit) this.#commit.written(fd, count, onDurable);
    else onDurable?.();
    return position;
  }

  settled(): Promise<void> {
    return this.#housekeeping.idle();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#housekeeping.close();
    const commit = this.#commit ?? new GroupCommit((error, n) => this.#lost(error, n));
    const segment = this.#segment;
    this.#segment = undefined;
    if (segment) {
      commit.written(segment.fd, 0, undefined);
      commit.retire(segment.fd);
    }
    await commit.drained();
  }

  #openSegment(tail: Tail): void {
    const { open } = tail;
    if (open && tail.position === this.position && open.bytes < this.#segmentBytes) {
      const { path, base } = open.segment;
      this.#segment = { fd: openSync(path, 'a'), path, base, createdMs: open.createdMs, bytes: open.bytes };
      return;
    }
    try {
      this.#begin();
    } catch (error) {
      if (!isDiskRefusal(error)) throw error;
      this.#fail(error);
    }
  }

  /** True when there is a segment to write in: rolls a full or old one, tries again after a failure when it is time. */
  #ready(): boolean {
    const segment = this.#segment;
    try {
      if (!segment) {
        if (this.#now() - this.#lastTryMs < RETRY_MS) return false;
        this.#begin();
        this.failure = undefined;
      } else if (segment.bytes > SEGMENT_HEADER_BYTES && this.#isDone(segment)) {
        this.#begin();
        this.#release(segment);
      }
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #isDone(segment: SegmentWriter): boolean {
    return segment.bytes >= this.#segmentBytes || this.#now() - segment.createdMs >= this.#maxSegmentAgeMs;
  }

  #begin(): void {
    const header = { basePosition: this.position, messagesBefore: this.messages, createdMs: this.#now() };
    this.#segment = createSegment(this.#dir, header, this.#write);
    if (this.#commit) syncDirectory(this.#dir);
  }

  #release(segment: SegmentWriter): void {
    this.#closedBytes += segment.bytes;
    if (this.#commit) this.#commit.retire(segment.fd);
    else closeSync(segment.fd);
    this.#housekeeping.wake();
  }

  #fail(error: unknown): void {
    this.#lastTryMs = this.#now();
    this.failure = describeDiskError(error, this.#dir);
    const segment = this.#segment;
    if (!segment) return;
    this.#segment = undefined;
    this.#release(segment);
    // A segment without a record would stand in the way of the next one, which begins at the same position.
    if (segment.bytes === SEGMENT_HEADER_BYTES) removeSegment(this.#dir, segment.base);
  }

  /** A sync failed: what it covered may be lost, though it was written and counted. */
  #lost(error: Error, messages: number): void {
    this.unrecordedMessages += messages;
    this.#fail(error);
  }
}
