import { type RowBlock, VEHICLE_WINDOW_COLUMNS } from '../../model/stream-outputs.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import { RowBlockBuilder } from '../row-block.ts';
import type { Step } from '../step.ts';
import type { DrivingDeps } from './deps.ts';
import { RecordPool } from './record-pool.ts';

const SIZE_MS = 20_000;

/** A window: fields of the open one of each slot, and of a record kept for late events. */
const START = 0;
const FIRST = 1;
const LAST = 2;
const EVENTS = 3;
const SPEEDS = 4;
const DISTANCE = 5;
const SUM = 6;
const MIN = 7;
const MAX = 8;
/** Revision of its next row. */
const REVISION = 9;
/** `EVENTS` when it was last given out. */
const GIVEN = 10;
/** Of the slot, not of the window. */
const WATERMARK = 11;
const WIDTH = 12;
/** In records only: offset of the slot's next one. */
const NEXT = WIDTH;

/**
 * The seeds' tumbling windows of 20 s over the telemetry of each vehicle. A leg counts only between two consecutive
 * fixes of the same trip, in the window of its second fix. A window is given out when the vehicle's watermark reaches
 * its last instant; when the vehicle falls silent as it stands, and again, revised, when more comes. Late telemetry
 * counts while its window is open, and for `allowedLatenessMs` longer at once as a revised row; it adds no distance,
 * because its neighbours have been measured without it.
 */
export class VehicleWindows {
  readonly #deps: DrivingDeps;
  readonly #rows = new RowBlockBuilder(VEHICLE_WINDOW_COLUMNS.length);
  readonly #kept = new RecordPool('vehicleWindow', WIDTH + 1);
  #open = new Float64Array(0);
  /** Offset of the slot's first kept window, 0 = none. */
  #firstKept = new Int32Array(0);
  #capacity = 0;

  constructor(deps: DrivingDeps) {
    this.#deps = deps;
  }

  step(step: Step): void {
    if (!step.fix) return;
    const { slot, timeMs } = step;
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const at = slot * WIDTH;
    const open = this.#open;
    const start = open[at + START];
    if (start === 0 || timeMs >= start + SIZE_MS) {
      if (start !== 0) this.#close(slot);
      begin(open, at, Math.floor(timeMs / SIZE_MS) * SIZE_MS);
    }
    count(open, at, timeMs, step.speedKmph);
    if (step.trip !== 0 && step.trip === step.prevTrip) open[at + DISTANCE] += step.legM;
  }

  watermark(slot: number, watermarkMs: number): void {
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const at = slot * WIDTH;
    this.#open[at + WATERMARK] = watermarkMs;
    const start = this.#open[at + START];
    if (start !== 0 && watermarkMs >= start + SIZE_MS - 1) this.#close(slot);
  }

  idle(slot: number): void {
    if (slot >= this.#capacity || this.#open[slot * WIDTH + START] === 0) return;
    this.#give(slot, this.#open, slot * WIDTH);
  }

  /** Telemetry behind the vehicle's watermark. Answers false when its window is no longer kept. */
  late(slot: number, timeMs: number, speedKmph: number): boolean {
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const start = Math.floor(timeMs / SIZE_MS) * SIZE_MS;
    const open = this.#open;
    const at = slot * WIDTH;
    const doneMs = open[at + WATERMARK] - (start + SIZE_MS - 1);
    if (!(doneMs >= 0)) {
      if (open[at + START] === 0) begin(open, at, start);
      if (open[at + START] !== start) return false;
      count(open, at, timeMs, speedKmph);
      return true;
    }
    if (doneMs >= this.#deps.settings().allowedLatenessMs) return false;
    const kept = this.#find(slot, start) || this.#keep(slot, start);
    count(this.#kept.values, kept, timeMs, speedKmph);
    this.#give(slot, this.#kept.values, kept);
    return true;
  }

  get pendingRows(): number {
    return this.#rows.rows;
  }

  take(): RowBlock {
    return this.#rows.take();
  }

  get bytes(): number {
    return this.#open.byteLength + this.#firstKept.byteLength + this.#kept.bytes;
  }

  arrays(slots: number): Sections {
    return [...this.#slotArrays(slots), ...this.#kept.arrays()];
  }

  restore(slots: number, read: ReadSection): void {
    restoreSections(this.#slotArrays(slots), read);
    this.#kept.restore(read);
  }

  #slotArrays(slots: number): Sections {
    this.#reserve(slots);
    return [
      ['vehicleWindow.open', this.#open.subarray(0, slots * WIDTH)],
      ['vehicleWindow.firstKept', this.#firstKept.subarray(0, slots)],
    ];
  }

  #close(slot: number): void {
    const at = slot * WIDTH;
    const open = this.#open;
    const start = open[at + START];
    this.#give(slot, open, at);
    if (this.#firstKept[slot] !== 0) this.#expire(slot);
    if (this.#deps.settings().allowedLatenessMs > 0) {
      const kept = this.#keep(slot, start);
      this.#kept.values.set(open.subarray(at, at + WATERMARK), kept);
    }
    open[at + START] = 0;
  }

  /** A row for the window, unless nothing came since its last one. */
  #give(slot: number, windows: Float64Array, at: number): void {
    if (windows[at + GIVEN] === windows[at + EVENTS]) return;
    windows[at + GIVEN] = windows[at + EVENTS];
    const row = this.#rows.add(this.#deps.vehicleName(slot));
    const { values } = this.#rows;
    const speeds = windows[at + SPEEDS];
    values[row] = windows[at + START];
    values[row + 1] = windows[at + REVISION]++;
    values[row + 2] = windows[at + FIRST];
    values[row + 3] = windows[at + LAST];
    values[row + 4] = windows[at + EVENTS];
    values[row + 5] = windows[at + DISTANCE];
    if (speeds === 0) return;
    values[row + 6] = windows[at + SUM] / speeds;
    values[row + 7] = windows[at + MIN];
    values[row + 8] = windows[at + MAX];
  }

  #find(slot: number, start: number): number {
    const { values } = this.#kept;
    let kept = this.#firstKept[slot];
    while (kept !== 0 && values[kept + START] !== start) kept = values[kept + NEXT];
    return kept;
  }

  #keep(slot: number, start: number): number {
    const kept = this.#kept.take();
    begin(this.#kept.values, kept, start);
    this.#kept.values[kept + NEXT] = this.#firstKept[slot];
    this.#firstKept[slot] = kept;
    return kept;
  }

  #expire(slot: number): void {
    const { values } = this.#kept;
    const goneMs = this.#open[slot * WIDTH + WATERMARK] - this.#deps.settings().allowedLatenessMs - SIZE_MS + 1;
    let before = 0;
    for (let kept = this.#firstKept[slot]; kept !== 0; ) {
      const next = values[kept + NEXT];
      if (values[kept + START] > goneMs) before = kept;
      else {
        if (before === 0) this.#firstKept[slot] = next;
        else values[before + NEXT] = next;
        this.#kept.release(kept);
      }
      kept = next;
    }
  }

  #reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    const capacity = capacityFor(slots, this.#capacity);
    this.#open = grown(this.#open, capacity * WIDTH);
    this.#firstKept = grown(this.#firstKept, capacity);
    this.#capacity = capacity;
  }
}

function begin(windows: Float64Array, at: number, start: number): void {
  windows.fill(0, at, at + WATERMARK);
  windows[at + START] = start;
  windows[at + FIRST] = Number.POSITIVE_INFINITY;
  windows[at + MIN] = Number.POSITIVE_INFINITY;
  windows[at + MAX] = Number.NEGATIVE_INFINITY;
}

function count(windows: Float64Array, at: number, timeMs: number, speedKmph: number): void {
  windows[at + EVENTS]++;
  if (timeMs < windows[at + FIRST]) windows[at + FIRST] = timeMs;
  if (timeMs > windows[at + LAST]) windows[at + LAST] = timeMs;
  if (Number.isNaN(speedKmph)) return;
  windows[at + SPEEDS]++;
  windows[at + SUM] += speedKmph;
  if (speedKmph < windows[at + MIN]) windows[at + MIN] = speedKmph;
  if (speedKmph > windows[at + MAX]) windows[at + MAX] = speedKmph;
}
