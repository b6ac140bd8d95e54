import { ALERT_SOURCE } from '../model/notices.ts';
import { TOPIC_KIND, type TopicKind } from '../model/topics.ts';
import { EventRow, TEXT } from './event-row.ts';
import { SLOW_PATH, skipSpace, skipValue } from './json-bytes.ts';
import { ObjectScanner } from './object-scanner.ts';
import { DEFAULT_PROFILE, type TopicProfile } from './profile.ts';
import { SlotTable, TABLE_FULL } from './slot-table.ts';
import { type Problem, SlowDecoder } from './slow-decoder.ts';
import { TimestampReader } from './timestamp.ts';
import { TopicMatcher, UNKNOWN_TOPIC } from './topic-matcher.ts';

/** What the decoder tells its owner, in payload order. */
export interface DecodeSink {
  /** One object, valid during the call. */
  event(row: EventRow): void;
  /** One object, or the whole message, that cannot be used; [start, end) are its bytes. */
  refuse(problem: Problem, bytes: Uint8Array, start: number, end: number, kind: string): void;
  /** A path the profile does not name; told every time the slow path meets it. */
  unknownField(topicName: string, path: string): void;
}

export interface DecoderOptions {
  readonly topicPrefix?: string;
  readonly maxVehicles: number;
  /** Payloads above this many bytes are set aside, default 1 MiB. */
  readonly maxPayloadBytes?: number;
}

interface TopicDecoder {
  readonly profile: TopicProfile;
  readonly scanner: ObjectScanner | undefined;
  readonly slow: SlowDecoder;
}

const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COMMA = 44;

/** Topic and payload to events. Deterministic; owns the table of vehicle ids. Not re-entrant. */
export class Decoder {
  readonly row = new EventRow();
  vehicles: SlotTable;
  /** Event times after this are set aside: the sender's clock is ahead. Unix ms; set it before each record. */
  notAfterMs = Number.POSITIVE_INFINITY;
  readonly #topics: TopicMatcher;
  readonly #byKind = new Map<TopicKind, TopicDecoder>();
  readonly #maxPayloadBytes: number;
  readonly #maxVehicles: number;
  readonly #text = new TextDecoder();
  /** The message was an alert that a room published. */
  #isOwn = false;

  constructor(options: DecoderOptions) {
    this.#maxVehicles = options.maxVehicles;
    this.#maxPayloadBytes = options.maxPayloadBytes ?? 1 << 20;
    this.#topics = new TopicMatcher(options.topicPrefix);
    this.vehicles = new SlotTable(options.maxVehicles);
    const times = new TimestampReader();
    for (const profile of DEFAULT_PROFILE) {
      this.#byKind.set(profile.kind, {
        profile,
        scanner: profile.frequent ? new ObjectScanner(profile, times) : undefined,
        slow: new SlowDecoder(profile, times),
      });
    }
  }

  /**
   * Decodes one message and calls the sink for each object in it. Answers false when it has nothing to apply: commands, alerts
   * that a room published (they say nothing new, and must not count as having heard the vehicle), and the empty messages that take
   * such alerts away. True otherwise, the refused ones included.
   */
  message(
    bytes: Uint8Array,
    topicAt: number,
    topicLength: number,
    at: number,
    length: number,
    sink: DecodeSink,
  ): boolean {
    const end = at + length;
    this.row.open(bytes);
    const kind = this.#topics.match(this.row.view, topicAt, topicLength);
    if (kind === UNKNOWN_TOPIC) {
      sink.refuse({ reason: 'unknown-topic', detail: 'no profile for this topic' }, bytes, at, end, '');
      return true;
    }
    if (kind === TOPIC_KIND.command || (kind === TOPIC_KIND.alert && length === 0)) return false;
    this.#isOwn = false;
    const decoder = this.#byKind.get(kind)!;
    if (length > this.#maxPayloadBytes) {
      const detail = `payload of ${length} bytes, the limit is ${this.#maxPayloadBytes}`;
      sink.refuse({ reason: 'too-large', detail }, bytes, at, end, decoder.profile.name);
      return true;
    }
    const topicEnd = topicAt + topicLength;
    const start = skipSpace(bytes, at, end);
    if (bytes[start] === OPEN_BRACKET && start < end) {
      this.#array(decoder, bytes, start, end, topicEnd, sink);
      return true;
    }
    this.#single(decoder, bytes, start, end, topicEnd, sink);
    return !this.#isOwn;
  }

  #single(decoder: TopicDecoder, bytes: Uint8Array, at: number, end: number, topicEnd: number, sink: DecodeSink): void {
    this.row.reset(decoder.profile.kind, bytes);
    const p = decoder.scanner ? decoder.scanner.scan(bytes, at, end, this.row) : SLOW_PATH;
    if (p !== SLOW_PATH && skipSpace(bytes, p, end) === end) this.#accept(decoder, bytes, at, end, sink);
    else this.#slow(decoder, bytes, at, end, topicEnd, sink);
  }

  #array(decoder: TopicDecoder, bytes: Uint8Array, at: number, end: number, topicEnd: number, sink: DecodeSink): void {
    let p = skipSpace(bytes, at + 1, end);
    const isEmpty = bytes[p] === CLOSE_BRACKET && p < end;
    while (!isEmpty) {
      this.row.reset(decoder.profile.kind, bytes);
      let next = decoder.scanner ? decoder.scanner.scan(bytes, p, end, this.row) : SLOW_PATH;
      if (next !== SLOW_PATH) this.#accept(decoder, bytes, p, next, sink);
      else {
        next = skipValue(bytes, p, end);
        if (next === SLOW_PATH) {
          this.#slow(decoder, bytes, p, end, topicEnd, sink);
          return;
        }
        this.#slow(decoder, bytes, p, next, topicEnd, sink);
      }
      p = skipSpace(bytes, next, end);
      if (bytes[p] === COMMA && p < end) p = skipSpace(bytes, p + 1, end);
      else break;
    }
    if (bytes[p] !== CLOSE_BRACKET || p >= end || skipSpace(bytes, p + 1, end) !== end) {
      sink.refuse(
        { reason: 'bad-json', detail: 'the array is cut off or followed by more' },
        bytes,
        p,
        end,
        decoder.profile.name,
      );
    }
  }

  #slow(decoder: TopicDecoder, bytes: Uint8Array, at: number, end: number, topicEnd: number, sink: DecodeSink): void {
    const { profile, scanner, slow } = decoder;
    this.row.reset(profile.kind, bytes);
    const topicVehicle = this.#text.decode(bytes.subarray(this.#topics.vehicleAt, topicEnd));
    const { problem, unknown } = slow.decode(bytes, at, end, this.row, topicVehicle);
    if (profile.kind === TOPIC_KIND.alert && this.row.text(TEXT.source) === ALERT_SOURCE) {
      this.#isOwn = true;
      return;
    }
    for (const path of unknown) {
      sink.unknownField(profile.name, path);
      scanner?.ignore(path.split('.', 1)[0]);
    }
    if (problem) sink.refuse(problem, bytes, at, end, profile.name);
    else this.#accept(decoder, bytes, at, end, sink);
  }

  #accept(decoder: TopicDecoder, bytes: Uint8Array, at: number, end: number, sink: DecodeSink): void {
    const { row } = this;
    if (row.timeMs > this.notAfterMs) {
      const time = new Date(row.timeMs).toISOString();
      const detail = `the message says ${time}, later than its arrival allows; check the device's clock`;
      sink.refuse({ reason: 'future-clock', detail }, bytes, at, end, decoder.profile.name);
      return;
    }
    row.slot = this.vehicles.lookup(row.view, row.textStart[TEXT.vehicleId], row.textLength[TEXT.vehicleId]);
    if (row.slot === TABLE_FULL) {
      const detail = `vehicle ${row.text(TEXT.vehicleId)} would be one more than ${this.#maxVehicles}`;
      sink.refuse({ reason: 'vehicle-limit', detail, field: 'vehicle_id' }, bytes, at, end, decoder.profile.name);
    } else sink.event(row);
  }
}
