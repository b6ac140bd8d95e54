import type { Vehicle } from '../vehicle/vehicle.ts';
import type { Episode, FaultContext } from './episode.ts';
import { telemetryHeldMs, truthLine } from './episode.ts';
import type { VehicleFault } from './kinds.ts';

/** An episode that shows a share of its course (0 … 1 over `riseMs`) until it is over. */
export function course(
  v: Vehicle,
  riseMs: number,
  lastsMs: number,
  show: (v: Vehicle, share: number) => void,
): Episode {
  const startMs = v.timeMs;
  return {
    tick(vehicle) {
      const sinceMs = vehicle.timeMs - startMs;
      show(vehicle, Math.min(1, sinceMs / riseMs));
      return sinceMs >= lastsMs;
    },
  };
}

export interface Waiting {
  readonly fault: VehicleFault;
  readonly ruleId: string;
  readonly also?: readonly string[];
  readonly detail: string;
  /** Called at each step, first of all. */
  apply(v: Vehicle): void;
  /** What the rule looks for. */
  holds(v: Vehicle): boolean;
  /** How long that must hold for the rule. */
  readonly forMs: number;
  /** How long the fault goes on once it has held so long. */
  readonly afterMs: number;
  /** When the fault is given up because that never came. */
  readonly atMostMs: number;
  /** Called when it is over. */
  end?(v: Vehicle): void;
}

/**
 * An episode whose rule can speak up only after traffic has let something hold for a while: its truth is told at that moment. One
 * that is given up is told as a fault without a rule that must speak.
 */
export function untilSeen(v: Vehicle, ctx: FaultContext, waiting: Waiting): Episode {
  const startMs = v.timeMs;
  let sinceMs: number | undefined;
  let overMs = startMs + waiting.atMostMs;
  let told = false;
  const tell = (vehicle: Vehicle, seen: boolean) => {
    const due = { id: waiting.ruleId, dueAfterMs: telemetryHeldMs(ctx, 0), also: waiting.also };
    const may = { also: [waiting.ruleId, ...(waiting.also ?? [])] };
    const lastsMs = overMs - vehicle.timeMs;
    const line = truthLine(vehicle, ctx, waiting.fault, lastsMs, seen ? due : may, waiting.detail);
    ctx.truth({ ...line, start_ms: startMs });
    told = true;
  };
  return {
    tick(vehicle) {
      waiting.apply(vehicle);
      if (!waiting.holds(vehicle)) sinceMs = undefined;
      else sinceMs ??= vehicle.timeMs;
      if (!told && sinceMs !== undefined && vehicle.timeMs - sinceMs >= waiting.forMs) {
        overMs = vehicle.timeMs + waiting.afterMs;
        tell(vehicle, true);
      }
      if (vehicle.timeMs < overMs) return false;
      if (!told) tell(vehicle, false);
      waiting.end?.(vehicle);
      return true;
    },
  };
}
