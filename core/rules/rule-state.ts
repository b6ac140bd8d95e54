import type { ReadSection, Sections } from '../stream/arrays.ts';

/** Where a rule stands at a vehicle. Stored in checkpoints: never renumber. */
export const STAGE = { inactive: 0, pending: 1, firing: 2, clearing: 3, unknown: 4 } as const;

/** State of one rule on all vehicles; kept when packs change and the rule does not. */
export class RuleState {
  /** By slot. */
  stage = new Uint8Array(0);
  /** By slot: since when the stage is pending or clearing, or was when the alert was raised, Unix ms. Few are anything but inactive. */
  readonly sinceMs = new Map<number, number>();
  /** By slot while pending: journal position of the onset, then the values of the rule's parts at it. */
  readonly onsets = new Map<number, Float64Array>();
  /** By slot: no new alert before this, Unix ms. */
  readonly coolMs = new Map<number, number>();

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
    this.onsets.delete(slot);
  }

  arrays(version: string, count: number): Sections {
    this.reserve(count);
    const sections: Sections = [
      [`rule.${version}.stage`, this.stage.subarray(0, count)],
      ...numbersBySlot(`rule.${version}.since`, this.sinceMs),
    ];
    if (this.coolMs.size > 0) sections.push(...numbersBySlot(`rule.${version}.cool`, this.coolMs));
    if (this.onsets.size > 0) {
      const slots = [...this.onsets.keys()].sort((a, b) => a - b);
      const values = slots.flatMap((slot) => [...this.onsets.get(slot)!]);
      sections.push([`rule.${version}.onsetSlots`, Uint32Array.from(slots)]);
      sections.push([`rule.${version}.onsetValues`, Float64Array.from(values)]);
    }
    return sections;
  }

  /** Answers false when nothing is stored of that version of the rule. Checkpoints of version 1 have a time for every vehicle. */
  restore(version: string, count: number, read: ReadSection): boolean {
    this.reserve(count);
    const stage = read(`rule.${version}.stage`);
    if (!stage) return false;
    this.stage.set(stage as Uint8Array);
    const all = read(`rule.${version}.since`);
    if (!readBySlot(`rule.${version}.since`, this.sinceMs, read) && all) {
      for (let slot = 0; slot < count; slot++)
        if (this.stage[slot] !== STAGE.inactive) this.sinceMs.set(slot, all[slot]);
    }
    readBySlot(`rule.${version}.cool`, this.coolMs, read);
    const slots = read(`rule.${version}.onsetSlots`);
    const values = read(`rule.${version}.onsetValues`) as Float64Array | undefined;
    if (slots && values && slots.length > 0) {
      const width = values.length / slots.length;
      for (const [i, slot] of slots.entries()) this.onsets.set(slot, values.slice(i * width, (i + 1) * width));
    }
    return true;
  }
}

function numbersBySlot(name: string, bySlot: ReadonlyMap<number, number>): Sections {
  const slots = [...bySlot.keys()].sort((a, b) => a - b);
  return [
    [`${name}Slots`, Uint32Array.from(slots)],
    [`${name}Ms`, Float64Array.from(slots, (slot) => bySlot.get(slot)!)],
  ];
}

function readBySlot(name: string, bySlot: Map<number, number>, read: ReadSection): boolean {
  const slots = read(`${name}Slots`);
  const times = read(`${name}Ms`);
  if (!slots || !times) return false;
  for (const [i, slot] of slots.entries()) bySlot.set(slot, times[i]);
  return true;
}
