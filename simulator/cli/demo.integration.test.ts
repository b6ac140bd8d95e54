import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { subscriptionFilters } from '../../core/model/topics.ts';
import { start } from '../testing/processes.ts';

test('the demo says where its broker is, writes streets and reference data, publishes and ends with its parent', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'demo-'));
  const streets = join(dir, 'streets.geojson');
  const reference = join(dir, 'reference');
  const files = ['--streets-out', streets, '--reference', reference];
  const demo = start('demo', ['--vehicles', '40', '--rate', '2', ...files], true);
  const [ready] = (await once(demo.child, 'message')) as [{ type: string; url: string }];
  expect(ready).toEqual({ type: 'ready', url: expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:\d+$/) });
  await demo.says(JSON.stringify(ready));
  expect(JSON.parse(readFileSync(streets, 'utf8')).features.length).toBeGreaterThan(100);
  expect(readdirSync(reference)).toEqual(expect.arrayContaining(['.demo', 'vehicles.csv', 'geofences.geojson']));

  const client = mqtt.connect(ready.url, { protocolVersion: 4 });
  const vehicles = new Set<string>();
  const heardAll = new Promise<void>((resolve) => {
    client.on('message', (_topic, payload) => {
      vehicles.add(JSON.parse(payload.toString()).vehicle_id);
      if (vehicles.size === 40) resolve();
    });
  });
  await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  await client.subscribeAsync(subscriptionFilters(), { qos: 1 });
  await heardAll;
  client.end(true);
  demo.child.disconnect();
  expect((await demo.finished).code).toBe(0);
  rmSync(dir, { recursive: true });
});

test('a flag it does not know is a sentence', async () => {
  const { code, stderr } = await start('demo', ['--nope']).finished;
  expect({ code, stderr }).toEqual({ code: 1, stderr: "demo: Unknown option '--nope'. --help lists what there is.\n" });
});

test('SIGTERM ends it', async () => {
  const demo = start('demo', ['--vehicles', '5']);
  await demo.says('"ready"');
  demo.child.kill('SIGTERM');
  expect((await demo.finished).code).toBe(0);
});
