import { headingGapDeg } from '../../core/model/geometry.ts';
import { between } from '../random.ts';
import { keepDriving } from '../vehicle/plan.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import { untilSeen } from './course.ts';
import { type FaultBehaviour, onlyIf, telemetryDelayMs, telemetryHeldMs, truthLine } from './episode.ts';
import { hasWayLeft, mayHalt, onRing, onTheRoad, stayOnRing } from './road.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HARSH_FOR_MS = 3 * SECOND;
const HARSH_BRAKE_MPS2 = -5.2;
const HARSH_ACCEL_MPS2 = 5;
/** 0.6 g where vans are judged from 0.36 g on. */
const HARSH_LATERAL_MPS2 = 5.9;
const CORNER_WITHIN_MS = 12 * SECOND;
const BELT_KMPH = 20;

/** A change of speed for three seconds that every 1 Hz sample in them shows in full. */
function harsh(kind: 'harsh_braking' | 'harsh_acceleration', rule: string, mps2: number): FaultBehaviour['begin'] {
  return (v, ctx) => {
    const startMs = v.timeMs;
    v.override.accelMps2 = mps2;
    const detail = `${mps2} m/s² for 3 s from ${Math.round(v.speedMps * 3.6)} km/h`;
    // Between fixes further apart than this the change does not show, and no rule can be asked to see it.
    const visible = ctx.cadence.telemetryMs <= SECOND;
    const due = visible ? { id: rule, dueAfterMs: telemetryHeldMs(ctx, HARSH_FOR_MS) } : { also: [rule] };
    ctx.truth(truthLine(v, ctx, kind, HARSH_FOR_MS, due, detail));
    return {
      tick(vehicle) {
        if (vehicle.timeMs - startMs < HARSH_FOR_MS) return false;
        vehicle.override.accelMps2 = undefined;
        return true;
      },
    };
  };
}

export const harshBraking: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.speedMps > 17.5 && hasWayLeft(v, 300)),
  begin: harsh('harsh_braking', 'harsh-braking', HARSH_BRAKE_MPS2),
};

export const harshAcceleration: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.speedMps > 3.3 && v.speedMps < 6.5 && hasWayLeft(v, 400)),
  begin: harsh('harsh_acceleration', 'harsh-acceleration', HARSH_ACCEL_MPS2),
};

/** Not slowing down for a sharp corner some seconds ahead. */
export const harshCornering: FaultBehaviour = {
  cost(v) {
    const { graph } = v.place;
    const node = graph.to[v.edge];
    if (!onTheRoad(v) || node === v.tree.destination || v.speedMps < 11 || v.speedMps > 14) return onlyIf(false);
    const turnDeg = headingGapDeg(graph.headingDeg[v.edge], graph.headingDeg[v.tree.nextEdge[node]]);
    const leftM = graph.lengthM[v.edge] - v.alongM;
    return onlyIf(turnDeg > 60 && turnDeg < 110 && leftM > 30 && leftM < 90 && hasWayLeft(v, 400));
  },
  begin(v, ctx) {
    const startMs = v.timeMs;
    const { graph } = v.place;
    const kmph = v.speedMps * 3.6;
    const edge = v.edge;
    const reachedMs = ((graph.lengthM[edge] - v.alongM) / v.speedMps) * SECOND;
    const visible = ctx.cadence.telemetryMs <= SECOND;
    const due = visible
      ? { id: 'harsh-cornering', dueAfterMs: telemetryHeldMs(ctx, reachedMs + HARSH_FOR_MS) }
      : { also: ['harsh-cornering'] };
    const detail = `${(HARSH_LATERAL_MPS2 / 9.81).toFixed(1)} g round a corner at ${kmph.toFixed(0)} km/h`;
    ctx.truth(truthLine(v, ctx, 'harsh_cornering', CORNER_WITHIN_MS, due, detail));
    v.override.targetMps = v.speedMps;
    v.override.lateralMps2 = HARSH_LATERAL_MPS2;
    return {
      tick(vehicle) {
        const round = vehicle.edge !== edge && vehicle.headingDeg === graph.headingDeg[vehicle.edge];
        return round || vehicle.timeMs - startMs >= CORNER_WITHIN_MS;
      },
    };
  },
};

export const speeding: FaultBehaviour = {
  /** Rather on the ring, else on a street where it hurts less. */
  cost(v) {
    if (!onTheRoad(v)) return onlyIf(false);
    return onRing(v) ? 0 : 200 - v.speedMps;
  },
  begin(v, ctx) {
    const targetMps = between(ctx.rnd, 108, 124) / 3.6;
    const lastsMs = Math.round((targetMps - v.speedMps) / 1.5 + between(ctx.rnd, 110, 160)) * SECOND;
    const startMs = v.timeMs;
    stayOnRing(v);
    v.override.targetMps = targetMps;
    const reachedMs = ((targetMps - v.speedMps) / 1.5) * SECOND;
    const due = { id: 'overspeed', dueAfterMs: telemetryHeldMs(ctx, reachedMs + MINUTE) };
    ctx.truth(truthLine(v, ctx, 'speeding', lastsMs, due, `up to ${Math.round(targetMps * 3.6)} km/h`));
    return {
      tick(vehicle) {
        keepDriving(vehicle);
        return vehicle.timeMs - startMs >= lastsMs;
      },
    };
  },
};

export const longIdling: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.speedMps > 3 && mayHalt(v) && hasWayLeft(v, 400)),
  begin(v, ctx) {
    const lastsMs = Math.round(between(ctx.rnd, 400, 620)) * SECOND;
    let stoodMs: number | undefined;
    keepDriving(v);
    v.override.halt = true;
    return {
      tick(vehicle) {
        if (stoodMs === undefined && vehicle.speedMps === 0) {
          stoodMs = vehicle.timeMs;
          const due = { id: 'idling', dueAfterMs: telemetryHeldMs(ctx, 5 * MINUTE) };
          ctx.truth(truthLine(vehicle, ctx, 'long_idling', lastsMs, due, 'stands with the engine on'));
        }
        return stoodMs !== undefined && vehicle.timeMs - stoodMs >= lastsMs;
      },
    };
  },
};

export const noSeatbelt: FaultBehaviour = {
  cost: (v) => onlyIf(onTheRoad(v) && v.speedMps > 8 && hasWayLeft(v, 1500)),
  begin(v, ctx) {
    const kmphOf = (vehicle: Vehicle) => vehicle.speedMps * 3.6;
    v.override.unbelted = true;
    v.statusDue = true;
    return untilSeen(v, ctx, {
      fault: 'no_seatbelt',
      ruleId: 'seatbelt',
      detail: 'drives without the belt',
      apply: keepDriving,
      holds: (vehicle) => kmphOf(vehicle) > BELT_KMPH,
      forMs: 20 * SECOND + telemetryDelayMs(ctx),
      afterMs: 2 * MINUTE,
      atMostMs: 6 * MINUTE,
    });
  },
};
