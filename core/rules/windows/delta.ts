/**
 * Panes of `delta`: time and value of the oldest reading (NaN = none); beside them those of the newest of all. Of readings with
 * the same time the one that came first is the oldest, the one that came last the newest.
 */
export const DELTA_SHAPE = { width: 2, extras: 2, empty: Number.NaN } as const;

const MS = 0;
const VALUE = 1;

export function addToDelta(cells: Float64Array, at: number, extras: number, timeMs: number, value: number): void {
  if (!(timeMs >= cells[at + MS])) {
    cells[at + MS] = timeMs;
    cells[at + VALUE] = value;
  }
  if (!(timeMs < cells[extras + MS])) {
    cells[extras + MS] = timeMs;
    cells[extras + VALUE] = value;
  }
}

/** `into` holds older panes. */
export function mergeDelta(into: Float64Array, intoAt: number, cells: Float64Array, at: number): void {
  if (!Number.isNaN(into[intoAt + MS])) return;
  into[intoAt + MS] = cells[at + MS];
  into[intoAt + VALUE] = cells[at + VALUE];
}

/** Newest less oldest reading; NaN when they are less than half the span apart. `older` may hold none, the pane at `at` has some. */
export function deltaOfBoth(
  older: Float64Array,
  olderAt: number,
  cells: Float64Array,
  at: number,
  extras: number,
  spanMs: number,
): number {
  const inOlder = !Number.isNaN(older[olderAt + MS]);
  const oldestMs = inOlder ? older[olderAt + MS] : cells[at + MS];
  if (2 * (cells[extras + MS] - oldestMs) < spanMs) return Number.NaN;
  return cells[extras + VALUE] - (inOlder ? older[olderAt + VALUE] : cells[at + VALUE]);
}
