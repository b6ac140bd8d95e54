import { type JournalRecord, RECORD_KIND, type RecordKind } from '../../core/model/records.ts';

/** Bytes of PUBLISH packets per record: about what one read of a busy socket brings. */
const RECORD_BYTES = 64 * 1024;
const HEAD_BYTES = 28;
const MQTT_LEVEL = 5;
const QOS_1 = 0x32;
const NOTHING = new Uint8Array(0);

/**
 * Gives messages to a room as the records its journal would hold: PUBLISH packets at QoS 1 in runs, and a tick a second. A
 * payload is valid only until the next record: nothing is kept.
 */
export class RecordWriter {
  messages = 0;
  readonly #out: (record: JournalRecord) => void;
  readonly #run = Buffer.allocUnsafe(2 * RECORD_BYTES);
  #runBytes = 0;
  #runCount = 0;
  #position = 0;
  #lastMs: number;
  #tickMs: number;

  constructor(startMs: number, out: (record: JournalRecord) => void) {
    this.#out = out;
    this.#lastMs = startMs;
    this.#tickMs = startMs + 1000;
  }

  /** A change of rules, reference data or settings. */
  change(kind: RecordKind, change: object): void {
    this.#record(kind, 0, 0, this.#lastMs, Buffer.from(JSON.stringify(change)));
  }

  /** A message that is received at `timeMs` (Unix ms), after the ticks up to then. Latin-1 only. */
  message(topic: string, payload: string, timeMs: number): void {
    this.until(timeMs);
    this.#lastMs = timeMs;
    this.messages++;
    this.#writePublish(topic, payload);
    if (this.#runBytes >= RECORD_BYTES) this.#closeRun();
  }

  /** All that was received by `timeMs`, and the ticks up to then. */
  until(timeMs: number): void {
    while (timeMs >= this.#tickMs) {
      this.#closeRun();
      this.#record(RECORD_KIND.tick, 1, 0, this.#tickMs, NOTHING);
      this.#tickMs += 1000;
    }
  }

  #closeRun(): void {
    if (this.#runCount === 0) return;
    const payload = this.#run.subarray(0, this.#runBytes);
    this.#record(RECORD_KIND.publish, MQTT_LEVEL, this.#runCount, this.#lastMs, payload);
    this.#runBytes = 0;
    this.#runCount = 0;
  }

  #writePublish(topic: string, payload: string): void {
    const into = this.#run;
    let at = this.#runBytes;
    into[at++] = QOS_1;
    let length = 2 + topic.length + 2 + 1 + payload.length;
    for (; length > 127; length >>= 7) into[at++] = (length & 127) | 128;
    into[at++] = length;
    at = into.writeUInt16BE(topic.length, at);
    at += into.write(topic, at, 'latin1');
    at = into.writeUInt16BE((this.messages % 65_535) + 1, at);
    into[at++] = 0;
    this.#runBytes = at + into.write(payload, at, 'latin1');
    this.#runCount++;
  }

  #record(kind: RecordKind, flags: number, count: number, receivedMs: number, payload: Uint8Array): void {
    const position = this.#position;
    this.#position += HEAD_BYTES + payload.length;
    this.#out({ position, nextPosition: this.#position, kind, flags, count, receivedMs, payload });
  }
}
