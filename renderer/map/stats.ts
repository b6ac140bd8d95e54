/**
 * A diagnostics hook, read by the benchmark and by whoever opens the developer tools: `window.__watchfloorStats`.
 * All values are means over the last few seconds.
 */
export interface MapStats {
  /** Vehicle frames drawn per second. */
  framesPerSecond: number;
  /** JavaScript time of drawing one frame, ms (without the GPU's part). */
  jsMsPerFrame: number;
  /** JavaScript time of taking in one fleet frame and binning it, ms. */
  jsMsPerUpdate: number;
  /** Frames and updates since the map was opened. */
  frames: number;
  updates: number;
  /** Vehicles drawn by themselves, and signs that stand for many. */
  drawn: number;
  bubbles: number;
  /** True where no graphics card draws. */
  softwareGl: boolean;
}

declare global {
  interface Window {
    __watchfloorStats?: MapStats;
  }
}

const WINDOW_MS = 3000;

/** Collects times and publishes their means every three seconds. */
export class StatsCollector {
  private readonly stats: MapStats = {
    framesPerSecond: 0,
    jsMsPerFrame: 0,
    jsMsPerUpdate: 0,
    frames: 0,
    updates: 0,
    drawn: 0,
    bubbles: 0,
    softwareGl: false,
  };
  private windowStartMs = performance.now();
  private windowFrames = 0;
  private windowUpdates = 0;
  private frameMs = 0;
  private updateMs = 0;

  constructor(softwareGl: boolean) {
    this.stats.softwareGl = softwareGl;
    window.__watchfloorStats = this.stats;
  }

  /** The map is closed. */
  stop(): void {
    if (window.__watchfloorStats === this.stats) window.__watchfloorStats = undefined;
  }

  addFrame(tookMs: number, drawn: number, bubbles: number): void {
    this.stats.frames++;
    this.stats.drawn = drawn;
    this.stats.bubbles = bubbles;
    this.windowFrames++;
    this.frameMs += tookMs;
    this.publishIfDue();
  }

  addUpdate(tookMs: number): void {
    this.stats.updates++;
    this.windowUpdates++;
    this.updateMs += tookMs;
    this.publishIfDue();
  }

  private publishIfDue(): void {
    const spanMs = performance.now() - this.windowStartMs;
    if (spanMs < WINDOW_MS) return;
    this.stats.framesPerSecond = (this.windowFrames * 1000) / spanMs;
    if (this.windowFrames > 0) this.stats.jsMsPerFrame = this.frameMs / this.windowFrames;
    if (this.windowUpdates > 0) this.stats.jsMsPerUpdate = this.updateMs / this.windowUpdates;
    this.windowStartMs += spanMs;
    this.windowFrames = 0;
    this.windowUpdates = 0;
    this.frameMs = 0;
    this.updateMs = 0;
  }
}
