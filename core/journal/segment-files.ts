import { closeSync, fsyncSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const PLAIN = '.wfj';
const COMPRESSED = '.wfj.zst';
export const TEMPORARY = '.wfj.zst.tmp';
export const TORN = '.torn';
const NAME = /^(\d{20})\.wfj(\.zst)?$/;

/** One segment on disk. While both forms of a segment exist the plain one counts: it is always complete. */
export interface SegmentFile {
  readonly base: number;
  readonly path: string;
  readonly compressed: boolean;
}

export function plainPath(dir: string, base: number): string {
  return join(dir, `${String(base).padStart(20, '0')}${PLAIN}`);
}

export function compressedPath(dir: string, base: number): string {
  return join(dir, `${String(base).padStart(20, '0')}${COMPRESSED}`);
}

/** All segments of the journal by base position, oldest first. */
export function listSegments(dir: string): SegmentFile[] {
  const byBase = new Map<number, SegmentFile>();
  for (const name of readdirSync(dir)) {
    const match = NAME.exec(name);
    if (!match) continue;
    const base = Number(match[1]);
    const compressed = match[2] !== undefined;
    if (!compressed || !byBase.has(base)) byBase.set(base, { base, path: join(dir, name), compressed });
  }
  return [...byBase.values()].sort((a, b) => a.base - b.base);
}

/** Size of a file in bytes, 0 when it is gone. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Makes a new or renamed file's name survive a power cut. Windows has no such call and needs none. */
export function syncDirectory(dir: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** True for an error that says the file does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
