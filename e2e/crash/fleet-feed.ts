import mqtt from 'mqtt';
import { createPublisher, type Publisher } from '../../simulator/cli/publisher.ts';
import { createFleet, type FaultKind } from '../../simulator/fleet.ts';

/** Telemetry at 1 Hz and a status every ten seconds. */
const MESSAGES_PER_VEHICLE = 1.1;
/** In flight: a tenth of a second's worth would throttle a broker that restarts, all of them would reorder nothing. */
const WINDOW = 2000;
const TURN_MS = 5;

/** Faults that show in what is sent, not in how long nothing is: a run at another pace must find the same. */
const FEED_FAULTS: readonly FaultKind[] = [
  'harsh_braking',
  'harsh_acceleration',
  'speeding',
  'engine_overheat',
  'sos',
  'duplicate',
  'late',
  'out_of_order',
  'broken_json',
  'type_change',
  'impossible_value',
];

/** A seeded fleet as a stream of messages: two feeds with the same input give the same messages in the same order. */
export interface FeedInput {
  readonly messagesPerSecond: number;
  readonly seconds: number;
  readonly seed: string;
  /** Event time of the first message, Unix ms. */
  readonly startMs: number;
}

export interface Feed {
  /** Publishes until the run is over and the broker has acknowledged all; answers how many messages that was. */
  readonly done: Promise<number>;
  readonly sent: () => number;
}

/** Publishes at QoS 1: at the pace of its event time, or as fast as the broker takes it. */
export async function feed(url: string, input: FeedInput, pace: 'live' | 'fast'): Promise<Feed> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 200 });
  client.on('error', () => {});
  const publisher = createPublisher(client, WINDOW, 1);
  const counts = { sent: 0 };
  const done = run(publisher, input, pace, counts).then(async () => {
    await client.endAsync();
    return counts.sent;
  });
  return { done, sent: () => counts.sent };
}

function run(publisher: Publisher, input: FeedInput, pace: 'live' | 'fast', counts: { sent: number }): Promise<void> {
  const fleet = createFleet({
    vehicles: Math.max(1, Math.round(input.messagesPerSecond / MESSAGES_PER_VEHICLE)),
    rate: 1,
    seconds: input.seconds,
    seed: input.seed,
    startMs: input.startMs,
    faults: FEED_FAULTS,
  });
  return new Promise((resolve) => {
    const turn = (): void => {
      const untilMs = pace === 'live' ? Date.now() : Number.MAX_VALUE;
      while (publisher.room() > 0 && fleet.nextMs() <= untilMs) {
        fleet.step((kind, payload) => {
          counts.sent++;
          publisher.publish(fleet.topics[kind], payload);
        });
      }
      if (fleet.nextMs() < Number.POSITIVE_INFINITY || publisher.inFlight() > 0) return;
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(turn, TURN_MS);
    publisher.onRoom(turn);
  });
}
