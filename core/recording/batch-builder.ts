import { crc32 } from 'node:zlib';
import { Binary, Float64, Int64, makeData, RecordBatch, type Schema, Struct, Uint8, Uint32 } from 'apache-arrow';
import { ROW_HEAD_BYTES, rowHead } from './format.ts';

const FIRST_ROWS = 1024;
const FIRST_PAYLOAD_BYTES = 2 ** 20;

/** Gathers rows as columns. The buffers are used again for the next batch: write one before adding to the next. */
export class BatchBuilder {
  rows = 0;
  payloadBytes = 0;
  /** The row's bytes that its checksum covers beside the payload; of the row added last. */
  readonly head = Buffer.alloc(ROW_HEAD_BYTES);
  readonly #schema: Schema;
  #capacity = FIRST_ROWS;
  #position = new BigInt64Array(FIRST_ROWS);
  #kind = new Uint8Array(FIRST_ROWS);
  #flags = new Uint8Array(FIRST_ROWS);
  #count = new Uint32Array(FIRST_ROWS);
  #receivedMs = new Float64Array(FIRST_ROWS);
  #crc32 = new Uint32Array(FIRST_ROWS);
  #offsets = new Int32Array(FIRST_ROWS + 1);
  #payload = new Uint8Array(FIRST_PAYLOAD_BYTES);

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  add(position: number, receivedMs: number, count: number, kind: number, flags: number, payload: Uint8Array): void {
    if (this.rows === this.#capacity) this.#growRows();
    this.#growPayload(this.payloadBytes + payload.length);
    rowHead(this.head, position, receivedMs, count, kind, flags);
    const row = this.rows++;
    this.#position[row] = BigInt(position);
    this.#kind[row] = kind;
    this.#flags[row] = flags;
    this.#count[row] = count;
    this.#receivedMs[row] = receivedMs;
    this.#crc32[row] = crc32(payload, crc32(this.head));
    this.#payload.set(payload, this.payloadBytes);
    this.payloadBytes += payload.length;
    this.#offsets[row + 1] = this.payloadBytes;
  }

  /** The rows as a batch over these buffers, and begins the next. */
  take(): RecordBatch {
    const length = this.rows;
    const payload = this.#payload.subarray(0, this.payloadBytes);
    const children = [
      makeData({ type: new Int64(), length, data: this.#position.subarray(0, length) }),
      makeData({ type: new Uint8(), length, data: this.#kind.subarray(0, length) }),
      makeData({ type: new Uint8(), length, data: this.#flags.subarray(0, length) }),
      makeData({ type: new Uint32(), length, data: this.#count.subarray(0, length) }),
      makeData({ type: new Float64(), length, data: this.#receivedMs.subarray(0, length) }),
      makeData({ type: new Uint32(), length, data: this.#crc32.subarray(0, length) }),
      makeData({ type: new Binary(), length, valueOffsets: this.#offsets.subarray(0, length + 1), data: payload }),
    ];
    this.rows = 0;
    this.payloadBytes = 0;
    return new RecordBatch(this.#schema, makeData({ type: new Struct(this.#schema.fields), length, children }));
  }

  #growRows(): void {
    this.#capacity *= 2;
    const capacity = this.#capacity;
    const position = new BigInt64Array(capacity);
    position.set(this.#position);
    this.#position = position;
    this.#kind = grown(this.#kind, new Uint8Array(capacity));
    this.#flags = grown(this.#flags, new Uint8Array(capacity));
    this.#count = grown(this.#count, new Uint32Array(capacity));
    this.#receivedMs = grown(this.#receivedMs, new Float64Array(capacity));
    this.#crc32 = grown(this.#crc32, new Uint32Array(capacity));
    this.#offsets = grown(this.#offsets, new Int32Array(capacity + 1));
  }

  #growPayload(bytes: number): void {
    if (bytes <= this.#payload.length) return;
    this.#payload = grown(this.#payload, new Uint8Array(Math.max(bytes, this.#payload.length * 2)));
  }
}

function grown<T extends Uint8Array | Uint32Array | Int32Array | Float64Array>(old: T, bigger: T): T {
  bigger.set(old);
  return bigger;
}
