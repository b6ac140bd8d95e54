import type { JournalRecord } from '../model/records.ts';
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES } from './record-format.ts';
import { openSegment, type SegmentBytes } from './segment-bytes.ts';
import { isMissing, listSegments, type SegmentFile } from './segment-files.ts';
import { boundaryAtOrAfter, type SegmentEnd, segmentRecords } from './segment-records.ts';

/** Bytes that could not be read; reading went on with the next segment. */
export interface JournalDamage {
  readonly file: string;
  readonly position: number;
  readonly detail: string;
}

export interface ReadOptions {
  /** Position of the first record wanted: a record boundary, or a place in a gap. */
  readonly from: number;
  /** Records at or after this position are left out. */
  readonly to?: number;
  readonly onDamage?: (damage: JournalDamage) => void;
}

/**
 * The journal's records in order from `from` to the last complete one there is now, through plain and compressed
 * segments; safe while a writer appends, in this thread or another. Each record's payload is valid until the next is taken.
 */
export function* readJournal(dir: string, options: ReadOptions): Generator<JournalRecord, void, void> {
  const to = options.to ?? Number.POSITIVE_INFINITY;
  let position = options.from;
  for (let segments = listSegments(dir); ; ) {
    const segment = segments.findLast((s) => s.base <= position) ?? segments[0];
    if (!segment || position >= to) return;
    position = Math.max(position, segment.base);
    const end = yield* recordsOf(dir, segment, position, to, options.onDamage);
    if (end) position = end.position;
    if (position >= to) return;
    const before = segments;
    segments = listSegments(dir);
    const next = segments.find((s) => s.base > segment.base);
    if (!next) {
      // A record cut short at the very end is one that is being written.
      if (end?.problem === 'corrupt') report(options.onDamage, segment, end);
      return;
    }
    // The segment may have grown between its last read and the roll to the next one.
    if (end && end.problem !== 'corrupt' && !before.some((s) => s.base === next.base)) continue;
    if (end?.problem) report(options.onDamage, segment, end);
    position = Math.max(next.base, position);
  }
}

function* recordsOf(
  dir: string,
  segment: SegmentFile,
  from: number,
  to: number,
  onDamage: ReadOptions['onDamage'],
): Generator<JournalRecord, SegmentEnd | undefined, void> {
  let bytes: SegmentBytes;
  try {
    bytes = openSegment(dir, segment);
  } catch (error) {
    // Deleted by retention since it was listed: nothing to report.
    if (isMissing(error)) return undefined;
    return { position: from, problem: 'corrupt', detail: `it cannot be opened (${messageOf(error)})` };
  }
  try {
    const head = bytes.view(0, SEGMENT_HEADER_BYTES);
    if (!decodeSegmentHeader(head, segment.path)) {
      const problem = head.length < SEGMENT_HEADER_BYTES ? 'short' : 'corrupt';
      return { position: from, problem, detail: 'its header is damaged' };
    }
    const start = from === segment.base ? from : boundaryAtOrAfter(bytes, segment.base, from);
    if (start > from) {
      onDamage?.({ file: segment.path, position: from, detail: `no record begins at ${from}; reading from ${start}` });
    }
    const records = segmentRecords(bytes, segment.base, start);
    for (;;) {
      const step = records.next();
      if (step.done) return { ...step.value, position: Math.max(step.value.position, from) };
      if (step.value.position >= to) return { position: to, detail: '' };
      if (step.value.position >= from) yield step.value;
    }
  } finally {
    bytes.close();
  }
}

function report(onDamage: ReadOptions['onDamage'], segment: SegmentFile, end: SegmentEnd): void {
  onDamage?.({ file: segment.path, position: end.position, detail: end.detail });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
