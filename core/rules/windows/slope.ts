import type { PaneGrid } from './pane-grid.ts';

/**
 * Panes of `slope`; beside them the time of the newest reading of all, Unix ms. By means and deviations from them (Welford; put
 * together after Chan, Golub, LeVeque 1979): exactly 0 when all readings are the same, so that a rule may ask for more than 0.
 */
export const SLOPE_SHAPE = { width: 6, extras: 1, empty: 0 } as const;

const COUNT = 0;
/** Mean time, ms since the start of the pane; of gathered panes, since that of the newest. */
const MEAN_MS = 1;
const MEAN = 2;
/** Σ (time − mean)², ms² */
const TIMES = 3;
/** Σ (time − mean) · (value − mean), ms · unit */
const PRODUCTS = 4;
/** Time of the oldest reading, Unix ms. */
const OLDEST_MS = 5;

const FEWEST = 3;
const MS_PER_MINUTE = 60_000;

const both = new Float64Array(SLOPE_SHAPE.width);

export function addToSlope(
  cells: Float64Array,
  at: number,
  extras: number,
  grid: PaneGrid,
  timeMs: number,
  value: number,
): void {
  const count = cells[at + COUNT] + 1;
  const offMs = timeMs - grid.startMs(grid.paneOf(timeMs)) - cells[at + MEAN_MS];
  const off = value - cells[at + MEAN];
  const before = (count - 1) / count;
  cells[at + COUNT] = count;
  cells[at + MEAN_MS] += offMs / count;
  cells[at + MEAN] += off / count;
  cells[at + TIMES] += offMs * offMs * before;
  cells[at + PRODUCTS] += offMs * off * before;
  if (count === 1 || timeMs < cells[at + OLDEST_MS]) cells[at + OLDEST_MS] = timeMs;
  if (!(timeMs < cells[extras])) cells[extras] = timeMs;
}

/** `into` holds older panes; `shiftMs`: start of the pane less that of the newest pane. */
export function mergeSlope(into: Float64Array, intoAt: number, cells: Float64Array, at: number, shiftMs: number): void {
  const more = cells[at + COUNT];
  if (more === 0) return;
  const count = into[intoAt + COUNT];
  const apartMs = cells[at + MEAN_MS] + shiftMs - into[intoAt + MEAN_MS];
  const apart = cells[at + MEAN] - into[intoAt + MEAN];
  const part = more / (count + more);
  into[intoAt + COUNT] = count + more;
  into[intoAt + MEAN_MS] += apartMs * part;
  into[intoAt + MEAN] += apart * part;
  into[intoAt + TIMES] += cells[at + TIMES] + apartMs * apartMs * count * part;
  into[intoAt + PRODUCTS] += cells[at + PRODUCTS] + apartMs * apart * count * part;
  if (count === 0) into[intoAt + OLDEST_MS] = cells[at + OLDEST_MS];
}

/**
 * Slope of the straight line through the readings by least squares, units of the signal per minute; NaN with fewer than 3
 * readings, or when the newest is less than half the span after the oldest. The pane at `at` is the newest.
 */
export function slopeOfBoth(
  older: Float64Array,
  olderAt: number,
  cells: Float64Array,
  at: number,
  extras: number,
  spanMs: number,
): number {
  for (let i = 0; i < both.length; i++) both[i] = older[olderAt + i];
  mergeSlope(both, 0, cells, at, 0);
  if (both[COUNT] < FEWEST || 2 * (cells[extras] - both[OLDEST_MS]) < spanMs) return Number.NaN;
  return (both[PRODUCTS] / both[TIMES]) * MS_PER_MINUTE;
}
