import { indexPublish, MALFORMED, PACKET_PUBLISH, PUBLISH_INDEX_STRIDE, remainingLength } from '../model/mqtt-frame.ts';
import type { OversizeNote } from '../model/records.ts';
import { oversizeNote } from './oversize.ts';
import { ReceiveWindow } from './receive-window.ts';

/** Asks the broker how many messages it dropped; it is no message of the fleet. */
export const DROPPED_TOPIC = '$SYS/broker/publish/messages/dropped';

const DROPPED_TOPIC_BYTES = Buffer.from(DROPPED_TOPIC);
const PACKET_CONNACK = 2;
const PACKET_PUBREL = 6;
const PACKET_AUTH = 15;
const PUBACK = 0x40;
const PUBREC = 0x50;
const PUBCOMP = 0x70;
const ACK_BYTES = 4;
/** Enough of a message that is too large to find its topic and the start of its payload. */
const OVERSIZE_HEAD_BYTES = 2 ** 17;
/** Packets that are no PUBLISH are small; a larger one is a broken stream. */
const MAX_OTHER_BYTES = 2 ** 20;

/** What the scanner finds, in the order of the stream. Bytes are valid during the call only. */
export interface ScanHandlers {
  /** PUBLISH packets one after the other, with the acknowledgements they ask for (4 bytes each, may be none). */
  run(bytes: Uint8Array, count: number, acks: Uint8Array): void;
  /** A PUBLISH too large to keep, once all of it has gone by. */
  oversize(note: OversizeNote, acks: Uint8Array): void;
  /** Any other packet, and the broker's own count of dropped messages: a copy. */
  other(packet: Buffer): void;
  /** Bytes to send back at once. */
  reply(bytes: Buffer): void;
  /** The stream is no MQTT, or not of this level; nothing more is read from it. */
  malformed(detail: string): void;
}

interface Skip {
  left: number;
  readonly note: OversizeNote;
  readonly acks: Uint8Array;
}

/**
 * Cuts the bytes of one MQTT connection into packets. Bytes are received straight into its buffer: fill `space()`, then
 * say how much with `received`. Packets that span reads are put together without copying the rest of the read.
 *
 * QoS 2: a PUBLISH is treated as the QoS 1 ones are, with a PUBREC for its acknowledgement (so that it too is sent only
 * after the journal has the message), and a PUBREL is answered here. A redelivery is a duplicate like any other.
 */
export class FrameScanner {
  readonly #handlers: ScanHandlers;
  readonly #level: number;
  readonly #maxMessageBytes: number;
  readonly #window: ReceiveWindow;
  readonly #index = new Int32Array(PUBLISH_INDEX_STRIDE);
  #acks = Buffer.allocUnsafe(ACK_BYTES * 4096);
  #ackBytes = 0;
  #runStart = 0;
  #runCount = 0;
  #skip: Skip | undefined;
  #greeted = false;
  #stopped = false;

  constructor(level: 4 | 5, maxMessageBytes: number, handlers: ScanHandlers) {
    this.#level = level;
    this.#maxMessageBytes = Math.max(maxMessageBytes, OVERSIZE_HEAD_BYTES);
    this.#handlers = handlers;
    this.#window = new ReceiveWindow();
  }

  /** Where the next bytes go; never empty. */
  space(): Buffer {
    return this.#window.space();
  }

  /** `count` bytes were put at the start of `space()`. */
  received(count: number): void {
    if (this.#stopped) return;
    this.#window.filled(count);
    this.#window.consumed(this.#scan(), this.#maxMessageBytes);
  }

  /** Nothing more is handed out. */
  stop(): void {
    this.#stopped = true;
  }

  /** Scans what is there; answers the end of the last complete packet. */
  #scan(): number {
    const { bytes, end } = this.#window;
    let at = this.#skipOversize(end);
    while (at < end && !this.#stopped) {
      const packed = remainingLength(bytes, at, end);
      if (packed === 0) break;
      if (packed === MALFORMED) return this.#broken(at, 'a packet has an impossible length');
      const body = at + 1 + (packed & 7);
      const packetEnd = body + (packed >> 3);
      const type = bytes[at] >> 4;
      if (!this.#greeted && !this.#greet(type)) return this.#broken(at, 'what answers is not an MQTT broker');
      if (packetEnd - at > (type === PACKET_PUBLISH ? this.#maxMessageBytes : MAX_OTHER_BYTES)) {
        if (type !== PACKET_PUBLISH) return this.#broken(at, `a packet of type ${type} has ${packetEnd - at} bytes`);
        if (end - at < OVERSIZE_HEAD_BYTES) break;
        if (!this.#beginSkip(at, body, packetEnd, end)) return this.#broken(at, 'a PUBLISH packet is malformed');
        at = this.#skipOversize(end, at);
        continue;
      }
      if (packetEnd > end) {
        this.#window.need(packetEnd - at);
        break;
      }
      if (type === PACKET_PUBLISH) {
        if (!this.#publish(at, body, packetEnd)) return this.#broken(at, 'a PUBLISH packet is malformed');
      } else {
        this.#flush(at);
        this.#other(type, bytes.subarray(at, packetEnd), body - at);
      }
      at = packetEnd;
    }
    this.#flush(at);
    return at;
  }

  /** The first packet of a connection can only be CONNACK or AUTH. */
  #greet(type: number): boolean {
    this.#greeted = type === PACKET_CONNACK || type === PACKET_AUTH;
    return this.#greeted;
  }

  #publish(at: number, body: number, packetEnd: number): boolean {
    const { bytes } = this.#window;
    const header = bytes[at];
    const qos = (header >> 1) & 3;
    const index = this.#index;
    if (qos === 3 || indexPublish(bytes, header, body, packetEnd, this.#level, index, 0) === MALFORMED) return false;
    if (bytes[index[0]] === DROPPED_TOPIC_BYTES[0] && this.#isDroppedCount()) {
      this.#flush(at);
      this.#handlers.other(Buffer.from(bytes.subarray(at, packetEnd)));
      return true;
    }
    if (this.#runCount++ === 0) this.#runStart = at;
    if (qos > 0) this.#queueAck(qos === 1 ? PUBACK : PUBREC, index[4]);
    return true;
  }

  #isDroppedCount(): boolean {
    const start = this.#index[0];
    return this.#window.bytes.subarray(start, start + this.#index[1]).equals(DROPPED_TOPIC_BYTES);
  }

  #queueAck(type: number, packetId: number): void {
    if (this.#ackBytes === this.#acks.length) {
      this.#acks = Buffer.concat([this.#acks, Buffer.allocUnsafe(this.#acks.length)]);
    }
    writeAck(this.#acks, this.#ackBytes, type, packetId);
    this.#ackBytes += ACK_BYTES;
  }

  /** Hands out the PUBLISH packets gathered up to `at`. */
  #flush(at: number): void {
    const count = this.#runCount;
    if (count === 0 || this.#stopped) return;
    const acks = Buffer.from(this.#acks.subarray(0, this.#ackBytes));
    this.#runCount = 0;
    this.#ackBytes = 0;
    this.#handlers.run(this.#window.bytes.subarray(this.#runStart, at), count, acks);
  }

  #other(type: number, packet: Buffer, headerBytes: number): void {
    if (type !== PACKET_PUBREL || packet.length < headerBytes + 2) {
      this.#handlers.other(Buffer.from(packet));
      return;
    }
    const reply = Buffer.allocUnsafe(ACK_BYTES);
    writeAck(reply, 0, PUBCOMP, packet.readUInt16BE(headerBytes));
    this.#handlers.reply(reply);
  }

  /** Keeps what is told about a message that is too large; the rest of it goes by. False when it is malformed. */
  #beginSkip(at: number, body: number, packetEnd: number, end: number): boolean {
    this.#flush(at);
    const found = oversizeNote(this.#window.bytes, at, body, packetEnd, Math.min(end, packetEnd), this.#level);
    if (!found) return false;
    const acks = Buffer.alloc(found.qos > 0 ? ACK_BYTES : 0);
    if (found.qos > 0) writeAck(acks, 0, found.qos === 1 ? PUBACK : PUBREC, found.packetId);
    this.#skip = { left: packetEnd - at, note: found.note, acks };
    return true;
  }

  #skipOversize(end: number, from = 0): number {
    const skip = this.#skip;
    if (!skip) return from;
    const gone = Math.min(skip.left, end - from);
    skip.left -= gone;
    if (skip.left === 0) {
      this.#skip = undefined;
      this.#handlers.oversize(skip.note, skip.acks);
    }
    return from + gone;
  }

  #broken(at: number, detail: string): number {
    this.#flush(at);
    this.#stopped = true;
    this.#handlers.malformed(detail);
    return at;
  }
}

/** MQTT 5 allows the short form, reason "success", for all of these; it is the same four bytes as in 3.1.1. */
function writeAck(into: Uint8Array, at: number, type: number, packetId: number): void {
  into[at] = type;
  into[at + 1] = 2;
  into[at + 2] = packetId >> 8;
  into[at + 3] = packetId & 255;
}
