import { rm, stat } from 'node:fs/promises';
import { listSegments, type SegmentFile } from './segment-files.ts';

export interface RetentionLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/**
 * Deletes the oldest segments while the journal is larger than `maxBytes` or they are older than `maxAgeMs`. A segment that
 * reaches past `retainFrom` stays, and so does the last one. Answers the bytes left on disk.
 */
export async function retain(dir: string, limits: RetentionLimits, retainFrom: number, nowMs: number): Promise<number> {
  const segments = await Promise.all(listSegments(dir).map(measured));
  let total = segments.reduce((sum, s) => sum + s.bytes, 0);
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1];
    if (!next || next.base > retainFrom) break;
    if (total <= limits.maxBytes && nowMs - segment.writtenMs <= limits.maxAgeMs) break;
    await rm(segment.path, { force: true });
    total -= segment.bytes;
  }
  return total;
}

async function measured(segment: SegmentFile): Promise<SegmentFile & { bytes: number; writtenMs: number }> {
  try {
    const { size, mtimeMs } = await stat(segment.path);
    return { ...segment, bytes: size, writtenMs: mtimeMs };
  } catch {
    return { ...segment, bytes: 0, writtenMs: 0 };
  }
}
