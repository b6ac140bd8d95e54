import { basename } from 'node:path';
import type { JournalRecord } from '../model/records.ts';
import { BatchColumns } from './batch-columns.ts';
import { damaged } from './errors.ts';
import { type RecordingFooter, readFooter } from './footer.ts';
import type { RecordingInfo } from './format.ts';
import { openBytes, type RecordingBytes } from './recording-bytes.ts';
import type { ReplaySource } from './replay-source.ts';

/** An opened recording file. Reading it throws a RecordingError where the bytes are not as they were written. */
export interface Recording extends ReplaySource {
  readonly info: RecordingInfo;
}

/**
 * Opens a recording, packed with zstd or not: reads its footer, and batches when they are asked for, so its size does not
 * matter. Throws a RecordingError whose message can be shown as it is.
 */
export function openRecording(file: string): Recording {
  const bytes = openBytes(file);
  try {
    return new ArrowRecording(file, bytes, readFooter(file, bytes));
  } catch (error) {
    bytes.close();
    throw error;
  }
}

class ArrowRecording implements Recording {
  readonly name: string;
  readonly info: RecordingInfo;
  readonly startPosition: number;
  readonly endPosition: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly messages: number;
  readonly topicPrefix: string;
  readonly #file: string;
  readonly #bytes: RecordingBytes;
  readonly #footer: RecordingFooter;

  constructor(file: string, bytes: RecordingBytes, footer: RecordingFooter) {
    const { info } = footer;
    this.name = basename(file);
    this.info = info;
    this.startPosition = info.startPosition;
    this.endPosition = info.endPosition;
    this.startMs = info.startMs;
    this.endMs = info.endMs;
    this.messages = info.messages;
    this.topicPrefix = info.topicPrefix;
    this.#file = file;
    this.#bytes = bytes;
    this.#footer = footer;
  }

  get startState(): Uint8Array | undefined {
    const { info, index } = this.#footer;
    if (info.stateBytes === 0) return undefined;
    const state = new Uint8Array(info.stateBytes);
    let got = 0;
    const batch = new BatchColumns(this.#file, this.#bytes, this.#footer);
    for (let i = 0; i < index.stateBatches; i++) {
      batch.load(i);
      for (let row = 0; row < batch.rows; row++) {
        const { payload } = batch.row(row);
        if (got + payload.length > state.length) throw damaged(this.#file, 'the state at its start is too long');
        state.set(payload, got);
        got += payload.length;
      }
    }
    if (got < state.length) throw damaged(this.#file, 'the state at its start is not whole');
    return state;
  }

  *records(position: number): Generator<JournalRecord, void, void> {
    const { positions, stateBatches } = this.#footer.index;
    let first = stateBatches;
    while (first + 1 < positions.length && positions[first + 1] <= position) first++;
    const batch = new BatchColumns(this.#file, this.#bytes, this.#footer);
    for (let i = first; i < positions.length; i++) {
      batch.load(i);
      for (let row = 0; row < batch.rows; row++) {
        const record = batch.row(row);
        if (record.position >= position) yield record;
      }
    }
  }

  positionAt(ms: number): number {
    const { positions, latestMs, stateBatches } = this.#footer.index;
    const batch = latestMs.findIndex((latest, i) => i >= stateBatches && latest >= ms);
    if (batch < 0) return this.endPosition;
    for (const record of this.records(positions[batch])) if (record.receivedMs >= ms) return record.position;
    return this.endPosition;
  }

  close(): void {
    this.#bytes.close();
  }
}
