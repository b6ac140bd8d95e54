import { MOVEMENT } from '../../model/movement.ts';
import { DRIVER_PANE_COLUMNS, type DriverEventKind, type RowBlock } from '../../model/stream-outputs.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import { RowBlockBuilder } from '../row-block.ts';
import type { Step } from '../step.ts';
import { type DrivingDeps, LONGEST_GAP_MS } from './deps.ts';
import { SPEEDING, type SpeedingTiers } from './speeding.ts';

export const PANE_MS = 600_000;
const MINUTE_MS = 60_000;

/**
 * Times of a pane in ms and its counts of events, each in the order of the row; last, whether it changed since its row.
 */
const DRIVING = 0;
const IDLING = 1;
const SPEEDING_MINOR = 2;
const TIMES = 5;
const BRAKES = 0;
const ACCELERATIONS = 1;
const CORNERS = 2;
const SEVERE_EVENTS = 3;
const CHANGED = 4;
const COUNTS = 5;
/** Harsh events are at least 2 s apart, so a pane with more than this is no driving. */
const MOST_EVENTS = 255;

/** The newest pane and the one before it, by the pane's number being even or odd. */
const PANES = 2;

/**
 * What each driver did, in panes of 10 min of event time. A pane's row is given out, as a sum so far, with every full
 * minute of the driver's clock (his newest step) in which it changed, when he leaves the vehicle and when that falls
 * silent.
 *
 * Times between two steps belong to what the vehicle was doing since the first, split where a pane ends; gaps over 10
 * min tell nothing. Distance and speeding belong to the pane of the fix they lead to; a leg is speeding by the slower
 * of its two ends. Only what lies between two steps with the same driver counts. What comes for the pane before the
 * newest (from a second vehicle) is added to it; older than that it is left out and counted, because its sums are gone.
 */
export class DriverPanes {
  readonly #deps: DrivingDeps;
  readonly #tiers: SpeedingTiers;
  readonly #rows = new RowBlockBuilder(DRIVER_PANE_COLUMNS.length);
  #driverOf = new Int32Array(0);
  #slots = 0;
  /** Number of the minute that the driver's clock is in, and of the newest pane; 0 = none. */
  #minute = new Uint32Array(0);
  #newest = new Uint32Array(0);
  #distanceM = new Float64Array(0);
  #timesMs = new Uint32Array(0);
  #counts = new Uint8Array(0);
  #capacity = 0;
  #count = 0;
  #leftOut = 0;

  constructor(deps: DrivingDeps, tiers: SpeedingTiers) {
    this.#deps = deps;
    this.#tiers = tiers;
  }

  /** Contributions that came too late for their pane. */
  get leftOut(): number {
    return this.#leftOut;
  }

  step(step: Step): void {
    const { slot, driver, timeMs } = step;
    if (slot >= this.#slots) this.#reserveSlots(slot + 1);
    const before = this.#driverOf[slot];
    if (before !== driver) {
      this.#driverOf[slot] = driver;
      if (before !== 0) this.#give(before);
    }
    if (driver === 0) return;
    if (driver >= this.#count) this.#reserve(driver + 1);
    const minuteMs = this.#minute[driver] * MINUTE_MS;
    const ends = timeMs >= minuteMs + MINUTE_MS;
    if (ends) this.#enter(driver, timeMs);
    const sameMinute = ends || timeMs >= minuteMs;
    const pane = sameMinute ? this.#newest[driver] : Math.floor(timeMs / PANE_MS);
    if (before === driver && !step.first && step.gapMs <= LONGEST_GAP_MS) this.#add(step, pane);
    if (ends) this.#give(driver);
  }

  /** A harsh event of the driver that began at `startMs`. */
  harsh(driver: number, startMs: number, kind: DriverEventKind, severe: boolean): void {
    const at = this.#pane(driver, Math.floor(startMs / PANE_MS));
    if (at < 0) return;
    this.#countAt(at, kind === 'harsh-brake' ? BRAKES : kind === 'harsh-corner' ? CORNERS : ACCELERATIONS);
    if (severe) this.#countAt(at, SEVERE_EVENTS);
    this.#counts[at * COUNTS + CHANGED] = 1;
  }

  idle(slot: number): void {
    if (slot < this.#slots && this.#driverOf[slot] !== 0) this.#give(this.#driverOf[slot]);
  }

  get pendingRows(): number {
    return this.#rows.rows;
  }

  take(): RowBlock {
    return this.#rows.take();
  }

  get bytes(): number {
    return (
      this.#driverOf.byteLength +
      this.#minute.byteLength +
      this.#newest.byteLength +
      this.#distanceM.byteLength +
      this.#timesMs.byteLength +
      this.#counts.byteLength
    );
  }

  arrays(slots: number): Sections {
    this.#reserveSlots(slots);
    return [
      ['driverPane.driverOf', this.#driverOf.subarray(0, slots)],
      ['driverPane.leftOut', Float64Array.of(this.#leftOut)],
      ...this.#driverArrays(),
    ];
  }

  restore(slots: number, read: ReadSection): void {
    this.#reserveSlots(slots);
    this.#reserve(read('driverPane.newest')?.length ?? 0);
    this.#leftOut = read('driverPane.leftOut')?.[0] ?? 0;
    restoreSections([['driverPane.driverOf', this.#driverOf], ...this.#driverArrays()], read);
  }

  #driverArrays(): Sections {
    return [
      ['driverPane.minute', this.#minute.subarray(0, this.#count)],
      ['driverPane.newest', this.#newest.subarray(0, this.#count)],
      ['driverPane.distance', this.#distanceM.subarray(0, this.#count * PANES)],
      ['driverPane.times', this.#timesMs.subarray(0, this.#count * PANES * TIMES)],
      ['driverPane.counts', this.#counts.subarray(0, this.#count * PANES * COUNTS)],
    ];
  }

  #add(step: Step, pane: number): void {
    const { driver, gapMs, prevMovement } = step;
    const field = prevMovement === MOVEMENT.moving ? DRIVING : prevMovement === MOVEMENT.idling ? IDLING : -1;
    const inPaneMs = Math.min(gapMs, step.timeMs - pane * PANE_MS);
    if (field >= 0 && gapMs > inPaneMs) this.#addTime(driver, pane - 1, field, gapMs - inPaneMs);
    const at = this.#pane(driver, pane);
    if (at < 0) return;
    if (field >= 0 && inPaneMs > 0) this.#addTimeAt(at, field, inPaneMs);
    if (!step.fix || !(step.fixGapMs <= LONGEST_GAP_MS)) return;
    if (step.legM > 0) {
      this.#distanceM[at] += step.legM;
      this.#counts[at * COUNTS + CHANGED] = 1;
    }
    const slowerKmph = Math.min(step.speedKmph, step.prevSpeedKmph);
    const tier = this.#tiers.tier(slowerKmph, this.#deps.settings().speedLimitKmph);
    if (tier !== SPEEDING.none) this.#addTimeAt(at, SPEEDING_MINOR + tier - 1, step.fixGapMs);
  }

  #addTime(driver: number, pane: number, field: number, ms: number): void {
    const at = this.#pane(driver, pane);
    if (at >= 0) this.#addTimeAt(at, field, ms);
  }

  #addTimeAt(at: number, field: number, ms: number): void {
    this.#timesMs[at * TIMES + field] += ms;
    this.#counts[at * COUNTS + CHANGED] = 1;
  }

  #countAt(at: number, field: number): void {
    if (this.#counts[at * COUNTS + field] < MOST_EVENTS) this.#counts[at * COUNTS + field]++;
  }

  /** Place of a pane that is still kept; else −1 and it is counted. */
  #pane(driver: number, pane: number): number {
    const newest = this.#newest[driver];
    if (pane === newest || pane === newest - 1) return driver * PANES + (pane & 1);
    this.#leftOut++;
    return -1;
  }

  /**
   * The driver's clock enters another minute, perhaps another pane: of those kept so far only the one right before it
   * stays.
   */
  #enter(driver: number, timeMs: number): void {
    this.#minute[driver] = Math.floor(timeMs / MINUTE_MS);
    const newest = this.#newest[driver];
    const pane = Math.floor(timeMs / PANE_MS);
    if (pane === newest) return;
    this.#drop(driver, newest - 1);
    if (pane > newest + 1) this.#drop(driver, newest);
    this.#newest[driver] = pane;
  }

  #drop(driver: number, pane: number): void {
    const at = driver * PANES + (pane & 1);
    if (this.#counts[at * COUNTS + CHANGED] === 1) this.#row(driver, pane);
    this.#timesMs.fill(0, at * TIMES, (at + 1) * TIMES);
    this.#counts.fill(0, at * COUNTS, (at + 1) * COUNTS);
    this.#distanceM[at] = 0;
  }

  /** Rows of the driver's panes that changed. */
  #give(driver: number): void {
    const newest = this.#newest[driver];
    for (let pane = newest - 1; pane <= newest; pane++) {
      if (this.#counts[(driver * PANES + (pane & 1)) * COUNTS + CHANGED] === 1) this.#row(driver, pane);
    }
  }

  #row(driver: number, pane: number): void {
    const at = driver * PANES + (pane & 1);
    const row = this.#rows.add(this.#deps.driverName(driver));
    const { values } = this.#rows;
    values[row] = pane * PANE_MS;
    values[row + 1] = this.#distanceM[at];
    for (let i = 0; i < TIMES; i++) values[row + 2 + i] = this.#timesMs[at * TIMES + i];
    for (let i = 0; i < CHANGED; i++) values[row + 2 + TIMES + i] = this.#counts[at * COUNTS + i];
    this.#counts[at * COUNTS + CHANGED] = 0;
  }

  #reserve(count: number): void {
    if (count > this.#capacity) {
      this.#capacity = capacityFor(count, this.#capacity);
      this.#minute = grown(this.#minute, this.#capacity);
      this.#newest = grown(this.#newest, this.#capacity);
      this.#distanceM = grown(this.#distanceM, this.#capacity * PANES);
      this.#timesMs = grown(this.#timesMs, this.#capacity * PANES * TIMES);
      this.#counts = grown(this.#counts, this.#capacity * PANES * COUNTS);
    }
    if (count > this.#count) this.#count = count;
  }

  #reserveSlots(slots: number): void {
    if (slots <= this.#slots) return;
    this.#slots = capacityFor(slots, this.#slots);
    this.#driverOf = grown(this.#driverOf, this.#slots);
  }
}
