import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryDataDir } from '../core/control-room/testing/room-bench.ts';
import { telemetry } from '../core/engine/testing/records.ts';
import { DEFAULT_TOPICS } from '../core/model/topics.ts';
import type { Health } from '../core/protocol/health.ts';
import { type Mosquitto, startMosquitto } from '../scripts/mosquitto.ts';

// kill -9 at ten random moments while messages stream in: afterwards every message is counted once and every alert is
// there exactly once.

const KILLS = 10;
const VEHICLES = 400;
const EMERGENCIES = 150;
const BATCH = 100;

let broker: Mosquitto;
let data: Awaited<ReturnType<typeof temporaryDataDir>>;

beforeAll(async () => {
  broker = await startMosquitto({ config: 'max_queued_messages 1000000\nmax_inflight_messages 5000' });
  data = await temporaryDataDir();
});
afterAll(async () => {
  await broker.stop();
  await data.remove();
});

async function startRoom(): Promise<ChildProcess> {
  const child = fork(new URL('./room-process.ts', import.meta.url), [data.dir, `mqtt://127.0.0.1:${broker.port}`]);
  await once(child, 'message');
  return child;
}

async function health(child: ChildProcess): Promise<Health> {
  child.send('health');
  const [{ health }] = (await once(child, 'message')) as [{ health: Health }];
  return health;
}

async function until(child: ChildProcess, wanted: (h: Health) => boolean): Promise<Health> {
  for (let i = 0; ; i++) {
    const now = await health(child);
    if (wanted(now)) return now;
    if (i > 600) throw new Error(`the room never got there: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Publishes without pause until told to stop, each message with an id of its own; answers how many the broker has. */
function publishForever(): { stop(): Promise<{ published: number; emergencies: number }> } {
  let running = true;
  let published = 0;
  let emergencies = 0;
  const work = (async () => {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 5 });
    while (running || emergencies < EMERGENCIES) {
      const now = Date.now();
      const batch = Array.from({ length: BATCH }, (_, i) => {
        const vehicle = `veh-${(published + i) % VEHICLES}`;
        return client.publishAsync(
          DEFAULT_TOPICS.telemetry,
          JSON.stringify(telemetry(vehicle, now, { event_id: `e-${published + i}` })),
          { qos: 1 },
        );
      });
      if (emergencies < EMERGENCIES) {
        const event = {
          driver_id: 'd',
          vehicle_id: `sos-${emergencies++}`,
          event_type: 'sos',
          timestamp: new Date(now).toISOString(),
        };
        batch.push(client.publishAsync(DEFAULT_TOPICS.driver, JSON.stringify(event), { qos: 1 }));
      }
      await Promise.all(batch);
      published += batch.length;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await client.endAsync();
  })();
  return {
    async stop() {
      running = false;
      await work;
      return { published, emergencies };
    },
  };
}

test('ten kills in full flow lose nothing and double nothing', async () => {
  let room = await startRoom();
  await until(room, (h) => h.broker.state === 'connected');
  const publisher = publishForever();
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await health(room);
    await until(room, (h) => h.messages.processed > before.messages.processed + 100);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 700));
    room.kill('SIGKILL');
    await once(room, 'exit');
    room = await startRoom();
  }
  const { published, emergencies } = await publisher.stop();
  const { messages, alerts } = await until(room, (h) => h.messages.processed - h.messages.duplicates >= published);
  expect(messages.processed - messages.duplicates).toBe(published);
  expect(messages).toMatchObject({
    received: messages.processed,
    journaled: messages.processed,
    quarantined: 0,
    dropped: 0,
  });
  expect(alerts).toEqual({ active: emergencies, unacknowledged: emergencies, total: emergencies });
  room.send('close');
  await once(room, 'exit');

  const db = new Database(join(data.dir, 'history.db'), { readonly: true });
  const rows = db
    .prepare("SELECT vehicle_id, count(*) AS n FROM alert WHERE rule_id = 'sos' GROUP BY vehicle_id")
    .all();
  expect(rows).toHaveLength(emergencies);
  expect(rows.every((row) => (row as { n: number }).n === 1)).toBe(true);
  const raised = db.prepare("SELECT count(*) AS n FROM alert_transition WHERE kind = 'raised'").get();
  expect(raised).toEqual({ n: emergencies });
  const gaps = db.prepare('SELECT count(*) AS n FROM journal_gap').get();
  expect(gaps).toEqual({ n: 0 });
  db.close();
}, 180_000);
