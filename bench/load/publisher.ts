/**
 * Publishes telemetry to a real broker over a raw socket, so that the publisher is never what is measured.
 * Prints `{"connected": true}` and, when all is written (QoS 0) or acknowledged (QoS 1), `{"sent", "acked", "seconds"}`.
 */
import { connect } from 'node:net';
import { type Blast, blast } from './blast.ts';
import { numberOptions, qosOf, say } from './cli-options.ts';
import { connectPacket, DISCONNECT } from './mqtt-wire.ts';
import { PACKET, packetReader } from './packet-reader.ts';
import { PayloadRing } from './payload-ring.ts';

const options = numberOptions({
  'broker-port': 1883,
  messages: 100_000,
  qos: 1,
  window: 1000,
  vehicles: 10_000,
  rate: 0,
  seed: Date.now() % 2 ** 32,
});
const qos = qosOf(options.qos);
// 3.1.1 has no receive maximum: the window is ours to choose.
const level = 4;

const socket = connect(options['broker-port'], '127.0.0.1');
socket.setNoDelay(true);
let running: Blast | undefined;
let acks = 0;

async function start(): Promise<void> {
  say({ connected: true });
  const ring = new PayloadRing({ qos, level, vehicles: options.vehicles, seed: options.seed });
  running = blast(socket, ring, { ...options, qos });
  say(await running.done);
  socket.end(DISCONNECT);
}

const read = packetReader((type, bytes, body) => {
  if (type === PACKET.puback) acks++;
  if (type !== PACKET.connack) return;
  if (bytes[body + 1] !== 0) throw new Error(`the broker refuses the publisher (return code ${bytes[body + 1]})`);
  void start();
});
socket.write(connectPacket(level, `load-${process.pid}`));
socket.on('data', (chunk) => {
  acks = 0;
  read(chunk);
  if (acks > 0) running?.acknowledged(acks);
});
socket.on('error', (error) => {
  console.error(`the broker on port ${options['broker-port']} is not there: ${error.message}`);
  process.exitCode = 1;
});
