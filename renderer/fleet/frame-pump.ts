import { decodeFrame, type FleetFrame } from '../../core/protocol/frame.ts';
import type { LagWindow } from './lag-window.ts';

/** What the pump needs of the map's buffer. */
export interface FrameTarget {
  /** `nowS`: seconds on the page's monotonic clock. */
  apply(frame: FleetFrame, nowS: number): void;
  /** Newest event time by slot, Unix ms. */
  readonly eventMs: ArrayLike<number>;
}

export interface FramePumpOptions {
  readonly target: FrameTarget;
  readonly lag: LagWindow;
  redraw(): void;
  /** Tells the room that the frame is on screen. */
  drawn(sequence: number): void;
  /** Called for each frame that brought something newer; `newestEventMs` is the newest event time so far, Unix ms. */
  advanced(newestEventMs: number): void;
  /** Runs its argument when the browser draws next. */
  onNextDraw(callback: () => void): void;
}

/**
 * Takes the fleet frames of one link to the map and measures, for each row that is newer than what this window had, the
 * time from the event to its drawing. The first frame is not measured: it carries the past.
 */
export function createFramePump(options: FramePumpOptions): (bytes: Uint8Array) => void {
  const { target, lag } = options;
  let first = true;
  let newer = new Float64Array(1024);

  let newestEventMs = 0;

  const collectNewer = (frame: FleetFrame): number => {
    if (newer.length < frame.count) newer = new Float64Array(frame.count * 2);
    let count = 0;
    for (let row = 0; row < frame.count; row++) {
      const eventMs = frame.eventMs[row];
      if (!(eventMs > 0) || target.eventMs[frame.slot[row]] >= eventMs) continue;
      newer[count++] = eventMs;
      newestEventMs = Math.max(newestEventMs, eventMs);
    }
    return count;
  };

  return (bytes) => {
    const frame = decodeFrame(bytes);
    const count = collectNewer(frame);
    const measured = first ? 0 : count;
    first = false;
    if (count > 0) options.advanced(newestEventMs);
    target.apply(frame, performance.now() / 1000);
    options.redraw();
    options.onNextDraw(() => {
      const nowMs = Date.now();
      for (let i = 0; i < measured; i++) lag.record(nowMs - newer[i], nowMs);
      options.drawn(frame.sequence);
    });
  };
}
