import type { StateArray } from './fleet-state.ts';

export type Sections = [name: string, array: StateArray][];
export type ReadSection = (name: string) => StateArray | undefined;

const FIRST_CAPACITY = 1024;

/** The next capacity that holds `count`: doubling. */
export function capacityFor(count: number, capacity: number): number {
  return Math.max(FIRST_CAPACITY, count, capacity * 2);
}

/** A copy of `length` entries, the new ones filled with `fill`. */
export function grown<T extends StateArray>(old: T, length: number, fill = 0): T {
  const bigger = new (old.constructor as new (n: number) => T)(length);
  bigger.set(old);
  if (fill !== 0) bigger.fill(fill, old.length);
  return bigger;
}

/** Copies stored sections into the arrays they came from; a section that is missing leaves its array as it is. */
export function restoreSections(sections: Sections, read: ReadSection): void {
  for (const [name, array] of sections) {
    const stored = read(name);
    if (stored) (array as Float64Array).set(stored as Float64Array);
  }
}
