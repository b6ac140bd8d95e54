import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subscriptionFilters } from '../../core/model/topics.ts';
import { freePort, type Mosquitto, startMosquitto } from '../../scripts/mosquitto.ts';
import { publishedBy, start } from '../testing/processes.ts';

let dir: string;
let broker: Mosquitto;
const clients: MqttClient[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fleet-'));
  broker = await startMosquitto({ config: 'max_queued_messages 0\nmax_inflight_messages 1000' });
});
afterAll(async () => {
  for (const client of clients) client.end(true);
  await broker.stop();
  rmSync(dir, { recursive: true });
});

/** Collects what a broker passes on, under a persistent session so that nothing is missed while it restarts. */
async function listen(port: number, prefix: string): Promise<{ topic: string; payload: string }[]> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    protocolVersion: 4,
    clean: false,
    clientId: `listener-${prefix}`,
    reconnectPeriod: 100,
  });
  clients.push(client);
  const heard: { topic: string; payload: string }[] = [];
  client.on('message', (topic, payload) => heard.push({ topic, payload: payload.toString() }));
  await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  await client.subscribeAsync(subscriptionFilters(prefix), { qos: 1 });
  return heard;
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

test('what it says it published is what a subscriber gets, and the truth file tells the faults', async () => {
  const heard = await listen(broker.port, 'a/');
  const truth = join(dir, 'truth.jsonl');
  const args = `--broker mqtt://127.0.0.1:${broker.port} --vehicles 200 --seconds 60 --speed-up 20 --prefix a/ --seed 7`;
  const { finished } = start('fleet', [...args.split(' '), '--faults', 'all', '--truth', truth]);
  const result = await finished;
  expect(result.code).toBe(0);
  const published = publishedBy(result);
  expect(published).toBeGreaterThan(200 * 60);
  await until(() => heard.length >= published);
  expect(heard).toHaveLength(published);
  const lines = readFileSync(truth, 'utf8').trim().split('\n');
  expect(lines.length).toBeGreaterThan(15);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ vehicle_id: expect.any(String) });
  const newest = Math.max(
    ...heard
      .flatMap((m) => /"timestamp":"([^"]+)"/.exec(m.payload)?.[1] ?? [])
      .map(Date.parse)
      .filter((ms) => ms < Date.now() + 3_600_000),
  );
  expect(newest).toBeLessThanOrEqual(Date.now());
});

test('after a restart of the broker nothing is missing and nothing was made anew', async () => {
  const heard = await listen(broker.port, 'b/');
  const args = `--broker mqtt://127.0.0.1:${broker.port} --vehicles 500 --seconds 8 --faults none --prefix b/`;
  const run = start('fleet', args.split(' '));
  await until(() => heard.length > 500);
  await broker.restart();
  const result = await run.finished;
  expect(result.stderr).toContain('the broker is away');
  const published = publishedBy(result);
  const distinct = () => new Set(heard.map((m) => m.topic + m.payload)).size;
  await until(() => distinct() >= published);
  expect(distinct()).toBe(published);
  expect(published).toBeGreaterThan(500 * 8);
});

test('Ctrl-C ends a run with the same line', async () => {
  const heard = await listen(broker.port, 'c/');
  const args = `--broker mqtt://127.0.0.1:${broker.port} --vehicles 100 --prefix c/`;
  const run = start('fleet', args.split(' '));
  await until(() => heard.length > 100);
  run.child.kill('SIGINT');
  const result = await run.finished;
  expect(result.code).toBe(0);
  await until(() => heard.length >= publishedBy(result));
  expect(heard).toHaveLength(publishedBy(result));
});

test('it waits for a broker that comes later', async () => {
  const port = await freePort();
  const run = start('fleet', `--broker mqtt://127.0.0.1:${port} --vehicles 5 --seconds 1`.split(' '));
  await run.says(`no broker at mqtt://127.0.0.1:${port} yet (ECONNREFUSED)`);
  const late = await Aedes.createBroker();
  const server = createServer(late.handle).listen(port, '127.0.0.1');
  const result = await run.finished;
  // aedes speaks no MQTT 5.
  expect(result.stderr).toContain('MQTT 3.1.1');
  expect(publishedBy(result)).toBeGreaterThanOrEqual(5);
  server.close();
  late.close();
});

test('MQTT 5 where the broker takes enough messages at once', async () => {
  const wide = await startMosquitto({ config: 'max_inflight_messages 5000' });
  const run = start('fleet', `--broker mqtt://127.0.0.1:${wide.port} --vehicles 5 --seconds 1`.split(' '));
  expect((await run.finished).stderr).toContain('MQTT 5\n');
  await wide.stop();
});

test('a refusal, a bad flag and a file that cannot be written are one sentence each', async () => {
  const strict = await startMosquitto({ config: 'allow_anonymous false' });
  const refused = start('fleet', ['--broker', `mqtt://127.0.0.1:${strict.port}`]);
  const result = await refused.finished;
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('refused the connection: not allowed. Check --user, --password');
  await strict.stop();
  const flag = await start('fleet', ['--speed', '3']).finished;
  expect(flag).toMatchObject({ code: 1, stderr: "fleet: Unknown option '--speed'. --help lists what there is.\n" });
  const file = await start('fleet', ['--truth', join(dir, 'no/such/t')]).finished;
  expect(file).toMatchObject({ code: 1, stderr: `fleet: --truth: cannot write ${join(dir, 'no/such/t')}: ENOENT.\n` });
  expect((await start('fleet', ['--help']).finished).stdout).toContain('--speed-up K');
});
