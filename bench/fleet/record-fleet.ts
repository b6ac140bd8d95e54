import { type JournalRecord, RECORD_KIND, type RecordKind } from '../../core/model/records.ts';
import { createFleet } from '../../simulator/fleet.ts';

/** Bytes of PUBLISH packets per record: about what one read of a busy socket brings. */
const RECORD_BYTES = 64 * 1024;
const MQTT_LEVEL = 5;
const QOS_1 = 0x32;
export const FLEET_SEED = 'bench';
/** Event time of the first message: any fixed time will do, so that every run sees the same bytes. */
export const START_MS = Date.UTC(2026, 2, 1, 10);

/** What a fleet sent, as journal records: PUBLISH packets at QoS 1 in runs, and a tick a second. */
export interface Recording {
  readonly records: readonly JournalRecord[];
  /** PUBLISH packets in them. */
  readonly messages: number;
  /** Bytes of PUBLISH packets. */
  readonly bytes: number;
}

/** Records `messages` messages of a seeded fleet of the simulator. Same arguments, same bytes. */
export function recordFleet(vehicles: number, messages: number): Recording {
  const records = [...fleetRecords(vehicles, messages)];
  const sum = (of: (record: JournalRecord) => number): number => records.reduce((total, r) => total + of(r), 0);
  return { records, messages: sum((r) => r.count), bytes: sum((r) => r.payload.length) };
}

/** Like `recordFleet`, one record after the other: at least `messages` messages, one fix a second and a status every ten. */
export function* fleetRecords(vehicles: number, messages: number): Generator<JournalRecord, void, void> {
  const fleet = createFleet({ vehicles, rate: 1, seed: FLEET_SEED, startMs: START_MS });
  const recorder = new Recorder();
  while (recorder.messages < messages) {
    fleet.step((kind, payload, _vehicle, timeMs) => recorder.add(fleet.topics[kind], payload, timeMs));
    yield* recorder.finished.splice(0);
  }
  recorder.closeRun();
  yield* recorder.finished;
}

class Recorder {
  messages = 0;
  readonly finished: JournalRecord[] = [];
  readonly #run = Buffer.allocUnsafe(RECORD_BYTES * 2);
  #runBytes = 0;
  #runCount = 0;
  #position = 0;
  #lastMs = START_MS;
  #tickMs = START_MS + 1000;

  add(topic: string, payload: string, timeMs: number): void {
    while (timeMs >= this.#tickMs) {
      this.closeRun();
      this.#push(RECORD_KIND.tick, 1, 0, this.#tickMs, new Uint8Array(0));
      this.#tickMs += 1000;
    }
    this.#lastMs = timeMs;
    this.messages++;
    this.#runBytes = writePublish(this.#run, this.#runBytes, topic, payload, (this.messages % 65_535) + 1);
    this.#runCount++;
    if (this.#runBytes >= RECORD_BYTES) this.closeRun();
  }

  closeRun(): void {
    if (this.#runCount === 0) return;
    const payload = Uint8Array.from(this.#run.subarray(0, this.#runBytes));
    this.#push(RECORD_KIND.publish, MQTT_LEVEL, this.#runCount, this.#lastMs, payload);
    this.#runBytes = 0;
    this.#runCount = 0;
  }

  #push(kind: RecordKind, flags: number, count: number, receivedMs: number, payload: Uint8Array): void {
    const position = this.#position;
    this.#position += 28 + payload.length;
    this.finished.push({ position, nextPosition: this.#position, kind, flags, count, receivedMs, payload });
  }
}

/** Writes a PUBLISH of MQTT 5 at QoS 1 without properties; answers where it ends. */
function writePublish(into: Buffer, at: number, topic: string, payload: string, packetId: number): number {
  let length = 2 + topic.length + 2 + 1 + Buffer.byteLength(payload);
  let p = at;
  into[p++] = QOS_1;
  for (; length > 127; length >>= 7) into[p++] = (length & 127) | 128;
  into[p++] = length;
  p = into.writeUInt16BE(topic.length, p);
  p += into.write(topic, p, 'latin1');
  p = into.writeUInt16BE(packetId, p);
  into[p++] = 0;
  return p + into.write(payload, p, 'utf8');
}
