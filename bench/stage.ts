import type { Measurement } from './measurement.ts';

/** What a stage works with. */
export interface Bench {
  /** A short look instead of figures to keep: smaller fleets, shorter runs. */
  readonly quick: boolean;
  /** Fleet sizes to measure. */
  readonly fleets: readonly number[];
  /** Measured runs of each figure, at least three. */
  readonly runs: number;
  /** A folder of the stage's own, on the disk; removed when the stage is over. */
  readonly dir: string;
  /** Adds a line to the table. */
  report(measurement: Measurement): void;
  /** Has something undone when the stage is over, however it ends; the last first. */
  defer(undo: () => unknown): void;
}

export type Stage = (bench: Bench) => Promise<void> | void;

/** A figure measured `bench.runs` times, after one run that only warms up. */
export function repeat(bench: Bench, once: (run: number) => number): number[] {
  once(-1);
  return Array.from({ length: bench.runs }, (_, run) => once(run));
}

/** Like `repeat` for what takes a while and needs no warming up: every run counts. */
export async function repeatAsync(bench: Bench, once: (run: number) => Promise<number>): Promise<number[]> {
  const figures: number[] = [];
  for (let run = 0; run < bench.runs; run++) figures.push(await once(run));
  return figures;
}

/** How many per second when `count` took this long. */
export function perSecond(count: number, ms: number): number {
  return (count / ms) * 1000;
}

/** A count for people: `10,000`. */
export function people(count: number): string {
  return count.toLocaleString('en');
}
