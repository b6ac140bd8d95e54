import { cleanupTimeMs, MAX_TIME_MS, maxTimestampMs } from '../time/watermark.ts';
import type { WindowSpec } from './window-spec.ts';

/**
 * Numbers of panes and windows. Window w covers the panes [w·perSlide, w·perSlide + perWindow); pane p covers
 * [p·paneMs + offset, (p + 1)·paneMs + offset). A pane is the greatest common divisor of size and slide, so that overlapping
 * windows share panes. Exact for times up to ±2^52 ms.
 */
export class PaneGrid {
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;
  readonly latenessMs: number;
  readonly paneMs: number;
  readonly perWindow: number;
  readonly perSlide: number;

  constructor(window: Exclude<WindowSpec, { type: 'session' }>, latenessMs: number) {
    this.sizeMs = window.sizeMs;
    this.slideMs = window.type === 'hopping' ? window.slideMs : window.sizeMs;
    this.offsetMs = window.offsetMs ?? 0;
    this.latenessMs = latenessMs;
    this.paneMs = greatestCommonDivisor(this.sizeMs, this.slideMs);
    this.perWindow = this.sizeMs / this.paneMs;
    this.perSlide = this.slideMs / this.paneMs;
  }

  paneOf(timeMs: number): number {
    return Math.floor((timeMs - this.offsetMs) / this.paneMs);
  }

  paneStartMs(pane: number): number {
    return pane * this.paneMs + this.offsetMs;
  }

  startMs(window: number): number {
    return window * this.slideMs + this.offsetMs;
  }

  firstWindowOf(pane: number): number {
    return Math.ceil((pane - this.perWindow + 1) / this.perSlide);
  }

  lastWindowOf(pane: number): number {
    return Math.floor(pane / this.perSlide);
  }

  /** False for a pane between windows that slide further than their size. */
  belongs(pane: number): boolean {
    return this.perSlide <= this.perWindow || pane < this.lastWindowOf(pane) * this.perSlide + this.perWindow;
  }

  /** The watermark that closes the window. */
  dueMs(window: number): number {
    return maxTimestampMs(this.startMs(window) + this.sizeMs);
  }

  /** The watermark that frees the window. */
  cleanupMs(window: number): number {
    return cleanupTimeMs(this.startMs(window) + this.sizeMs, this.latenessMs);
  }

  /** The first window that a watermark has not closed. */
  firstOpen(watermarkMs: number): number {
    return Math.floor((watermarkMs + 1 - this.offsetMs - this.sizeMs) / this.slideMs) + 1;
  }

  /** The first window that a watermark has not freed. */
  firstKept(watermarkMs: number): number {
    return watermarkMs >= MAX_TIME_MS ? Number.POSITIVE_INFINITY : this.firstOpen(watermarkMs - this.latenessMs);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
