import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Mosquitto } from '../../scripts/mosquitto.ts';
import { withBroker } from '../processes/broker.ts';
import { type Received, type Sent, startLoadTool } from '../processes/load-tool.ts';
import type { RoomCpu } from '../processes/room-messages.ts';
import { type RoomProcess, startRoomProcess } from '../processes/start-room.ts';
import { type Bench, people, perSecond } from '../stage.ts';
import { assertNothingLost, VEHICLES } from './zero-loss.ts';

/** Messages the publisher may be ahead of the broker's acknowledgements; QoS 0 has none and is paced instead. */
const WINDOW = 8192;
/** Sent to the room first, at its own pace: a room runs for days, and its first second is measured by `startup`. */
const WARM_UP_MESSAGES = 100_000;
const WARM_UP_RATE = 25_000;

/** What a real broker passes to a bare subscriber and to the room, one after the other, each in the same conditions. */
export async function mosquittoStage(bench: Bench): Promise<void> {
  const messages = bench.quick ? 100_000 : 400_000;
  const bare: number[] = [];
  const room: number[] = [];
  for (let run = 0; run < bench.runs; run++) {
    bare.push(await withBroker(bench, (broker) => throughBareSubscriber(bench, broker, messages)));
    room.push(await withBroker(bench, (broker) => throughRoom(bench, broker, messages)));
  }
  bench.report({ what: 'to a bare subscriber', unit: 'messages/s', runs: bare, note: 'QoS 1, flat out: its ceiling' });
  const note = 'QoS 1, flat out; published = journaled = processed';
  bench.report({ what: 'to the room', unit: 'messages/s', runs: room, note });
  const shares = room.map((rate, run) => (rate / bare[run]) * 100);
  bench.report({ what: 'room ÷ bare subscriber', unit: '%', runs: shares, target: { atLeast: 95 } });
  await paced(bench, 0, 50_000);
  await paced(bench, 1, 25_000);
}

async function throughBareSubscriber(bench: Bench, broker: Mosquitto, messages: number): Promise<number> {
  const subscriber = startLoadTool('bare-subscriber', { 'broker-port': broker.port, messages, qos: 1 });
  bench.defer(subscriber.kill);
  await subscriber.next<{ subscribed: true }>();
  await publish(bench, broker, { messages, qos: 1, rate: 0 });
  const { received, seconds } = await subscriber.next<Received>();
  await subscriber.ended();
  if (received !== messages) throw new Error(`the bare subscriber received ${received} of ${messages} messages`);
  return perSecond(messages, seconds * 1000);
}

async function throughRoom(bench: Bench, broker: Mosquitto, messages: number): Promise<number> {
  const dataDir = mkdtempSync(join(bench.dir, 'room-'));
  const room = await connectedRoom(bench, broker, dataDir);
  await publish(bench, broker, { messages: WARM_UP_MESSAGES, qos: 1, rate: WARM_UP_RATE });
  await room.healthUntil((health) => health.messages.processed >= WARM_UP_MESSAGES, 30_000);
  const publishing = publish(bench, broker, { messages, qos: 1, rate: 0 });
  const first = await room.healthUntil((health) => health.messages.processed > WARM_UP_MESSAGES, 30_000);
  const startedMs = performance.now();
  const total = WARM_UP_MESSAGES + messages;
  const last = await room.healthUntil((health) => health.messages.processed >= total, 120_000);
  const rate = perSecond(total - first.messages.processed, performance.now() - startedMs);
  assertNothingLost(WARM_UP_MESSAGES + (await publishing).sent, last.messages);
  await room.close();
  rmSync(dataDir, { recursive: true });
  return rate;
}

interface PacedRun {
  readonly lost: number;
  /** Share of one core, percent. */
  readonly processCpu: number;
  readonly busiestThread: number | undefined;
}

/** A steady rate for a while: nothing may be lost, and it must not cost much. */
async function paced(bench: Bench, qos: 0 | 1, rate: number): Promise<void> {
  const messages = rate * (bench.quick ? 3 : 20);
  const runs: PacedRun[] = [];
  for (let run = 0; run < bench.runs; run++) {
    runs.push(await withBroker(bench, (broker) => pacedRun(bench, broker, { messages, qos, rate })));
  }
  const what = `${people(rate)}/s at QoS ${qos}`;
  const note = `of ${people(messages)}; published = journaled = processed`;
  bench.report({ what: `${what}, lost`, unit: 'messages', runs: runs.map((r) => r.lost), target: { atMost: 0 }, note });
  const cpu = runs.map((r) => r.processCpu);
  bench.report({ what: `${what}, CPU of the room`, unit: '%', runs: cpu, note: '100 % is one core' });
  const threads = runs.flatMap((r) => r.busiestThread ?? []);
  if (threads.length > 0)
    bench.report({ what: `${what}, busiest thread`, unit: '%', runs: threads, note: 'the engine' });
}

async function pacedRun(
  bench: Bench,
  broker: Mosquitto,
  options: { messages: number; qos: 0 | 1; rate: number },
): Promise<PacedRun> {
  const dataDir = mkdtempSync(join(bench.dir, 'room-'));
  const room = await connectedRoom(bench, broker, dataDir);
  const before = await room.cpu();
  const startedMs = performance.now();
  const { sent } = await publish(bench, broker, options);
  const { messages } = await room.healthUntil((health) => health.messages.processed >= options.messages, 30_000);
  const tookMs = performance.now() - startedMs;
  const after = await room.cpu();
  assertNothingLost(sent, messages);
  await room.close();
  rmSync(dataDir, { recursive: true });
  const busiest = busiestThread(before, after);
  return {
    lost: sent - messages.processed,
    processCpu: ((after.totalMs - before.totalMs) / tookMs) * 100,
    busiestThread: busiest && (busiest / tookMs) * 100,
  };
}

/** What the busiest thread used between two moments, ms: the engine's. */
function busiestThread(before: RoomCpu, after: RoomCpu): number | undefined {
  if (!before.byThreadMs || !after.byThreadMs) return undefined;
  return Math.max(...[...after.byThreadMs].map(([id, ms]) => ms - (before.byThreadMs?.get(id) ?? 0)));
}

async function connectedRoom(bench: Bench, broker: Mosquitto, dataDir: string): Promise<RoomProcess> {
  const room = await startRoomProcess({ dataDir, brokerPort: broker.port });
  bench.defer(room.kill);
  await room.healthUntil((health) => health.broker.state === 'connected', 30_000);
  return room;
}

async function publish(
  bench: Bench,
  broker: Mosquitto,
  options: { messages: number; qos: 0 | 1; rate: number },
): Promise<Sent> {
  const flags = { 'broker-port': broker.port, window: WINDOW, vehicles: VEHICLES, ...options };
  const publisher = startLoadTool('publisher', flags);
  bench.defer(publisher.kill);
  await publisher.next<{ connected: true }>();
  const sent = await publisher.next<Sent>();
  await publisher.ended();
  if (sent.sent !== options.messages)
    throw new Error(`the publisher sent ${sent.sent} of ${options.messages} messages`);
  return sent;
}
