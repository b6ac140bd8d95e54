import { Duplex } from 'node:stream';
import type { BrokerAddress } from './broker-address.ts';
import { FrameScanner, type ScanHandlers } from './frame-scanner.ts';
import { openSocket, type TlsFiles } from './open-socket.ts';

/** Long enough for the broker to read the last acknowledgements and hang up. */
const GOODBYE_MS = 2000;

export interface FastPathOptions {
  readonly address: BrokerAddress;
  readonly tls: TlsFiles;
  readonly level: 4 | 5;
  readonly maxMessageBytes: number;
  /** Rest between reads, ms; 0 = none. */
  readonly coalesceMs: number;
}

export interface FastPathHandlers {
  run: ScanHandlers['run'];
  oversize: ScanHandlers['oversize'];
  malformed: ScanHandlers['malformed'];
}

/**
 * Stands between mqtt.js and the socket. PUBLISH packets are taken out of the stream in runs, one per read where possible;
 * everything else flows through, so that mqtt.js goes on doing the connection: CONNECT, AUTH, SUBSCRIBE, PINGREQ.
 *
 * Reads are coalesced: brokers send each message by itself, and waking up for each costs more than the message. Once the
 * reads of an event-loop turn are done the socket rests for `coalesceMs`, so that the kernel gathers what comes.
 */
export class FastPath extends Duplex {
  readonly #socket: Duplex;
  readonly #scanner: FrameScanner;
  readonly #coalesceMs: number;
  #restTimer: NodeJS.Timeout | undefined;
  #restSoon: NodeJS.Immediate | undefined;
  #goodbye: NodeJS.Timeout | undefined;
  #held = false;
  #live = false;
  /** Bytes received so far. */
  bytesReceived = 0;
  /** True once the connection underneath (TCP, and TLS or WebSocket where used) was made. */
  reached = false;

  constructor(options: FastPathOptions, handlers: FastPathHandlers) {
    super({ readableHighWaterMark: 2 ** 20, writableHighWaterMark: 2 ** 20 });
    this.#scanner = new FrameScanner(options.level, options.maxMessageBytes, {
      ...handlers,
      other: (packet) => this.#pass(packet),
      reply: (bytes) => this.acknowledge(bytes),
    });
    const { stream, restable } = openSocket(options.address, options.tls, {
      space: () => this.#scanner.space(),
      received: (count) => this.#received(count),
    });
    this.#socket = stream;
    this.#coalesceMs = restable ? options.coalesceMs : 0;
    stream.once(options.address.carrier === 'tls' ? 'secureConnect' : 'connect', () => {
      this.reached = true;
    });
    stream.on('end', () => this.push(null));
    stream.on('error', (error) => this.destroy(error));
    stream.on('close', () => this.destroy());
  }

  /** Sends acknowledgements; nothing happens when the connection is gone. */
  acknowledge(acks: Uint8Array): void {
    if (acks.length > 0 && this.writable) this.write(acks);
  }

  /** Stops reading: the kernel's buffers fill, and the broker stops sending. */
  hold(): void {
    this.#held = true;
    this.#socket.pause();
  }

  release(): void {
    this.#held = false;
    if (this.#restTimer === undefined) this.#socket.resume();
  }

  #received(count: number): void {
    this.bytesReceived += count;
    this.#scanner.received(count);
    if (this.#live && this.#coalesceMs > 0 && this.#restTimer === undefined) {
      // After all reads of this turn: TLS hands over one record at a time, and resting inside a read would take one per rest.
      this.#restSoon ??= setImmediate(() => this.#rest());
    }
  }

  #rest(): void {
    this.#restSoon = undefined;
    if (this.#held || this.destroyed || this.writableEnded) return;
    this.#socket.pause();
    this.#restTimer = setTimeout(() => {
      this.#restTimer = undefined;
      if (!this.#held) this.#socket.resume();
    }, this.#coalesceMs);
  }

  #pass(packet: Buffer): void {
    // From the broker's first answer on: a resumed session sends messages straight away.
    this.#live = true;
    if (!this.destroyed) this.push(packet);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    if (this.#socket.write(chunk)) done();
    else this.#socket.once('drain', done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this._write(Buffer.concat(chunks.map((c) => c.chunk)), 'binary', done);
  }

  /**
   * After DISCONNECT: what still arrives is thrown away unacknowledged (the broker keeps it for the next session) until the
   * broker hangs up. Closing with unread bytes would reset the connection, and the last acknowledgements with it.
   */
  override _final(done: (error?: Error) => void): void {
    this.#scanner.stop();
    this.release();
    this.#goodbye = setTimeout(() => this.destroy(), GOODBYE_MS);
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#scanner.stop();
    clearTimeout(this.#restTimer);
    clearTimeout(this.#goodbye);
    clearImmediate(this.#restSoon);
    this.#socket.destroy();
    done(error);
  }
}
