import type { ReadSection, Sections } from '../../stream/arrays.ts';
import type { StateArray } from '../../stream/fleet-state.ts';

/** Events kept of a vehicle. */
export const MOST_EVENTS = 64;

/** How often something happened to each vehicle lately; by slot, times are event times, Unix ms. */
export interface EventCount {
  /** In any order; one that is a span or more older than the newest is ignored. */
  add(slot: number, timeMs: number): void;
  /** Events in (nowMs − span, nowMs], where `nowMs` is not before the newest. Exact up to 64; of more the newest 64 count. */
  count(slot: number, nowMs: number): number;
  /** Times of the events in the span before the newest, oldest first. */
  times(slot: number): number[];
  /** Makes room for slots below `capacity`; without it `add` does so. */
  reserve(capacity: number): void;
  /** Memory in use, about. */
  readonly bytes: number;
  /** What a checkpoint keeps of the slots below `count`. */
  arrays(prefix: string, count: number): [name: string, array: StateArray][];
  /** Fills a fresh one; false when nothing is stored under `prefix`. */
  restore(prefix: string, count: number, read: (name: string) => StateArray | undefined): boolean;
}

const BYTES_PER_SLOT = 8;
const BYTES_PER_LIST = 32;

/** Counts over the last `spanMs`. The events are few, so they are kept one by one. */
export function eventCount(spanMs: number): EventCount {
  return new KeptEvents(spanMs);
}

class KeptEvents implements EventCount {
  readonly #spanMs: number;
  /** By slot: times, ascending. */
  readonly #lists: (number[] | undefined)[] = [];

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(slot: number, timeMs: number): void {
    this.reserve(slot + 1);
    const list = this.#lists[slot] ?? [];
    this.#lists[slot] = list;
    let at = list.length;
    while (at > 0 && list[at - 1] > timeMs) at--;
    list.splice(at, 0, timeMs);
    const fromMs = list[list.length - 1] - this.#spanMs;
    let gone = Math.max(0, list.length - MOST_EVENTS);
    while (list[gone] <= fromMs) gone++;
    if (gone > 0) list.splice(0, gone);
  }

  count(slot: number, nowMs: number): number {
    const list = this.#lists[slot];
    if (list === undefined) return 0;
    let count = 0;
    for (let i = list.length - 1; i >= 0 && list[i] > nowMs - this.#spanMs; i--) if (list[i] <= nowMs) count++;
    return count;
  }

  times(slot: number): number[] {
    return [...(this.#lists[slot] ?? [])];
  }

  reserve(capacity: number): void {
    while (this.#lists.length < capacity) this.#lists.push(undefined);
  }

  get bytes(): number {
    let bytes = this.#lists.length * BYTES_PER_SLOT;
    for (const list of this.#lists) if (list) bytes += BYTES_PER_LIST + list.length * 8;
    return bytes;
  }

  arrays(prefix: string, count: number): Sections {
    const slots: number[] = [];
    const times: number[] = [];
    for (const [slot, list] of this.#lists.slice(0, count).entries()) {
      for (const timeMs of list ?? []) {
        slots.push(slot);
        times.push(timeMs);
      }
    }
    return [
      [`${prefix}.slots`, Uint32Array.from(slots)],
      [`${prefix}.times`, Float64Array.from(times)],
    ];
  }

  restore(prefix: string, count: number, read: ReadSection): boolean {
    const slots = read(`${prefix}.slots`);
    const times = read(`${prefix}.times`);
    if (!slots || !times || slots.length !== times.length) return false;
    this.reserve(count);
    for (const [i, slot] of slots.entries()) this.add(slot, times[i]);
    return true;
  }
}
