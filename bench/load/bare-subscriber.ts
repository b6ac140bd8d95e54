/**
 * Subscribes over a raw socket, counts PUBLISH packets and acknowledges them in batches: what a broker can deliver at most.
 * Prints `{"subscribed": true}` and, after `--messages` or when none has come for `--idle` ms, `{"received", "seconds"}`.
 */
import { connect } from 'node:net';
import { numberOptions, qosOf, say } from './cli-options.ts';
import { connectPacket, DISCONNECT, subscribePacket } from './mqtt-wire.ts';
import { PACKET, packetIdOf, packetReader } from './packet-reader.ts';

const options = numberOptions({ 'broker-port': 1883, messages: 0, qos: 1, idle: 3000 });
const qos = qosOf(options.qos);
const level = 5;
const REST_MS = 2;

let received = 0;
let firstMs = 0;
let lastMs = 0;
let acks: number[] = [];
let resting = false;

const read = packetReader((type, bytes, body, end) => {
  if (type === PACKET.connack) socket.write(subscribePacket(level, 'fleet/#', qos));
  if (type === PACKET.suback) say({ subscribed: true });
  if (type !== PACKET.publish) return;
  received++;
  if (qos === 0) return;
  const id = packetIdOf(bytes, body, end, level);
  acks.push(0x40, 2, id >> 8, id & 255);
});

/** Lets messages gather in the kernel: waking up for each would take the broker's CPU. */
function rest(): void {
  if (socket.destroyed) return;
  socket.pause();
  setTimeout(() => {
    resting = false;
    socket.resume();
  }, REST_MS);
}

function finish(): void {
  clearInterval(watch);
  say({ received, seconds: (lastMs - firstMs) / 1000 });
  socket.end(DISCONNECT);
}

const buffer = Buffer.allocUnsafeSlow(2 ** 18);
const socket = connect({
  port: options['broker-port'],
  host: '127.0.0.1',
  noDelay: true,
  onread: {
    buffer,
    callback(count) {
      const before = received;
      read(buffer.subarray(0, count));
      if (received > before) {
        lastMs = performance.now();
        if (before === 0) firstMs = lastMs;
      }
      if (acks.length > 0) socket.write(Uint8Array.from(acks));
      acks = [];
      if (options.messages > 0 && received >= options.messages && before < options.messages) finish();
      else if (!resting && received > 0) {
        resting = true;
        setImmediate(rest);
      }
      return true;
    },
  },
});
const watch = setInterval(() => {
  if (received > 0 && performance.now() - lastMs > options.idle) finish();
}, 100);
socket.write(connectPacket(level, `bare-${process.pid}`));
socket.on('error', (error) => {
  console.error(`the broker on port ${options['broker-port']} is not there: ${error.message}`);
  process.exitCode = 1;
  clearInterval(watch);
});
