import type { ReadSection, Sections } from '../../stream/arrays.ts';
import { OLDER_PANES, type PaneGrid } from './pane-grid.ts';
import { PanePages } from './pane-pages.ts';
import { LAST, LAST_MS, mergeShare, OBSERVED_MS, SHARE_SHAPE, TRUE_MS } from './share.ts';
import type { SignalWindow } from './window-kind.ts';

/** How long a reading holds when none follows; the rest of a longer gap is not observed. */
export const MOST_HELD_MS = 60_000;

/**
 * Share of the observed time of the window during which the value was 1, in 0…1; unknown until half the span was observed. A
 * reading holds until the next, at most 60 s; one with the same time as the newest takes its place. Older ones are ignored: the
 * time they would speak of has been given away already.
 */
export class ShareWindow implements SignalWindow {
  readonly kind = 'share';
  readonly spanMs: number;
  readonly #grid: PaneGrid;
  readonly #pages: PanePages;
  readonly #sums = new Float64Array(SHARE_SHAPE.width);

  constructor(grid: PaneGrid) {
    this.spanMs = grid.spanMs;
    this.#grid = grid;
    this.#pages = new PanePages('share', grid);
  }

  add(slot: number, timeMs: number, value: number): void {
    const known = Number.isFinite(value);
    const pages = this.#pages;
    const head = pages.head(slot);
    // Nothing holds yet that could end.
    if (!known && Number.isNaN(pages.find(slot)?.[head] ?? Number.NaN)) return;
    const cells = pages.page(slot);
    const extras = pages.extras(head);
    const lastMs = cells[extras + LAST_MS];
    if (timeMs < lastMs) return;
    const startMs = cells[head];
    const at = pages.enter(cells, head, timeMs);
    const last = cells[extras + LAST];
    if (timeMs > lastMs && !Number.isNaN(last)) {
      const untilMs = Math.min(timeMs, lastMs + MOST_HELD_MS);
      if (startMs === cells[head]) give(cells, at, untilMs - lastMs, last);
      else this.#spread(cells, head, lastMs, untilMs, last);
    }
    cells[extras + LAST_MS] = timeMs;
    cells[extras + LAST] = known ? value : Number.NaN;
  }

  value(slot: number): number {
    const pages = this.#pages;
    const cells = pages.find(slot);
    if (cells === undefined) return Number.NaN;
    const head = pages.head(slot);
    if (Number.isNaN(cells[head])) return Number.NaN;
    const closed = pages.closed(cells, head);
    const at = pages.newest(head);
    return this.#share(
      cells[closed + TRUE_MS] + cells[at + TRUE_MS],
      cells[closed + OBSERVED_MS] + cells[at + OBSERVED_MS],
    );
  }

  /** What the newest reading holds up to `nowMs` counts too. */
  valueAt(slot: number, nowMs: number): number {
    const pages = this.#pages;
    const cells = pages.find(slot);
    if (cells === undefined) return Number.NaN;
    const head = pages.head(slot);
    const extras = pages.extras(head);
    const lastMs = cells[extras + LAST_MS];
    if (!(nowMs > lastMs)) return this.value(slot);
    const newest = this.#grid.paneOf(cells[head]);
    const first = this.#grid.paneOf(nowMs) - OLDER_PANES;
    const sums = this.#sums;
    pages.gather(sums, 0, cells, head, first, newest);
    if (first <= newest) mergeShare(sums, 0, cells, pages.newest(head));
    const last = cells[extras + LAST];
    if (!Number.isNaN(last)) {
      const heldMs = Math.min(nowMs, lastMs + MOST_HELD_MS) - Math.max(lastMs, this.#grid.startMs(first));
      give(sums, 0, Math.max(0, heldMs), last);
    }
    return this.#share(sums[TRUE_MS], sums[OBSERVED_MS]);
  }

  readings(slot: number): [timeMs: number, value: number][] {
    const readings: [number, number][] = [];
    this.#pages.each(slot, (cells, at, startMs) => {
      if (cells[at + OBSERVED_MS] > 0) readings.push([startMs, cells[at + TRUE_MS] / cells[at + OBSERVED_MS]]);
    });
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

  #share(trueMs: number, observedMs: number): number {
    return 2 * observedMs < this.spanMs ? Number.NaN : trueMs / observedMs;
  }

  /** Gives the time from `fromMs` to `toMs` to those of its panes that are kept. */
  #spread(cells: Float64Array, head: number, fromMs: number, toMs: number, value: number): void {
    const newest = this.#grid.paneOf(cells[head]);
    for (let pane = Math.max(this.#grid.paneOf(fromMs), newest - OLDER_PANES); pane <= newest; pane++) {
      const startMs = Math.max(fromMs, this.#grid.startMs(pane));
      if (startMs >= toMs) return;
      const endMs = Math.min(toMs, this.#grid.startMs(pane + 1));
      const at = pane === newest ? this.#pages.newest(head) : this.#pages.older(head, pane);
      give(cells, at, endMs - startMs, value);
    }
  }
}

function give(cells: Float64Array, at: number, heldMs: number, value: number): void {
  cells[at + OBSERVED_MS] += heldMs;
  if (value === 1) cells[at + TRUE_MS] += heldMs;
}
