import { crc32 } from 'node:zlib';
import { Binary, Field, Float64, Int64, Schema, Uint8, Uint32 } from 'apache-arrow';
import type { RulePackSource } from '../model/records.ts';

/** Raised when an older program would misread a recording. */
export const FORMAT_VERSION = 1;
/** `kind` of the rows that hold the engine's state before the first record, in pieces, ahead of all records. */
export const STATE_KIND = 0;
/** Positions a record takes beside its payload: the length of a record's header in the journal. */
export const RECORD_HEADER_BYTES = 28;

/** Keys of the metadata in the footer. */
export const META = {
  format: 'watchfloor.format',
  recording: 'watchfloor.recording',
  index: 'watchfloor.index',
  seal: 'watchfloor.seal',
} as const;

/** A named file that the recording brings along: business data in force at its start. */
export interface ReferenceFile {
  readonly name: string;
  readonly text: string;
}

/** What is in a recording, as its metadata says. Times are Unix ms. */
export interface RecordingInfo {
  /** Version of the program that wrote it. */
  readonly roomVersion: string;
  readonly createdMs: number;
  readonly startPosition: number;
  readonly endPosition: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly records: number;
  readonly messages: number;
  /** Bytes of the engine's state before the first record; 0 when it begins where the journal began. */
  readonly stateBytes: number;
  /** Put before every topic where it was recorded, with its slash; often empty. */
  readonly topicPrefix: string;
  /** Rule packs in force at the start. Later changes are records. */
  readonly packs: readonly RulePackSource[];
  readonly reference: readonly ReferenceFile[];
  readonly note: string;
  readonly author: string;
  /** SHA-256 of all rows, see `rowHead`, in hex: equal for equal contents, however they are cut into batches. */
  readonly contentSha256: string;
}

/** What reading needs to know of the batches, one entry each. */
export interface BatchIndex {
  /** Leading batches that hold the state. */
  readonly stateBatches: number;
  /** Position of the first record. */
  readonly positions: number[];
  /** Newest `receivedMs` up to the end of the batch. */
  readonly latestMs: number[];
  /** CRC-32 of the message header of the batch: everything that stands before its columns. */
  readonly headCrc32: number[];
}

const FIELDS = [
  new Field('position', new Int64(), false),
  new Field('kind', new Uint8(), false),
  new Field('flags', new Uint8(), false),
  new Field('count', new Uint32(), false),
  new Field('receivedMs', new Float64(), false),
  new Field('crc32', new Uint32(), false),
  new Field('payload', new Binary(), false),
];

export function recordingSchema(metadata: Readonly<Record<string, string>>): Schema {
  return new Schema(FIELDS, new Map(Object.entries(metadata)));
}

export const ROW_HEAD_BYTES = 24;

/**
 * Fills `head` (24 bytes, little-endian) with a row's columns: position f64, receivedMs f64, count u32, kind u8, flags u8,
 * zero u16. A row's `crc32` covers these bytes and the payload; the content hash takes the same bytes row after row.
 */
export function rowHead(
  head: Buffer,
  position: number,
  receivedMs: number,
  count: number,
  kind: number,
  flags: number,
): void {
  head.writeDoubleLE(position, 0);
  head.writeDoubleLE(receivedMs, 8);
  head.writeUInt32LE(count, 16);
  head[20] = kind;
  head[21] = flags;
  head[22] = 0;
  head[23] = 0;
}

const SEAL = 'watchfloor-seal-crc32=';
const SEAL_DIGITS = 8;
/** The seal before it is stamped. */
export const OPEN_SEAL = `${SEAL}${'0'.repeat(SEAL_DIGITS)}`;

/** JSON for the metadata, in which the text of the seal cannot occur. */
export function metadataJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(SEAL, SEAL.replace('-', '\\u002d'));
}

/** Writes the CRC-32 of the whole footer into the seal inside it; its digits count as zeros. */
export function stampSeal(footer: Buffer): void {
  footer.write(crcDigits(footer), footer.indexOf(SEAL) + SEAL.length, 'latin1');
}

/** Whether the footer is as it was stamped; undefined when it has no seal. Asked before anything in it is believed. */
export function sealHolds(footer: Buffer): boolean | undefined {
  const found = footer.indexOf(SEAL);
  if (found < 0) return undefined;
  const at = found + SEAL.length;
  const open = Buffer.from(footer).fill('0', at, at + SEAL_DIGITS);
  return footer.toString('latin1', at, at + SEAL_DIGITS) === crcDigits(open);
}

function crcDigits(footer: Buffer): string {
  return crc32(footer).toString(16).padStart(SEAL_DIGITS, '0');
}
