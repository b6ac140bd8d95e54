import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { PublishBroker } from './delivery-settings.ts';
import { retryDelayMs } from './retry-times.ts';

const CONNECT_TIMEOUT_MS = 15_000;
const CLOSE_TIMEOUT_MS = 2000;

export interface PublisherHandlers {
  /** A connection is there; what was not acknowledged on the one before has to be published again. */
  connected(): void;
  /** Why there is none: a sentence. */
  lost(why: string): void;
}

/** A connection of its own to the broker that only publishes; it comes back by itself. */
export interface Publisher {
  readonly isConnected: boolean;
  /** Publishes at QoS 1, retained; `done` is called when the broker has it, and never when the connection ends before. */
  publish(topic: string, payload: string, done: () => void): void;
  close(): Promise<void>;
}

export function openPublisher(broker: PublishBroker, handlers: PublisherHandlers): Publisher {
  let client: MqttClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let isClosed = false;

  const open = (): void => {
    const opened = connect(broker.url, optionsOf(broker));
    let why = 'the connection ended';
    client = opened;
    opened.on('connect', () => {
      failures = 0;
      handlers.connected();
    });
    opened.on('error', (error) => {
      why = error.message || ('code' in error ? String(error.code) : 'unknown error');
      opened.end(true);
    });
    // Once, whatever comes after it.
    opened.once('close', () => {
      opened.end(true);
      client = undefined;
      if (isClosed) return;
      handlers.lost(`Alerts cannot be published to the broker (${why}). They wait and are published when it is back.`);
      timer = setTimeout(open, retryDelayMs(++failures));
    });
  };
  open();

  return {
    get isConnected() {
      return client?.connected ?? false;
    },
    publish(topic, payload, done) {
      const used = client;
      used?.publish(topic, payload, { qos: 1, retain: true }, (error) => {
        if (!error && used === client) done();
      });
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      const last = client;
      if (!last) return;
      const closed = new Promise<void>((resolve) => last.end(!last.connected, {}, () => resolve()));
      const tooLong = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
      await Promise.race([closed, tooLong]);
      last.end(true);
    },
  };
}

/** Level 4, which every broker speaks; nothing is kept between connections, the outbox does that. */
function optionsOf(broker: PublishBroker): IClientOptions {
  const buffer = (bytes: Uint8Array | undefined): Buffer | undefined => bytes && Buffer.from(bytes);
  return {
    clientId: broker.clientId,
    username: broker.user,
    password: broker.password,
    ca: buffer(broker.ca),
    cert: buffer(broker.cert),
    key: buffer(broker.key),
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    queueQoSZero: false,
  };
}

/** The topic of one alert, so that the broker keeps one state of each. Signs that a topic cannot hold are written as in a URL. */
export function alertTopic(topic: string, vehicleId: string, alertId: string): string {
  const level = vehicleId.replace(/[%/+#\0]/g, (sign) => encodeURIComponent(sign));
  return `${topic}${level}/${alertId}`;
}
