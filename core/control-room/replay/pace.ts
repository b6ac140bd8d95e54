import type { ReplaySpeed } from '../../protocol/replay.ts';

/** Where nothing was recorded for longer, because the room was closed, a replay goes on after this much of it, ms. */
const LONGEST_GAP_MS = 5000;
/** Time that a replay at this speed may catch up when it falls behind, ms of the wall clock; what is beyond is given up. */
const CATCH_UP_MS = 250;

/**
 * How much recorded time may pass: it comes in with the wall clock times the speed, and goes out with the records.
 * A clock that was put back while recording counts as no time at all.
 */
export class Pace {
  speed: ReplaySpeed = 1;
  /** Recorded time since the newest record, ms. */
  creditMs = 0;
  #wallMs: number | undefined;

  /** Lets time pass up to `wallMs`; without a clock it stands still until the next call. */
  pass(wallMs: number | undefined): void {
    if (wallMs !== undefined && this.#wallMs !== undefined && this.speed !== 'max') {
      this.creditMs += (wallMs - this.#wallMs) * this.speed;
    }
    this.#wallMs = wallMs;
  }

  /** Gives up what cannot be caught up. */
  fallBehind(): void {
    if (this.speed !== 'max') this.creditMs = Math.min(this.creditMs, this.speed * CATCH_UP_MS);
  }

  /** Wall time until a record is due that came `gapMs` after the newest one, ms; 0 when it is due, and then its time is taken. */
  take(gapMs: number): number {
    if (this.speed === 'max') {
      this.creditMs = 0;
      return 0;
    }
    const neededMs = countedGap(gapMs);
    if (this.creditMs < neededMs) return (neededMs - this.creditMs) / this.speed;
    this.creditMs -= neededMs;
    return 0;
  }
}

/** What of the time between two records is waited for, ms. */
export function countedGap(gapMs: number): number {
  return Math.min(Math.max(gapMs, 0), LONGEST_GAP_MS);
}
