import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';
import { toRecordingError } from './errors.ts';
import { encodeSeekTable, type Frame } from './seek-table.ts';

const FRAME_BYTES = 4 * 2 ** 20;
const DEFAULT_LEVEL = 3;
/** Until a recording is complete its name ends in this. */
const UNFINISHED = '.part';

/** Where the bytes of a recording go. Every call blocks and throws a RecordingError when the disk refuses. */
export interface RecordingOutput {
  write(bytes: Uint8Array): void;
  /** Says that a good place to begin a new frame is here. */
  boundary(): void;
  /** Gives the file its name; a file of that name is replaced. */
  finish(): void;
  /** Removes what was written. */
  abandon(): void;
}

/** A file that is packed with zstd when its name ends in `.zst`; `zstdLevel` 1 … 19, default 3. */
export function openOutput(file: string, zstdLevel = DEFAULT_LEVEL): RecordingOutput {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw toRecordingError(error, file);
    }
  };
  const part = `${file}${UNFINISHED}`;
  const fd = guarded(() => openSync(part, 'w'));
  const put = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  };
  let open = true;
  const close = (): void => {
    if (open) closeSync(fd);
    open = false;
  };
  const pieces = file.endsWith('.zst') ? packed(put, zstdLevel) : { write: put, boundary: () => {}, end: () => {} };
  return {
    write: (bytes) => guarded(() => pieces.write(bytes)),
    boundary: () => guarded(pieces.boundary),
    finish: () =>
      guarded(() => {
        pieces.end();
        fsyncSync(fd);
        close();
        renameSync(part, file);
      }),
    abandon() {
      close();
      rmSync(part, { force: true });
    },
  };
}

function packed(put: (bytes: Uint8Array) => void, level: number) {
  const frames: Frame[] = [];
  let waiting = Buffer.allocUnsafe(FRAME_BYTES);
  let bytes = 0;
  let at = 0;
  let from = 0;
  const flush = (): void => {
    const params = { [constants.ZSTD_c_compressionLevel]: level };
    const frame = zstdCompressSync(waiting.subarray(0, bytes), { params });
    put(frame);
    frames.push({ at, packedBytes: frame.length, from, bytes });
    at += frame.length;
    from += bytes;
    bytes = 0;
  };
  return {
    write(more: Uint8Array): void {
      if (bytes + more.length > waiting.length) {
        const bigger = Buffer.allocUnsafe(Math.max(bytes + more.length, waiting.length * 2));
        waiting.copy(bigger, 0, 0, bytes);
        waiting = bigger;
      }
      waiting.set(more, bytes);
      bytes += more.length;
    },
    boundary: () => {
      if (bytes >= FRAME_BYTES) flush();
    },
    end: () => {
      if (bytes > 0) flush();
      put(encodeSeekTable(frames));
    },
  };
}
