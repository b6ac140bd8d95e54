import type { StateArray } from '../fleet-state.ts';
import { NO_WATERMARK_MS } from './watermark.ts';

const FIRST_SOURCES = 64;

const UNKNOWN = 0;
/** Active, and the combined watermark waits for it. */
const ALIGNED = 1;
/** Active, but behind the combined watermark: not waited for until it has caught up. */
const UNALIGNED = 2;
const IDLE = 3;

export interface WatermarkValveOptions {
  /** Prefix of the checkpoint's sections; default `valve`. */
  readonly name?: string;
  /**
   * Watermarks are rounded down to a multiple of this, ms; default 1. With 1000 a fleet that reports once a second looks for
   * its minimum once a second instead of at every message, and the combined watermark is up to 1 s low.
   */
  readonly granularityMs?: number;
  /** A source not heard for this long is idle, ms of listening time (see `tick`); default never. */
  readonly idleAfterMs?: number;
  /**
   * A source that is further behind the newest one than this when the newest moves on is no longer waited for, ms; default
   * none. Our own rule: one vehicle that drains an hour of backlog must not stop the fleet's windows for it.
   */
  readonly maxHoldMs?: number;
}

/**
 * Combines the watermarks of many sources into one that never goes back: the minimum over the active sources that are not
 * behind it (Flink's StatusWatermarkValve). A source is waited for from its first `markActive` or `advance` on. Reads no clock:
 * time comes in through `tick`, so a source that is not read for back-pressure does not become idle by itself.
 */
export class WatermarkValve {
  readonly #name: string;
  readonly #granularityMs: number;
  readonly #idleAfterMs: number;
  readonly #maxHoldMs: number;
  #state = new Uint8Array(0);
  #watermarkMs = new Float64Array(0);
  /** Listening time at which each source was last heard. */
  #heardMs = new Float64Array(0);
  /** Sources known: 0 … count − 1. */
  #count = 0;
  #active = 0;
  #combinedMs = NO_WATERMARK_MS;
  #newestMs = NO_WATERMARK_MS;
  /** Lowest watermark of the aligned sources, and how many have it. */
  #lowestMs = Number.POSITIVE_INFINITY;
  #holders = 0;
  #clockMs = 0;
  #lastTickMs = Number.NaN;
  /** No source becomes idle before the listening time gets here. */
  #idleDueMs = Number.POSITIVE_INFINITY;

  constructor(options: WatermarkValveOptions = {}) {
    this.#name = options.name ?? 'valve';
    this.#granularityMs = options.granularityMs ?? 1;
    this.#idleAfterMs = options.idleAfterMs ?? Number.POSITIVE_INFINITY;
    this.#maxHoldMs = options.maxHoldMs ?? Number.POSITIVE_INFINITY;
    if (!(this.#granularityMs > 0 && this.#idleAfterMs > 0 && this.#maxHoldMs >= 0))
      throw new RangeError('granularity and idle time must be above 0 ms, the hold 0 or more');
  }

  /** The combined watermark; −Infinity = none yet. */
  get watermarkMs(): number {
    return this.#combinedMs;
  }

  /** True while no source is active: the watermark stands still although nothing holds it. */
  get idle(): boolean {
    return this.#active === 0;
  }

  /** Active sources, the ones behind included. */
  get activeSources(): number {
    return this.#active;
  }

  /** Memory held. */
  get bytes(): number {
    return this.#state.byteLength + this.#watermarkMs.byteLength + this.#heardMs.byteLength;
  }

  /** The source was heard and its watermark is `watermarkMs`; one that goes back changes nothing else. */
  advance(source: number, watermarkMs: number): void {
    if (source >= this.#count || this.#state[source] === UNKNOWN || this.#state[source] === IDLE)
      this.#appear(source, watermarkMs);
    else {
      this.#heardMs[source] = this.#clockMs;
      const before = this.#watermarkMs[source];
      const floorMs = Math.floor(watermarkMs / this.#granularityMs) * this.#granularityMs;
      if (!(floorMs > before)) return;
      this.#watermarkMs[source] = floorMs;
      if (this.#state[source] === UNALIGNED) {
        if (floorMs >= this.#combinedMs) this.#align(source);
      } else if (before === this.#lowestMs && --this.#holders === 0) this.#findLowest(NO_WATERMARK_MS);
    }
    this.#hold(this.#watermarkMs[source]);
    this.#combine();
  }

  /** The source has nothing to say for now: it is not waited for. When the last one goes idle, all catch up with the newest. */
  markIdle(source: number): void {
    this.#reserve(source + 1);
    const state = this.#state[source];
    this.#state[source] = IDLE;
    if (state !== ALIGNED && state !== UNALIGNED) return;
    this.#active--;
    if (state === ALIGNED && this.#watermarkMs[source] === this.#lowestMs && --this.#holders === 0)
      this.#findLowest(NO_WATERMARK_MS);
    this.#combine();
  }

  /** The source is there: it is waited for, at once or, when it is behind the combined watermark, once it has caught up. */
  markActive(source: number): void {
    if (source < this.#count && (this.#state[source] === ALIGNED || this.#state[source] === UNALIGNED))
      this.#heardMs[source] = this.#clockMs;
    else this.#appear(source, NO_WATERMARK_MS);
    this.#combine();
  }

  /**
   * Time has come to `nowMs`; `listening` says whether sources could have been heard since the last tick (false while the input
   * was paused or away): only such time counts towards idleness. A source is idle when exactly `idleAfterMs` have passed.
   * Costs next to nothing while no source is due.
   */
  tick(nowMs: number, listening = true): void {
    if (listening && nowMs > this.#lastTickMs) this.#clockMs += nowMs - this.#lastTickMs;
    this.#lastTickMs = nowMs;
    if (this.#clockMs < this.#idleDueMs) return;
    this.#idleDueMs = Number.POSITIVE_INFINITY;
    let changed = false;
    for (let source = 0; source < this.#count; source++) {
      const state = this.#state[source];
      if (state !== ALIGNED && state !== UNALIGNED) continue;
      const dueMs = this.#heardMs[source] + this.#idleAfterMs;
      if (dueMs > this.#clockMs) {
        if (dueMs < this.#idleDueMs) this.#idleDueMs = dueMs;
        continue;
      }
      this.#state[source] = IDLE;
      this.#active--;
      changed = true;
    }
    if (!changed) return;
    this.#findLowest(NO_WATERMARK_MS);
    this.#combine();
  }

  arrays(): [name: string, array: StateArray][] {
    const scalars = [this.#combinedMs, this.#newestMs, this.#clockMs, this.#lastTickMs];
    return [
      [`${this.#name}.scalars`, Float64Array.from(scalars)],
      [`${this.#name}.state`, this.#state.subarray(0, this.#count)],
      [`${this.#name}.watermark`, this.#watermarkMs.subarray(0, this.#count)],
      [`${this.#name}.heard`, this.#heardMs.subarray(0, this.#count)],
    ];
  }

  /** Fills a fresh valve from what `arrays` gave. */
  restore(read: (name: string) => ArrayLike<number> | undefined): void {
    const scalars = read(`${this.#name}.scalars`);
    const state = read(`${this.#name}.state`);
    const watermarks = read(`${this.#name}.watermark`);
    const heard = read(`${this.#name}.heard`);
    if (!scalars || !state || !watermarks || !heard) return;
    [this.#combinedMs, this.#newestMs, this.#clockMs, this.#lastTickMs] = Array.from(scalars);
    this.#reserve(state.length);
    this.#state.set(state);
    this.#watermarkMs.set(watermarks);
    this.#heardMs.set(heard);
    for (const s of this.#state) if (s === ALIGNED || s === UNALIGNED) this.#active++;
    this.#findLowest(NO_WATERMARK_MS);
    // Looked up at the next tick.
    this.#idleDueMs = NO_WATERMARK_MS;
  }

  /** A source that was unknown or idle becomes active. */
  #appear(source: number, watermarkMs: number): void {
    this.#reserve(source + 1);
    this.#heardMs[source] = this.#clockMs;
    this.#idleDueMs = Math.min(this.#idleDueMs, this.#clockMs + this.#idleAfterMs);
    const floorMs = Math.floor(watermarkMs / this.#granularityMs) * this.#granularityMs;
    if (floorMs > this.#watermarkMs[source]) this.#watermarkMs[source] = floorMs;
    this.#active++;
    if (this.#watermarkMs[source] >= this.#combinedMs) this.#align(source);
    else this.#state[source] = UNALIGNED;
  }

  #align(source: number): void {
    const watermarkMs = this.#watermarkMs[source];
    this.#state[source] = ALIGNED;
    if (watermarkMs < this.#lowestMs) {
      this.#lowestMs = watermarkMs;
      this.#holders = 1;
    } else if (watermarkMs === this.#lowestMs) this.#holders++;
  }

  /** A source came to `watermarkMs`: when it is the newest, those too far behind it are no longer waited for. */
  #hold(watermarkMs: number): void {
    if (watermarkMs <= this.#newestMs) return;
    this.#newestMs = watermarkMs;
    const limitMs = watermarkMs - this.#maxHoldMs;
    if (this.#lowestMs < limitMs) this.#findLowest(limitMs);
  }

  /** Looks through all aligned sources; those below `limitMs` become unaligned. */
  #findLowest(limitMs: number): void {
    let lowestMs = Number.POSITIVE_INFINITY;
    let holders = 0;
    for (let source = 0; source < this.#count; source++) {
      if (this.#state[source] !== ALIGNED) continue;
      const watermarkMs = this.#watermarkMs[source];
      if (watermarkMs < limitMs) this.#state[source] = UNALIGNED;
      else if (watermarkMs < lowestMs) {
        lowestMs = watermarkMs;
        holders = 1;
      } else if (watermarkMs === lowestMs) holders++;
    }
    this.#lowestMs = lowestMs;
    this.#holders = holders;
  }

  #combine(): void {
    if (this.#active === 0) this.#combinedMs = Math.max(this.#combinedMs, this.#newestMs);
    else if (this.#holders > 0 && this.#lowestMs > this.#combinedMs) this.#combinedMs = this.#lowestMs;
  }

  #reserve(count: number): void {
    if (count <= this.#count) return;
    this.#count = count;
    if (count <= this.#state.length) return;
    const size = Math.max(FIRST_SOURCES, this.#state.length * 2, count);
    const state = new Uint8Array(size);
    const watermarks = new Float64Array(size).fill(NO_WATERMARK_MS);
    const heard = new Float64Array(size);
    state.set(this.#state);
    watermarks.set(this.#watermarkMs);
    heard.set(this.#heardMs);
    this.#state = state;
    this.#watermarkMs = watermarks;
    this.#heardMs = heard;
  }
}
