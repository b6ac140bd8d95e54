/**
 * The “zstd seekable format” (facebook/zstd, contrib/seekable_format): frames that can be unpacked one by one, then a
 * skippable frame with their lengths. Any zstd program unpacks such a file as a whole.
 */
const SKIPPABLE_MAGIC = 0x184d2a5e;
const SEEKABLE_MAGIC = 0x8f92eab1;
const HEAD_BYTES = 8;
const ENTRY_BYTES = 8;
const FOOT_BYTES = 9;

export const ZSTD_MAGIC = 0xfd2fb528;

/** One frame: its place in the file, and the place of its bytes when unpacked. */
export interface Frame {
  readonly at: number;
  readonly packedBytes: number;
  readonly from: number;
  readonly bytes: number;
}

export function encodeSeekTable(frames: readonly Frame[]): Buffer {
  const contentBytes = frames.length * ENTRY_BYTES + FOOT_BYTES;
  const table = Buffer.alloc(HEAD_BYTES + contentBytes);
  table.writeUInt32LE(SKIPPABLE_MAGIC, 0);
  table.writeUInt32LE(contentBytes, 4);
  let at = HEAD_BYTES;
  for (const { packedBytes, bytes } of frames) {
    table.writeUInt32LE(packedBytes, at);
    table.writeUInt32LE(bytes, at + 4);
    at += ENTRY_BYTES;
  }
  table.writeUInt32LE(frames.length, at);
  // The byte between says that entries carry no checksums: the recording has its own.
  table.writeUInt32LE(SEEKABLE_MAGIC, at + 5);
  return table;
}

/** The frames of a file of `fileBytes` bytes, or undefined when it does not end in a whole seek table that fits the file. */
export function readSeekTable(
  fileBytes: number,
  read: (at: number, bytes: number) => Buffer,
): readonly Frame[] | undefined {
  if (fileBytes < HEAD_BYTES + FOOT_BYTES) return undefined;
  const foot = read(fileBytes - FOOT_BYTES, FOOT_BYTES);
  if (foot.readUInt32LE(5) !== SEEKABLE_MAGIC || foot[4] !== 0) return undefined;
  const count = foot.readUInt32LE(0);
  const tableBytes = HEAD_BYTES + count * ENTRY_BYTES + FOOT_BYTES;
  if (tableBytes > fileBytes) return undefined;
  const table = read(fileBytes - tableBytes, tableBytes);
  if (table.readUInt32LE(0) !== SKIPPABLE_MAGIC || table.readUInt32LE(4) !== tableBytes - HEAD_BYTES) return undefined;
  const frames: Frame[] = [];
  let at = 0;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const packedBytes = table.readUInt32LE(HEAD_BYTES + i * ENTRY_BYTES);
    const bytes = table.readUInt32LE(HEAD_BYTES + i * ENTRY_BYTES + 4);
    frames.push({ at, packedBytes, from, bytes });
    at += packedBytes;
    from += bytes;
  }
  return at === fileBytes - tableBytes ? frames : undefined;
}
