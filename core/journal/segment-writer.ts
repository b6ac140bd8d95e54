import { closeSync, ftruncateSync, openSync, rmSync, writevSync } from 'node:fs';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, type SegmentHeader } from './record-format.ts';
import { plainPath } from './segment-files.ts';

/** The one call that puts bytes into a segment: what `fs.writevSync` does. A seam for tests of failing disks. */
export type WriteBytes = (fd: number, parts: Uint8Array[]) => number;

/** A segment being written. */
export interface SegmentWriter {
  readonly fd: number;
  readonly path: string;
  readonly base: number;
  readonly createdMs: number;
  /** Bytes in the file, its header included. */
  bytes: number;
}

/** Makes a new segment file with its header. Leaves no file behind when it throws. */
export function createSegment(dir: string, header: SegmentHeader, write: WriteBytes): SegmentWriter {
  const path = plainPath(dir, header.basePosition);
  const fd = openSync(path, 'ax');
  try {
    writeAll(write, fd, [encodeSegmentHeader(header)]);
  } catch (error) {
    closeSync(fd);
    rmSync(path, { force: true });
    throw error;
  }
  return { fd, path, base: header.basePosition, createdMs: header.createdMs, bytes: SEGMENT_HEADER_BYTES };
}

/**
 * Writes one record in one call, going on after short writes. When the disk refuses, the part already written is cut off
 * again and the error is thrown.
 */
export function writeRecord(segment: SegmentWriter, header: Uint8Array, payload: Uint8Array, write: WriteBytes): void {
  try {
    writeAll(write, segment.fd, payload.length > 0 ? [header, payload] : [header]);
  } catch (error) {
    try {
      ftruncateSync(segment.fd, segment.bytes);
    } catch {
      // A disk that cannot cut either: the torn record is found and skipped when the segment is read.
    }
    throw error;
  }
  segment.bytes += header.length + payload.length;
}

function writeAll(write: WriteBytes, fd: number, parts: Uint8Array[]): void {
  let left = parts;
  for (;;) {
    let written = write(fd, left);
    const rest: Uint8Array[] = [];
    for (const part of left) {
      if (written < part.length) rest.push(written > 0 ? part.subarray(written) : part);
      written = Math.max(0, written - part.length);
    }
    if (rest.length === 0) return;
    left = rest;
  }
}

export const writeToDisk: WriteBytes = (fd, parts) => writevSync(fd, parts);
