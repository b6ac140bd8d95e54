import type { JournalRecord } from '../model/records.ts';
import { decodeRecordHeader, isIntact, RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES } from './record-format.ts';
import type { SegmentBytes } from './segment-bytes.ts';

/** Where reading a segment stopped. `short`: the bytes end inside a record; `corrupt`: what stands there is no record. */
export interface SegmentEnd {
  readonly position: number;
  readonly problem?: 'short' | 'corrupt';
  readonly detail: string;
}

/** The records of a segment from `from` (a position inside it) on, each checked, up to the first that is not complete. */
export function* segmentRecords(
  bytes: SegmentBytes,
  base: number,
  from: number,
): Generator<JournalRecord, SegmentEnd, void> {
  let at = from - base + SEGMENT_HEADER_BYTES;
  for (;;) {
    const position = base + at - SEGMENT_HEADER_BYTES;
    const head = bytes.view(at, RECORD_HEADER_BYTES);
    if (head.length === 0) return { position, detail: '' };
    if (head.length < RECORD_HEADER_BYTES)
      return { position, problem: 'short', detail: 'the file ends inside a record' };
    const header = decodeRecordHeader(head);
    if (!header) return { position, problem: 'corrupt', detail: 'no record begins here' };
    const length = RECORD_HEADER_BYTES + header.payloadBytes;
    // Asked before the bytes are, so that a damaged length cannot ask for a huge buffer.
    if (at + length > bytes.size()) return { position, problem: 'short', detail: 'the file ends inside a record' };
    const record = bytes.view(at, length);
    if (!isIntact(record, header)) return { position, problem: 'corrupt', detail: 'a record has a wrong checksum' };
    at += length;
    yield {
      position,
      nextPosition: position + length,
      kind: header.kind,
      flags: header.flags,
      count: header.count,
      receivedMs: header.receivedMs,
      payload: record.subarray(RECORD_HEADER_BYTES),
    };
  }
}

/**
 * The first record boundary at or after `target`, found by hopping over headers without reading payloads. Stops early
 * where no record begins: reading on from there tells why.
 */
export function boundaryAtOrAfter(bytes: SegmentBytes, base: number, target: number): number {
  let at = SEGMENT_HEADER_BYTES;
  const goal = target - base + SEGMENT_HEADER_BYTES;
  while (at < goal) {
    const head = bytes.view(at, RECORD_HEADER_BYTES);
    const header = head.length < RECORD_HEADER_BYTES ? undefined : decodeRecordHeader(head);
    if (!header) break;
    at += RECORD_HEADER_BYTES + header.payloadBytes;
  }
  return base + at - SEGMENT_HEADER_BYTES;
}
