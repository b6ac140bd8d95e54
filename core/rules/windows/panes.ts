import { addToDelta, DELTA_SHAPE, deltaOfBoth, mergeDelta } from './delta.ts';
import { addToDeviation, DEVIATION_SHAPE, deviationOfBoth, mergeDeviation } from './deviation.ts';
import { addToMax, addToMin, EXTREME_SHAPE, larger, smaller } from './extremes.ts';
import { addToMean, MEAN_SHAPE, meanOfBoth, mergeMean } from './mean.ts';
import type { PaneGrid } from './pane-grid.ts';
import { mergeShare, SHARE_SHAPE } from './share.ts';
import { addToSlope, mergeSlope, SLOPE_SHAPE, slopeOfBoth } from './slope.ts';
import { addToTotal, mergeTotal, plus, TOTAL_SHAPE } from './totals.ts';
import type { WindowKind } from './window-kind.ts';

/** What a vehicle keeps for a kind of window. */
export interface PaneShape {
  /** Cells of a pane. */
  readonly width: number;
  /** Cells beside the panes; NaN at first. */
  readonly extras: number;
  /** What the cells of a pane without readings hold. */
  readonly empty: number;
}

/** All kinds but `share`: every reading counts by itself, whatever time lies between them. */
export type ReadingKind = Exclude<WindowKind, 'share'>;

export const PANE_SHAPES: Record<WindowKind, PaneShape> = {
  avg: MEAN_SHAPE,
  min: EXTREME_SHAPE,
  max: EXTREME_SHAPE,
  sum: TOTAL_SHAPE,
  count: TOTAL_SHAPE,
  stddev: DEVIATION_SHAPE,
  delta: DELTA_SHAPE,
  slope: SLOPE_SHAPE,
  share: SHARE_SHAPE,
};

// Switches over known functions, not tables of functions: these are compiled into their callers, and no number needs a box on
// the way.

/** Adds a reading to the pane at `at`; `extras`: index of the vehicle's cells beside its panes. */
export function addToPane(
  kind: ReadingKind,
  grid: PaneGrid,
  cells: Float64Array,
  at: number,
  extras: number,
  timeMs: number,
  value: number,
): void {
  switch (kind) {
    case 'avg':
      addToMean(cells, at, value);
      return;
    case 'min':
      addToMin(cells, at, value);
      return;
    case 'max':
      addToMax(cells, at, value);
      return;
    case 'sum':
      addToTotal(cells, at, value);
      return;
    case 'count':
      addToTotal(cells, at, 1);
      return;
    case 'stddev':
      addToDeviation(cells, at, value);
      return;
    case 'delta':
      addToDelta(cells, at, extras, timeMs, value);
      return;
    case 'slope':
      addToSlope(cells, at, extras, grid, timeMs, value);
      return;
  }
}

/** Adds the pane at `at`, which has the number `pane`, to what is gathered of older panes at `intoAt`. */
export function mergePane(
  kind: WindowKind,
  grid: PaneGrid,
  into: Float64Array,
  intoAt: number,
  cells: Float64Array,
  at: number,
  pane: number,
  newest: number,
): void {
  switch (kind) {
    case 'avg':
      mergeMean(into, intoAt, cells, at);
      return;
    case 'min':
      into[intoAt] = smaller(into[intoAt], cells[at]);
      return;
    case 'max':
      into[intoAt] = larger(into[intoAt], cells[at]);
      return;
    case 'sum':
    case 'count':
      mergeTotal(into, intoAt, cells, at);
      return;
    case 'stddev':
      mergeDeviation(into, intoAt, cells, at);
      return;
    case 'delta':
      mergeDelta(into, intoAt, cells, at);
      return;
    case 'slope':
      mergeSlope(into, intoAt, cells, at, grid.startMs(pane) - grid.startMs(newest));
      return;
    case 'share':
      mergeShare(into, intoAt, cells, at);
      return;
  }
}

/** The result over what is gathered of older panes, which may be nothing, and the newest pane, which has readings. */
export function resultOf(
  kind: ReadingKind,
  spanMs: number,
  older: Float64Array,
  olderAt: number,
  cells: Float64Array,
  at: number,
  extras: number,
): number {
  switch (kind) {
    case 'avg':
      return meanOfBoth(older, olderAt, cells, at);
    case 'min':
      return smaller(older[olderAt], cells[at]);
    case 'max':
      return larger(older[olderAt], cells[at]);
    case 'sum':
    case 'count':
      return plus(older[olderAt], cells[at]);
    case 'stddev':
      return deviationOfBoth(older, olderAt, cells, at);
    case 'delta':
      return deltaOfBoth(older, olderAt, cells, at, extras, spanMs);
    case 'slope':
      return slopeOfBoth(older, olderAt, cells, at, extras, spanMs);
  }
}

/** What the pane at `at` shows in an explanation, undefined when it has no readings; `startMs`: its first ms. */
export function readingOf(
  kind: ReadingKind,
  cells: Float64Array,
  at: number,
  startMs: number,
): [timeMs: number, value: number] | undefined {
  const { empty } = PANE_SHAPES[kind];
  if (Object.is(cells[at], empty)) return undefined;
  switch (kind) {
    case 'min':
    case 'max':
    case 'sum':
    case 'count':
      return [startMs, cells[at]];
    case 'avg':
    case 'stddev':
      return [startMs, cells[at + 1]];
    case 'slope':
      return [startMs, cells[at + 2]];
    case 'delta':
      return [cells[at], cells[at + 1]];
  }
}
