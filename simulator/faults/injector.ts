import { below } from '../random.ts';
import { orderIsOpen } from '../vehicle/business.ts';
import { NO_OVERRIDES } from '../vehicle/overrides.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import { CATALOGUE } from './catalogue.ts';
import { type Episode, type FaultBehaviour, type FaultContext, IMPOSSIBLE } from './episode.ts';
import { isWireFault } from './kinds.ts';
import type { Onset, Schedule } from './schedule.ts';
import { beginBurst, burstTruth, type WireBurst } from './wire.ts';

const RETRY_MS = 1000;
/** A vehicle that had a fault is left alone for this long, so that its alerts can be told apart. */
const REST_MS = 10 * 60_000;

export interface Injector {
  /** Starts what is due by `nowMs`. Cheap when nothing is. */
  startDue(nowMs: number): void;
  /** After each step of a vehicle. */
  afterStep(v: Vehicle): void;
  burstOf(v: Vehicle): WireBurst | undefined;
  /** Tells the truth about bursts that are still running. */
  finish(): void;
  /** Faults for which no suitable vehicle was found in time. */
  readonly leftOut: Onset[];
}

/** Finds a suitable vehicle for each fault of the schedule and keeps the faults at work. */
export function createInjector(
  fleet: readonly Vehicle[],
  schedule: Schedule,
  ctx: FaultContext,
  reuseVehicles: boolean,
): Injector {
  const episodes = new Map<number, Episode>();
  const bursts = new Map<number, WireBurst>();
  const waiting: Onset[] = [];
  const leftOut: Onset[] = [];
  let upcoming = schedule();
  let checkMs = Number.NEGATIVE_INFINITY;

  const occupy = (v: Vehicle) => {
    v.busyUntilMs = Number.POSITIVE_INFINITY;
  };
  const release = (v: Vehicle) => {
    if (reuseVehicles) v.busyUntilMs = v.timeMs + REST_MS;
  };

  function tryStart(onset: Onset): boolean {
    const { kind } = onset;
    const cost = isWireFault(kind) ? () => 0 : costOf(CATALOGUE[kind]);
    const v = cheapest(fleet, below(ctx.rnd, fleet.length), cost);
    if (!v) return false;
    occupy(v);
    if (isWireFault(kind)) bursts.set(v.index, beginBurst(kind, v.timeMs));
    else episodes.set(v.index, CATALOGUE[kind].begin(v, ctx));
    return true;
  }

  return {
    leftOut,
    startDue(nowMs) {
      if (nowMs < checkMs) return;
      for (; upcoming && upcoming.atMs <= nowMs; upcoming = schedule()) waiting.push(upcoming);
      let kept = 0;
      for (const onset of waiting) {
        if (tryStart(onset)) continue;
        if (nowMs >= onset.untilMs) leftOut.push(onset);
        else waiting[kept++] = onset;
      }
      waiting.length = kept;
      const nextMs = upcoming?.atMs ?? Number.POSITIVE_INFINITY;
      checkMs = kept > 0 ? Math.min(nextMs, nowMs + RETRY_MS) : nextMs;
    },
    afterStep(v) {
      if (v.busyUntilMs !== Number.POSITIVE_INFINITY) return;
      if (episodes.get(v.index)?.tick(v)) {
        episodes.delete(v.index);
        Object.assign(v.override, NO_OVERRIDES);
        release(v);
      }
      const burst = bursts.get(v.index);
      if (burst?.left === 0) {
        ctx.truth(burstTruth(burst, v));
        bursts.delete(v.index);
        release(v);
      }
    },
    burstOf: (v) => (v.busyUntilMs === Number.POSITIVE_INFINITY ? bursts.get(v.index) : undefined),
    finish() {
      for (const [index, burst] of bursts) if (burst.count > 0) ctx.truth(burstTruth(burst, fleet[index]));
      bursts.clear();
      if (upcoming) leftOut.push(...waiting);
    },
  };
}

/** The cost of a fault among the vehicles it may happen to. */
function costOf({ takes, cost }: FaultBehaviour): (v: Vehicle) => number {
  return (v) => {
    const kind = v.offDuty ? 'off-duty' : orderIsOpen(v) ? 'ordered' : undefined;
    return kind === takes ? cost(v) : IMPOSSIBLE;
  };
}

function cheapest(fleet: readonly Vehicle[], from: number, cost: (v: Vehicle) => number): Vehicle | undefined {
  let best: Vehicle | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < fleet.length && least > 0; i++) {
    const v = fleet[(from + i) % fleet.length];
    if (v.busyUntilMs > v.timeMs) continue;
    const c = cost(v);
    if (c >= least) continue;
    least = c;
    best = v;
  }
  return best;
}
