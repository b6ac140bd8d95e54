import type { BrokerState, BrokerStatus } from '../model/broker.ts';
import type { OversizeNote } from '../model/records.ts';
import { type BackOff, createBackOff } from './back-off.ts';
import { type BrokerAddress, isSecure, parseBrokerUrl } from './broker-address.ts';
import { describeTrouble, isSilentRefusal, isVersionRefusal } from './broker-troubles.ts';
import { type Connection, type ConnectionEnd, openConnection } from './connection.ts';

/** A connection that held this long was a good one: the next attempt after it comes quickly. */
const GOOD_CONNECTION_MS = 10_000;
/** So many connections in a row lost before that, without a reason: two clients push each other out (3.1.1 has no word for it). */
const SHORT_CONNECTIONS = 3;
const CLOSE_WAIT_MS = 5000;
const RETRY_MAX_MS = 30_000;

export interface MqttSourceOptions {
  /** `mqtt://`, `mqtts://`, `tcp://`, `tls://`, `ws://` or `wss://`; user and password may be in it. */
  readonly url: string;
  /** PEM contents. */
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly user?: string;
  readonly password?: string;
  /** The broker keeps the session (subscriptions and what was not acknowledged) under it. */
  readonly clientId: string;
  readonly filters: readonly string[];
  /** Subscribe as one of a group that shares the messages. */
  readonly shareGroup?: string;
  /** Messages the broker may send ahead of their acknowledgement (MQTT 5); default 65,535. */
  readonly receiveMaximum?: number;
  /** How long the broker keeps the session of a room that is away (MQTT 5); default 24 h. */
  readonly sessionExpirySeconds?: number;
  readonly keepAliveSeconds?: number;
  /** Larger messages are not kept: reported by topic, size and first bytes; default 8 MiB, at least 128 KiB. */
  readonly maxMessageBytes?: number;
  /** Rest between reads, so that many messages arrive together; default 2 ms. */
  readonly coalesceMs?: number;
  /** Waits between attempts: the first and the longest; default 1 s and 30 s. */
  readonly retryFirstMs?: number;
  readonly retryMaxMs?: number;
}

/** Where messages go. All calls come from the event loop of the thread that opened the source. */
export interface MqttSink {
  /**
   * `count` raw PUBLISH packets of MQTT level `level`, one after the other; valid during the call only. `acknowledge` sends
   * their acknowledgements in one batch, now or later; nothing happens when it is called twice or the connection has gone
   * (the broker then sends them again). A packet is sent again too when it was received but not acknowledged.
   */
  run(bytes: Uint8Array, count: number, level: 4 | 5, acknowledge: () => void): void;
  /** A message that is too large, once it has gone by. */
  oversize(note: OversizeNote, acknowledge: () => void): void;
  /** The connection's state has changed. */
  status(status: BrokerStatus): void;
}

export interface MqttSource {
  readonly status: BrokerStatus;
  /** Messages received since the source was opened, those that are too large and redeliveries included. */
  readonly received: number;
  /** Bytes of the messages received. */
  readonly bytes: number;
  /** Connections made after the first. */
  readonly reconnects: number;
  /** Messages the broker says it has dropped (for all its clients), when it says so. */
  readonly brokerDropped: number | undefined;
  /** Stops reading, for a reader that cannot keep up: the broker holds what comes. The connection is kept alive. */
  pause(): void;
  resume(): void;
  /** Waits (at most 5 s) for acknowledgements still to come and disconnects; the session stays on the broker. */
  close(): Promise<void>;
}

/**
 * Opens a connection to the broker and keeps it: reconnects for ever, waiting longer each time. Answers at once; how it goes is told to
 * `sink.status`. Throws when the options cannot be right, with a sentence.
 */
export function openMqttSource(options: MqttSourceOptions, sink: MqttSink): MqttSource {
  const address = parseBrokerUrl(options.url);
  checkOptions(options, address);
  const source = new Source(options, address, sink);
  source.connect();
  return source;
}

function checkOptions(options: MqttSourceOptions, address: BrokerAddress): void {
  if (!isSecure(address.carrier) && (options.ca || options.cert || options.key)) {
    throw new Error(`A certificate was given, but ${address.shown} is not encrypted. Use mqtts:// or wss://.`);
  }
  if ((options.cert === undefined) !== (options.key === undefined)) {
    throw new Error('A client certificate needs both its certificate (--cert) and its key (--key).');
  }
}

class Source implements MqttSource {
  readonly #options: MqttSourceOptions;
  readonly #address: BrokerAddress;
  readonly #sink: MqttSink;
  readonly #backOff: BackOff;
  #connection: Connection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #level: 4 | 5 = 5;
  #levelWorks = false;
  #triedBothLevels = false;
  #watchDropped = true;
  #connections = 0;
  #subscribedAtMs = 0;
  #shortConnections = 0;
  #paused = false;
  #stopped = false;
  /** Runs of the connection that is open now whose acknowledgement has not been sent. */
  #unacknowledged = 0;
  #allAcknowledged: (() => void) | undefined;
  status: BrokerStatus = { state: 'connecting', detail: '' };
  received = 0;
  bytes = 0;
  brokerDropped: number | undefined;

  constructor(options: MqttSourceOptions, address: BrokerAddress, sink: MqttSink) {
    this.#options = options;
    this.#address = address;
    this.#sink = sink;
    this.#backOff = createBackOff(options.retryFirstMs ?? 1000, options.retryMaxMs ?? RETRY_MAX_MS);
  }

  get reconnects(): number {
    return Math.max(0, this.#connections - 1);
  }

  connect(): void {
    this.#retry = undefined;
    const o = this.#options;
    const level = this.#level;
    this.#unacknowledged = 0;
    this.#subscribedAtMs = 0;
    const connection = openConnection(
      {
        address: this.#address,
        tls: { ca: o.ca, cert: o.cert, key: o.key },
        user: o.user ?? this.#address.user,
        password: o.password ?? this.#address.password,
        clientId: o.clientId,
        level,
        filters: o.shareGroup ? o.filters.map((f) => `$share/${o.shareGroup}/${f}`) : o.filters,
        receiveMaximum: o.receiveMaximum ?? 65_535,
        sessionExpirySeconds: o.sessionExpirySeconds ?? 86_400,
        keepAliveSeconds: o.keepAliveSeconds ?? 60,
        maxMessageBytes: o.maxMessageBytes ?? 8 * 2 ** 20,
        coalesceMs: o.coalesceMs ?? 2,
        watchDropped: this.#watchDropped,
        resubscribeMs: o.retryMaxMs ?? RETRY_MAX_MS,
      },
      {
        run: (bytes, count, acks) => {
          this.received += count;
          this.bytes += bytes.length;
          this.#sink.run(
            bytes,
            count,
            level,
            this.#acknowledger(() => connection, acks),
          );
        },
        oversize: (note, acks) => {
          this.received++;
          this.bytes += note.bytes;
          this.#sink.oversize(
            note,
            this.#acknowledger(() => connection, acks),
          );
        },
        subscribed: (refused) => this.#subscribed(refused),
        dropped: (messages) => {
          if (Number.isFinite(messages)) this.brokerDropped = messages;
        },
        ended: (end) => this.#ended(end),
      },
    );
    this.#connection = connection;
  }

  pause(): void {
    this.#paused = true;
    this.#connection?.hold();
  }

  resume(): void {
    this.#paused = false;
    this.#connection?.release();
  }

  async close(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#retry);
    const connection = this.#connection;
    if (connection) {
      connection.hold();
      await this.#acknowledged();
      await connection.end();
    }
    this.#tell('stopped', '');
  }

  /** What acknowledges one run: once, and only on the connection it came from. */
  #acknowledger(connection: () => Connection, acks: Uint8Array): () => void {
    if (acks.length === 0) return nothing;
    this.#unacknowledged++;
    let pending = true;
    return () => {
      if (!pending) return;
      pending = false;
      if (this.#connection !== connection()) return;
      connection().acknowledge(acks);
      if (--this.#unacknowledged === 0) this.#allAcknowledged?.();
    };
  }

  #acknowledged(): Promise<void> {
    if (this.#unacknowledged === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, CLOSE_WAIT_MS);
      this.#allAcknowledged = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #subscribed(refused: string[]): void {
    if (this.#subscribedAtMs === 0) this.#connections++;
    this.#levelWorks = true;
    this.#subscribedAtMs = performance.now();
    if (this.#paused || this.#stopped) this.#connection?.hold();
    if (refused.length === 0) {
      this.#tell('connected', '');
      return;
    }
    const all = refused.length === this.#options.filters.length;
    const detail = `The broker at ${this.#address.shown} does not let this user read ${refused.join(', ')}. Ask for the right to; it is tried again by itself.`;
    this.#tell(all ? 'refused' : 'connected', detail);
  }

  #ended(end: ConnectionEnd): void {
    this.#connection = undefined;
    this.#unacknowledged = 0;
    this.#allAcknowledged?.();
    if (this.#stopped) return;
    if (end.whileAskingDropped) this.#watchDropped = false;
    this.#judge(end);
    if (this.#tryOtherLevel(end)) {
      this.connect();
      return;
    }
    const often = this.#shortConnections >= SHORT_CONNECTIONS;
    const trouble = describeTrouble(end, this.#address, this.#options.clientId, often);
    this.#tell(trouble.state, trouble.detail);
    const waitMs = trouble.slow ? this.#backOff.slow() : this.#backOff.next();
    this.#retry = setTimeout(() => this.connect(), waitMs);
  }

  #judge(end: ConnectionEnd): void {
    if (!end.accepted) return;
    const short = performance.now() - this.#subscribedAtMs < GOOD_CONNECTION_MS;
    this.#shortConnections = short && end.disconnectedWith === undefined ? this.#shortConnections + 1 : 0;
    if (!short) this.#backOff.reset();
  }

  /** MQTT 5 first; what a broker has once accepted is kept. Each wait is followed by one attempt with either. */
  #tryOtherLevel(end: ConnectionEnd): boolean {
    const refused = isVersionRefusal(end) || (!this.#levelWorks && isSilentRefusal(end));
    if (!refused) return false;
    this.#level = this.#level === 5 ? 4 : 5;
    this.#triedBothLevels = !this.#triedBothLevels;
    return this.#triedBothLevels;
  }

  #tell(state: BrokerState, detail: string): void {
    if (this.status.state === state && this.status.detail === detail) return;
    this.status = { state, detail };
    this.#sink.status(this.status);
  }
}

function nothing(): void {}
