import { readFileSync } from 'node:fs';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';

export interface ConnectOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** PEM files. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Messages that should fit between us and the broker; see `connect`. */
  readonly wantedInFlight: number;
  /** Told while the broker cannot be reached. */
  onTrouble(message: string): void;
}

export interface Connection {
  readonly client: MqttClient;
  readonly protocolVersion: 4 | 5;
}

const RETRY_MS = 1000;
/** MQTT 3.1.1: wrong protocol; MQTT 5: unsupported protocol version. */
const WRONG_VERSION = new Set([1, 132]);

type Outcome = { receiveMaximum: number | undefined } | { code: number | undefined; error: Error };

/**
 * Connects with MQTT 5, or 3.1.1 where the broker speaks no MQTT 5 or takes only a few messages at once under it
 * (mosquitto's default is 20, which a round trip of 40 ms turns into 500 messages/s). Waits for a broker that is not there
 * yet; rejects with a plain sentence when it refuses or its certificate is not accepted. The client reconnects by itself.
 */
export async function connect(options: ConnectOptions, signal?: AbortSignal): Promise<Connection> {
  const tls = readCertificates(options);
  let version: 4 | 5 = 5;
  for (;;) {
    signal?.throwIfAborted();
    const client = mqtt.connect(options.url, { ...clientOptions(options, tls), protocolVersion: version });
    const outcome = await firstAnswer(client);
    if ('receiveMaximum' in outcome) {
      const enough = (outcome.receiveMaximum ?? 65_535) >= options.wantedInFlight;
      if (version === 4 || enough) return { client: lasting(client), protocolVersion: version };
      version = 4;
      await client.endAsync();
      continue;
    }
    await client.endAsync(true);
    const { code, error } = outcome;
    if (version === 5 && (code === undefined ? error.message === CLOSED : WRONG_VERSION.has(code))) version = 4;
    else if (code !== undefined) throw new Error(`${options.url} refused the connection: ${refusal(code, error)}`);
    else if (isCertificateError(error)) throw new Error(certificateSentence(options.url, error));
    else {
      options.onTrouble(`no broker at ${options.url} yet (${reason(error)}); trying again`);
      version = 5;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

const CLOSED = 'connection closed';

function clientOptions(options: ConnectOptions, tls: Pick<IClientOptions, 'ca' | 'cert' | 'key'>): IClientOptions {
  return {
    ...tls,
    username: options.user,
    password: options.password,
    clientId: `fleet-${process.pid}-${Date.now().toString(36)}`,
    keepalive: 60,
    connectTimeout: 10_000,
    reconnectPeriod: 0,
    reconnectOnConnackError: true,
  };
}

function readCertificates(options: ConnectOptions): Pick<IClientOptions, 'ca' | 'cert' | 'key'> {
  const read = (flag: string, file: string | undefined) => {
    if (file === undefined) return undefined;
    try {
      return readFileSync(file);
    } catch (error) {
      throw new Error(`--${flag}: cannot read ${file}: ${reason(error as Error)}`);
    }
  };
  return { ca: read('ca', options.caFile), cert: read('cert', options.certFile), key: read('key', options.keyFile) };
}

function firstAnswer(client: MqttClient): Promise<Outcome> {
  return new Promise((resolve) => {
    client.once('connect', (packet) => resolve({ receiveMaximum: packet.properties?.receiveMaximum }));
    client.on('error', (error) => {
      const code = (error as { code?: unknown }).code;
      resolve({ code: typeof code === 'number' ? code : undefined, error });
    });
    client.once('close', () => resolve({ code: undefined, error: new Error(CLOSED) }));
  });
}

function lasting(client: MqttClient): MqttClient {
  client.options.reconnectPeriod = RETRY_MS;
  return client;
}

function refusal(code: number, error: Error): string {
  if (code === 4 || code === 134) return 'wrong user name or password. Check --user and --password.';
  if (code === 5 || code === 135) return 'not allowed. Check --user, --password and the broker’s access list.';
  return `${error.message} (code ${code}).`;
}

function isCertificateError(error: Error): boolean {
  const code = String((error as { code?: unknown }).code ?? '');
  return /CERT|SSL|TLS|SIGNATURE|ISSUER/.test(code);
}

function certificateSentence(url: string, error: Error): string {
  return `the certificate of ${url} or ours is not accepted: ${error.message}. Check --ca, --cert and --key.`;
}

function reason(error: Error): string {
  return (error as { code?: string }).code ?? error.message;
}
