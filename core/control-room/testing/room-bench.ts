import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { telemetry } from '../../engine/testing/records.ts';
import { DEFAULT_TOPICS } from '../../model/topics.ts';
import { createLink, type Link } from '../../protocol/client.ts';
import type { Health } from '../../protocol/health.ts';
import { transportPair } from '../../protocol/testing/transport-pair.ts';
import type { ControlRoom } from '../control-room.ts';
import { openControlRoom } from '../open.ts';
import type { RoomOptions } from '../options.ts';

export const RULES_DIR = new URL('../../../resources/rules', import.meta.url).pathname;

/**
 * A data directory of its own, removed by `remove`. Its room publishes no alerts: they would come back to it, and tests count what comes.
 */
export async function temporaryDataDir(): Promise<{ dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'watchfloor-room-'));
  await writeFile(join(dir, 'notify.yaml'), 'mqtt: false\n');
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

export function openTestRoom(dataDir: string, url: string, more: Partial<RoomOptions> = {}): Promise<ControlRoom> {
  return openControlRoom({ version: 'test', dataDir, broker: { url }, demo: false, rulesDir: RULES_DIR, ...more });
}

/** A window on the room. */
export function windowOn(room: ControlRoom): Link {
  const [window, server] = transportPair();
  room.connect(server);
  return createLink(window);
}

/** Waits until the room's health is as wanted; the last health is in the error when it never is. */
export async function untilHealth(
  room: ControlRoom,
  wanted: (health: Health) => boolean,
  timeoutMs = 30_000,
): Promise<Health> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const health = await room.health();
    if (wanted(health)) return health;
    if (Date.now() > end) throw new Error(`the room never got there: ${JSON.stringify(health)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export interface TestMessage {
  readonly topic: string;
  readonly payload: string;
}

/** A telemetry message of the default profile. */
export function rawMessage(vehicle: string, fields: Record<string, unknown> = {}, atMs = Date.now()): TestMessage {
  return { topic: DEFAULT_TOPICS.telemetry, payload: JSON.stringify(telemetry(vehicle, atMs, fields)) };
}

/** A driver's call for help, now. */
export function sosMessage(vehicle: string): TestMessage {
  const timestamp = new Date().toISOString();
  const event = { driver_id: 'd', vehicle_id: vehicle, event_type: 'sos', timestamp };
  return { topic: DEFAULT_TOPICS.driver, payload: JSON.stringify(event) };
}

/** Publishes payloads at QoS 1 and waits until the broker has them all. */
export async function publishAll(port: number, messages: readonly TestMessage[]): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 });
  await Promise.all(messages.map(({ topic, payload }) => client.publishAsync(topic, payload, { qos: 1 })));
  await client.endAsync();
}
