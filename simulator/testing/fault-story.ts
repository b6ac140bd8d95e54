import type { VehicleFault } from '../faults/kinds.ts';
import type { TruthLine } from '../faults/truth.ts';
import { collect, type Status, statusOf, type Telemetry, telemetryOf } from './collect.ts';

export type At<T> = T & { readonly ms: number };

/** What one faulty vehicle sent between the start and the end in the truth. */
export interface Seen {
  readonly line: TruthLine;
  /** All of the run. */
  readonly fixes: At<Telemetry>[];
  readonly statuses: At<Status>[];
  /** After the start, up to and without the last moment. */
  readonly during: At<Telemetry>[];
  readonly duringStatus: At<Status>[];
}

export interface FaultStory extends ReturnType<typeof collect> {
  see(fault: VehicleFault): Seen;
}

/** A run with some faults, and each as a rule sees it: in the messages of its vehicle. */
export function faultStory(
  faults: readonly VehicleFault[],
  size: Partial<{ vehicles: number; seconds: number }> = {},
): FaultStory {
  const story = collect({ vehicles: 160, seconds: 1600, seed: 'faults', ...size, faults });
  return {
    ...story,
    see(fault) {
      const line = story.truth.find((t) => t.fault === fault);
      if (!line) throw new Error(`${fault} was not injected`);
      const inside = <T>(list: At<T>[]) => list.filter((m) => m.ms > line.start_ms && m.ms < line.end_ms);
      const fixes = telemetryOf(story.messages, line.vehicle_id);
      const statuses = statusOf(story.messages, line.vehicle_id);
      return { line, fixes, statuses, during: inside(fixes), duringStatus: inside(statuses) };
    },
  };
}

/** When a condition has held for `forMs` for the first time, Unix ms; NaN when it never has. */
export function heldAt<T extends { readonly ms: number }>(
  list: readonly T[],
  forMs: number,
  condition: (m: T) => boolean,
): number {
  let since: number | undefined;
  for (const m of list) {
    if (!condition(m)) since = undefined;
    else since ??= m.ms;
    if (since !== undefined && m.ms - since >= forMs) return m.ms;
  }
  return Number.NaN;
}

/** Fixes with the status that was the newest then. */
export function joined({ fixes, statuses }: Seen): At<Telemetry & Partial<Status>>[] {
  return fixes.map((fix) => ({ ...statuses.findLast((s) => s.ms <= fix.ms), ...fix }));
}
