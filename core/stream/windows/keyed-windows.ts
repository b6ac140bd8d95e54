import type { StateArray } from '../fleet-state.ts';
import { MAX_TIME_MS, NO_WATERMARK_MS } from '../time/watermark.ts';
import { PaneWindows } from './pane-windows.ts';
import { SessionWindows } from './session-windows.ts';
import type { KeyedWindowsOptions, WindowSpec } from './window-spec.ts';

/**
 * Event-time windows over many keys, each with its own watermark, with Flink's rules for what is on time, late, revised and
 * freed. Keys are small integers (memory grows with the largest); times are whole Unix ms. A window fires when the watermark
 * reaches its last instant and again, at once, for every event that comes within the allowed lateness; windows without events
 * do not fire. Results depend only on the order of the calls per key; `onResult` and `onLate` must not call back into the
 * operator. Memory per key: see `maxPanesPerKey`.
 */
export class KeyedWindows {
  readonly #name: string;
  readonly #impl: PaneWindows | SessionWindows;
  readonly #fingerprint: number;

  /** Throws a RangeError for a window, lateness or aggregate that makes no sense. */
  constructor(options: KeyedWindowsOptions) {
    const { window } = options;
    checkOptions(window, options.latenessMs ?? 0);
    this.#name = options.name;
    this.#impl =
      window.type === 'session' ? new SessionWindows(options, window.gapMs) : new PaneWindows(options, window);
    this.#fingerprint = this.#impl.layout.fingerprint;
  }

  /** Adds an event; an input that is NaN does not count for its aggregates. */
  add(key: number, timeMs: number, inputs: Float64Array): void {
    this.#impl.add(key, timeMs, inputs);
  }

  /**
   * Adds inputs that were held over [fromMs, toMs), split over the panes it touches. What lies in windows already gone is late
   * (reported once, at `fromMs`), the rest counts. In sessions it is activity from `fromMs` to `toMs`.
   */
  addSpan(key: number, fromMs: number, toMs: number, inputs: Float64Array): void {
    this.#impl.addSpan(key, fromMs, toMs, inputs);
  }

  /** Moves the key's watermark on and fires what is due, in order of window end; one that goes back changes nothing. */
  advance(key: number, watermarkMs: number): void {
    const { records } = this.#impl;
    if (key >= records.keys) this.#impl.reserve(key + 1);
    if (watermarkMs > records.watermarkMs[key]) this.#impl.advance(key, watermarkMs);
  }

  /** End of the key's input: fires everything open; whatever comes for the key after that is late. */
  flush(key: number): void {
    this.advance(key, MAX_TIME_MS);
  }

  /** The key's watermark; −Infinity = none yet. */
  watermarkMs(key: number): number {
    return key < this.#impl.records.keys ? this.#impl.records.watermarkMs[key] : NO_WATERMARK_MS;
  }

  /** Panes (or sessions) kept for the key. */
  openPanes(key: number): number {
    return key < this.#impl.records.keys ? this.#impl.records.open[key] : 0;
  }

  /** Events and spans that came after all or some of their windows were gone. */
  get late(): number {
    return this.#impl.late;
  }

  /** Events and spans dropped because their key had `maxPanesPerKey` panes or sessions. */
  get dropped(): number {
    return this.#impl.dropped;
  }

  /** Memory held. */
  get bytes(): number {
    return this.#impl.bytes;
  }

  /** State of the keys below `count`, for a checkpoint. */
  arrays(count: number): [name: string, array: StateArray][] {
    return [
      [`${this.#name}.spec`, Uint32Array.of(this.#fingerprint)],
      [`${this.#name}.counts`, Float64Array.of(this.late, this.dropped)],
      ...this.#impl.arrays(this.#name, count),
    ];
  }

  /**
   * Fills fresh windows from what `arrays` gave. When the checkpoint is of another window or other aggregates, only the
   * watermarks and counts are taken over: what was open then is given up.
   */
  restore(count: number, read: (name: string) => ArrayLike<number> | undefined): void {
    const sameSpec = read(`${this.#name}.spec`)?.[0] === this.#fingerprint;
    this.#impl.restore(this.#name, count, read, sameSpec);
    const counts = read(`${this.#name}.counts`);
    if (!counts) return;
    this.#impl.late = counts[0];
    this.#impl.dropped = counts[1];
  }
}

function checkOptions(window: WindowSpec, latenessMs: number): void {
  const lengths = window.type === 'session' ? [window.gapMs] : [window.sizeMs];
  if (window.type === 'hopping') lengths.push(window.slideMs);
  for (const ms of lengths)
    if (!(Number.isSafeInteger(ms) && ms > 0))
      throw new RangeError(`a window of ${ms} ms: whole ms above 0 are needed`);
  if (window.type !== 'session' && !Number.isSafeInteger(window.offsetMs ?? 0))
    throw new RangeError(`an offset of ${window.offsetMs} ms: whole ms are needed`);
  if (!(latenessMs >= 0)) throw new RangeError(`an allowed lateness of ${latenessMs} ms: 0 or more is needed`);
}
