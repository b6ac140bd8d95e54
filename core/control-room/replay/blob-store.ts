import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that are kept in memory up to a limit and in a folder of their own beyond it. */
export interface BlobStore {
  /** Answers the number it can be had back by. Throws when it has to go to the disk and that refuses. */
  put(bytes: Uint8Array): number;
  get(blob: number): Uint8Array;
  /** Gives memory and folder back. */
  close(): void;
}

/** A store whose folder is made when it is needed. */
export function openBlobStore(dir: string, maxMemoryBytes: number): BlobStore {
  const blobs: (Uint8Array | undefined)[] = [];
  const pathOf = (blob: number): string => join(dir, `${blob}.bin`);
  let memoryBytes = 0;
  return {
    put(bytes) {
      const blob = blobs.length;
      if (memoryBytes + bytes.length <= maxMemoryBytes) {
        memoryBytes += bytes.length;
        blobs.push(bytes);
      } else {
        mkdirSync(dir, { recursive: true });
        writeFileSync(pathOf(blob), bytes);
        blobs.push(undefined);
      }
      return blob;
    },
    get: (blob) => blobs[blob] ?? readFileSync(pathOf(blob)),
    close() {
      blobs.length = 0;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
