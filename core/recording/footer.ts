import type { Schema } from 'apache-arrow';
import { type FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { damaged, RecordingError } from './errors.ts';
import { type BatchIndex, FORMAT_VERSION, META, type RecordingInfo, sealHolds } from './format.ts';
import type { RecordingBytes } from './recording-bytes.ts';

const MAGIC = 'ARROW1';
/** Length of the footer (i32) and the magic bytes. */
const TAIL_BYTES = 4 + MAGIC.length;

export interface RecordingFooter {
  readonly info: RecordingInfo;
  readonly index: BatchIndex;
  readonly blocks: readonly FileBlock[];
}

/** Reads and checks the footer of a recording. Throws a RecordingError that says what the file is instead. */
export function readFooter(file: string, bytes: RecordingBytes): RecordingFooter {
  const footer = footerBytes(file, bytes);
  const sealed = sealHolds(footer);
  if (sealed === false) throw damaged(file, 'its footer has a wrong checksum');
  if (sealed === undefined) {
    throw new RecordingError(
      'foreign',
      `${file} is an Arrow file, but no recording of Watchfloor. Choose another file.`,
    );
  }
  const decoded = Footer.decode(footer);
  checkVersion(file, decoded.schema);
  return {
    info: JSON.parse(decoded.schema.metadata.get(META.recording) ?? '') as RecordingInfo,
    index: JSON.parse(decoded.schema.metadata.get(META.index) ?? '') as BatchIndex,
    blocks: [...decoded.recordBatches()],
  };
}

function footerBytes(file: string, bytes: RecordingBytes): Buffer {
  const first = Buffer.alloc(MAGIC.length);
  if (bytes.size >= MAGIC.length) bytes.read(0, first);
  if (first.toString('latin1') !== MAGIC) {
    throw new RecordingError(
      'foreign',
      `${file} is no recording: it does not begin like an Arrow file. Choose another file.`,
    );
  }
  const cutOff = (): RecordingError => damaged(file, `it is cut off after ${bytes.size} bytes`);
  if (bytes.size < MAGIC.length + TAIL_BYTES) throw cutOff();
  const tail = Buffer.alloc(TAIL_BYTES);
  bytes.read(bytes.size - TAIL_BYTES, tail);
  if (tail.toString('latin1', 4) !== MAGIC) throw cutOff();
  const length = tail.readInt32LE(0);
  if (length <= 0 || length > bytes.size - TAIL_BYTES - MAGIC.length)
    throw damaged(file, 'its footer has a wrong length');
  const footer = Buffer.allocUnsafe(length);
  bytes.read(bytes.size - TAIL_BYTES - length, footer);
  return footer;
}

function checkVersion(file: string, schema: Schema): void {
  const version = Number(schema.metadata.get(META.format));
  if (version === FORMAT_VERSION) return;
  throw new RecordingError(
    'newer',
    `The recording ${file} has format ${version}; this program reads format ${FORMAT_VERSION}. Update Watchfloor.`,
  );
}
