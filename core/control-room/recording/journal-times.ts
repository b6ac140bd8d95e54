import { type JournalDamage, readJournal } from '../../journal/read-journal.ts';
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES } from '../../journal/record-format.ts';
import { openSegment, type SegmentBytes } from '../../journal/segment-bytes.ts';
import { listSegments, type SegmentFile } from '../../journal/segment-files.ts';
import { segmentRecords } from '../../journal/segment-records.ts';

/** A place between two records of a journal. Times are Unix ms. */
export interface JournalPlace {
  /** Position of the first record received at or after the time asked for; the journal's end when there is none. */
  readonly position: number;
  /** When that record was received; undefined at the end. */
  readonly nextMs: number | undefined;
  /** When the record before it was received; undefined at the beginning. */
  readonly lastMs: number | undefined;
  /** Messages in the journal before it, those already deleted too. */
  readonly messagesBefore: number;
}

interface SegmentStart {
  readonly base: number;
  readonly firstMs: number;
  readonly messagesBefore: number;
}

/**
 * Finds a place by time: halves the list of segments, then reads one from its start. Where the clock was put back, any of the
 * places that fit may be found. Undefined when the journal holds no record.
 */
export function placeAt(dir: string, ms: number, onDamage?: (damage: JournalDamage) => void): JournalPlace | undefined {
  const from = segmentBefore(dir, ms);
  if (!from) return undefined;
  let { base: position, messagesBefore } = from;
  let lastMs: number | undefined;
  for (const record of readJournal(dir, { from: position, onDamage })) {
    if (record.receivedMs >= ms)
      return { position: record.position, nextMs: record.receivedMs, lastMs, messagesBefore };
    position = record.nextPosition;
    lastMs = record.receivedMs;
    messagesBefore += record.count;
  }
  return { position, nextMs: undefined, lastMs, messagesBefore };
}

/** The last segment whose first record is older than `ms`, else the first one with a record. */
function segmentBefore(dir: string, ms: number): SegmentStart | undefined {
  const segments = listSegments(dir);
  let found: SegmentStart | undefined;
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    let at = middle;
    let start = startOf(dir, segments[at]);
    // One without a readable record says nothing: the one before it is asked.
    while (!start && at > low) start = startOf(dir, segments[--at]);
    if (start && start.firstMs >= ms) high = at;
    else low = middle + 1;
    if (start && start.firstMs < ms) found = start;
  }
  if (found) return found;
  for (const segment of segments) {
    const start = startOf(dir, segment);
    if (start) return start;
  }
  return undefined;
}

function startOf(dir: string, segment: SegmentFile): SegmentStart | undefined {
  let bytes: SegmentBytes;
  try {
    bytes = openSegment(dir, segment);
  } catch {
    // Deleted since it was listed, or damaged: reading the journal reports the latter.
    return undefined;
  }
  try {
    const header = decodeSegmentHeader(bytes.view(0, SEGMENT_HEADER_BYTES), segment.path);
    const first = header && segmentRecords(bytes, segment.base, segment.base).next();
    if (!header || !first || first.done) return undefined;
    return { base: segment.base, firstMs: first.value.receivedMs, messagesBefore: header.messagesBefore };
  } finally {
    bytes.close();
  }
}
