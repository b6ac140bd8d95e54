import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { damaged, RecordingError, toRecordingError } from './errors.ts';
import { type Frame, readSeekTable, ZSTD_MAGIC } from './seek-table.ts';

/** The bytes of a recording as they were before packing, read in pieces. */
export interface RecordingBytes {
  readonly size: number;
  /** Fills `into` from offset `at`. Throws a RecordingError when there is less. */
  read(at: number, into: Uint8Array): void;
  close(): void;
}

/** Opens a recording, packed with zstd or not, told by its first bytes. Throws a RecordingError. */
export function openBytes(file: string): RecordingBytes {
  const plain = openPlain(file);
  try {
    const first = Buffer.alloc(4);
    if (plain.size >= 4) plain.read(0, first);
    return first.readUInt32LE(0) === ZSTD_MAGIC ? unpacking(file, plain) : plain;
  } catch (error) {
    plain.close();
    throw error;
  }
}

function openPlain(file: string): RecordingBytes {
  let fd: number | undefined;
  try {
    const opened = openSync(file, 'r');
    fd = opened;
    const stat = fstatSync(opened);
    if (!stat.isFile()) throw new RecordingError('foreign', `${file} is a folder or a device, not a recording.`);
    return {
      size: stat.size,
      read: (at, into) => fill(opened, file, at, into),
      close: () => closeSync(opened),
    };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    throw toRecordingError(error, file);
  }
}

function fill(fd: number, file: string, at: number, into: Uint8Array): void {
  let got = 0;
  try {
    while (got < into.length) {
      const read = readSync(fd, into, got, into.length - got, at + got);
      if (read === 0) break;
      got += read;
    }
  } catch (error) {
    throw toRecordingError(error, file);
  }
  if (got < into.length) throw damaged(file, `it ends at byte ${at + got}, where more is expected`);
}

function unpacking(file: string, packed: RecordingBytes): RecordingBytes {
  const take = (at: number, bytes: number): Buffer => {
    const into = Buffer.allocUnsafe(bytes);
    packed.read(at, into);
    return into;
  };
  const frames = readSeekTable(packed.size, take);
  if (!frames) {
    throw damaged(
      file,
      'its end is missing (or another program packed it: then `zstd -d` gives a file that can be opened)',
    );
  }
  const size = frames.reduce((sum, frame) => sum + frame.bytes, 0);
  let current: Frame | undefined;
  let content: Buffer = Buffer.alloc(0);
  const unpack = (frame: Frame): void => {
    if (frame === current) return;
    current = undefined;
    try {
      content = zstdDecompressSync(take(frame.at, frame.packedBytes), { maxOutputLength: frame.bytes });
    } catch (error) {
      throw damaged(file, `what is packed at byte ${frame.at} cannot be unpacked`, error);
    }
    if (content.length !== frame.bytes) throw damaged(file, `what is packed at byte ${frame.at} is too short`);
    current = frame;
  };
  return {
    size,
    read(at, into) {
      for (let got = 0; got < into.length; ) {
        const frame = frames.find((f) => at + got < f.from + f.bytes);
        if (!frame) throw damaged(file, `it ends at byte ${size}, where more is expected`);
        unpack(frame);
        const piece = content.subarray(at + got - frame.from, at + into.length - frame.from);
        into.set(piece, got);
        got += piece.length;
      }
    },
    close: () => packed.close(),
  };
}
