import type { StateArray } from '../stream/fleet-state.ts';

/** Where a rule stands at a vehicle. Stored in checkpoints: never renumber. */
export const STAGE = { inactive: 0, pending: 1, firing: 2, clearing: 3, unknown: 4 } as const;

/** State of one rule on all vehicles; kept when packs change and the rule does not. */
export class RuleState {
  /** By slot. */
  stage = new Uint8Array(0);
  /** By slot: since when the stage is pending or clearing, or was when the alert was raised, Unix ms. Few are anything but inactive. */
  readonly sinceMs = new Map<number, number>();

  reserve(capacity: number): void {
    if (capacity <= this.stage.length) return;
    const stage = new Uint8Array(capacity);
    stage.set(this.stage);
    this.stage = stage;
  }

  since(slot: number, otherwiseMs: number): number {
    return this.sinceMs.get(slot) ?? otherwiseMs;
  }

  toInactive(slot: number): void {
    this.stage[slot] = STAGE.inactive;
    this.sinceMs.delete(slot);
  }

  arrays(version: string, count: number): [name: string, array: StateArray][] {
    this.reserve(count);
    const slots = [...this.sinceMs.keys()].sort((a, b) => a - b);
    return [
      [`rule.${version}.stage`, this.stage.subarray(0, count)],
      [`rule.${version}.sinceSlots`, Uint32Array.from(slots)],
      [`rule.${version}.sinceMs`, Float64Array.from(slots, (slot) => this.since(slot, 0))],
    ];
  }

  /** Answers false when nothing is stored of that version of the rule. Checkpoints of version 1 have a time for every vehicle. */
  restore(version: string, count: number, read: (name: string) => StateArray | undefined): boolean {
    this.reserve(count);
    const stage = read(`rule.${version}.stage`);
    if (!stage) return false;
    this.stage.set(stage as Uint8Array);
    const slots = read(`rule.${version}.sinceSlots`);
    const times = read(`rule.${version}.sinceMs`);
    const all = read(`rule.${version}.since`);
    if (slots && times) for (const [i, slot] of slots.entries()) this.sinceMs.set(slot, times[i]);
    else if (all) {
      for (let slot = 0; slot < count; slot++)
        if (this.stage[slot] !== STAGE.inactive) this.sinceMs.set(slot, all[slot]);
    }
    return true;
  }
}
