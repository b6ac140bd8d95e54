import { below, between, type Random } from '../random.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import { isoTime } from '../wire/timestamp.ts';
import type { WireFault } from './kinds.ts';
import type { TruthLine } from './truth.ts';

/** A run of damaged telemetry messages of one vehicle. */
export interface WireBurst {
  readonly kind: WireFault;
  readonly startMs: number;
  count: number;
  left: number;
  skip: number;
}

/** One telemetry message on its way: sent now, later (at `atMs`), or both. */
export interface Delivery {
  readonly payload: string;
  readonly atMs: number;
}

const MESSAGES_PER_BURST = 8;
const DAY_MS = 86_400_000;

export function beginBurst(kind: WireFault, startMs: number): WireBurst {
  return { kind, startMs, count: 0, left: MESSAGES_PER_BURST, skip: 1 };
}

/**
 * What becomes of a telemetry message of a vehicle with a burst: untouched most of the time, one in four is damaged.
 * Late ones come 8–40 s after their time, beyond the 5 s a stream waits; out-of-order ones come after their successor.
 */
export function pass(burst: WireBurst, v: Vehicle, payload: string, periodMs: number, rnd: Random): Delivery[] {
  if (burst.left === 0 || burst.skip-- > 0) return [{ payload, atMs: v.timeMs }];
  burst.skip = 2 + below(rnd, 3);
  burst.left--;
  burst.count++;
  const later = (ms: number): Delivery => ({ payload, atMs: Math.round(v.timeMs + ms) });
  switch (burst.kind) {
    case 'duplicate':
      return [{ payload, atMs: v.timeMs }, later(between(rnd, 100, 3000))];
    case 'late':
      return [later(between(rnd, 8_000, 40_000))];
    case 'out_of_order':
      return [later(periodMs * 1.4)];
    case 'broken_json':
      return [{ payload: breakJson(payload, rnd), atMs: v.timeMs }];
    case 'type_change':
      return [{ payload: payload.replace(/"speed_kmph":([\d.]+)/, '"speed_kmph":"$1 km/h"'), atMs: v.timeMs }];
    case 'impossible_value':
      return [{ payload: makeImpossible(payload, v, burst.count), atMs: v.timeMs }];
  }
}

function breakJson(payload: string, rnd: Random): string {
  const cut = 20 + below(rnd, payload.length - 40);
  return rnd() < 0.5 ? payload.slice(0, cut) : `${payload.slice(0, cut)}}\u0001${payload.slice(cut)}`;
}

function makeImpossible(payload: string, v: Vehicle, turn: number): string {
  switch (turn % 4) {
    case 0:
      return payload.replace(/"lat":[-\d.]+/, '"lat":91');
    case 1:
      return payload.replace(/"speed_kmph":[\d.]+/, '"speed_kmph":-5');
    case 2:
      return payload.replace(/"speed_kmph":[\d.]+/, '"speed_kmph":900');
    default:
      return payload.replace(/"timestamp":"[^"]+"/, `"timestamp":"${isoTime(v.timeMs + DAY_MS)}"`);
  }
}

/** The truth of a burst, told when it is over because only then the count is known. */
export function burstTruth(burst: WireBurst, v: Vehicle): TruthLine {
  return {
    fault: burst.kind,
    vehicle_id: v.id,
    start_ms: burst.startMs,
    end_ms: v.timeMs,
    expected_rule: null,
    due_ms: v.timeMs,
    also: [],
    count: burst.count,
    detail: `${burst.count} telemetry messages`,
  };
}
