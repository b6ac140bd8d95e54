/** Event-to-screen lag over the last seconds, as a histogram: O(1) per sample, fixed memory. */
export interface LagWindow {
  /** Negative lags (a vehicle's clock ahead of ours) count as 0. */
  record(lagMs: number, nowMs: number): void;
  /** The lag in ms that the fraction `q` of the samples does not exceed, within 3 %; undefined without samples. */
  quantile(q: number, nowMs: number): number | undefined;
  clear(): void;
}

const SECONDS = 30;
/** Bin i > 0 holds lags in (RATIO^(i-1), RATIO^i] ms; the last one takes everything from about ten minutes up. */
const RATIO = 1.03;
const BINS = 452;
const LOG_RATIO = Math.log(RATIO);

export function createLagWindow(): LagWindow {
  const counts = new Uint32Array(SECONDS * BINS);
  const secondOf = new Float64Array(SECONDS).fill(Number.NaN);
  const merged = new Uint32Array(BINS);

  return {
    record(lagMs, nowMs) {
      const second = Math.floor(nowMs / 1000);
      const row = second % SECONDS;
      if (secondOf[row] !== second) {
        counts.fill(0, row * BINS, (row + 1) * BINS);
        secondOf[row] = second;
      }
      const bin = lagMs <= 1 ? 0 : Math.min(BINS - 1, Math.ceil(Math.log(lagMs) / LOG_RATIO));
      counts[row * BINS + bin]++;
    },
    quantile(q, nowMs) {
      const oldest = Math.floor(nowMs / 1000) - SECONDS + 1;
      merged.fill(0);
      let total = 0;
      for (let row = 0; row < SECONDS; row++) {
        if (!(secondOf[row] >= oldest)) continue;
        for (let bin = 0; bin < BINS; bin++) {
          merged[bin] += counts[row * BINS + bin];
          total += counts[row * BINS + bin];
        }
      }
      if (total === 0) return undefined;
      let left = Math.max(1, Math.ceil(q * total));
      for (let bin = 0; bin < BINS; bin++) {
        left -= merged[bin];
        if (left <= 0) return bin === 0 ? 0 : RATIO ** (bin - 0.5);
      }
      return undefined;
    },
    clear: () => secondOf.fill(Number.NaN),
  };
}
