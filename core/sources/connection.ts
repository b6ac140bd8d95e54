import { type IClientOptions, MqttClient } from 'mqtt';
import type { BrokerAddress } from './broker-address.ts';
import { FastPath, type FastPathHandlers } from './fast-path.ts';
import { DROPPED_TOPIC } from './frame-scanner.ts';
import type { TlsFiles } from './open-socket.ts';

const CONNECT_TIMEOUT_MS = 15_000;
const END_TIMEOUT_MS = 3000;
const REFUSED = 0x80;

export interface ConnectionOptions {
  readonly address: BrokerAddress;
  readonly tls: TlsFiles;
  readonly user?: string;
  readonly password?: string;
  readonly clientId: string;
  readonly level: 4 | 5;
  /** As sent to the broker, share group included. */
  readonly filters: readonly string[];
  readonly receiveMaximum: number;
  readonly sessionExpirySeconds: number;
  readonly keepAliveSeconds: number;
  readonly maxMessageBytes: number;
  readonly coalesceMs: number;
  /** Also ask for the broker's count of dropped messages. */
  readonly watchDropped: boolean;
  /** When the broker refuses subscriptions they are asked for again after this long. */
  readonly resubscribeMs: number;
}

/** How a connection ended, or why it never came to be. */
export interface ConnectionEnd {
  readonly error?: Error;
  /** Error code of the system, TLS or Node. */
  readonly code?: string;
  /** Reason (MQTT 5) or return code (3.1.1) with which the broker refused CONNECT. */
  readonly refusedWith?: number;
  /** Reason with which the broker disconnected (MQTT 5). */
  readonly disconnectedWith?: number;
  /** The stream was no MQTT. */
  readonly malformed?: string;
  /** TCP (and TLS) had been connected. */
  readonly reached: boolean;
  /** The broker had accepted CONNECT. */
  readonly accepted: boolean;
  /** It ended while the broker was asked for its count of dropped messages: some hang up on that. */
  readonly whileAskingDropped: boolean;
}

export interface ConnectionHandlers extends Pick<FastPathHandlers, 'run' | 'oversize'> {
  /** The broker has answered the subscriptions; `refused` names those it did not allow. Again after each further attempt. */
  subscribed(refused: string[]): void;
  dropped(messages: number): void;
  /** Called once. */
  ended(end: ConnectionEnd): void;
}

export interface Connection {
  acknowledge(acks: Uint8Array): void;
  /** Stops and goes on reading. Keep-alive goes on meanwhile. */
  hold(): void;
  release(): void;
  /** Says goodbye, keeping the session on the broker; resolves when the connection is closed. */
  end(): Promise<void>;
}

/**
 * Makes one connection to the broker: connects, subscribes, and hands messages out until it ends. No retries.
 *
 * Keep-alive: mqtt.js sends a PINGREQ when its timer says so and gives up when the answer does not come, but the answer
 * waits behind the messages: unread while reading is held, and late under a flood. So at every half interval in which
 * reading was held or bytes came in, the ping is sent and mqtt.js' timer put back; it watches silent connections only.
 */
export function openConnection(options: ConnectionOptions, handlers: ConnectionHandlers): Connection {
  let path: FastPath | undefined;
  let held = false;
  let wantsHold = false;
  let accepted = false;
  let askingDropped = false;
  let over = false;
  let keepAlive: NodeJS.Timeout | undefined;
  let resubscribe: NodeJS.Timeout | undefined;
  const cause: { error?: Error; refusedWith?: number; disconnectedWith?: number; malformed?: string } = {};

  const client = new MqttClient(() => {
    path = new FastPath(options, {
      run: handlers.run,
      oversize: handlers.oversize,
      malformed(detail) {
        cause.malformed = detail;
        path?.destroy();
      },
    });
    return path;
  }, clientOptions(options));

  const finish = () => {
    if (over) return;
    over = true;
    clearInterval(keepAlive);
    clearTimeout(resubscribe);
    const { error } = cause;
    const code = error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    handlers.ended({ ...cause, code, reached: path?.reached ?? false, accepted, whileAskingDropped: askingDropped });
  };

  client.on('error', (error) => {
    cause.error ??= error;
    if (!accepted && 'code' in error && typeof error.code === 'number') cause.refusedWith ??= error.code;
  });
  client.on('disconnect', (packet) => {
    cause.disconnectedWith = packet.reasonCode ?? 0;
  });
  client.on('message', (topic, payload) => {
    if (topic === DROPPED_TOPIC) handlers.dropped(Number(payload.toString()));
  });
  client.on('close', finish);
  client.on('connect', () => {
    accepted = true;
    subscribe();
  });

  function subscribe(): void {
    // rh 1: the broker sends retained messages for a new subscription only, not for one the session already has.
    const wanted = { qos: 1, rh: 1 } as const;
    client.subscribe([...options.filters], wanted, (error, _granted, packet) => {
      const refused = options.filters.filter((_, i) => Number(packet?.granted[i] ?? 0) >= REFUSED);
      if (over || (error && refused.length === 0)) return;
      handlers.subscribed(refused);
      if (wantsHold && !held) applyHold();
      if (refused.length > 0) resubscribe = setTimeout(subscribe, options.resubscribeMs);
      else if (options.watchDropped) askDropped();
    });
  }

  function askDropped(): void {
    askingDropped = true;
    client.subscribe(DROPPED_TOPIC, { qos: 0 }, () => {
      if (!over) askingDropped = false;
    });
  }

  function applyHold(): void {
    held = true;
    path?.hold();
  }

  function watchKeepAlive(): void {
    let before = 0;
    keepAlive = setInterval(
      () => {
        const received = path?.bytesReceived ?? 0;
        if (client.connected && (held || received > before)) {
          client.sendPing();
          client.reschedulePing(true);
        }
        before = received;
      },
      (options.keepAliveSeconds * 1000) / 2,
    );
    keepAlive.unref();
  }

  try {
    client.connect();
    watchKeepAlive();
  } catch (error) {
    cause.error = error instanceof Error ? error : new Error(String(error));
    setImmediate(finish);
  }

  return {
    acknowledge: (acks) => path?.acknowledge(acks),
    hold() {
      wantsHold = true;
      // The handshake is read first: a connection on hold before it was made would time out.
      if (accepted && !held) applyHold();
    },
    release() {
      wantsHold = false;
      if (!held) return;
      held = false;
      client.reschedulePing(true);
      path?.release();
    },
    async end() {
      if (over || !path) return;
      clearTimeout(resubscribe);
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
      const timer = setTimeout(() => path?.destroy(), END_TIMEOUT_MS);
      // Its answers are not read any more; waiting for them would delay the goodbye.
      for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
      client.end(!accepted);
      await closed;
      clearTimeout(timer);
    },
  };
}

function clientOptions(options: ConnectionOptions): IClientOptions {
  return {
    manualConnect: true,
    reconnectPeriod: 0,
    resubscribe: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    timerVariant: 'native',
    protocolVersion: options.level,
    clientId: options.clientId,
    clean: false,
    keepalive: options.keepAliveSeconds,
    username: options.user,
    password: options.password,
    // No topicAliasMaximum: without one the broker may not use topic aliases, which a raw PUBLISH could not be read without.
    properties:
      options.level === 5
        ? { receiveMaximum: options.receiveMaximum, sessionExpiryInterval: options.sessionExpirySeconds }
        : undefined,
  };
}
