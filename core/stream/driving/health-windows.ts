import { HEALTH_WINDOW_COLUMNS, type RowBlock } from '../../model/stream-outputs.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import { RowBlockBuilder } from '../row-block.ts';
import type { DrivingDeps } from './deps.ts';
import { RecordPool } from './record-pool.ts';

const SIZE_MS = 60_000;
/** The seeds' limit: hotter than this is high. */
export const HOT_ENGINE_C = 90;

const START = 0;
const MAX = 1;
const READINGS = 2;
const REVISION = 3;
/** `READINGS` when it was last given out. */
const GIVEN = 4;
const NEXT = 5;
const WIDTH = 6;

/**
 * The seeds' tumbling windows of 1 min over the status messages of each vehicle in which the engine was hotter than 90
 * °C. Readings may come in any order in front of the vehicle's status watermark. Cold readings leave no trace, so only
 * vehicles with a hot engine have state. Windows are kept and revised for `allowedLatenessMs`.
 */
export class HealthWindows {
  readonly #deps: DrivingDeps;
  readonly #rows = new RowBlockBuilder(HEALTH_WINDOW_COLUMNS.length);
  /** Windows of a slot are a list in order of time. */
  readonly #windows = new RecordPool('healthWindow', WIDTH);
  #firstWindow = new Int32Array(0);
  #watermarkMs = new Float64Array(0);
  #capacity = 0;

  constructor(deps: DrivingDeps) {
    this.#deps = deps;
  }

  /**
   * A status message in order of arrival; NaN = no temperature in it. Answers false when its window is no longer kept.
   */
  status(slot: number, timeMs: number, engineTempC: number): boolean {
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const start = Math.floor(timeMs / SIZE_MS) * SIZE_MS;
    const behindMs = this.#watermarkMs[slot] - (start + SIZE_MS - 1);
    if (behindMs >= this.#deps.settings().allowedLatenessMs) return false;
    if (!(engineTempC > HOT_ENGINE_C)) return true;
    const at = this.#window(slot, start);
    const { values } = this.#windows;
    if (values[at + READINGS]++ === 0 || engineTempC > values[at + MAX]) values[at + MAX] = engineTempC;
    if (behindMs >= 0) this.#give(slot, at);
    return true;
  }

  /** The vehicle's status messages up to and including `watermarkMs` have come. */
  statusWatermark(slot: number, watermarkMs: number): void {
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    if (!(watermarkMs > this.#watermarkMs[slot])) return;
    this.#watermarkMs[slot] = watermarkMs;
    if (this.#firstWindow[slot] === 0) return;
    const { values } = this.#windows;
    const { allowedLatenessMs } = this.#deps.settings();
    for (let at = this.#firstWindow[slot]; at !== 0; ) {
      const last = values[at + START] + SIZE_MS - 1;
      if (last > watermarkMs) return;
      this.#give(slot, at);
      const next = values[at + NEXT];
      if (last + allowedLatenessMs <= watermarkMs) {
        this.#firstWindow[slot] = next;
        this.#windows.release(at);
      }
      at = next;
    }
  }

  /** Gives out open windows as they stand; they are revised when more comes. */
  idle(slot: number): void {
    if (slot >= this.#capacity) return;
    for (let at = this.#firstWindow[slot]; at !== 0; at = this.#windows.values[at + NEXT]) this.#give(slot, at);
  }

  get pendingRows(): number {
    return this.#rows.rows;
  }

  take(): RowBlock {
    return this.#rows.take();
  }

  get bytes(): number {
    return this.#firstWindow.byteLength + this.#watermarkMs.byteLength + this.#windows.bytes;
  }

  arrays(slots: number): Sections {
    return [...this.#slotArrays(slots), ...this.#windows.arrays()];
  }

  restore(slots: number, read: ReadSection): void {
    restoreSections(this.#slotArrays(slots), read);
    this.#windows.restore(read);
  }

  #slotArrays(slots: number): Sections {
    this.#reserve(slots);
    return [
      ['healthWindow.first', this.#firstWindow.subarray(0, slots)],
      ['healthWindow.watermark', this.#watermarkMs.subarray(0, slots)],
    ];
  }

  /** Offset of the slot's window, put in its place in the list when it is new. */
  #window(slot: number, start: number): number {
    let before = 0;
    let at = this.#firstWindow[slot];
    while (at !== 0 && this.#windows.values[at + START] < start) {
      before = at;
      at = this.#windows.values[at + NEXT];
    }
    if (at !== 0 && this.#windows.values[at + START] === start) return at;
    const added = this.#windows.take();
    const { values } = this.#windows;
    values[added + START] = start;
    values[added + NEXT] = at;
    if (before === 0) this.#firstWindow[slot] = added;
    else values[before + NEXT] = added;
    return added;
  }

  #give(slot: number, at: number): void {
    const windows = this.#windows.values;
    if (windows[at + GIVEN] === windows[at + READINGS]) return;
    windows[at + GIVEN] = windows[at + READINGS];
    const row = this.#rows.add(this.#deps.vehicleName(slot));
    const { values } = this.#rows;
    values[row] = windows[at + START];
    values[row + 1] = windows[at + REVISION]++;
    values[row + 2] = windows[at + MAX];
    values[row + 3] = windows[at + READINGS];
  }

  #reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    const capacity = capacityFor(slots, this.#capacity);
    this.#firstWindow = grown(this.#firstWindow, capacity);
    this.#watermarkMs = grown(this.#watermarkMs, capacity, Number.NEGATIVE_INFINITY);
    this.#capacity = capacity;
  }
}
