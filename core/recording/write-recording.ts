import { createHash } from 'node:crypto';
import type { JournalRecord, RulePackSource } from '../model/records.ts';
import { BatchBuilder } from './batch-builder.ts';
import { RecordingError } from './errors.ts';
import { ArrowFileWriter } from './file-writer.ts';
import {
  type BatchIndex,
  FORMAT_VERSION,
  META,
  metadataJson,
  OPEN_SEAL,
  type RecordingInfo,
  type ReferenceFile,
  recordingSchema,
  STATE_KIND,
} from './format.ts';
import { openOutput, type RecordingOutput } from './recording-output.ts';

const BATCH_BYTES = 4 * 2 ** 20;
const BATCH_ROWS = 2 ** 16;

export interface RecordingOptions {
  /** Packed with zstd when the name ends in `.zst`. A file of that name is replaced, at the end. */
  readonly file: string;
  readonly roomVersion: string;
  /** Unix ms. */
  readonly createdMs: number;
  /** Engine state before the first record; undefined when it begins where the journal began. */
  readonly startState?: Uint8Array;
  /** Rule packs in force before the first record. */
  readonly packs?: readonly RulePackSource[];
  readonly topicPrefix?: string;
  readonly reference?: readonly ReferenceFile[];
  readonly note?: string;
  readonly author?: string;
  /** 1 … 19; default 3. */
  readonly zstdLevel?: number;
  /** A batch is written when its payloads reach this; default 4 MiB. */
  readonly batchBytes?: number;
}

export interface RecordingWriter {
  /** Records in order of position. Throws a RecordingError when the disk refuses. */
  add(record: JournalRecord): void;
  /** Completes the file and gives it its name. Throws a RecordingError when nothing was added. */
  finish(): RecordingInfo;
  /** Removes what was written. */
  abandon(): void;
}

/** Begins a recording. Holds one batch in memory. Throws a RecordingError when the file cannot be made. */
export function createRecording(options: RecordingOptions): RecordingWriter {
  return new ArrowRecording(options);
}

class ArrowRecording implements RecordingWriter {
  readonly #options: RecordingOptions;
  readonly #batchBytes: number;
  readonly #output: RecordingOutput;
  readonly #arrow: ArrowFileWriter;
  readonly #batch: BatchBuilder;
  readonly #hash = createHash('sha256');
  readonly #positions: number[] = [];
  readonly #latestMs: number[] = [];
  #stateBatches = 0;
  #newestMs = Number.NEGATIVE_INFINITY;
  #first: JournalRecord | undefined;
  #endPosition = 0;
  #endMs = 0;
  #records = 0;
  #messages = 0;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#batchBytes = options.batchBytes ?? BATCH_BYTES;
    const schema = recordingSchema({ [META.format]: String(FORMAT_VERSION) });
    this.#batch = new BatchBuilder(schema);
    this.#output = openOutput(options.file, options.zstdLevel);
    this.#arrow = new ArrowFileWriter(this.#output.write);
  }

  add(record: JournalRecord): void {
    if (!this.#first) {
      this.#first = { ...record, payload: new Uint8Array(0) };
      this.#newestMs = record.receivedMs;
      this.#addState(this.#options.startState, record);
    }
    this.#newestMs = Math.max(this.#newestMs, record.receivedMs);
    this.#row(record, record.kind, record.flags, record.count, record.payload);
    this.#endPosition = record.nextPosition;
    this.#endMs = record.receivedMs;
    this.#records++;
    this.#messages += record.count;
    if (this.#batch.payloadBytes >= this.#batchBytes || this.#batch.rows >= BATCH_ROWS) this.#flush();
  }

  finish(): RecordingInfo {
    if (!this.#first) throw new RecordingError('empty', 'Nothing was recorded in that time. Choose another one.');
    this.#flush();
    const info = this.#info(this.#first);
    const index: BatchIndex = {
      stateBatches: this.#stateBatches,
      positions: this.#positions,
      latestMs: this.#latestMs,
      headCrc32: this.#arrow.headCrc32,
    };
    this.#arrow.finishWith({
      [META.format]: String(FORMAT_VERSION),
      [META.recording]: metadataJson(info),
      [META.index]: metadataJson(index),
      [META.seal]: OPEN_SEAL,
    });
    this.#output.finish();
    return info;
  }

  abandon(): void {
    this.#output.abandon();
  }

  #addState(state: Uint8Array | undefined, at: JournalRecord): void {
    if (!state) return;
    for (let from = 0; from < state.length; from += BATCH_BYTES) {
      this.#row(at, STATE_KIND, 0, 0, state.subarray(from, from + BATCH_BYTES));
      this.#flush();
      this.#stateBatches++;
    }
  }

  #row({ position, receivedMs }: JournalRecord, kind: number, flags: number, count: number, payload: Uint8Array): void {
    if (this.#batch.rows === 0) this.#positions.push(position);
    this.#batch.add(position, receivedMs, count, kind, flags, payload);
    this.#hash.update(this.#batch.head).update(payload);
  }

  #flush(): void {
    if (this.#batch.rows === 0) return;
    this.#latestMs.push(this.#newestMs);
    this.#arrow.write(this.#batch.take());
    this.#output.boundary();
  }

  #info(first: JournalRecord): RecordingInfo {
    const { roomVersion, createdMs, startState, topicPrefix, packs, reference, note, author } = this.#options;
    return {
      roomVersion,
      createdMs,
      startPosition: first.position,
      endPosition: this.#endPosition,
      startMs: first.receivedMs,
      endMs: this.#endMs,
      records: this.#records,
      messages: this.#messages,
      stateBytes: startState?.length ?? 0,
      topicPrefix: topicPrefix ?? '',
      packs: packs ?? [],
      reference: reference ?? [],
      note: note ?? '',
      author: author ?? '',
      contentSha256: this.#hash.digest('hex'),
    };
  }
}
