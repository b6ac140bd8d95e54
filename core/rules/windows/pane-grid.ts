/** Panes that a span is divided into, and that a window holds beside the newest one. */
export const OLDER_PANES = 15;

/**
 * Where panes begin and end: pane i is the whole ms from i · span / 15 up to (i + 1) · span / 15, counted from the Unix epoch, so
 * that it does not matter when the room started. Exact for every whole span, whether 15 divides it or not.
 */
export class PaneGrid {
  readonly spanMs: number;

  /** `spanMs`: whole, at least 1. */
  constructor(spanMs: number) {
    this.spanMs = spanMs;
  }

  /** The pane that a time falls into. */
  paneOf(timeMs: number): number {
    return Math.floor((timeMs * OLDER_PANES) / this.spanMs);
  }

  /** The first whole ms of a pane. */
  startMs(pane: number): number {
    return Math.ceil((pane * this.spanMs) / OLDER_PANES);
  }
}
