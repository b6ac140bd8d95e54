/** How long to wait before the next attempt. */
export interface BackOff {
  /** Milliseconds until the next attempt: doubles each time up to the maximum, ± 25 % so that many rooms do not come at once. */
  next(): number;
  /** The longest wait, for troubles that do not pass soon. */
  slow(): number;
  reset(): void;
}

export function createBackOff(firstMs: number, maxMs: number, random: () => number = Math.random): BackOff {
  let attempt = 0;
  const jittered = (ms: number) => Math.round(ms * (0.75 + random() / 2));
  return {
    next: () => jittered(Math.min(maxMs, firstMs * 2 ** attempt++)),
    slow: () => jittered(maxMs),
    reset() {
      attempt = 0;
    },
  };
}
