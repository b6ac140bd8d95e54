import { offWayM } from '../vehicle/business.ts';
import { remainingM, routeTo } from '../vehicle/motion.ts';
import type { Vehicle, VehicleOrder } from '../vehicle/vehicle.ts';
import { untilSeen } from './course.ts';
import { type FaultBehaviour, IMPOSSIBLE, telemetryDelayMs, telemetryHeldMs, truthLine } from './episode.ts';
import { onTheRoad } from './road.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Width of a route and what a vehicle may be beside it, m. */
const OFF_M = 200;
const DETOUR_M = 900;
/** Walking pace of a jam, m/s: neither idling nor standing. */
const JAM_MPS = 1.8;
/** The least speed with which arrivals are reckoned, m/s, and how long it takes until the average is down to it. */
const RECKONED_MPS = 15 / 3.6;
const AVERAGE_MS = 15 * MINUTE;
/** What it still drives while it slows down, m. */
const SLOWING_M = 120;
const LATE_MS = 15 * MINUTE;
const MARGIN_MS = 5 * MINUTE;

function hasAhead(v: Vehicle, metres: number): boolean {
  return v.order !== undefined && v.stopsMade === 0 && onTheRoad(v) && leftM(v) > metres;
}

/** Metres to the stop of the order. */
function leftM(v: Vehicle): number {
  let metres = remainingM(v);
  let at = v.tree.destination;
  for (const destination of v.ahead) {
    metres += v.place.routeTo(destination).distanceM[at];
    at = destination;
  }
  return metres;
}

/** Leaves the way for a place well off it, and comes back. */
export const routeDeviation: FaultBehaviour = {
  takes: 'ordered',
  cost: (v) => (hasAhead(v, 3000) && detourOf(v) !== undefined ? 0 : IMPOSSIBLE),
  begin(v, ctx) {
    const { graph } = v.place;
    const { edges } = v.order as VehicleOrder;
    const detour = detourOf(v) ?? v.tree.destination;
    v.ahead.unshift(v.tree.destination);
    routeTo(v, detour, false);
    return untilSeen(v, ctx, {
      fault: 'route_deviation',
      ruleId: 'route-deviation',
      also: ['eta-slip'],
      detail: 'leaves the way of its order',
      apply() {},
      holds: (vehicle) => offWayM(graph, edges, vehicle.lat, vehicle.lon) > OFF_M,
      forMs: MINUTE + telemetryDelayMs(ctx),
      afterMs: 15 * MINUTE,
      atMostMs: 10 * MINUTE,
    });
  },
};

/** The nearest stop of the city that is well off the way and for which the vehicle need not turn round. */
function detourOf(v: Vehicle): number | undefined {
  const { graph } = v.place;
  const next = graph.to[v.edge];
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const stop of graph.stops) {
    const tree = v.place.routeTo(stop);
    const metres = tree.distanceM[next];
    if (metres >= least || stop === next || graph.to[tree.nextEdge[next]] === graph.from[v.edge]) continue;
    if (offWayM(graph, v.order?.edges ?? [], graph.lat[stop], graph.lon[stop]) < DETOUR_M) continue;
    least = metres;
    best = stop;
  }
  return best;
}

/** A jam: it creeps until it is too late for what was promised. */
export const etaSlip: FaultBehaviour = {
  takes: 'ordered',
  cost: (v) => (hasAhead(v, 5000) ? lateAfterMs(v) / MINUTE : IMPOSSIBLE),
  begin(v, ctx) {
    const startMs = v.timeMs;
    const lateMs = lateAfterMs(v);
    const lastsMs = lateMs + 4 * MINUTE;
    const due = { id: 'eta-slip', dueAfterMs: telemetryHeldMs(ctx, lateMs + 2 * MINUTE) };
    ctx.truth(truthLine(v, ctx, 'eta_slip', lastsMs + 20 * MINUTE, due, 'in a jam at walking pace'));
    v.override.targetMps = JAM_MPS;
    return { tick: (vehicle) => vehicle.timeMs - startMs >= lastsMs };
  },
};

/**
 * How long a vehicle must creep until it is expected LATE_MS behind its promise: it is reckoned to arrive after what is left at
 * RECKONED_MPS, and loses the time that creeping takes longer than that.
 */
function lateAfterMs(v: Vehicle): number {
  const reckonedMs = v.timeMs + ((leftM(v) - SLOWING_M) / RECKONED_MPS) * SECOND;
  const missingMs = (v.order?.promisedMs ?? 0) + LATE_MS - reckonedMs;
  return Math.max(AVERAGE_MS, missingMs / (1 - JAM_MPS / RECKONED_MPS));
}

/** Goods that take too long: the vehicle stands at the stop of its order. */
export const loadingOverrun: FaultBehaviour = {
  takes: 'ordered',
  cost: (v) => (standsAtStop(v) ? (v.order?.serviceMin ?? 0) : IMPOSSIBLE),
  begin(v, ctx) {
    const { serviceMin } = v.order as VehicleOrder;
    const allowedMs = serviceMin * MINUTE + MARGIN_MS;
    const startMs = v.timeMs;
    const lastsMs = allowedMs + 3 * MINUTE;
    v.phaseUntilMs = v.timeMs + lastsMs;
    const due = { id: 'loading-too-long', dueAfterMs: telemetryHeldMs(ctx, allowedMs) };
    const detail = `${Math.round(lastsMs / MINUTE)} min at a stop of ${serviceMin}`;
    ctx.truth(truthLine(v, ctx, 'loading_overrun', lastsMs, due, detail));
    return { tick: (vehicle) => vehicle.timeMs - startMs >= lastsMs };
  },
};

function standsAtStop(v: Vehicle): boolean {
  return v.stopsMade === 1 && v.phase === 'parked' && v.loggedIn && !v.onBreak && v.order !== undefined;
}
