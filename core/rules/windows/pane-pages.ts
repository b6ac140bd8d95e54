import type { ReadSection, Sections } from '../../stream/arrays.ts';
import { OLDER_PANES, type PaneGrid } from './pane-grid.ts';
import { mergePane, PANE_SHAPES } from './panes.ts';
import type { WindowKind } from './window-kind.ts';

const SLOT_BITS = 8;
const PAGE_SLOTS = 1 << SLOT_BITS;
const SLOT_MASK = PAGE_SLOTS - 1;

/**
 * The newest 16 panes of every vehicle. A vehicle's record is cells in a row:
 *
 *     closedFor, closed × width | startMs, newest pane × width, extras, 15 older panes × width
 *
 * `startMs` is the first ms of the newest pane (NaN = no reading yet); the older panes are a ring by number. `closed` gathers them,
 * is worked out anew from all of them when it is asked for and one of them changed, and holds good while `closedFor` is `startMs`.
 * It therefore never drifts, and is not part of a checkpoint. A record is known by its head: the index of `startMs`.
 *
 * Records lie in pages of 256 slots, made when the first of these vehicles has a reading.
 */
export class PanePages {
  readonly #kind: WindowKind;
  readonly #grid: PaneGrid;
  readonly #width: number;
  readonly #empty: number;
  /** Times less than this after the start of a pane are in it. */
  readonly #surelyMs: number;
  readonly #headAt: number;
  readonly #olderAt: number;
  readonly #stride: number;
  #pages: (Float64Array | undefined)[] = [];
  #made = 0;

  constructor(kind: WindowKind, grid: PaneGrid) {
    const { width, extras, empty } = PANE_SHAPES[kind];
    this.#kind = kind;
    this.#grid = grid;
    this.#width = width;
    this.#empty = empty;
    this.#surelyMs = Math.floor(grid.spanMs / OLDER_PANES);
    this.#headAt = 1 + width;
    this.#olderAt = 1 + width + extras;
    this.#stride = this.#headAt + this.#olderAt + OLDER_PANES * width;
  }

  get bytes(): number {
    return this.#made * PAGE_SLOTS * this.#stride * Float64Array.BYTES_PER_ELEMENT + this.#pages.length * 8;
  }

  reserve(capacity: number): void {
    while (this.#pages.length * PAGE_SLOTS < capacity) this.#pages.push(undefined);
  }

  /** The page with a slot's record, if there is one. */
  find(slot: number): Float64Array | undefined {
    return this.#pages[slot >> SLOT_BITS];
  }

  /** The page with a slot's record, made if need be. */
  page(slot: number): Float64Array {
    return this.#pages[slot >> SLOT_BITS] ?? this.#make(slot);
  }

  /** Index of a slot's head in its page. */
  head(slot: number): number {
    return (slot & SLOT_MASK) * this.#stride + this.#headAt;
  }

  /** Index of the newest pane. */
  newest(head: number): number {
    return head + 1;
  }

  /** Index of the cells beside the panes. */
  extras(head: number): number {
    return head + 1 + this.#width;
  }

  /** Index of an older pane that is kept. */
  older(head: number, pane: number): number {
    return head + this.#olderAt + (pane - Math.floor(pane / OLDER_PANES) * OLDER_PANES) * this.#width;
  }

  /** Index of the pane of a time, about to change; if it is newer than the newest, it becomes that. −1 when it is not kept. */
  enter(cells: Float64Array, head: number, timeMs: number): number {
    const sinceMs = timeMs - cells[head];
    return sinceMs >= 0 && sinceMs < this.#surelyMs ? head + 1 : this.#enterOther(cells, head, timeMs);
  }

  /** Index of the cells that gather all older panes; there is a newest. */
  closed(cells: Float64Array, head: number): number {
    const at = head - this.#width;
    if (cells[at - 1] !== cells[head]) {
      const newest = this.#grid.paneOf(cells[head]);
      this.gather(cells, at, cells, head, newest - OLDER_PANES, newest);
      cells[at - 1] = cells[head];
    }
    return at;
  }

  /** Sets the cells at `intoAt` to what the panes from `first` up to, but without, the newest hold together. */
  gather(into: Float64Array, intoAt: number, cells: Float64Array, head: number, first: number, newest: number): void {
    into.fill(this.#empty, intoAt, intoAt + this.#width);
    for (let pane = first; pane < newest; pane++)
      mergePane(this.#kind, this.#grid, into, intoAt, cells, this.older(head, pane), pane, newest);
  }

  /** Calls `visit` for every pane of a slot, oldest first. */
  each(slot: number, visit: (cells: Float64Array, at: number, startMs: number) => void): void {
    const cells = this.find(slot);
    if (cells === undefined) return;
    const head = this.head(slot);
    const newest = this.#grid.paneOf(cells[head]);
    for (let pane = newest - OLDER_PANES; pane < newest; pane++)
      visit(cells, this.older(head, pane), this.#grid.startMs(pane));
    if (!Number.isNaN(newest)) visit(cells, this.newest(head), cells[head]);
  }

  arrays(prefix: string, count: number): Sections {
    const slots: number[] = [];
    for (let slot = 0; slot < count; slot++) {
      const startMs = this.find(slot)?.[this.head(slot)];
      if (startMs !== undefined && !Number.isNaN(startMs)) slots.push(slot);
    }
    const stored = this.#stride - this.#headAt;
    const records = new Float64Array(slots.length * stored);
    for (const [i, slot] of slots.entries()) {
      const head = this.head(slot);
      records.set(this.page(slot).subarray(head, head + stored), i * stored);
    }
    return [
      [`${prefix}.slots`, Uint32Array.from(slots)],
      [`${prefix}.records`, records],
    ];
  }

  /** Answers false when nothing is stored, or records of another length. */
  restore(prefix: string, count: number, read: ReadSection): boolean {
    const slots = read(`${prefix}.slots`);
    const records = read(`${prefix}.records`);
    const stored = this.#stride - this.#headAt;
    if (!slots || !records || records.length !== slots.length * stored) return false;
    this.reserve(count);
    for (const [i, slot] of slots.entries())
      this.page(slot).set(records.subarray(i * stored, (i + 1) * stored), this.head(slot));
    return true;
  }

  #make(slot: number): Float64Array {
    this.reserve(slot + 1);
    const page = new Float64Array(PAGE_SLOTS * this.#stride).fill(Number.NaN);
    this.#pages[slot >> SLOT_BITS] = page;
    this.#made++;
    return page;
  }

  #enterOther(cells: Float64Array, head: number, timeMs: number): number {
    const pane = this.#grid.paneOf(timeMs);
    const newest = this.#grid.paneOf(cells[head]);
    if (pane < newest) {
      if (newest - pane > OLDER_PANES) return -1;
      cells[head - this.#headAt] = Number.NaN;
      return this.older(head, pane);
    }
    if (pane !== newest) this.#turn(cells, head, newest, pane);
    return this.newest(head);
  }

  /** Makes `pane` the newest; `newest`: the one before, NaN = none. */
  #turn(cells: Float64Array, head: number, newest: number, pane: number): void {
    const at = this.newest(head);
    let passed = pane - OLDER_PANES;
    if (newest >= passed) {
      cells.copyWithin(this.older(head, newest), at, at + this.#width);
      passed = newest + 1;
    }
    for (; passed < pane; passed++) {
      const older = this.older(head, passed);
      cells.fill(this.#empty, older, older + this.#width);
    }
    cells.fill(this.#empty, at, at + this.#width);
    cells[head] = this.#grid.startMs(pane);
  }
}
