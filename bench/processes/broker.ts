import { type Mosquitto, startMosquitto } from '../../scripts/mosquitto.ts';
import type { Bench } from '../stage.ts';

/** Limits that let mosquitto hold back what a subscriber has not taken yet instead of dropping it (docs/bench.md). */
const MOSQUITTO_CONFIG = [
  'max_inflight_messages 0',
  'max_queued_messages 10000000',
  'set_tcp_nodelay true',
  'autosave_interval 0',
].join('\n');

/** A broker of its own for every run: it keeps the queue of a room that has gone, and would go on filling it. */
export async function withBroker<T>(bench: Bench, work: (broker: Mosquitto) => Promise<T>): Promise<T> {
  const broker = await startMosquitto({ config: MOSQUITTO_CONFIG });
  bench.defer(() => broker.stop());
  const result = await work(broker);
  await broker.stop();
  return result;
}
