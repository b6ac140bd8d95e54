/** The last instant there is, Unix ms: a watermark here means that the input has ended. */
export const MAX_TIME_MS = Number.MAX_SAFE_INTEGER;

/** Below every event time: no watermark has been seen. */
export const NO_WATERMARK_MS = Number.NEGATIVE_INFINITY;

/** `timeMs + spanMs`, held inside ±MAX_TIME_MS: beyond it neighbouring milliseconds are no longer told apart. */
export function addClampedMs(timeMs: number, spanMs: number): number {
  return Math.max(-MAX_TIME_MS, Math.min(MAX_TIME_MS, timeMs + spanMs));
}

/**
 * The watermark that an event at `newestEventMs` allows when events are at most `boundMs` (≥ 0) out of order: no event at or
 * before it is expected any more. One less than the difference, because an event exactly `boundMs` old is still on time
 * (as in Flink's BoundedOutOfOrdernessWatermarks).
 */
export function watermarkFor(newestEventMs: number, boundMs: number): number {
  return addClampedMs(newestEventMs, -boundMs - 1);
}

/** The last instant inside a window that ends (exclusively) at `endMs`: a watermark here or later closes it. */
export function maxTimestampMs(endMs: number): number {
  return addClampedMs(endMs, -1);
}

/** A window's state is kept until the watermark reaches this: its last instant plus the allowed lateness. */
export function cleanupTimeMs(endMs: number, latenessMs: number): number {
  return addClampedMs(maxTimestampMs(endMs), latenessMs);
}
