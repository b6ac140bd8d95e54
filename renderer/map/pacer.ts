import { metresPerPx } from './mercator.ts';

/** A vehicle at this speed that is drawn half a pixel late is not seen to be late. */
const FAST_MPS = 25;
const STEP_PX = 0.5;
const MAX_FPS = 60;
/** Drawing may take this share of the time; the rest belongs to the other panels. */
const DRAW_SHARE = 0.5;
/** Below this cost per frame the screen keeps up by itself. */
const CHEAP_FRAME_MS = 25;
const SMOOTHING = 0.15;
/** A longer wait was something else than drawing: another program, a sleeping machine. */
const LONGEST_COST_MS = 400;
/** Waits longer than this sleep on a timer instead of asking for every animation frame. */
const SLEEP_MS = 50;

/** Frames per second at which a vehicle at 25 m/s moves half a pixel per frame at a zoom and latitude (degrees), 0–60. */
export function motionFps(zoom: number, lat: number): number {
  return Math.min(MAX_FPS, FAST_MPS / metresPerPx(zoom, lat) / STEP_PX);
}

/** The highest rate at which frames of this cost leave half of the time to others. */
export function affordableFps(frameCostMs: number): number {
  return frameCostMs <= CHEAP_FRAME_MS ? MAX_FPS : (1000 * DRAW_SHARE) / frameCostMs;
}

export interface PacerOptions {
  /** How many frames per second the picture needs now; 0 = it stands still. Asked after every frame. */
  wantedFps(): number;
  /** Draws one frame. */
  draw(): void;
}

/**
 * Draws as often as the picture needs and the machine can afford, on animation frames, and not at all while the window is
 * hidden. On software GL the cost of a frame shows as a late next animation frame: that is what is measured.
 */
export class Pacer {
  private readonly options: PacerOptions;
  private frameHandle = 0;
  private timerHandle: ReturnType<typeof setTimeout> | undefined;
  private lastDrawMs = 0;
  private drewLastTick = false;
  private lastTickMs = 0;
  private costMs = 0;
  private due = false;
  private stopped = false;

  constructor(options: PacerOptions) {
    this.options = options;
    document.addEventListener('visibilitychange', this.wake);
    this.wake();
  }

  /** The operator waits for it: draw at the next opportunity, whatever the motion needs. */
  request(): void {
    this.due = true;
    this.wake();
  }

  stop(): void {
    this.stopped = true;
    document.removeEventListener('visibilitychange', this.wake);
    this.cancel();
  }

  /** The answer of `wantedFps` may have changed. */
  readonly wake = (): void => {
    if (this.stopped || document.hidden) {
      this.cancel();
      return;
    }
    if (this.timerHandle !== undefined) {
      clearTimeout(this.timerHandle);
      this.timerHandle = undefined;
    }
    if (this.frameHandle === 0) this.frameHandle = requestAnimationFrame(this.tick);
  };

  private cancel(): void {
    cancelAnimationFrame(this.frameHandle);
    this.frameHandle = 0;
    clearTimeout(this.timerHandle);
    this.timerHandle = undefined;
  }

  private readonly tick = (nowMs: number): void => {
    this.frameHandle = 0;
    this.measure(nowMs);
    const affordable = affordableFps(this.costMs);
    const wanted = this.due ? MAX_FPS : this.options.wantedFps();
    const fps = Math.min(wanted, affordable);
    const waitMs = fps > 0 ? this.lastDrawMs + 1000 / fps - nowMs : Number.POSITIVE_INFINITY;
    // Animation frames come every 16.7 ms: half of one early is nearer than half of one late.
    if (waitMs < 8) {
      this.due = false;
      this.drewLastTick = true;
      this.lastDrawMs = nowMs;
      this.options.draw();
      this.sleep(0);
    } else {
      this.sleep(waitMs);
    }
  };

  private measure(nowMs: number): void {
    if (this.drewLastTick) {
      const gapMs = Math.min(LONGEST_COST_MS, nowMs - this.lastTickMs);
      this.costMs += (gapMs - this.costMs) * SMOOTHING;
    }
    this.drewLastTick = false;
    this.lastTickMs = nowMs;
  }

  private sleep(waitMs: number): void {
    if (this.stopped || document.hidden) return;
    if (waitMs < SLEEP_MS) {
      this.frameHandle = requestAnimationFrame(this.tick);
    } else if (waitMs < Number.POSITIVE_INFINITY) {
      this.timerHandle = setTimeout(this.wake, waitMs - SLEEP_MS / 2);
    }
  }
}
