import type { Random } from '../random.ts';
import type { Reporter, Vehicle } from '../vehicle/vehicle.ts';
import type { VehicleFault } from './kinds.ts';
import type { TruthLine } from './truth.ts';

/** How often vehicles report, ms: what decides when a rule can know. */
export interface Cadence {
  readonly telemetryMs: number;
  readonly statusMs: number;
}

export interface FaultContext {
  readonly rnd: Random;
  readonly cadence: Cadence;
  readonly report: Reporter;
  /** End of the run, Unix ms; infinite when it has none. */
  readonly endMs: number;
  truth(line: TruthLine): void;
}

/** A fault at work on one vehicle. */
export interface Episode {
  /** Called after each step of its vehicle, before the vehicle reports; answers true when the fault is over. */
  tick(v: Vehicle): boolean;
}

export interface FaultBehaviour {
  /** How unsuitable a vehicle is now: 0 is just right, infinite is impossible; the least is taken. */
  cost(v: Vehicle): number;
  /** Starts it at the vehicle's own time: what was sent up to then was healthy. */
  begin(v: Vehicle, ctx: FaultContext): Episode;
}

export type FaultCatalogue = Readonly<Record<VehicleFault, FaultBehaviour>>;

export const IMPOSSIBLE = Number.POSITIVE_INFINITY;

/** 0 when the condition holds, impossible when not. */
export function onlyIf(condition: boolean): number {
  return condition ? 0 : IMPOSSIBLE;
}

/** How long a rule may take to see a value that telemetry carries, ms. */
export function telemetryDelayMs(ctx: FaultContext): number {
  return 2 * ctx.cadence.telemetryMs + 1000;
}

export function statusDelayMs(ctx: FaultContext): number {
  return ctx.cadence.statusMs + 2000;
}

/** What most truth lines share: it starts at the vehicle's time and ends with the run at the latest. */
export function truthLine(
  v: Vehicle,
  ctx: FaultContext,
  fault: VehicleFault,
  lastsMs: number,
  rule: { readonly id: string; readonly dueAfterMs: number; readonly also?: readonly string[] } | undefined,
  detail: string,
): TruthLine {
  const end = Math.round(Math.min(v.timeMs + lastsMs, ctx.endMs));
  return {
    fault,
    vehicle_id: v.id,
    start_ms: v.timeMs,
    end_ms: end,
    expected_rule: rule?.id ?? null,
    due_ms: rule ? Math.round(v.timeMs + rule.dueAfterMs) : end,
    also: rule?.also ?? [],
    detail,
  };
}
