import type { TruthLine } from '../faults/truth.ts';
import { createFleet, type Fleet, type Sink } from '../fleet.ts';
import type { FleetOptions } from '../fleet-options.ts';
import { eventClock } from './event-clock.ts';
import type { Publisher } from './publisher.ts';

export interface FleetRun {
  readonly fleet: Fleet;
  /** Resolves when the run is over and the broker has acknowledged all that was sent. */
  readonly done: Promise<void>;
  /** Event time the fleet is behind its clock because the broker is slow or away, ms. */
  behindMs(): number;
  /** Makes no further messages; `done` resolves when those in flight are acknowledged. */
  stop(): void;
}

/** Short, so that messages leave evenly and not in one burst a second. */
const TICK_MS = 5;

/** Runs a fleet by the wall clock into a publisher. When the window is full the fleet waits, and catches up later. */
export function runFleet(
  options: Omit<FleetOptions, 'startMs'>,
  speedUp: number,
  publisher: Publisher,
  onTruth: (line: TruthLine) => void,
): FleetRun {
  const wall = () => performance.timeOrigin + performance.now();
  const clock = eventClock(wall(), speedUp, options.seconds);
  const fleet = createFleet({ ...options, startMs: clock.startMs }, onTruth);
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const sink: Sink = (kind, payload) => publisher.publish(fleet.topics[kind], payload);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    const now = clock.at(wall());
    // A step makes up to five messages: they may exceed the window by four.
    while (!stopped && publisher.room() > 0 && fleet.nextMs() <= now) fleet.step(sink);
    if (stopped || fleet.nextMs() === Number.POSITIVE_INFINITY) {
      if (publisher.inFlight() > 0) return;
      clearInterval(timer);
      resolve();
    }
  }

  publisher.onRoom(tick);
  timer = setInterval(tick, TICK_MS);
  return {
    fleet,
    done,
    behindMs: () => Math.max(0, clock.at(wall()) - fleet.nextMs()),
    stop() {
      stopped = true;
    },
  };
}
