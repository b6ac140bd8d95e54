import { crc32, zstdDecompressSync } from 'node:zlib';

/**
 * Bytes on disk, little-endian: magic u32, version u16, zero u16, position u64, engineMs f64, bytes of the state u64,
 * crc32 u32 of all that precedes and of what follows; then the state, packed with zstd.
 */
const MAGIC = 0x464b4657; // "WFKF"
const FORMAT_VERSION = 1;
const CRC_AT = 32;
export const KEYFRAME_HEADER_BYTES = 36;

/** The state of an engine after the journal record that ends at `position`. */
export interface Keyframe {
  readonly position: number;
  /** The engine's clock there, Unix ms. */
  readonly engineMs: number;
  readonly state: Uint8Array;
}

/** The header of a keyframe file for a state of `stateBytes` that is `packed` already. */
export function encodeKeyframeHeader(
  { position, engineMs, stateBytes }: { position: number; engineMs: number; stateBytes: number },
  packed: Uint8Array,
): Buffer {
  const header = Buffer.alloc(KEYFRAME_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt16LE(FORMAT_VERSION, 4);
  header.writeBigUInt64LE(BigInt(position), 8);
  header.writeDoubleLE(engineMs, 16);
  header.writeBigUInt64LE(BigInt(stateBytes), 24);
  header.writeUInt32LE(crc32(packed, crc32(header.subarray(0, CRC_AT))), CRC_AT);
  return header;
}

/** What the head of a keyframe file says, unchecked; undefined when it is none. */
export function peekKeyframe(head: Buffer): Omit<Keyframe, 'state'> | undefined {
  if (head.length < KEYFRAME_HEADER_BYTES || head.readUInt32LE(0) !== MAGIC) return undefined;
  return { position: Number(head.readBigUInt64LE(8)), engineMs: head.readDoubleLE(16) };
}

/** Reads a keyframe file. Throws an Error whose message says what is wrong with the bytes. */
export function decodeKeyframe(bytes: Buffer): Keyframe {
  if (bytes.length < KEYFRAME_HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) throw new Error('it is no keyframe');
  const version = bytes.readUInt16LE(4);
  if (version !== FORMAT_VERSION) throw new Error(`its format is ${version}, this program reads ${FORMAT_VERSION}`);
  const packed = bytes.subarray(KEYFRAME_HEADER_BYTES);
  if (bytes.readUInt32LE(CRC_AT) !== crc32(packed, crc32(bytes.subarray(0, CRC_AT)))) {
    throw new Error('its bytes are not as they were written');
  }
  const stateBytes = Number(bytes.readBigUInt64LE(24));
  const unpacked = zstdDecompressSync(packed, { maxOutputLength: Math.max(1, stateBytes) });
  // A buffer of its own: a state is read as typed arrays, which must be aligned.
  const state = new Uint8Array(stateBytes);
  state.set(unpacked);
  return { position: Number(bytes.readBigUInt64LE(8)), engineMs: bytes.readDoubleLE(16), state };
}
