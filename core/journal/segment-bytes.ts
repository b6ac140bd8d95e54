import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { compressedPath, isMissing, type SegmentFile } from './segment-files.ts';

const CHUNK_BYTES = 4 * 2 ** 20;
/** A segment just begun grows while it is read. */
const SMALL_CHUNK_BYTES = 2 ** 16;

/** The uncompressed bytes of one segment, wherever they come from. */
export interface SegmentBytes {
  /** Bytes there are now; a segment being written grows. */
  size(): number;
  /** Up to `bytes` bytes from offset `at`, fewer at the end. A view, valid until the next call. */
  view(at: number, bytes: number): Buffer;
  close(): void;
}

/**
 * Opens a segment. Plain files are read in pieces of at most 4 MiB (or one record, when that is longer); a compressed one
 * is unpacked whole. Throws when the file is gone or cannot be unpacked.
 */
export function openSegment(dir: string, segment: SegmentFile): SegmentBytes {
  if (segment.compressed) return unpacked(segment.path);
  try {
    return plain(segment.path);
  } catch (error) {
    // Compressed and removed since the folder was listed.
    if (isMissing(error)) return unpacked(compressedPath(dir, segment.base));
    throw error;
  }
}

function unpacked(path: string): SegmentBytes {
  const bytes = zstdDecompressSync(readFileSync(path));
  return { size: () => bytes.length, view: (at, length) => bytes.subarray(at, at + length), close: () => {} };
}

function plain(path: string): SegmentBytes {
  const fd = openSync(path, 'r');
  let buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(SMALL_CHUNK_BYTES, fstatSync(fd).size)));
  let start = 0;
  let end = 0;
  return {
    size: () => fstatSync(fd).size,
    view(at, length) {
      if (at < start || at + length > end) {
        if (length > buffer.length) buffer = Buffer.allocUnsafe(length);
        start = at;
        end = at + fill(fd, buffer, at);
      }
      return buffer.subarray(at - start, Math.min(at + length, end) - start);
    },
    close: () => closeSync(fd),
  };
}

function fill(fd: number, buffer: Buffer, at: number): number {
  let got = 0;
  while (got < buffer.length) {
    const read = readSync(fd, buffer, got, buffer.length - got, at + got);
    if (read === 0) break;
    got += read;
  }
  return got;
}
