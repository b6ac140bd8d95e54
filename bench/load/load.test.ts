import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import mqttPacket, { type IPublishPacket } from 'mqtt-packet';
import { expect, it, onTestFinished } from 'vitest';
import { PayloadRing } from './payload-ring.ts';

function parse(bytes: Buffer, level: 4 | 5): IPublishPacket[] {
  const packets: IPublishPacket[] = [];
  const parser = mqttPacket.parser({ protocolVersion: level });
  parser.on('packet', (packet) => {
    if (packet.cmd === 'publish') packets.push(packet);
  });
  parser.parse(Buffer.from(bytes));
  return packets;
}

it.each([
  { qos: 0, level: 4 },
  { qos: 1, level: 4 },
  { qos: 1, level: 5 },
] as const)('packets are telemetry, each with an id, time and speed of its own ($qos, $level)', ({ qos, level }) => {
  const ring = new PayloadRing({ qos, level, vehicles: 3000, seed: 0xabc });
  const nowMs = Date.UTC(2026, 4, 6, 7, 8, 9, 10);
  const total = ring.slots + 100;
  const packets: IPublishPacket[] = [];
  while (packets.length < total)
    packets.push(...parse(ring.next(Math.min(1000, total - packets.length), nowMs), level));
  const events = packets.map((p) => JSON.parse(p.payload.toString()));
  expect(new Set(events.map((e) => e.event_id)).size).toBe(total);
  expect(new Set(events.map((e) => e.vehicle_id)).size).toBe(3000);
  expect(events[0].event_id).toBe('00000abc-0000-4000-8000-000000000000');
  expect(events.every((e) => e.timestamp === '2026-05-06T07:08:09.010Z')).toBe(true);
  expect(events.every((e) => e.speed_kmph >= 10 && e.speed_kmph < 100)).toBe(true);
  expect(packets.every((p, i) => p.qos === qos && (qos === 0 || p.messageId === (i % 65_535) + 1))).toBe(true);
  expect(packets[0].payload.length).toBeGreaterThan(250);
  expect(packets[0].payload.length).toBeLessThan(320);
});

function run(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, said: async () => JSON.parse(String((await lines.next()).value)) };
}

it.each(['0', '1'])('the fake broker sends a subscriber what it was asked to, at QoS %s', async (qos) => {
  const broker = run('fake-broker.ts', '--messages', '20000', '--qos', qos, '--window', '500', '--vehicles', '100');
  const { port } = await broker.said();
  const subscriber = run('bare-subscriber.ts', '--broker-port', `${port}`, '--qos', qos, '--messages', '20000');
  expect(await subscriber.said()).toEqual({ subscribed: true });
  expect(await subscriber.said()).toMatchObject({ received: 20_000 });
  expect(await broker.said()).toMatchObject({ sent: 20_000, acked: qos === '1' ? 20_000 : 0 });
  if (broker.child.exitCode === null) await once(broker.child, 'exit');
  expect(broker.child.exitCode).toBe(0);
});
