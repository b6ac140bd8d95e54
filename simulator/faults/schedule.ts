import { below, between, type Random } from '../random.ts';
import { type FaultKind, isWireFault, type VehicleFault } from './kinds.ts';

/** A fault that is to begin at a time (Unix ms), or as soon after it as a suitable vehicle is found. */
export interface Onset {
  readonly atMs: number;
  /** Given up after this. */
  readonly untilMs: number;
  readonly kind: FaultKind;
}

/** Onsets in order of time, one by one; undefined when there are no more. */
export type Schedule = () => Onset | undefined;

const MOST_OF_A_KIND = 20;
const WIRE_BURSTS_PER_FAULT = 2;

/** What a fault needs from its onset to its alert, with the way to where it happens, minutes. */
const USUAL_NEED_MIN = 6;
const NEEDS_MIN: Readonly<Partial<Record<FaultKind, number>>> = {
  long_idling: 8,
  coolant_leak: 8,
  geofence_exit: 12,
  forbidden_zone: 10,
  long_dwell: 20,
  stranded: 25,
  short_break: 11,
  going_silent: 12,
  odd_second_trip: 2,
  device_clock: 8,
  tyre_defect: 14,
  telemetry_stuck: 14,
};
/** Faults that happen to orders, while there are some: minutes after which none begins any more, and none is tried any more. */
const EARLY_MIN: Readonly<Partial<Record<FaultKind, { readonly latest: number; readonly until: number }>>> = {
  route_deviation: { latest: 8, until: 25 },
  eta_slip: { latest: 4, until: 15 },
  loading_overrun: { latest: 8, until: 40 },
};
const MINUTE = 60_000;
/** A fault for which no vehicle suits at first is tried for at least this long. */
const TRIED_MS = 2 * MINUTE;

/** When a fault may begin in a run of `lengthMs`, and when it is given up, ms from its start. */
function windowOf(kind: FaultKind, lengthMs: number): { fromMs: number; toMs: number; untilMs: number } {
  const lastMs = lengthMs * 0.55;
  const early = EARLY_MIN[kind];
  if (early) {
    const toMs = Math.min(lengthMs * 0.3, early.latest * MINUTE);
    return { fromMs: toMs * 0.1, toMs, untilMs: Math.min(lastMs, early.until * MINUTE) };
  }
  const inTimeMs = lengthMs - (NEEDS_MIN[kind] ?? USUAL_NEED_MIN) * MINUTE;
  const fromMs = lengthMs * 0.1;
  const toMs = Math.min(lengthMs * 0.53, Math.max(fromMs, inTimeMs));
  return { fromMs, toMs, untilMs: Math.min(lastMs, Math.max(toMs + TRIED_MS, inTimeMs)) };
}

/**
 * A run of known length: all onsets before 55 % of it, and so early that there is time to see what comes of them. What needs no
 * order begins after the first 10 %.
 */
export function timedSchedule(
  rnd: Random,
  kinds: readonly FaultKind[],
  vehicles: number,
  startMs: number,
  lengthMs: number,
): Schedule {
  const perKind = Math.min(MOST_OF_A_KIND, Math.max(1, Math.floor(vehicles / 1000)));
  const onsets: Onset[] = [];
  for (const kind of kinds) {
    const count = isWireFault(kind) ? perKind * WIRE_BURSTS_PER_FAULT : perKind;
    const { fromMs, toMs, untilMs } = windowOf(kind, lengthMs);
    for (let i = 0; i < count; i++) {
      onsets.push({ atMs: startMs + between(rnd, fromMs, toMs), untilMs: startMs + untilMs, kind });
    }
  }
  onsets.sort((a, b) => b.atMs - a.atMs);
  return () => onsets.pop();
}

/** How often a kind comes in an endless run, relative to the others: what is grave is rare. */
const WEIGHTS: Readonly<Record<VehicleFault, number>> = {
  harsh_braking: 5,
  harsh_acceleration: 4,
  speeding: 5,
  long_idling: 4,
  engine_overheat: 2,
  flat_battery: 2,
  coolant_leak: 1.5,
  going_silent: 2,
  sos: 1,
  crash: 0.7,
  cargo_cooling_failure: 2,
  geofence_exit: 2,
  headlights_left_on: 2,
  tyre_leak: 2,
  fuel_theft: 1.5,
  harsh_cornering: 4,
  no_seatbelt: 3,
  short_break: 2,
  forbidden_zone: 2,
  long_dwell: 1.5,
  oil_pressure_loss: 1,
  fuel_pressure_loss: 1,
  charging_fault: 1.5,
  fault_code: 2,
  ecu_overload: 1.5,
  tyre_defect: 1,
  door_open_moving: 2,
  stranded: 1,
  odd_second_trip: 0.7,
  device_clock: 1,
  telemetry_stuck: 1.5,
  // Only while there are orders, in the first half hour.
  route_deviation: 0.7,
  eta_slip: 0.7,
  loading_overrun: 0.7,
};

/** What a newcomer sees first: two that alert at once, then some that need a minute. Seconds after the start. */
const OPENING: readonly [seconds: number, kind: FaultKind][] = [
  [4, 'harsh_braking'],
  [6, 'engine_overheat'],
  [8, 'harsh_acceleration'],
  [9, 'speeding'],
  [11, 'flat_battery'],
  [13, 'sos'],
  [15, 'tyre_leak'],
];

/** Seconds between two faults of 1,000 vehicles; about three in four are such that a rule shows them. */
const GAP_S: readonly [number, number] = [14, 22];
const WIRE_GAP_S: readonly [number, number] = [15, 45];
const PATIENCE_MS = 60_000;

/** An endless run: an opening, then a steady trickle that grows with the fleet. */
export function trickleSchedule(rnd: Random, kinds: readonly FaultKind[], vehicles: number, startMs: number): Schedule {
  const scale = Math.min(20, Math.max(0.2, 1000 / vehicles));
  const physical = kinds.filter((kind) => !isWireFault(kind)) as VehicleFault[];
  const wire = kinds.filter(isWireFault);
  const opening = OPENING.filter(([, kind]) => kinds.includes(kind)).map(([s, kind]) =>
    onset(startMs + s * 1000, kind),
  );
  const gap = (range: readonly [number, number]) => between(rnd, range[0], range[1]) * 1000 * scale;
  let nextMs = physical.length > 0 ? startMs + 20_000 + gap(GAP_S) : Number.POSITIVE_INFINITY;
  let nextWireMs = wire.length > 0 ? startMs + 5_000 + gap(WIRE_GAP_S) : Number.POSITIVE_INFINITY;
  return () => {
    if (opening.length > 0) return opening.shift();
    if (nextMs === nextWireMs) return undefined;
    if (nextMs < nextWireMs) {
      const atMs = nextMs;
      nextMs += gap(GAP_S);
      return onset(atMs, weighted(rnd, physical));
    }
    const atMs = nextWireMs;
    nextWireMs += gap(WIRE_GAP_S);
    return onset(atMs, wire[below(rnd, wire.length)]);
  };
}

function onset(atMs: number, kind: FaultKind): Onset {
  return { atMs, untilMs: atMs + PATIENCE_MS, kind };
}

function weighted(rnd: Random, kinds: readonly VehicleFault[]): FaultKind {
  let left = rnd() * kinds.reduce((sum, kind) => sum + WEIGHTS[kind], 0);
  for (const kind of kinds) {
    left -= WEIGHTS[kind];
    if (left < 0) return kind;
  }
  return kinds[kinds.length - 1];
}
