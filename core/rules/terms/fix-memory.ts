import { grown, type ReadSection, type Sections } from '../../stream/arrays.ts';
import type { Term } from './term.ts';

/** Numbers a vehicle has here: 64 bytes, one line of a processor's cache. */
const STRIDE = 8;

/** Which of a vehicle's numbers belong to whom. */
export const FIX_FIELD = {
  moved: { at: 0, width: 2 },
  lateral: { at: 2, width: 3 },
  clock: { at: 5, width: 2 },
  still: { at: 7, width: 1 },
} as const;

type Field = (typeof FIX_FIELD)[keyof typeof FIX_FIELD];

/**
 * What terms over fixes remember of a vehicle, side by side: several of them are worked out after every fix, and fetching their memories one by
 * one from all over would cost more than the work. NaN = nothing yet.
 */
export class FixMemory {
  values = new Float64Array(0);

  /** Where the numbers of a vehicle begin; makes room. */
  at(slot: number): number {
    const end = (slot + 1) * STRIDE;
    if (end > this.values.length)
      this.values = grown(this.values, Math.max(end, this.values.length * 2, 1024 * STRIDE), Number.NaN);
    return end - STRIDE;
  }

  /** Forgets a field of all vehicles; for the term that begins to use it. */
  forget({ at, width }: Field): void {
    for (let from = at; from < this.values.length; from += STRIDE) this.values.fill(Number.NaN, from, from + width);
  }

  /** How a term keeps its field in checkpoints. */
  stored({ at, width }: Field): Required<Pick<Term, 'arrays' | 'restore'>> {
    return {
      arrays: (prefix: string, count: number): Sections => {
        const kept = new Float64Array(count * width);
        for (let slot = 0; slot < count; slot++) {
          const from = this.at(slot) + at;
          for (let i = 0; i < width; i++) kept[slot * width + i] = this.values[from + i];
        }
        return [[`${prefix}.kept`, kept]];
      },
      restore: (prefix: string, count: number, read: ReadSection): void => {
        const kept = read(`${prefix}.kept`);
        for (let slot = 0; kept && slot < count; slot++) {
          const to = this.at(slot) + at;
          for (let i = 0; i < width; i++) this.values[to + i] = kept[slot * width + i];
        }
      },
    };
  }
}
