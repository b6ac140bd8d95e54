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
  /** By key: the window that the sums are for, without the panes that only it and later ones have; NaN = none. */
  #window = new Float64Array(0);

  constructor(layout: Layout, grid: PaneGrid, records: KeyedRecords) {
    this.#layout = layout;
    this.#grid = grid;
    this.#records = records;
  }

  get bytes(): number {
    return this.#sums.byteLength + this.#window.byteLength;
  }

  reserve(keys: number): void {
    if (this.#grid.perWindow === 1 || keys <= this.#window.length) return;
    this.#sums = grown(this.#sums, keys * this.#layout.additive.length, 0);
    this.#window = grown(this.#window, keys, Number.NaN);
  }

  /** To be called when a pane of a closed window changes. */
  forget(key: number): void {
    if (key < this.#window.length) this.#window[key] = Number.NaN;
  }

  /** Sets the additive cells of `out` to the sums over the window whose first pane is `first`. */
  into(out: Float64Array, key: number, window: number, first: number): void {
    const { additive } = this.#layout;
    const { perSlide, perWindow } = this.#grid;
    const end = window * perSlide + perWindow;
    const base = key * additive.length;
    if (this.#window[key] === window) this.#enter(key, base, end - perSlide, end);
    else this.#startOver(base, first, end);
    for (let i = 0; i < additive.length; i++) {
      const sum = this.#sums[base + i];
      out[additive[i]] = Number.isNaN(sum) ? this.#addUp(base + i, additive[i], first, end) : sum;
    }
    this.#leave(base, first, (window + 1) * perSlide);
    this.#window[key] = window + 1;
  }

  #startOver(base: number, first: number, end: number): void {
    const { at, next } = this.#records;
    const { additive } = this.#layout;
    for (let i = 0; i < additive.length; i++) this.#sums[base + i] = 0;
    for (let record = first; record >= 0 && at[record] < end; record = next[record]) this.#addPane(base, record, 1);
  }

  #enter(key: number, base: number, from: number, end: number): void {
    const { at, previous } = this.#records;
    let record = this.#records.floor(key, end - 1);
    for (; record >= 0 && at[record] >= from; record = previous[record]) this.#addPane(base, record, 1);
  }

  #leave(base: number, first: number, from: number): void {
    const { at, next } = this.#records;
    for (let record = first; record >= 0 && at[record] < from; record = next[record]) this.#addPane(base, record, -1);
  }

  #addPane(base: number, record: number, sign: 1 | -1): void {
    const { additive } = this.#layout;
    const { cells, stride } = this.#records;
    const from = record * stride;
    const sums = this.#sums;
    for (let i = 0; i < additive.length; i++) {
      const value = cells[from + additive[i]];
      sums[base + i] += exact(value) ? sign * value : Number.NaN;
    }
  }

  /** Adds up one cell of the window's panes; keeps the sum for the next window when all are integers. */
  #addUp(index: number, cell: number, first: number, end: number): number {
    const { at, next, cells, stride } = this.#records;
    let sum = 0;
    let allExact = true;
    for (let record = first; record >= 0 && at[record] < end; record = next[record]) {
      const value = cells[record * stride + cell];
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
