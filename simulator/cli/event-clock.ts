const HOUR_MS = 3_600_000;

/** Event time of a live run, as a function of wall time; both Unix ms. */
export interface EventClock {
  readonly startMs: number;
  at(wallMs: number): number;
}

/**
 * Event time runs `speedUp` times as fast as wall time and never overtakes it: it starts in the past. A run of known
 * length ends at the wall clock's now; an endless one starts an hour back and goes on at 1× when it has caught up.
 */
export function eventClock(wallStartMs: number, speedUp: number, seconds: number | undefined): EventClock {
  const lengthMs = seconds === undefined ? HOUR_MS : seconds * 1000 * (1 - 1 / speedUp);
  const startMs = Math.round(wallStartMs - (speedUp > 1 ? lengthMs : 0));
  return { startMs, at: (wallMs) => Math.min(wallMs, startMs + (wallMs - wallStartMs) * speedUp) };
}
