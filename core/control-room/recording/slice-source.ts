import type { JournalRecord } from '../../model/records.ts';
import { RecordingError } from '../../recording/errors.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { engineAtStart, runForward } from './run-forward.ts';

/**
 * The part of a source that was received from `fromMs` up to but not at `toMs` (Unix ms). Reads that part once, to know what is
 * in it. Closing it closes the source. Throws a RecordingError when no record lies in it.
 */
export function sliceSource(source: ReplaySource, fromMs: number, toMs: number): ReplaySource {
  const startPosition = source.positionAt(fromMs);
  const endPosition = source.positionAt(toMs);
  function* records(position: number): Generator<JournalRecord, void, void> {
    for (const record of source.records(Math.max(position, startPosition))) {
      if (record.position >= endPosition) return;
      yield record;
    }
  }
  let startMs: number | undefined;
  let endMs = 0;
  let messages = 0;
  for (const record of records(startPosition)) {
    startMs ??= record.receivedMs;
    endMs = record.receivedMs;
    messages += record.count;
  }
  if (startMs === undefined) {
    throw new RecordingError('empty', `${source.name} has nothing of that time. Choose another one.`);
  }
  return {
    name: source.name,
    startPosition,
    endPosition,
    startMs,
    endMs,
    messages,
    topicPrefix: source.topicPrefix,
    get startState() {
      if (startPosition <= source.startPosition) return source.startState;
      const engine = engineAtStart(source);
      for (const _ of runForward(engine, source.records(source.startPosition), startPosition));
      return engine.checkpoint();
    },
    records,
    positionAt: (ms) => Math.min(endPosition, Math.max(startPosition, source.positionAt(ms))),
    close: () => source.close(),
  };
}
