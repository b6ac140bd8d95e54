import { PaneGrid } from './pane-grid.ts';
import { ReadingsWindow } from './readings-window.ts';
import { ShareWindow } from './share-window.ts';
import type { SignalWindow, WindowKind } from './window-kind.ts';

export type { SignalWindow, WindowKind };

/**
 * A window over one signal of every vehicle, `spanMs` long (whole ms, at least 1).
 *
 * Readings are kept in panes of span / 15, which begin at multiples of that length since the Unix epoch. The window at time t holds
 * the 16 panes that overlap (t − span, t]: the one with t in it and the 15 before. It thus reaches back by the span and by as much
 * more as the newest pane is full, at most span · 16 / 15, and moves on by a pane at a time. `value` stands at the newest reading,
 * `valueAt` at any later time.
 *
 * | kind | result | unknown (NaN) |
 * |---|---|---|
 * | `avg` | mean of the readings, however far apart they are | no readings |
 * | `min`, `max` | smallest, largest reading | no readings |
 * | `sum`, `count` | sum, number of the readings; 0 when all have left | none came yet |
 * | `stddev` | sample standard deviation | fewer than 2 readings |
 * | `delta` | newest less oldest reading | they are less than half the span apart |
 * | `slope` | least squares through the readings, units per minute | fewer than 3, or less than half the span between oldest and newest |
 * | `share` | share of the observed time with the value 1, 0…1 | less than half the span observed |
 *
 * A vehicle takes 17 · width + 2 to 4 numbers of 8 bytes, in which width is 1 for `min`, `max`, `sum` and `count`, 2 for `avg`,
 * `delta` and `share`, 3 for `stddev`, 6 for `slope`: 152 to 840 bytes. The slots of its page (256) take them as well, others
 * nothing.
 */
export function signalWindow(kind: WindowKind, spanMs: number): SignalWindow {
  const grid = new PaneGrid(spanMs);
  return kind === 'share' ? new ShareWindow(grid) : new ReadingsWindow(kind, grid);
}
