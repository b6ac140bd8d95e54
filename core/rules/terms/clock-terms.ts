import type { ReadSection, Sections } from '../../stream/arrays.ts';
import { grown } from '../../stream/arrays.ts';
import type { Typed } from '../expression/typed.ts';
import type { Term } from './term.ts';

/** A number a vehicle that a term remembers; NaN = none yet. Stored with the checkpoint. */
class Remembered {
  values = new Float64Array(0);

  get(slot: number): number {
    return slot < this.values.length ? this.values[slot] : Number.NaN;
  }

  set(slot: number, value: number): void {
    if (slot >= this.values.length) this.reserve(slot + 1);
    this.values[slot] = value;
  }

  reserve(capacity: number): void {
    if (capacity > this.values.length)
      this.values = grown(this.values, Math.max(capacity, this.values.length * 2), Number.NaN);
  }

  arrays(prefix: string, count: number): Sections {
    this.reserve(count);
    return [[prefix, this.values.subarray(0, count)]];
  }

  restore(prefix: string, count: number, read: ReadSection): void {
    this.reserve(count);
    const stored = read(prefix);
    if (stored) this.values.set(stored as Float64Array);
  }
}

function stored(memory: Remembered): Pick<Term, 'reserve' | 'bytes' | 'arrays' | 'restore'> {
  return {
    reserve: (capacity) => memory.reserve(capacity),
    bytes: () => memory.values.byteLength,
    arrays: (prefix, count) => memory.arrays(`${prefix}.memory`, count),
    restore: (prefix, count, read) => memory.restore(`${prefix}.memory`, count, read),
  };
}

/** A rebuilt state knows no longer than this how long something has held. */
const HELD_LOOK_BACK_MS = 3_600_000;

/** Since when a condition has been true without a break, by the vehicle's clock, Unix ms; 0 while it is false. */
export function heldTerm(key: string, inner: Typed): Term {
  const sinceMs = new Remembered();
  return {
    key,
    type: 'number',
    unit: 'ms',
    sources: [...inner.reads],
    lookBackMs: HELD_LOOK_BACK_MS,
    update(slot, atMs) {
      const holds = inner.evaluate(slot);
      if (holds !== 1) {
        if (!Number.isNaN(sinceMs.get(slot))) sinceMs.set(slot, Number.NaN);
        return holds;
      }
      if (Number.isNaN(sinceMs.get(slot))) sinceMs.set(slot, atMs);
      return sinceMs.get(slot);
    },
    ...stored(sinceMs),
  };
}

/** What a heldTerm means, in seconds at `clockMs`. */
export function heldS(_slot: number, sinceMs: number, clockMs: number): number {
  return sinceMs > 0 ? (clockMs - sinceMs) / 1000 : sinceMs;
}

/** When the value was last reported, by the vehicle's clock, Unix ms. */
export function reportedTerm(key: string, inner: Typed): Term {
  const reportedMs = new Remembered();
  return {
    key,
    type: 'number',
    unit: 'ms',
    sources: [...inner.reads],
    lookBackMs: 0,
    update(slot, atMs) {
      if (!Number.isNaN(inner.evaluate(slot))) reportedMs.set(slot, atMs);
      return reportedMs.get(slot);
    },
    ...stored(reportedMs),
  };
}

/** The reading before the newest one. */
export function prevTerm(key: string, inner: Typed): Term {
  const newest = new Remembered();
  return {
    key,
    type: 'number',
    unit: inner.unit,
    sources: [...inner.reads],
    lookBackMs: 600_000,
    update(slot) {
      const before = newest.get(slot);
      newest.set(slot, inner.evaluate(slot));
      return before;
    },
    ...stored(newest),
  };
}

/** Seconds since the value was last reported, on the silence clock: it stands still while the room hears no broker. */
export function ageTerm(key: string, inner: Typed): Term {
  const reportedS = new Remembered();
  const newest = { nowS: Number.NaN };
  return {
    key,
    type: 'number',
    unit: 's',
    sources: [...inner.reads],
    lookBackMs: 0,
    update(slot) {
      if (!Number.isNaN(inner.evaluate(slot))) reportedS.set(slot, newest.nowS);
      return newest.nowS - reportedS.get(slot);
    },
    tick(slot, _atMs, nowS) {
      newest.nowS = nowS;
      return nowS - reportedS.get(slot);
    },
    ...stored(reportedS),
    arrays: (prefix, count) => [
      ...reportedS.arrays(`${prefix}.memory`, count),
      [`${prefix}.nowS`, Float64Array.of(newest.nowS)],
    ],
    restore(prefix, count, read) {
      reportedS.restore(`${prefix}.memory`, count, read);
      newest.nowS = read(`${prefix}.nowS`)?.[0] ?? Number.NaN;
    },
  };
}
