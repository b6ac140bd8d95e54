import { RecordingError } from '../../recording/errors.ts';
import type { RecordingInfo, ReferenceFile } from '../../recording/format.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { createRecording, type RecordingWriter } from '../../recording/write-recording.ts';
import { type JournalRangeOptions, openJournalRange } from './journal-range.ts';
import { engineAtStart } from './run-forward.ts';

/** Work between two chances for others, ms. */
const SLICE_MS = 50;

export interface RecordOptions {
  /** Packed with zstd when the name ends in `.zst`. A file of that name is replaced, at the end. */
  readonly file: string;
  readonly roomVersion: string;
  readonly note?: string;
  readonly author?: string;
  readonly reference?: readonly ReferenceFile[];
  readonly onProgress?: (messages: number, of: number) => void;
  /** Aborting it removes what was written and rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a stretch of a journal to one file: the engine's state before it, the records in it, and the rule packs then in force.
 * Rejects with a RecordingError whose message can be shown as it is.
 */
export async function exportRecording(options: RecordOptions & JournalRangeOptions): Promise<RecordingInfo> {
  const range = openJournalRange(options);
  await range.prepare(options.signal);
  return recordSource(range, options);
}

/** Writes all of a source to one file. Rejects with a RecordingError. */
export async function recordSource(source: ReplaySource, options: RecordOptions): Promise<RecordingInfo> {
  options.signal?.throwIfAborted();
  const { startState, topicPrefix } = source;
  const writer = createRecording({
    ...options,
    createdMs: Date.now(),
    startState,
    packs: startState ? engineAtStart(source).packs : [],
    topicPrefix,
  });
  try {
    await copy(source, writer, options);
    return writer.finish();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

async function copy(source: ReplaySource, writer: RecordingWriter, options: RecordOptions): Promise<void> {
  const { onProgress, signal } = options;
  let messages = 0;
  let expected: number | undefined = source.startPosition;
  let sliceEnds = performance.now() + SLICE_MS;
  for (const record of source.records(source.startPosition)) {
    if (expected !== undefined && record.position !== expected) {
      throw new RecordingError(
        'missing',
        `The beginning of ${source.name} was deleted meanwhile. Choose a later time.`,
      );
    }
    expected = undefined;
    writer.add(record);
    messages += record.count;
    if (performance.now() < sliceEnds) continue;
    onProgress?.(messages, source.messages);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    sliceEnds = performance.now() + SLICE_MS;
  }
  onProgress?.(messages, source.messages);
}
