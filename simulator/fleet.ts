import { DEFAULT_TOPICS, type TopicKindName } from '../core/model/topics.ts';
import { createInjector, type Injector } from './faults/injector.ts';
import { FAULT_KINDS } from './faults/kinds.ts';
import { timedSchedule, trickleSchedule } from './faults/schedule.ts';
import type { TruthLine } from './faults/truth.ts';
import { pass } from './faults/wire.ts';
import { checkFleetOptions, type FleetOptions } from './fleet-options.ts';
import { hashText, mix, random } from './random.ts';
import { createVehicle } from './vehicle/create.ts';
import { stepJourney } from './vehicle/journey.ts';
import { locate } from './vehicle/motion.ts';
import { advanceSignals } from './vehicle/signals.ts';
import type { Reporter, Vehicle } from './vehicle/vehicle.ts';
import { eventIds } from './wire/event-ids.ts';
import { type HeldMessages, heldMessages } from './wire/held-messages.ts';
import * as write from './wire/payloads.ts';

/** Takes one message; called in order of `timeMs`, the event time at which it is sent (Unix ms). */
export type Sink = (kind: TopicKindName, payload: string, vehicleIndex: number, timeMs: number) => void;

export interface Fleet {
  readonly vehicles: readonly Vehicle[];
  readonly topics: Readonly<Record<TopicKindName, string>>;
  /** Event time of the next step, infinite when the run is over. */
  nextMs(): number;
  /** One step of one vehicle, or one message that was held back: gives the sink 0 to 5 messages. */
  step(sink: Sink): void;
  /** Faults injected so far. */
  readonly truth: readonly TruthLine[];
  /** Faults that found no suitable vehicle. */
  readonly leftOut: Injector['leftOut'];
}

const STATUS_MS = 10_000;
const COMMAND_MS = 20_000;

/**
 * A fleet that tells what happens to it, as a pure function of its options: no clock, no broker. Vehicles are stepped in
 * turn, evenly spread over each period, at least once a second so that braking stays true at low rates.
 * Throws a RangeError for options out of range.
 */
export function createFleet(options: FleetOptions, onTruth?: (line: TruthLine) => void): Fleet {
  checkFleetOptions(options);
  const { vehicles: count, rate = 1, startMs, prefix = '' } = options;
  const seed = hashText(options.seed ?? '1');
  const endMs = options.seconds === undefined ? Number.POSITIVE_INFINITY : startMs + options.seconds * 1000;
  const stepMs = 1000 / Math.max(1, rate);
  const statusSteps = Math.round(STATUS_MS / stepMs);
  const vehicles = Array.from({ length: count }, (_, i) => createVehicle(i, seed, startMs));
  const truth: TruthLine[] = [];
  const rnd = random(mix(seed, 0));
  const out = createOutbox(eventIds(seed, startMs));
  const injector = createInjector(
    vehicles,
    options.seconds === undefined
      ? trickleSchedule(rnd, options.faults ?? [], count, startMs)
      : timedSchedule(rnd, options.faults ?? [], count, startMs, options.seconds * 1000),
    {
      rnd,
      cadence: { telemetryMs: 1000 / rate, statusMs: STATUS_MS },
      report: out.reporter,
      endMs,
      truth(line) {
        truth.push(line);
        onTruth?.(line);
      },
    },
    options.seconds === undefined,
  );
  let round = 0;
  let turn = 0;
  let turnMs = startMs;
  let commandMs = startMs + COMMAND_MS / 2;
  let over = false;

  function stepVehicle(v: Vehicle, nowMs: number): void {
    stepJourney(v, nowMs, out.reporter);
    locate(v);
    injector.afterStep(v);
    const offset = round + v.index * 7;
    // At rates below 1 a step reports only when its share of a message has added up to a whole one.
    const reports = rate >= 1 || Math.floor((offset + 1) * rate) > Math.floor(offset * rate);
    if (reports) {
      const payload = write.telemetryPayload(v, out.nextId());
      const burst = injector.burstOf(v);
      if (burst) {
        for (const { payload: sent, atMs } of pass(burst, v, payload, 1000 / rate, rnd)) {
          if (atMs <= nowMs) out.send('telemetry', sent, v);
          else out.held.push({ atMs: Math.min(atMs, endMs), vehicleIndex: v.index, payload: sent });
        }
      } else out.send('telemetry', payload, v);
    }
    if (v.statusDue || offset % statusSteps === 0) {
      advanceSignals(v);
      v.statusDue = false;
      out.send('status', write.statusPayload(v), v);
    }
  }

  function step(sink: Sink): void {
    out.sink = sink;
    if (out.held.nextMs() <= turnMs || over) {
      out.release();
      return;
    }
    const v = vehicles[turn];
    injector.startDue(turnMs);
    stepVehicle(v, turnMs);
    if (turnMs >= commandMs) {
      commandMs += COMMAND_MS;
      sink('command', write.commandPayload(v, out.nextId(), turnMs), v.index, turnMs);
    }
    turn++;
    if (turn === count) {
      turn = 0;
      round++;
    }
    turnMs = Math.round(startMs + (round + turn / count) * stepMs);
    if (turnMs >= endMs) {
      over = true;
      injector.finish();
    }
  }

  return {
    vehicles,
    topics: Object.fromEntries(Object.entries(DEFAULT_TOPICS).map(([kind, topic]) => [kind, prefix + topic])) as Record<
      TopicKindName,
      string
    >,
    nextMs: () => Math.min(over ? Number.POSITIVE_INFINITY : turnMs, out.held.nextMs()),
    step,
    truth,
    leftOut: injector.leftOut,
  };
}

interface Outbox {
  sink: Sink;
  readonly held: HeldMessages;
  readonly nextId: () => string;
  readonly reporter: Reporter;
  send(kind: TopicKindName, payload: string, v: Vehicle): void;
  /** Sends the first message that was held back. */
  release(): void;
}

/** Where a vehicle's messages leave it. Nothing leaves a vehicle that is silent. */
function createOutbox(nextId: () => string): Outbox {
  const held = heldMessages();
  const outbox: Outbox = {
    sink: () => {},
    held,
    nextId,
    send(kind, payload, v) {
      if (v.override.silent) return;
      v.sentMs = v.timeMs;
      outbox.sink(kind, payload, v.index, v.timeMs);
    },
    release() {
      const message = held.pop();
      if (message) outbox.sink('telemetry', message.payload, message.vehicleIndex, message.atMs);
    },
    reporter: {
      tripStart: (v) => outbox.send('trip', write.tripStartPayload(v), v),
      tripEnd: (v, status) => outbox.send('trip', write.tripEndPayload(v, status), v),
      driver: (v, type) => outbox.send('driver', write.driverPayload(v, type), v),
      deviceAlert: (v, type, severity, details) =>
        outbox.send('alert', write.deviceAlertPayload(v, nextId(), type, severity, details), v),
    },
  };
  return outbox;
}

/** One message of a fleet. `timeMs` is when it is sent; late messages carry an earlier time in their payload. */
export interface FleetMessage {
  readonly topicKind: TopicKindName;
  readonly topic: string;
  readonly payload: string;
  readonly vehicleId: string;
  readonly timeMs: number;
}

/** All messages of a fleet in the order in which they are sent. `onTruth` hears of each injected fault. Endless without `seconds`. */
export function* fleetMessages(
  options: FleetOptions,
  onTruth?: (line: TruthLine) => void,
): Generator<FleetMessage, Fleet> {
  const fleet = createFleet(options, onTruth);
  const batch: FleetMessage[] = [];
  const sink: Sink = (topicKind, payload, index, timeMs) => {
    batch.push({ topicKind, topic: fleet.topics[topicKind], payload, vehicleId: fleet.vehicles[index].id, timeMs });
  };
  while (fleet.nextMs() < Number.POSITIVE_INFINITY) {
    fleet.step(sink);
    yield* batch;
    batch.length = 0;
  }
  return fleet;
}

export type { FaultKind } from './faults/kinds.ts';
export type { FleetOptions } from './fleet-options.ts';
export { FAULT_KINDS };
