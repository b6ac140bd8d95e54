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
  /**
   * Which vehicles it may happen to: those with an order that is not done yet, those nobody has, or (default) all others, whose
   * delays and detours nobody waits for.
   */
  readonly takes?: 'ordered' | 'off-duty';
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

/** How long a rule may take over a status value that must hold for `forMs`, ms. */
export function statusHeldMs(ctx: FaultContext, forMs: number): number {
  return statusDelayMs(ctx) + forMs;
}

export function telemetryHeldMs(ctx: FaultContext, forMs: number): number {
  return telemetryDelayMs(ctx) + forMs;
}

/** The rule that a fault must bring up, and those it may. */
export interface DueRule {
  readonly id: string;
  /** From the vehicle's time on, ms. */
  readonly dueAfterMs: number;
  readonly also?: readonly string[];
}

/** Rules that may speak up about a fault that none has to see. */
export interface NoDueRule {
  readonly also: readonly string[];
}

/** What most truth lines share: it starts at the vehicle's time and ends with the run at the latest. */
export function truthLine(
  v: Vehicle,
  ctx: FaultContext,
  fault: VehicleFault,
  lastsMs: number,
  rule: DueRule | NoDueRule,
  detail: string,
): TruthLine {
  const end = Math.round(Math.min(v.timeMs + lastsMs, ctx.endMs));
  const due = 'id' in rule ? rule : undefined;
  return {
    fault,
    vehicle_id: v.id,
    start_ms: v.timeMs,
    end_ms: end,
    expected_rule: due?.id ?? null,
    due_ms: due ? Math.round(v.timeMs + due.dueAfterMs) : end,
    also: rule.also ?? [],
    detail,
  };
}
