import type { StateArray } from '../../stream/fleet-state.ts';

/** What a window works out of its readings: see `signalWindow`. */
export type WindowKind = 'avg' | 'min' | 'max' | 'sum' | 'count' | 'delta' | 'slope' | 'stddev' | 'share';

/**
 * The readings of one signal over the last while, for every vehicle. A pure function of the calls of `add`, in their order; times
 * are event times, Unix ms, whole. Everything is by the vehicle's slot.
 */
export interface SignalWindow {
  readonly kind: WindowKind;
  /** Length, ms. */
  readonly spanMs: number;
  /**
   * Takes in a reading. A value that is no finite number means that the signal went missing: for `share` it ends what held, the
   * others ignore it. A reading older than the newest is counted while its pane is kept, else ignored; `share` ignores all such.
   */
  add(slot: number, timeMs: number, value: number): void;
  /** The result as of the newest reading; NaN = unknown. */
  value(slot: number): number;
  /**
   * The result as of `nowMs`, which is not before the newest reading: panes that have left the window by then do not count. When
   * none is left, `count` and `sum` are 0 and the others unknown.
   */
  valueAt(slot: number, nowMs: number): number;
  /**
   * What `value` rests on, for explanations: for each pane with readings its first ms and what it holds, oldest first. It is the
   * sum, number, smallest or largest of the pane's readings, the share of its time, and for `avg`, `stddev` and `slope` their
   * mean. `delta` gives the oldest reading of each pane, with that reading's time, and at the end the newest of all.
   */
  readings(slot: number): [timeMs: number, value: number][];
  /** Makes room in the table of pages for slots below `capacity`; without it `add` does so. */
  reserve(capacity: number): void;
  /** Memory in use. */
  readonly bytes: number;
  /** What a checkpoint keeps of the slots below `count`. `prefix` must tell signal, kind and span. */
  arrays(prefix: string, count: number): [name: string, array: StateArray][];
  /** Fills a fresh window; false when nothing that fits is stored under `prefix`. */
  restore(prefix: string, count: number, read: (name: string) => StateArray | undefined): boolean;
}
