import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Sent, startLoadTool } from '../processes/load-tool.ts';
import { startRoomProcess } from '../processes/start-room.ts';
import { type Bench, perSecond } from '../stage.ts';
import { assertNothingLost, VEHICLES } from './zero-loss.ts';

const WINDOW = 16_384;

/** The whole room, all its workers, fed at QoS 1 by a generator that is never the limit. */
export async function ingestStage(bench: Bench): Promise<void> {
  const messages = bench.quick ? 500_000 : 3_000_000;
  for (const durability of ['os', 'disk'] as const) {
    const rates: number[] = [];
    const cpu: number[] = [];
    for (let run = 0; run < bench.runs; run++) {
      const { seconds, cpuMs } = await oneRun(bench, messages, durability);
      rates.push(perSecond(messages, seconds * 1000));
      cpu.push((cpuMs / (seconds * 1000)) * 100);
    }
    bench.report({
      what: `journal ${durability}`,
      unit: 'messages/s',
      runs: rates,
      target: { atLeast: 400_000 },
      note: 'QoS 1; sent = journaled = processed, no duplicates',
    });
    bench.report({ what: `journal ${durability}, CPU of the room`, unit: '%', runs: cpu, note: '100 % is one core' });
  }
}

async function oneRun(bench: Bench, messages: number, durability: 'os' | 'disk') {
  const dataDir = mkdtempSync(join(bench.dir, 'room-'));
  const broker = startLoadTool('fake-broker', { messages, qos: 1, window: WINDOW, vehicles: VEHICLES });
  bench.defer(broker.kill);
  const { port } = await broker.next<{ port: number }>();
  const room = await startRoomProcess({ dataDir, durability, brokerPort: port });
  bench.defer(room.kill);
  const before = await room.cpu();
  const sent = await broker.next<Sent>();
  const after = await room.cpu();
  const health = await room.healthUntil(({ messages: m }) => m.processed >= messages, 30_000);
  assertNothingLost(sent.sent, health.messages);
  if (sent.acked !== messages) throw new Error(`of ${messages} messages ${sent.acked} were acknowledged`);
  await room.close();
  await broker.ended();
  rmSync(dataDir, { recursive: true });
  return { seconds: sent.seconds, cpuMs: after.totalMs - before.totalMs };
}
