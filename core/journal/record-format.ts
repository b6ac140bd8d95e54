import { crc32 } from 'node:zlib';
import type { RecordKind } from '../model/records.ts';

/**
 * Bytes on disk, little-endian.
 *
 * Segment: magic u32, version u16, zero u16, base position u64, messages before it u64, created f64 (Unix ms), crc32 u32 of what precedes.
 * Record: magic u32, payload bytes u32, crc32 u32 of all that follows, kind u8, flags u8, zero u16, count u32, receivedMs f64, payload.
 *
 * A record's position is its segment's base plus its offset behind the segment header, so positions run on without a
 * break from one segment to the next.
 */
const SEGMENT_MAGIC = 0x314a4657;
const RECORD_MAGIC = 0x31524657;
const FORMAT_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 36;
export const RECORD_HEADER_BYTES = 28;
/** No record is longer than the largest MQTT packet; anything above it in a header is damage. */
export const MAX_PAYLOAD_BYTES = 2 ** 28;

const CRC_AT = 8;
const CHECKED_FROM = 12;

export interface SegmentHeader {
  readonly basePosition: number;
  readonly messagesBefore: number;
  readonly createdMs: number;
}

export interface RecordHeader {
  readonly payloadBytes: number;
  readonly crc: number;
  readonly kind: RecordKind;
  readonly flags: number;
  readonly count: number;
  readonly receivedMs: number;
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  bytes.writeUInt32LE(SEGMENT_MAGIC, 0);
  bytes.writeUInt16LE(FORMAT_VERSION, 4);
  bytes.writeBigUInt64LE(BigInt(header.basePosition), 8);
  bytes.writeBigUInt64LE(BigInt(header.messagesBefore), 16);
  bytes.writeDoubleLE(header.createdMs, 24);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 32)), 32);
  return bytes;
}

/** The header at the start of `bytes`, or undefined when it is short or damaged. Throws on a format of a later version. */
export function decodeSegmentHeader(bytes: Buffer, file: string): SegmentHeader | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES || bytes.readUInt32LE(0) !== SEGMENT_MAGIC) return undefined;
  if (bytes.readUInt32LE(32) !== crc32(bytes.subarray(0, 32))) return undefined;
  const version = bytes.readUInt16LE(4);
  if (version !== FORMAT_VERSION) {
    throw new Error(
      `${file} has journal format ${version}; this program reads format ${FORMAT_VERSION}. Update Watchfloor.`,
    );
  }
  return {
    basePosition: Number(bytes.readBigUInt64LE(8)),
    messagesBefore: Number(bytes.readBigUInt64LE(16)),
    createdMs: bytes.readDoubleLE(24),
  };
}

/** Fills `header` (28 bytes, reused by the caller) for a record with this payload. */
export function encodeRecordHeader(
  header: Buffer,
  kind: RecordKind,
  flags: number,
  count: number,
  receivedMs: number,
  payload: Uint8Array,
): void {
  header.writeUInt32LE(RECORD_MAGIC, 0);
  header.writeUInt32LE(payload.length, 4);
  header[12] = kind;
  header[13] = flags;
  header[14] = 0;
  header[15] = 0;
  header.writeUInt32LE(count, 16);
  header.writeDoubleLE(receivedMs, 20);
  header.writeUInt32LE(crc32(payload, crc32(header.subarray(CHECKED_FROM, RECORD_HEADER_BYTES))), CRC_AT);
}

/** The record header at the start of `bytes` (at least 28), or undefined when no record can begin there. */
export function decodeRecordHeader(bytes: Buffer): RecordHeader | undefined {
  if (bytes.readUInt32LE(0) !== RECORD_MAGIC) return undefined;
  const payloadBytes = bytes.readUInt32LE(4);
  if (payloadBytes > MAX_PAYLOAD_BYTES) return undefined;
  return {
    payloadBytes,
    crc: bytes.readUInt32LE(CRC_AT),
    kind: bytes[12] as RecordKind,
    flags: bytes[13],
    count: bytes.readUInt32LE(16),
    receivedMs: bytes.readDoubleLE(20),
  };
}

/** True when `record` (header and payload) has the checksum its header says. */
export function isIntact(record: Buffer, header: RecordHeader): boolean {
  return crc32(record.subarray(CHECKED_FROM)) === header.crc;
}
