import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat, utimes } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { compressedPath, plainPath, TEMPORARY } from './segment-files.ts';

const CHUNK_BYTES = 2 ** 20;

/**
 * Replaces the plain segment at `base` by its compressed form. The plain file goes only after the compressed one is complete
 * on the disk under its final name, so a crash at any point leaves one that is complete. Rejects when `signal` aborts.
 */
export async function compressSegment(dir: string, base: number, signal: AbortSignal): Promise<void> {
  const plain = plainPath(dir, base);
  const packed = compressedPath(dir, base);
  const temporary = plain.replace(/\.wfj$/, TEMPORARY);
  const { size, atime, mtime } = await stat(plain);
  try {
    await pipeline(
      createReadStream(plain, { highWaterMark: CHUNK_BYTES }),
      createZstdCompress({ chunkSize: CHUNK_BYTES, pledgedSrcSize: size }),
      createWriteStream(temporary, { flush: true }),
      { signal },
    );
    // Retention goes by the time of the last record, which is when the plain file was last written.
    await utimes(temporary, atime, mtime);
    await rename(temporary, packed);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await rm(plain, { force: true });
}
