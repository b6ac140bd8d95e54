import type { StateArray } from '../fleet-state.ts';
import { addEvent, addHeld, mergeUnits, valuesOf } from './accumulate.ts';
import { FiringBook } from './firing-book.ts';
import { KeyedRecords } from './keyed-records.ts';
import { compileLayout, type Layout } from './layout.ts';
import { PaneGrid } from './pane-grid.ts';
import { RunningSums } from './running-sums.ts';
import type { KeyedWindowsOptions, WindowResult, WindowSpec } from './window-spec.ts';

const MOST_LATE_PANES = 8192;
const PANES_AHEAD = 256;

/** Tumbling and hopping windows: events go into panes once, windows are put together from panes when they fire. */
export class PaneWindows {
  late = 0;
  dropped = 0;
  readonly records: KeyedRecords;
  readonly layout: Layout;
  readonly #grid: PaneGrid;
  readonly #maxPanes: number;
  readonly #book = new FiringBook();
  readonly #sums: RunningSums;
  readonly #combined: Float64Array;
  readonly #result: WindowResult;
  readonly #onResult: (result: WindowResult) => void;
  readonly #onLate: ((key: number, timeMs: number) => void) | undefined;
  /** Firings before the event at hand, of the windows that it revises. */
  #firings: number[] = [];

  constructor(options: KeyedWindowsOptions, window: Exclude<WindowSpec, { type: 'session' }>) {
    this.#grid = new PaneGrid(window, options.latenessMs ?? 0);
    const { perWindow, latenessMs, paneMs } = this.#grid;
    this.#maxPanes =
      options.maxPanesPerKey ?? perWindow + Math.min(MOST_LATE_PANES, Math.ceil(latenessMs / paneMs)) + PANES_AHEAD;
    this.layout = compileLayout(window, options.aggregates, options.inputs);
    this.records = new KeyedRecords(this.layout.initial, this.layout.lists);
    this.#sums = new RunningSums(this.layout, this.#grid, this.records);
    this.#combined = this.layout.initial.slice();
    const values = new Float64Array(options.aggregates.length);
    this.#result = { key: 0, startMs: 0, endMs: 0, revision: 0, values, replaces: [] };
    this.#onResult = options.onResult;
    this.#onLate = options.onLate;
  }

  get bytes(): number {
    return this.records.bytes + this.#sums.bytes + this.#book.bytes;
  }

  reserve(keys: number): void {
    this.records.reserve(keys);
    this.#sums.reserve(this.records.keys);
  }

  add(key: number, timeMs: number, inputs: Float64Array): void {
    if (key >= this.records.keys) this.reserve(key + 1);
    const pane = this.#grid.paneOf(timeMs);
    if (timeMs <= this.records.watermarkMs[key]) {
      this.#addBehind(key, timeMs, pane, inputs);
      return;
    }
    const record = this.#paneAt(key, pane);
    if (record >= 0) this.#addTo(record, timeMs, inputs);
  }

  addSpan(key: number, fromMs: number, toMs: number, inputs: Float64Array): void {
    if (!(toMs > fromMs)) return;
    if (key >= this.records.keys) this.reserve(key + 1);
    const watermarkMs = this.records.watermarkMs[key];
    const last = this.#grid.paneOf(toMs - 1);
    const first = this.#grid.paneOf(fromMs);
    if (fromMs > watermarkMs) {
      this.#hold(key, first, last, fromMs, toMs, inputs);
      return;
    }
    const kept = Math.max(first, this.#grid.firstKept(watermarkMs) * this.#grid.perSlide);
    if (kept > first && this.#lostBefore(first, Math.min(kept, last + 1))) this.#countLate(key, fromMs);
    if (kept > last) return;
    const window = this.#noteFirings(key, kept, last);
    this.#hold(key, kept, last, fromMs, toMs, inputs);
    this.#revise(key, window);
  }

  /** Expects a watermark above the key's. */
  advance(key: number, watermarkMs: number): void {
    const { records } = this;
    const before = records.watermarkMs[key];
    records.watermarkMs[key] = watermarkMs;
    if (watermarkMs < records.dueMs[key]) return;
    const nextDueMs = this.#fireDue(key, this.#grid.firstOpen(before), watermarkMs);
    records.dueMs[key] = Math.min(nextDueMs, this.#free(key, watermarkMs));
  }

  arrays(name: string, count: number): [name: string, array: StateArray][] {
    this.reserve(count);
    return [...this.records.arrays(name, count), [`${name}.firings`, this.#book.rows(count)]];
  }

  restore(
    name: string,
    count: number,
    read: (name: string) => ArrayLike<number> | undefined,
    withRecords: boolean,
  ): void {
    this.records.restore(name, count, read, withRecords);
    this.#sums.reserve(this.records.keys);
    const firings = read(`${name}.firings`);
    if (withRecords && firings) this.#book.restore(firings);
  }

  #addTo(record: number, timeMs: number, inputs: Float64Array): void {
    addEvent(this.layout, this.records.cells, record, this.records.heap, timeMs, inputs);
  }

  /** An event at or before the watermark: some of its windows have fired, or all are gone. */
  #addBehind(key: number, timeMs: number, pane: number, inputs: Float64Array): void {
    if (!this.#grid.belongs(pane)) return;
    if (this.#grid.cleanupMs(this.#grid.lastWindowOf(pane)) <= this.records.watermarkMs[key]) {
      this.#countLate(key, timeMs);
      return;
    }
    const window = this.#noteFirings(key, pane, pane);
    const record = this.#paneAt(key, pane);
    if (record >= 0) {
      this.#addTo(record, timeMs, inputs);
      this.#revise(key, window);
    }
  }

  #countLate(key: number, timeMs: number): void {
    this.late++;
    this.#onLate?.(key, timeMs);
  }

  /** The record of a pane, made if need be; −1 when the pane is in no window or the key has too many. */
  #paneAt(key: number, pane: number): number {
    const { records } = this;
    const found = records.floor(key, pane);
    if (found >= 0 && records.cells[found] === pane) return found;
    if (!this.#grid.belongs(pane)) return -1;
    if (records.open[key] >= this.#maxPanes) {
      this.dropped++;
      return -1;
    }
    // No window over the pane is due before the pane begins: mostly there is nothing to work out.
    if (records.dueMs[key] > this.#grid.paneStartMs(pane)) {
      const dueMs = this.#grid.dueMs(this.#grid.firstWindowOf(pane));
      if (dueMs < records.dueMs[key]) records.dueMs[key] = dueMs;
    }
    return records.insert(key, found, pane);
  }

  #hold(key: number, first: number, last: number, fromMs: number, toMs: number, inputs: Float64Array): void {
    const { records } = this;
    const dropped = this.dropped;
    for (let pane = first; pane <= last; pane++) {
      if (!this.#grid.belongs(pane)) {
        pane = (this.#grid.lastWindowOf(pane) + 1) * this.#grid.perSlide - 1;
        continue;
      }
      const record = this.#paneAt(key, pane);
      if (this.dropped > dropped) return;
      const startMs = this.#grid.paneStartMs(pane);
      const heldMs = Math.min(toMs, startMs + this.#grid.paneMs) - Math.max(fromMs, startMs);
      addHeld(this.layout, records.cells, record, heldMs, inputs);
    }
  }

  /** True when one of the panes is in a window. */
  #lostBefore(first: number, end: number): boolean {
    return this.#grid.belongs(first) || (this.#grid.lastWindowOf(first) + 1) * this.#grid.perSlide < end;
  }

  /**
   * Notes how often each closed window over the panes fired, before an event changes them: answers the first of them.
   * A window that is closed and has a pane has fired, because closing and late events fire it at once.
   */
  #noteFirings(key: number, firstPane: number, lastPane: number): number {
    const { records } = this;
    const watermarkMs = records.watermarkMs[key];
    const { perSlide, perWindow } = this.#grid;
    const first = Math.max(this.#grid.firstWindowOf(firstPane), this.#grid.firstKept(watermarkMs));
    const last = this.#grid.lastWindowOf(lastPane);
    this.#firings.length = 0;
    for (let window = first; window <= last && this.#grid.dueMs(window) <= watermarkMs; window++) {
      const record = records.floor(key, window * perSlide + perWindow - 1);
      const fired = record >= 0 && records.cells[record] >= window * perSlide;
      this.#firings.push(this.#book.get(key, window) ?? (fired ? 1 : 0));
    }
    return first;
  }

  #revise(key: number, first: number): void {
    const firings = this.#firings;
    const { records } = this;
    this.#sums.forget(key);
    for (let i = 0; i < firings.length; i++) {
      const window = first + i;
      let record = records.head[key];
      while (record >= 0 && records.cells[record] < window * this.#grid.perSlide) record = records.next(record);
      // A window between the panes of a span that were dropped may have none.
      if (record < 0 || records.cells[record] >= window * this.#grid.perSlide + this.#grid.perWindow) continue;
      this.#book.set(key, window, firings[i] + 1);
      this.#fire(key, window, record, firings[i]);
    }
  }

  /** Fires every window that the watermark closes from `firstOpen` on; answers when the next one is due. */
  #fireDue(key: number, firstOpen: number, watermarkMs: number): number {
    const { records } = this;
    const { perSlide } = this.#grid;
    let record = records.head[key];
    for (let window = firstOpen; ; window++) {
      while (record >= 0 && records.cells[record] < window * perSlide) record = records.next(record);
      if (record < 0) return Number.POSITIVE_INFINITY;
      const first = this.#grid.firstWindowOf(records.cells[record]);
      if (first > window) window = first;
      const dueMs = this.#grid.dueMs(window);
      if (dueMs > watermarkMs) return dueMs;
      this.#fire(key, window, record, 0);
    }
  }

  /** `first`: the window's first pane. */
  #fire(key: number, window: number, first: number, revision: number): void {
    const { records, layout } = this;
    const result = this.#result;
    result.key = key;
    result.startMs = this.#grid.startMs(window);
    result.endMs = result.startMs + this.#grid.sizeMs;
    result.revision = revision;
    if (this.#grid.perWindow === 1) {
      valuesOf(layout, records.cells, first, records.heap, result.values);
    } else {
      const end = window * this.#grid.perSlide + this.#grid.perWindow;
      this.#combine(key, window, first, end);
      valuesOf(layout, this.#combined, 0, records.heap, result.values);
      for (let i = 0; i < layout.lists.length; i++) records.heap.clear(this.#combined, layout.lists[i]);
    }
    this.#onResult(result);
  }

  #combine(key: number, window: number, first: number, end: number): void {
    const { records, layout } = this;
    const { cells, heap } = records;
    const combined = this.#combined;
    if (layout.merges.length > 0) combined.set(layout.initial);
    this.#sums.into(combined, key, window, first);
    if (layout.merges.length === 0) return;
    for (let record = first; record >= 0 && cells[record] < end; record = records.next(record))
      mergeUnits(layout, combined, 0, cells, record, heap);
  }

  /** Frees the panes whose last window is gone; answers when the next one is. */
  #free(key: number, watermarkMs: number): number {
    const { records } = this;
    if (this.#book.bytes > 0) this.#book.forgetBelow(key, this.#grid.firstKept(watermarkMs));
    for (;;) {
      const head = records.head[key];
      if (head < 0) return Number.POSITIVE_INFINITY;
      const cleanupMs = this.#grid.cleanupMs(this.#grid.lastWindowOf(records.cells[head]));
      if (cleanupMs > watermarkMs) return cleanupMs;
      records.remove(key, head);
    }
  }
}
