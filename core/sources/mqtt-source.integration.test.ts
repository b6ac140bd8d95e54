import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { freePort, type Mosquitto, startMosquitto } from '../../scripts/mosquitto.ts';
import { DROPPED_TOPIC } from './frame-scanner.ts';
import { openMqttSource } from './mqtt-source.ts';
import { createAuthority } from './testing/certificates.ts';
import { openProbe, type Probe } from './testing/source-probe.ts';

async function broker(config?: string): Promise<Mosquitto> {
  const mosquitto = await startMosquitto({ config });
  onTestFinished(() => mosquitto.stop());
  return mosquitto;
}

function probe(options: Parameters<typeof openProbe>[0]): Probe {
  const opened = openProbe(options);
  onTestFinished(() => opened.source.close());
  return opened;
}

async function publisher(port: number): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  onTestFinished(() => client.endAsync(true));
  return client;
}

function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-source-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The protocol level stands behind the name, at byte 8 of CONNECT (its length takes one byte here). */
function hangUpOnMqtt5(socket: Socket, aedes: Aedes): void {
  socket.once('data', (data) => {
    if (data[8] === 5) return socket.destroy();
    socket.pause();
    socket.unshift(data);
    aedes.handle(socket);
  });
}

const texts = (p: Probe) => p.messages.map((m) => m.text);
const url = (port: number, scheme = 'mqtt') => `${scheme}://127.0.0.1:${port}`;

describe('a broker', () => {
  it('delivers what it kept while the room was away', async () => {
    const { port } = await broker();
    const first = openProbe({ url: url(port) });
    await first.untilState('connected');
    await first.source.close();
    expect(first.source.status.state).toBe('stopped');
    const client = await publisher(port);
    for (let i = 0; i < 50; i++) await client.publishAsync('fleet/a', `away ${i}`, { qos: 1 });
    const second = probe({ url: url(port) });
    await second.until((p) => p.messages.length === 50);
    expect(texts(second)).toEqual(Array.from({ length: 50 }, (_, i) => `away ${i}`));
    expect(second.source.received).toBe(50);
    expect(second.runs[0].level).toBe(5);
  });

  it('sends again, to whom takes the session over, what was not acknowledged', async () => {
    const { port } = await broker();
    const client = await publisher(port);
    const once = { retryFirstMs: 3_600_000, retryMaxMs: 3_600_000 };
    const first = probe({ url: url(port), ...once });
    first.holdAcks = true;
    await first.untilState('connected');
    await client.publishAsync('fleet/a', 'acknowledged', { qos: 1 });
    await first.until((p) => p.heldAcks.length === 1);
    await client.publishAsync('fleet/a', 'not acknowledged', { qos: 1 });
    await first.until((p) => p.heldAcks.length === 2);
    first.heldAcks[0]();
    first.heldAcks[0]();
    // The broker has read that acknowledgement once it answers what was sent after it.
    await client.publishAsync('fleet/a', 'also not acknowledged', { qos: 2 });
    await first.until((p) => p.messages.length === 3);
    const second = probe({ url: url(port), ...once });
    await first.untilState('reconnecting', /was lost/);
    await second.until((p) => p.messages.length >= 2);
    expect(texts(second)).toEqual(['not acknowledged', 'also not acknowledged']);
    expect(second.messages.every((m) => m.dup)).toBe(true);
    first.heldAcks[1]();
    expect(second.source.received).toBe(2);
  });

  it('with two clients of one id is found out', async () => {
    const { port } = await broker();
    const one = probe({ url: url(port) });
    const two = probe({ url: url(port) });
    const found = (p: Probe) =>
      p.statuses.some((s) => /another client has the same id "room-under-test"/.test(s.detail));
    await Promise.race([one.until(found), two.until(found)]);
  });

  it('that comes up later is found, and found again after kill -9 and restart', async () => {
    const mosquitto = await broker();
    await mosquitto.kill();
    const p = probe({ url: url(mosquitto.port) });
    await p.untilState('reconnecting', /connection refused/);
    await mosquitto.restart();
    await p.untilState('connected');
    const client = await publisher(mosquitto.port);
    await client.publishAsync('fleet/a', 'before', { qos: 1 });
    await p.until(() => p.messages.length === 1);
    await mosquitto.kill();
    await p.untilState('reconnecting');
    await mosquitto.restart();
    await p.untilState('connected');
    expect(p.source.reconnects).toBe(1);
    const again = await publisher(mosquitto.port);
    await again.publishAsync('fleet/a', 'after', { qos: 1 });
    await p.until(() => texts(p).includes('after'));
  });

  it('that restarts properly keeps the session and what was published for it', async () => {
    const mosquitto = await broker();
    const first = openProbe({ url: url(mosquitto.port) });
    await first.untilState('connected');
    await first.source.close();
    const client = await publisher(mosquitto.port);
    await client.publishAsync('fleet/a', 'kept over the restart', { qos: 1 });
    await client.endAsync(true);
    await mosquitto.restart();
    const second = probe({ url: url(mosquitto.port) });
    await second.until((p) => p.messages.length === 1);
    expect(texts(second)).toEqual(['kept over the restart']);
  });

  it('is asked for QoS 0, 1 and 2 messages alike, and shared subscriptions', async () => {
    const { port } = await broker();
    const p = probe({ url: url(port), shareGroup: 'rooms' });
    const q = probe({ url: url(port), shareGroup: 'rooms', clientId: 'the other room' });
    await Promise.all([p.untilState('connected'), q.untilState('connected')]);
    const client = await publisher(port);
    for (let i = 0; i < 30; i++) await client.publishAsync('fleet/a', `${i}`, { qos: (i % 3) as 0 | 1 | 2 });
    const both = () => p.messages.length + q.messages.length === 30;
    await Promise.race([p.until(both), q.until(both)]);
    expect(p.messages.length).toBeGreaterThan(0);
    expect(q.messages.length).toBeGreaterThan(0);
  });

  it('tells how many messages it has dropped, which is no message of the fleet', async () => {
    const { port } = await broker('sys_interval 1');
    const p = probe({ url: url(port) });
    await p.untilState('connected');
    const client = await publisher(port);
    await client.subscribeAsync(DROPPED_TOPIC);
    await new Promise<void>((resolve) => client.on('message', () => resolve()));
    await client.publishAsync('fleet/a', 'after', { qos: 1 });
    await p.until(() => p.messages.length > 0);
    expect(texts(p)).toEqual(['after']);
    expect(p.source.brokerDropped).toBe(0);
  });

  it.each([
    ['refuses', (socket: Socket, aedes: Aedes) => aedes.handle(socket)],
    ['hangs up on', hangUpOnMqtt5],
  ])('that %s MQTT 5 is spoken to in 3.1.1', async (_, handle) => {
    const aedes = await Aedes.createBroker();
    const server = createServer((socket) => handle(socket, aedes)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    onTestFinished(() => new Promise<void>((resolve) => aedes.close(resolve)));
    const { port } = server.address() as AddressInfo;
    const p = probe({ url: url(port) });
    await p.untilState('connected');
    expect(p.statuses).toEqual([{ state: 'connected', detail: '' }]);
    const client = await publisher(port);
    await client.publishAsync('fleet/a', 'hello', { qos: 1 });
    await p.until(() => p.messages.length === 1);
    expect(p.runs[0].level).toBe(4);
  });

  it('that refuses subscriptions is asked again, and the refusal said', async () => {
    const aedes = await Aedes.createBroker();
    let allowed = false;
    aedes.authorizeSubscribe = (_client, subscription, done) => {
      done(null, allowed || subscription.topic === 'fleet/free' ? subscription : null);
    };
    const server = createServer(aedes.handle).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    onTestFinished(() => new Promise<void>((resolve) => aedes.close(resolve)));
    const { port } = server.address() as AddressInfo;
    const none = probe({ url: url(port) });
    await none.untilState('refused', /does not let this user read fleet\/#/);
    const some = probe({ url: url(port), filters: ['fleet/free', 'fleet/secret'], clientId: 'b' });
    await some.untilState('connected', /does not let this user read fleet\/secret\./);
    allowed = true;
    await Promise.all([none.untilState('connected', /^$/), some.untilState('connected', /^$/)]);
    expect(none.source.reconnects).toBe(0);
  });
});

describe('large messages', () => {
  it('of 5 MB are reported and acknowledged, and those around them arrive', async () => {
    const { port } = await broker();
    const p = probe({ url: url(port), maxMessageBytes: 2 ** 20 });
    await p.untilState('connected');
    const client = await publisher(port);
    await client.publishAsync('fleet/a', 'before', { qos: 1 });
    await client.publishAsync('fleet/big', 'x'.repeat(5_000_000), { qos: 1 });
    await client.publishAsync('fleet/large', 'y'.repeat(1_000_000), { qos: 1 });
    await client.publishAsync('fleet/a', 'after', { qos: 1 });
    await p.until(() => p.messages.length === 3);
    expect(p.oversize).toEqual([{ topic: 'fleet/big', bytes: 5_000_000, head: 'x'.repeat(1024) }]);
    expect(p.messages.map((m) => m.text.length)).toEqual([6, 1_000_000, 5]);
    expect(p.statuses.map((s) => s.state)).toEqual(['connected']);
    await p.source.close();
    const again = probe({ url: url(port), maxMessageBytes: 2 ** 20 });
    await again.untilState('connected');
    await client.publishAsync('fleet/a', 'last', { qos: 1 });
    await again.until(() => again.messages.length > 0);
    expect(texts(again)).toEqual(['last']);
    expect(again.oversize).toEqual([]);
  });
});

describe('back-pressure', () => {
  it('a paused source reads nothing, stays connected beyond its keep-alive, and loses nothing', async () => {
    const { port } = await broker('max_queued_messages 0');
    const p = probe({ url: url(port), keepAliveSeconds: 1 });
    await p.untilState('connected');
    p.source.pause();
    const client = await publisher(port);
    const before = p.messages.length;
    for (let i = 0; i < 2000; i++) client.publish('fleet/a', `${i}`.padEnd(1000), { qos: 1 });
    await client.publishAsync('fleet/a', 'last', { qos: 1 });
    // Three times the interval after which the broker gives up a silent client: its own clock says when that is over.
    const silent = await connectAsync(url(port), {
      clientId: 'silent',
      keepalive: 1,
      reschedulePings: false,
      reconnectPeriod: 0,
    });
    silent.keepaliveManager.destroy();
    await new Promise<void>((resolve) => silent.on('close', () => resolve()));
    expect(p.messages.length).toBe(before);
    expect(p.source.status.state).toBe('connected');
    p.source.resume();
    await p.until(() => p.messages.some((m) => m.text === 'last'));
    expect(new Set(texts(p)).size).toBe(2001);
    expect(p.statuses.map((s) => s.state)).toEqual(['connected']);
  });
});

describe('troubles', () => {
  it('a wrong password is said, and the right one works', async () => {
    const dir = temporaryDir();
    const file = join(dir, 'passwords');
    writeFileSync(file, 'room:right\n', { mode: 0o600 });
    execFileSync('mosquitto_passwd', ['-U', file]);
    const { port } = await broker(`allow_anonymous false\npassword_file ${file}`);
    for (const user of [undefined, 'room']) {
      const p = probe({ url: url(port), user, password: user && 'wrong', clientId: `wrong ${user}` });
      await p.untilState('refused', /user name or password/);
    }
    const right = probe({ url: `mqtt://room:right@127.0.0.1:${port}`, clientId: 'right' });
    await right.untilState('connected');
  });

  it('a name that does not exist and a port that is no broker are said', async () => {
    const unknown = probe({ url: 'mqtt://no-such-host.invalid', clientId: 'a' });
    await unknown.untilState('reconnecting', /no-such-host\.invalid is not known/);
    const nobody = probe({ url: url(await freePort()), clientId: 'b' });
    await nobody.untilState('reconnecting', /connection refused/);
  });

  it('options that cannot be right are refused at once', () => {
    const sink = { run() {}, oversize() {}, status() {} };
    const base = { clientId: 'x', filters: ['fleet/#'] };
    const open = (o: object) => () => openMqttSource({ ...base, url: 'mqtt://h', ...o }, sink);
    expect(open({ url: 'nonsense' })).toThrow(/is not a broker URL/);
    expect(open({ ca: Buffer.from('') })).toThrow(/not encrypted/);
    expect(open({ url: 'mqtts://h', cert: Buffer.from('') })).toThrow(/needs both/);
  });
});

describe('TLS', () => {
  it('with client certificates works; every wrong certificate is said', async () => {
    const dir = temporaryDir();
    const authority = createAuthority(dir);
    const server = authority.issue('server', 'IP:127.0.0.1,DNS:localhost');
    const client = authority.issue('client', 'DNS:client');
    const { port } = await broker(
      `cafile ${authority.caFile}\ncertfile ${server.certFile}\nkeyfile ${server.keyFile}\nrequire_certificate true`,
    );
    const { ca } = authority;
    const mine = { ca, cert: client.cert, key: client.key };
    const good = probe({ url: url(port, 'mqtts'), ...mine });
    await good.untilState('connected');
    const named = probe({ url: `mqtts://localhost:${port}`, ...mine, clientId: 'named' });
    await named.untilState('connected');
    const publishing = await connectAsync(url(port, 'mqtts'), mine);
    onTestFinished(() => publishing.endAsync(true));
    for (let i = 0; i < 500; i++) publishing.publish('fleet/a', `${i}`.padEnd(300), { qos: 1 });
    await good.until((p) => p.messages.length === 500);
    expect(good.messages.map((m) => Number(m.text))).toEqual(Array.from({ length: 500 }, (_, i) => i));

    const noCa = probe({ url: url(port, 'mqtts'), cert: client.cert, key: client.key, clientId: 'no ca' });
    await noCa.untilState('refused', /--ca/);
    const noCert = probe({ url: url(port, 'mqtts'), ca, clientId: 'no certificate' });
    await noCert.untilState('refused', /--cert and --key/);
    const rubbish = probe({
      url: url(port, 'mqtts'),
      ca: Buffer.from('rubbish'),
      cert: Buffer.from('x'),
      key: Buffer.from('y'),
    });
    await rubbish.untilState('refused', /cannot be used/);
    const plain = await broker();
    const noTls = probe({ url: url(plain.port, 'mqtts'), ca, clientId: 'no tls' });
    await noTls.untilState(noTls.source.status.state === 'refused' ? 'refused' : 'reconnecting', /TLS/);
  });

  it('that has expired or is for another name is said', async () => {
    const dir = temporaryDir();
    const authority = createAuthority(dir);
    for (const [name, altName, days, detail] of [
      ['expired', 'IP:127.0.0.1', -1, /has expired/],
      ['other', 'DNS:elsewhere', 2, /another name than 127\.0\.0\.1/],
    ] as const) {
      const server = authority.issue(name, altName, days);
      const { port } = await broker(`certfile ${server.certFile}\nkeyfile ${server.keyFile}`);
      const p = probe({ url: url(port, 'mqtts'), ca: authority.ca });
      await p.untilState('refused', detail);
    }
  });
});

it('speaks MQTT over WebSocket too', async () => {
  const aedes = await Aedes.createBroker();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' });
  server.on('connection', (socket) => aedes.handle(createWebSocketStream(socket)));
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  onTestFinished(() => new Promise<void>((resolve) => aedes.close(resolve)));
  const { port } = server.address() as AddressInfo;
  const p = probe({ url: `ws://127.0.0.1:${port}/mqtt`, maxMessageBytes: 2 ** 20 });
  await p.untilState('connected');
  const client = await connectAsync(`ws://127.0.0.1:${port}`);
  onTestFinished(() => client.endAsync(true));
  for (let i = 0; i < 300; i++) client.publish('fleet/a', `${i}`.padEnd(500), { qos: 1 });
  await client.publishAsync('fleet/a', 'z'.repeat(2_000_000), { qos: 1 });
  await client.publishAsync('fleet/a', 'last', { qos: 1 });
  await p.until(() => p.messages.some((m) => m.text === 'last'));
  expect(p.messages).toHaveLength(301);
  expect(p.oversize[0].bytes).toBe(2_000_000);
});
