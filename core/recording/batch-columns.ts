import { crc32 } from 'node:zlib';
import { Message } from 'apache-arrow';
import type { JournalRecord, RecordKind } from '../model/records.ts';
import { damaged } from './errors.ts';
import type { RecordingFooter } from './footer.ts';
import { RECORD_HEADER_BYTES, ROW_HEAD_BYTES, rowHead } from './format.ts';
import type { RecordingBytes } from './recording-bytes.ts';

/** Length and continuation marker before a message's header. */
const PREFIX_BYTES = 8;

/** Places in a batch's list of buffers: each column has a validity buffer, empty here, before its values. */
const BUFFER = {
  position: 1,
  kind: 3,
  flags: 5,
  count: 7,
  receivedMs: 9,
  crc32: 11,
  offsets: 13,
  payload: 14,
} as const;

/** One batch at a time: its columns as views of a buffer that is used again for the next. */
export class BatchColumns {
  rows = 0;
  readonly #file: string;
  readonly #bytes: RecordingBytes;
  readonly #footer: RecordingFooter;
  readonly #head = Buffer.alloc(ROW_HEAD_BYTES);
  #buffer = new Uint8Array(0);
  #batch = -1;
  /** Low and high half of each position. */
  #position = new Uint32Array(0);
  #kind = new Uint8Array(0);
  #flags = new Uint8Array(0);
  #count = new Uint32Array(0);
  #receivedMs = new Float64Array(0);
  #crc32 = new Uint32Array(0);
  #offsets = new Int32Array(0);
  #payload = new Uint8Array(0);

  constructor(file: string, bytes: RecordingBytes, footer: RecordingFooter) {
    this.#file = file;
    this.#bytes = bytes;
    this.#footer = footer;
  }

  /** Reads a batch. Throws a RecordingError when it is not as it was written. */
  load(batch: number): void {
    const { offset, metaDataLength, bodyLength } = this.#footer.blocks[batch];
    const length = metaDataLength + bodyLength;
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length);
    this.#batch = batch;
    this.#bytes.read(offset, this.#buffer.subarray(0, length));
    const head = this.#buffer.subarray(0, metaDataLength);
    if (crc32(head) !== this.#footer.index.headCrc32[batch]) throw this.#damage('its header has a wrong checksum');
    const message = Message.decode(head.subarray(PREFIX_BYTES));
    if (!message.isRecordBatch()) throw this.#damage('it holds no rows');
    const { length: rows, buffers } = message.header();
    const at = (i: number): number => metaDataLength + buffers[i].offset;
    const { buffer } = this.#buffer;
    this.rows = rows;
    this.#position = new Uint32Array(buffer, at(BUFFER.position), rows * 2);
    this.#kind = new Uint8Array(buffer, at(BUFFER.kind), rows);
    this.#flags = new Uint8Array(buffer, at(BUFFER.flags), rows);
    this.#count = new Uint32Array(buffer, at(BUFFER.count), rows);
    this.#receivedMs = new Float64Array(buffer, at(BUFFER.receivedMs), rows);
    this.#crc32 = new Uint32Array(buffer, at(BUFFER.crc32), rows);
    this.#offsets = new Int32Array(buffer, at(BUFFER.offsets), rows + 1);
    this.#payload = new Uint8Array(buffer, at(BUFFER.payload), buffers[BUFFER.payload].length);
  }

  /**
   * A row of the loaded batch; its payload is valid until the next batch is loaded. A piece of the state reads like a record
   * of kind 0. Throws a RecordingError when it does not have its checksum.
   */
  row(row: number): JournalRecord {
    const position = this.#position[row * 2] + this.#position[row * 2 + 1] * 2 ** 32;
    const from = this.#offsets[row];
    const to = this.#offsets[row + 1];
    const payload = this.#payload.subarray(from, Math.max(from, to));
    const kind = this.#kind[row];
    const flags = this.#flags[row];
    const count = this.#count[row];
    const receivedMs = this.#receivedMs[row];
    rowHead(this.#head, position, receivedMs, count, kind, flags);
    if (crc32(payload, crc32(this.#head)) !== this.#crc32[row]) throw this.#damage(`row ${row} has a wrong checksum`);
    const nextPosition = position + RECORD_HEADER_BYTES + payload.length;
    return { position, nextPosition, kind: kind as RecordKind, flags, count, receivedMs, payload };
  }

  #damage(what: string): Error {
    const { offset } = this.#footer.blocks[this.#batch];
    const near = this.#footer.index.positions[this.#batch];
    return damaged(this.#file, `${what} in batch ${this.#batch}, at byte ${offset} (journal position ${near})`);
  }
}
