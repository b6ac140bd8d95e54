import { join } from 'node:path';
import { temporaryDataDir } from '../../core/control-room/testing/room-bench.ts';
import type { Health } from '../../core/protocol/health.ts';
import { type Mosquitto, startMosquitto } from '../../scripts/mosquitto.ts';
import { type FeedInput, feed } from './fleet-feed.ts';
import { RoomProcess } from './room.ts';

const BROKER = 'max_queued_messages 1000000\nmax_inflight_messages 5000';
/** A room lives for at most this long before it is killed again. */
const LONGEST_LIFE_MS = 2000;
/** Nothing came for this long: it is over. */
const QUIET_MS = 2000;

export interface CrashPlan {
  readonly kills: number;
  readonly messagesPerSecond: number;
  readonly seconds: number;
  readonly seed: string;
  /** The broker is restarted after half of the kills, and away for this long after three quarters of them, ms. */
  readonly outageMs: number;
}

/** What a run left behind; `remove` deletes it. */
export interface RunResult {
  readonly dataDir: string;
  readonly history: string;
  readonly published: number;
  readonly health: Health;
  remove(): Promise<void>;
}

/** The room is killed again and again at random moments while the fleet sends, and the broker goes away twice. */
export async function crashedRun(plan: CrashPlan, startMs: number, say: (line: string) => void): Promise<RunResult> {
  const broker = await startMosquitto({ config: BROKER });
  const data = await temporaryDataDir();
  const room = new RoomProcess(data.dir, `mqtt://127.0.0.1:${broker.port}`);
  await room.start();
  await room.until((h) => h.broker.state === 'connected');
  const fleet = await feed(`mqtt://127.0.0.1:${broker.port}`, inputOf(plan, startMs), 'live');
  for (let kill = 1; kill <= plan.kills; kill++) {
    await lifeAndDeath(room);
    if (kill % 10 === 0 || kill === plan.kills) say(`${kill} kills, ${fleet.sent()} messages sent`);
    if (kill === Math.ceil(plan.kills / 2)) await broker.restart();
    if (kill === Math.ceil((plan.kills * 3) / 4)) await outage(broker, plan.outageMs);
  }
  const published = await fleet.done;
  return finish(room, data, published, broker);
}

/** The same messages through a room of its own that nothing happens to. */
export async function cleanRun(plan: CrashPlan, startMs: number): Promise<RunResult> {
  const broker = await startMosquitto({ config: BROKER });
  const data = await temporaryDataDir();
  const room = new RoomProcess(data.dir, `mqtt://127.0.0.1:${broker.port}`);
  await room.start();
  await room.until((h) => h.broker.state === 'connected');
  const fleet = await feed(`mqtt://127.0.0.1:${broker.port}`, inputOf(plan, startMs), 'fast');
  return finish(room, data, await fleet.done, broker);
}

const inputOf = ({ messagesPerSecond, seconds, seed }: CrashPlan, startMs: number): FeedInput => ({
  messagesPerSecond,
  seconds,
  seed,
  startMs,
});

/** Waits until messages come in again, then kills at a random moment and starts the room anew. */
async function lifeAndDeath(room: RoomProcess): Promise<void> {
  const { messages } = await room.health();
  await room.until((h) => h.messages.processed > messages.processed || h.broker.state === 'connected');
  await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE_MS));
  await room.kill();
  await room.start();
}

async function outage(broker: Mosquitto, ms: number): Promise<void> {
  await broker.pause();
  await new Promise((resolve) => setTimeout(resolve, ms));
  await broker.restart();
}

async function finish(
  room: RoomProcess,
  data: Awaited<ReturnType<typeof temporaryDataDir>>,
  published: number,
  broker: Mosquitto,
): Promise<RunResult> {
  const health = await settled(room, published);
  await room.close();
  await broker.stop();
  return { dataDir: data.dir, history: join(data.dir, 'history.db'), published, health, remove: data.remove };
}

/** All that was published has come, and nothing more does: the broker may send messages again. */
async function settled(room: RoomProcess, published: number): Promise<Health> {
  for (;;) {
    const before = await room.until((h) => h.messages.processed >= published);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    const after = await room.health();
    if (after.messages.processed === before.messages.processed) return after;
  }
}
