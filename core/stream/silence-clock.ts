/** A gap between ticks longer than this means that the room was not running. */
const LONGEST_TICK_GAP_MS = 5000;

/**
 * Counts the seconds during which the room could have heard a vehicle: it stands still while the broker is away or the room
 * is closed, so that neither makes the whole fleet look silent. Advanced by ticks only, hence the same in every replay.
 */
export class SilenceClock {
  /** Seconds heard so far. */
  nowS = 0;
  lastTickMs = 0;

  tick(atMs: number, listening: boolean): void {
    const gapMs = atMs - this.lastTickMs;
    if (listening && gapMs > 0 && gapMs <= LONGEST_TICK_GAP_MS) this.nowS += gapMs / 1000;
    this.lastTickMs = atMs;
  }
}
