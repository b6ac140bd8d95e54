/** One operation that took longer than it should. */
export interface SlowOperation {
  /** What ran, e.g. `commit` or `vehicle.track`. */
  readonly what: string;
  readonly durationMs: number;
}

export interface SlowOptions {
  /** Operations longer than this many ms are reported. */
  readonly slowMs?: number;
  readonly onSlow?: (slow: SlowOperation) => void;
}

/** Runs `work` and reports it when it took longer than `slowMs`, also when it throws. */
export function timed<T>(what: string, { slowMs = 0, onSlow }: SlowOptions, work: () => T): T {
  const began = performance.now();
  try {
    return work();
  } finally {
    const durationMs = performance.now() - began;
    if (durationMs >= slowMs) onSlow?.({ what, durationMs });
  }
}
