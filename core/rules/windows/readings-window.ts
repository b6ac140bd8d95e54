import type { ReadSection, Sections } from '../../stream/arrays.ts';
import { OLDER_PANES, type PaneGrid } from './pane-grid.ts';
import { PanePages } from './pane-pages.ts';
import { addToPane, PANE_SHAPES, type ReadingKind, readingOf, resultOf } from './panes.ts';
import type { SignalWindow } from './window-kind.ts';

/** A window of readings: all kinds but `share`. */
export class ReadingsWindow implements SignalWindow {
  readonly kind: ReadingKind;
  readonly spanMs: number;
  readonly #grid: PaneGrid;
  readonly #pages: PanePages;
  /** Panes gathered for one answer. */
  readonly #older: Float64Array;

  constructor(kind: ReadingKind, grid: PaneGrid) {
    this.kind = kind;
    this.spanMs = grid.spanMs;
    this.#grid = grid;
    this.#pages = new PanePages(kind, grid);
    this.#older = new Float64Array(PANE_SHAPES[kind].width);
  }

  add(slot: number, timeMs: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const pages = this.#pages;
    const cells = pages.page(slot);
    const head = pages.head(slot);
    const at = pages.enter(cells, head, timeMs);
    if (at >= 0) addToPane(this.kind, this.#grid, cells, at, pages.extras(head), timeMs, value);
  }

  value(slot: number): number {
    const pages = this.#pages;
    const cells = pages.find(slot);
    if (cells === undefined) return Number.NaN;
    const head = pages.head(slot);
    if (Number.isNaN(cells[head])) return Number.NaN;
    const closed = pages.closed(cells, head);
    return resultOf(this.kind, this.spanMs, cells, closed, cells, pages.newest(head), pages.extras(head));
  }

  valueAt(slot: number, nowMs: number): number {
    const pages = this.#pages;
    const cells = pages.find(slot);
    if (cells === undefined) return Number.NaN;
    const head = pages.head(slot);
    const newest = this.#grid.paneOf(cells[head]);
    const first = this.#grid.paneOf(nowMs) - OLDER_PANES;
    if (!(first > newest - OLDER_PANES)) return this.value(slot);
    if (first > newest) return this.kind === 'sum' || this.kind === 'count' ? 0 : Number.NaN;
    pages.gather(this.#older, 0, cells, head, first, newest);
    return resultOf(this.kind, this.spanMs, this.#older, 0, cells, pages.newest(head), pages.extras(head));
  }

  readings(slot: number): [timeMs: number, value: number][] {
    const readings: [number, number][] = [];
    this.#pages.each(slot, (cells, at, startMs) => {
      const reading = readingOf(this.kind, cells, at, startMs);
      if (reading) readings.push(reading);
    });
    const cells = this.#pages.find(slot);
    if (this.kind === 'delta' && cells && readings.length > 0) {
      const extras = this.#pages.extras(this.#pages.head(slot));
      readings.push([cells[extras], cells[extras + 1]]);
    }
    return readings;
  }

  reserve(capacity: number): void {
    this.#pages.reserve(capacity);
  }

  get bytes(): number {
    return this.#pages.bytes;
  }

  arrays(prefix: string, count: number): Sections {
    return this.#pages.arrays(prefix, count);
  }

  restore(prefix: string, count: number, read: ReadSection): boolean {
    return this.#pages.restore(prefix, count, read);
  }
}
