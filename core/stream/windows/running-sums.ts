import type { KeyedRecords } from './keyed-records.ts';
import { grown } from './keyed-records.ts';
import type { Layout } from './layout.ts';
import type { PaneGrid } from './pane-grid.ts';

/** Integers up to this can be added and taken out again without rounding, for any number of panes a key may have. */
const EXACT_LIMIT = 2 ** 40;

/**
 * Sums over the panes of each key's next window, carried from window to window: a pane is added when it enters and taken out
 * when it leaves, so that a firing costs the same however many panes a window has. Done only while all panes hold integers,
 * where the order of adding cannot show; otherwise panes are added up one by one in order of time. Results are therefore the
 * same whether or not the carried sums are there, and no checkpoint needs them.
 */
export class RunningSums {
  readonly #layout: Layout;
  readonly #grid: PaneGrid;
  readonly #records: KeyedRecords;
  /** `sums[key * additive + i]`; NaN = not all integers. */
  #sums = new Float64Array(0);
  /** By key: the window that the sums are for, still without the panes it adds to the one before; NaN = none. */
  #window = new Float64Array(0);
  /** By key: the last pane in the sums; −1 = none. */
  #last = new Int32Array(0);

  constructor(layout: Layout, grid: PaneGrid, records: KeyedRecords) {
    this.#layout = layout;
    this.#grid = grid;
    this.#records = records;
  }

  get bytes(): number {
    return this.#sums.byteLength + this.#window.byteLength + this.#last.byteLength;
  }

  reserve(keys: number): void {
    if (this.#grid.perWindow === 1 || keys <= this.#window.length) return;
    this.#sums = grown(this.#sums, keys * this.#layout.additive.length, 0);
    this.#window = grown(this.#window, keys, Number.NaN);
    this.#last = grown(this.#last, keys, -1);
  }

  /** To be called when a pane of a closed window changes. */
  forget(key: number): void {
    if (key < this.#window.length) this.#window[key] = Number.NaN;
  }

  /** Sets the additive cells of `out` to the sums over the window whose first pane is `first`. */
  into(out: Float64Array, key: number, window: number, first: number): void {
    const { additive, counts } = this.#layout;
    const { perSlide, perWindow } = this.#grid;
    const end = window * perSlide + perWindow;
    const base = key * additive.length;
    let entering = first;
    if (this.#window[key] !== window) this.#sums.fill(0, base, base + additive.length);
    else if (this.#last[key] >= 0) entering = this.#records.next(this.#last[key]);
    const last = this.#enter(base, entering, end);
    for (let i = 0; i < counts; i++) out[additive[i]] = this.#sums[base + i];
    for (let i = counts; i < additive.length; i++) {
      const sum = this.#sums[base + i];
      out[additive[i]] = Number.isNaN(sum) ? this.#addUp(base + i, additive[i], first, end) : sum;
    }
    this.#leave(base, first, (window + 1) * perSlide);
    this.#window[key] = window + 1;
    const newest = last >= 0 ? last : this.#last[key];
    // A pane that the next window does not have may be gone by then.
    const stays = newest >= 0 && this.#records.cells[newest] >= (window + 1) * perSlide;
    this.#last[key] = stays ? newest : -1;
  }

  /** Adds the panes from `first` on that begin before `end`; answers the last of them, −1 when there is none. */
  #enter(base: number, first: number, end: number): number {
    const { additive, counts } = this.#layout;
    const records = this.#records;
    const { cells } = records;
    const sums = this.#sums;
    let last = -1;
    for (let record = first; record >= 0 && cells[record] < end; record = records.next(record)) {
      last = record;
      for (let i = 0; i < counts; i++) sums[base + i] += cells[record + additive[i]];
      for (let i = counts; i < additive.length; i++) {
        const value = cells[record + additive[i]];
        sums[base + i] += exact(value) ? value : Number.NaN;
      }
    }
    return last;
  }

  /** Takes out the panes from `first` on that lie before `from`. */
  #leave(base: number, first: number, from: number): void {
    const { additive } = this.#layout;
    const records = this.#records;
    const { cells } = records;
    const sums = this.#sums;
    for (let record = first; record >= 0 && cells[record] < from; record = records.next(record)) {
      for (let i = 0; i < additive.length; i++) sums[base + i] -= cells[record + additive[i]];
    }
  }

  /** Adds up one cell of the window's panes; keeps the sum for the next window when all are integers. */
  #addUp(index: number, cell: number, first: number, end: number): number {
    const records = this.#records;
    const { cells } = records;
    let sum = 0;
    let allExact = true;
    for (let record = first; record >= 0 && cells[record] < end; record = records.next(record)) {
      const value = cells[record + cell];
      sum += value;
      allExact &&= exact(value);
    }
    if (allExact) this.#sums[index] = sum;
    return sum;
  }
}

function exact(value: number): boolean {
  return Number.isInteger(value) && value <= EXACT_LIMIT && value >= -EXACT_LIMIT;
}
