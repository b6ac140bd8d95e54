export type Unit = 'messages/s' | 'rows/s' | 'points/s' | 'MB/s' | 'ms' | 'bytes' | 'MB' | '%' | 'messages';

/** One line of the table: the same figure measured several times, or a count that was checked once. */
export interface Measurement {
  /** What was measured, e.g. `10,000 vehicles`. */
  readonly what: string;
  readonly unit: Unit;
  /** The figure of every run, in order. */
  readonly runs: readonly number[];
  /** What the figure has to be; printed with whether it was. */
  readonly target?: Target;
  /** What the reader needs to know to understand the figure. */
  readonly note?: string;
}

export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A measurement as it is reported: with its stage, median and extremes. */
export interface Line extends Measurement {
  readonly stage: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Whether the median is within the target; undefined without one. */
  readonly met?: boolean;
}

/** Throws a RangeError when there is no run: a stage that measured nothing must not look as if it had. */
export function toLine(stage: string, measurement: Measurement): Line {
  const { runs, target, what } = measurement;
  if (runs.length === 0) throw new RangeError(`${stage}, ${what}: nothing was measured`);
  const middle = median(runs);
  const met = target && middle >= (target.atLeast ?? Number.NEGATIVE_INFINITY) && middle <= (target.atMost ?? Infinity);
  return { stage, ...measurement, median: middle, min: Math.min(...runs), max: Math.max(...runs), met };
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The value below which a share of the values lie, 0 ≤ share ≤ 1 (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

/** Half the distance between the extremes as a share of the median, in percent. */
export function spreadPercent(line: Pick<Line, 'median' | 'min' | 'max'>): number {
  return line.median === 0 ? 0 : ((line.max - line.min) / 2 / Math.abs(line.median)) * 100;
}
