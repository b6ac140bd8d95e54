import { closeSync, openSync, readdirSync, readSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES } from './record-format.ts';
import { openSegment } from './segment-bytes.ts';
import { listSegments, type SegmentFile, sizeOf, TORN } from './segment-files.ts';
import { segmentRecords } from './segment-records.ts';

const KEPT_TORN_FILES = 4;
const KEPT_TORN_BYTES = 64 * 2 ** 20;

/** What was cut off the end of the journal when it was opened: it had not been written completely. */
export interface Repair {
  /** Where the journal ends now. */
  readonly position: number;
  /** Bytes cut off, kept beside the segment in a `.torn` file. */
  readonly bytes: number;
}

/** The end of the journal as found on disk, cut back to its last complete record. */
export interface Tail {
  readonly position: number;
  readonly messages: number;
  /** The segment to go on writing in, when there is one that is not compressed. */
  readonly open?: { readonly segment: SegmentFile; readonly bytes: number; readonly createdMs: number };
  readonly repaired?: Repair;
}

/**
 * Finds the end of the journal in `dir` and repairs it: what follows the last complete record of the last segment is cut
 * off and kept aside. Reads one segment, whatever the journal's size. Throws when the folder cannot be read or written.
 */
export function findTail(dir: string): Tail {
  let cut = 0;
  for (;;) {
    const segment = listSegments(dir).at(-1);
    if (!segment) return { position: 0, messages: 0, repaired: cut ? { position: 0, bytes: cut } : undefined };
    const scan = scanSegment(dir, segment);
    if (!scan) {
      // Its header was never written completely, so neither was anything behind it: the one before is the last.
      cut += setSegmentAside(dir, segment);
      continue;
    }
    const end = SEGMENT_HEADER_BYTES + scan.position - segment.base;
    const size = segment.compressed ? end : sizeOf(segment.path);
    if (size > end) cut += cutTail(dir, segment, end, size);
    return {
      position: scan.position,
      messages: scan.messages,
      open: segment.compressed ? undefined : { segment, bytes: end, createdMs: scan.createdMs },
      repaired: cut ? { position: scan.position, bytes: cut } : undefined,
    };
  }
}

function scanSegment(dir: string, segment: SegmentFile) {
  const bytes = openSegment(dir, segment);
  try {
    const header = decodeSegmentHeader(bytes.view(0, SEGMENT_HEADER_BYTES), segment.path);
    if (header?.basePosition !== segment.base) return undefined;
    let messages = header.messagesBefore;
    const records = segmentRecords(bytes, segment.base, segment.base);
    for (;;) {
      const step = records.next();
      if (step.done) return { position: step.value.position, messages, createdMs: header.createdMs };
      messages += step.value.count;
    }
  } finally {
    bytes.close();
  }
}

function cutTail(dir: string, segment: SegmentFile, end: number, size: number): number {
  const torn = Buffer.alloc(Math.min(size - end, KEPT_TORN_BYTES));
  const fd = openSync(segment.path, 'r');
  try {
    readSync(fd, torn, 0, torn.length, end);
  } finally {
    closeSync(fd);
  }
  // A power cut leaves zeros where data never arrived; they tell nothing.
  const last = torn.findLastIndex((byte) => byte !== 0);
  if (last >= 0) keepTorn(dir, segment.base + end - SEGMENT_HEADER_BYTES, torn.subarray(0, last + 1));
  truncateSync(segment.path, end);
  return size - end;
}

function keepTorn(dir: string, position: number, bytes: Buffer): void {
  const path = join(dir, `${String(position).padStart(20, '0')}${TORN}`);
  try {
    forgetOldTorn(dir);
    writeFileSync(path, bytes);
  } catch {
    // A full disk: half a record is not worth refusing to start for.
    rmSync(path, { force: true });
  }
}

function setSegmentAside(dir: string, segment: SegmentFile): number {
  const bytes = sizeOf(segment.path);
  forgetOldTorn(dir);
  renameSync(segment.path, `${segment.path}${TORN}`);
  return bytes;
}

function forgetOldTorn(dir: string): void {
  const old = readdirSync(dir)
    .filter((name) => name.endsWith(TORN))
    .sort();
  for (const name of old.slice(0, Math.max(0, old.length - KEPT_TORN_FILES + 1)))
    rmSync(join(dir, name), { force: true });
}
