import { crc32 } from 'node:zlib';
import { Message, type MessageHeader, MetadataVersion, RecordBatchFileWriter, type Schema } from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import { recordingSchema, stampSeal } from './format.ts';

/**
 * Writes an Arrow IPC file piece by piece into `put`, synchronously. What is only known at the end goes into the schema's metadata
 * in the footer, which is the one that readers of files look at; the schema at the front has less.
 */
export class ArrowFileWriter extends RecordBatchFileWriter {
  /** CRC-32 of what stands before the columns of each batch written. */
  readonly headCrc32: number[] = [];
  readonly #put: (bytes: Uint8Array) => void;
  #inHead = false;
  #headCrc = 0;
  #metadata: Readonly<Record<string, string>> = {};

  constructor(put: (bytes: Uint8Array) => void) {
    super();
    this.#put = put;
  }

  /** Writes the footer, with this metadata and its seal in it. */
  finishWith(metadata: Readonly<Record<string, string>>): void {
    this.#metadata = metadata;
    this.finish();
  }

  protected override _writeSchema(schema: Schema): this {
    // The library leaves the schema at the front out; the format wants it there.
    return super._writeSchema(schema)._writeMessage(Message.from(schema));
  }

  protected override _writeMessage<T extends MessageHeader>(message: Message<T>, alignment?: number): this {
    this.#headCrc = 0;
    this.#inHead = true;
    super._writeMessage(message, alignment);
    this.#inHead = false;
    if (message.isRecordBatch()) this.headCrc32.push(this.#headCrc);
    return this;
  }

  protected override _write(chunk: ArrayBufferView): this {
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#inHead) this.#headCrc = crc32(bytes, this.#headCrc);
    this.#put(bytes);
    this._position += bytes.length;
    return this;
  }

  protected override _writeFooter(): this {
    const schema = recordingSchema(this.#metadata);
    const bytes = Buffer.from(Footer.encode(new Footer(schema, MetadataVersion.V5, this._recordBatchBlocks, [])));
    stampSeal(bytes);
    return this._write(Int32Array.of(-1, 0))._write(bytes)._write(Int32Array.of(bytes.length))._writeMagic();
  }
}
