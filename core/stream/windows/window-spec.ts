/**
 * Windows over event time, in ms. A window is [start, end); starts are multiples of the size (tumbling) or the slide
 * (hopping) plus `offsetMs`. A session ends when its key was silent for `gapMs`: an event at t spans [t, t + gap), and spans
 * that touch are one session. A hopping window may slide further than its size; events in between belong to no window.
 */
export type WindowSpec =
  | { readonly type: 'tumbling'; readonly sizeMs: number; readonly offsetMs?: number }
  | { readonly type: 'hopping'; readonly sizeMs: number; readonly slideMs: number; readonly offsetMs?: number }
  | { readonly type: 'session'; readonly gapMs: number };

/**
 * One value of a result. `input` is an index into the inputs given to `add` or `addSpan`; an input that is NaN does not count.
 * - `count`: events; with `input`, those whose input is known.
 * - `first`, `last`, `delta`: by event time, equal times in the order of arrival; delta = last − first.
 * - `slope`: least squares over event time, units per second; needs two different times.
 * - `distinct`: different values, exact below 1024, ± 3 % (standard error) beyond.
 * - `percentile`: `p` in 0…100 (95 = the 95th percentile), within 1 % of the value at rank ⌊p/100·(n−1)⌋ for magnitudes of
 *   1e-6…1e12; smaller ones read as 0, larger ones as 1e12.
 * - `durationMs`: time during which the input was known and not 0. `timeWeightedMean`: mean over time. Both fed by `addSpan`
 *   only, which feeds nothing else.
 */
export type AggregateSpec =
  | { readonly name: string; readonly fn: 'count'; readonly input?: number }
  | {
      readonly name: string;
      readonly fn: 'sum' | 'min' | 'max' | 'mean' | 'first' | 'last' | 'delta' | 'slope' | 'distinct';
      readonly input: number;
    }
  | { readonly name: string; readonly fn: 'percentile'; readonly input: number; readonly p: number }
  | { readonly name: string; readonly fn: 'durationMs' | 'timeWeightedMean'; readonly input: number };

/** One reused object: valid during the call of `onResult` only. */
export interface WindowResult {
  key: number;
  startMs: number;
  /** Exclusive. */
  endMs: number;
  /** 0 = first firing, then 1, 2 … for revised ones. A merged session goes on from the highest of its parts. */
  revision: number;
  /** By aggregate, in the order of the spec; NaN = no value. Counts and durations of nothing are 0. */
  values: Float64Array;
  /** Starts of sessions fired earlier that are now part of this one: their results are void. Always empty for other windows. */
  readonly replaces: number[];
}

export interface KeyedWindowsOptions {
  /** Prefix of the checkpoint's sections. */
  readonly name: string;
  readonly window: WindowSpec;
  /** Allowed lateness, ms: a window is kept and revised until the watermark is this far past its last instant; default 0. */
  readonly latenessMs?: number;
  readonly aggregates: readonly AggregateSpec[];
  /** Number of inputs of each event. */
  readonly inputs: number;
  /**
   * Most panes (or sessions) kept per key; an event that needs one more is dropped and counted in `dropped`. Default: the
   * panes of one window and its lateness (at most 8192), and 256 for what is ahead of the watermark; for sessions 256.
   */
  readonly maxPanesPerKey?: number;
  readonly onResult: (result: WindowResult) => void;
  /** An event that every window it belongs to has been closed for; called once per event or span. */
  readonly onLate?: (key: number, timeMs: number) => void;
}
