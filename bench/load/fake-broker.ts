/**
 * Speaks just enough of MQTT's server side to send telemetry at its one subscriber as fast as that can take it.
 * Prints `{"port"}` when it listens, and `{"sent", "acked", "seconds"}` at the end of each subscriber's messages, then exits.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Blast, blast } from './blast.ts';
import { numberOptions, qosOf, say } from './cli-options.ts';
import { connackPacket, PINGRESP, subackPacket } from './mqtt-wire.ts';
import { PACKET, packetReader } from './packet-reader.ts';
import { PayloadRing } from './payload-ring.ts';

const options = numberOptions({
  port: 0,
  messages: 1_000_000,
  qos: 1,
  window: 8192,
  vehicles: 10_000,
  rate: 0,
  seed: Date.now() % 2 ** 32,
});
const qos = qosOf(options.qos);

function serve(socket: Socket): void {
  let level: 4 | 5 = 5;
  let running: Blast | undefined;
  let acks = 0;
  socket.setNoDelay(true);

  const start = async () => {
    const ring = new PayloadRing({ qos, level, vehicles: options.vehicles, seed: options.seed });
    running = blast(socket, ring, { ...options, qos });
    say(await running.done);
    // The subscriber hangs up when it has seen enough.
    server.close();
  };

  const read = packetReader((type, bytes, body, end) => {
    switch (type) {
      case PACKET.puback:
        acks++;
        break;
      case PACKET.connect:
        level = bytes[body + 6] === 5 ? 5 : 4;
        socket.write(connackPacket(level));
        break;
      case PACKET.subscribe:
        socket.write(
          subackPacket(level, (bytes[body] << 8) | bytes[body + 1], countFilters(bytes, body, end, level), qos),
        );
        if (!running) void start();
        break;
      case PACKET.pingreq:
        socket.write(PINGRESP);
        break;
      default:
        break;
    }
  });
  socket.on('data', (chunk) => {
    acks = 0;
    read(chunk);
    if (acks > 0) running?.acknowledged(acks);
  });
  socket.on('error', () => socket.destroy());
}

function countFilters(bytes: Uint8Array, body: number, end: number, level: number): number {
  let at = body + 2 + (level === 5 ? 1 + bytes[body + 2] : 0);
  let filters = 0;
  for (; at < end; filters++) at += 2 + ((bytes[at] << 8) | bytes[at + 1]) + 1;
  return filters;
}

const server = createServer(serve).listen(options.port, '127.0.0.1', () => {
  say({ port: (server.address() as AddressInfo).port });
});
