import { MOVEMENT } from '../../model/movement.ts';
import { type RowBlock, VEHICLE_ROLLUP_COLUMNS } from '../../model/stream-outputs.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../driving/arrays.ts';
import { type DrivingDeps, LONGEST_GAP_MS } from '../driving/deps.ts';
import { SPEEDING, type SpeedingTiers } from '../driving/speeding.ts';
import { RowBlockBuilder } from '../row-block.ts';
import type { Step } from '../step.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const GIVE_MS = 300_000;

/** Counts and times in ms of the open hour; the same again for the closed hours of its day. */
const EVENTS = 0;
const MOVING = 1;
const IDLING = 2;
const STOPPED = 3;
const SILENT = 4;
const HARSH = 5;
const SPEEDING_TIME = 6;
const TRIPS = 7;
const COUNTS = 8;
/** After both: trips that started after the open hour. */
const NEXT_TRIPS = COUNTS * 2;
const COUNT_WIDTH = COUNTS * 2 + 1;

/** Measures of the open hour, the same again for the day. NaN = never reported. */
const DISTANCE = 0;
const MAX_SPEED = 1;
const FUEL_USED = 2;
const MAX_TEMP = 3;
const MIN_BATTERY = 4;
const MEASURES = 5;
/** After both: start of the open hour (0 = none), the fuel level before, when rows are given out next. */
const HOUR = MEASURES * 2;
const FUEL = MEASURES * 2 + 1;
const NEXT_GIVE = MEASURES * 2 + 2;
const MEASURE_WIDTH = MEASURES * 2 + 3;

/**
 * What each vehicle did in each hour and each day (UTC). Rows are sums so far: given out at every full 5 min of the vehicle's clock (its
 * newest step), when it falls silent, and when the hour or day ends. Hours and days without any message have no row.
 *
 * The time between two steps belongs to what the vehicle was doing since the first, split where an hour ends; it is silent when the
 * vehicle is not known to move, idle or stand, and when the gap is longer than 10 min. Distance and speeding belong to the hour of
 * the fix they lead to; a leg is speeding, in any tier, by the slower of its two ends. `events` are all steps. Fuel used is falling level only. Engine
 * heat and battery are the latest reported. A trip whose start is told after its hour was closed counts in the open one.
 */
export class VehicleRollups {
  readonly #deps: DrivingDeps;
  readonly #tiers: SpeedingTiers;
  readonly #hours = new RowBlockBuilder(VEHICLE_ROLLUP_COLUMNS.length);
  readonly #days = new RowBlockBuilder(VEHICLE_ROLLUP_COLUMNS.length);
  #counts = new Uint32Array(0);
  #measures = new Float64Array(0);
  #capacity = 0;

  constructor(deps: DrivingDeps, tiers: SpeedingTiers) {
    this.#deps = deps;
    this.#tiers = tiers;
  }

  /** `harshBegan`: a harsh event begins with this step. */
  step(step: Step, harshBegan: boolean): void {
    const { slot, timeMs, gapMs } = step;
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const counts = this.#counts;
    const at = slot * COUNT_WIDTH;
    const m = slot * MEASURE_WIDTH;
    const hour = this.#measures[m + HOUR];
    const state = step.first || gapMs > LONGEST_GAP_MS ? SILENT : stateOf(step.prevMovement);
    if (hour === 0) this.#open(slot, Math.floor(timeMs / HOUR_MS) * HOUR_MS);
    else if (timeMs < hour + HOUR_MS) counts[at + state] += gapMs;
    else this.#cross(slot, timeMs, gapMs, state);
    counts[at + EVENTS]++;
    if (harshBegan) counts[at + HARSH]++;
    this.#measure(step);
    if (step.fix) this.#leg(step);
    if (timeMs < this.#measures[m + NEXT_GIVE]) return;
    this.#measures[m + NEXT_GIVE] = (Math.floor(timeMs / GIVE_MS) + 1) * GIVE_MS;
    if (!step.first) this.#give(slot);
  }

  idle(slot: number): void {
    if (slot < this.#capacity && this.#counts[slot * COUNT_WIDTH + EVENTS] > 0) this.#give(slot);
  }

  tripStarted(slot: number, timeMs: number): void {
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const hour = this.#measures[slot * MEASURE_WIDTH + HOUR];
    const field = hour === 0 || timeMs >= hour + HOUR_MS ? NEXT_TRIPS : TRIPS;
    this.#counts[slot * COUNT_WIDTH + field]++;
  }

  get pendingRows(): number {
    return this.#hours.rows + this.#days.rows;
  }

  take(): { vehicleHours: RowBlock; vehicleDays: RowBlock } {
    return { vehicleHours: this.#hours.take(), vehicleDays: this.#days.take() };
  }

  get bytes(): number {
    return this.#counts.byteLength + this.#measures.byteLength;
  }

  arrays(slots: number): Sections {
    this.#reserve(slots);
    return [
      ['rollup.counts', this.#counts.subarray(0, slots * COUNT_WIDTH)],
      ['rollup.measures', this.#measures.subarray(0, slots * MEASURE_WIDTH)],
    ];
  }

  restore(slots: number, read: ReadSection): void {
    restoreSections(this.arrays(slots), read);
  }

  /** From the open hour to that of `timeMs`: what lies between is split, and skipped where nothing was heard. */
  #cross(slot: number, timeMs: number, gapMs: number, state: number): void {
    const counts = this.#counts;
    const at = slot * COUNT_WIDTH;
    const hourEnd = this.#measures[slot * MEASURE_WIDTH + HOUR] + HOUR_MS;
    const newHour = Math.floor(timeMs / HOUR_MS) * HOUR_MS;
    counts[at + state] += Math.max(0, hourEnd - (timeMs - gapMs));
    this.#closeHour(slot, hourEnd - HOUR_MS);
    const day = Math.floor((hourEnd - HOUR_MS) / DAY_MS) * DAY_MS;
    const newDay = Math.floor(newHour / DAY_MS) * DAY_MS;
    if (newDay === day) counts[at + COUNTS + SILENT] += newHour - hourEnd;
    else {
      counts[at + COUNTS + SILENT] += day + DAY_MS - hourEnd;
      this.#row(this.#days, slot, day, true);
      this.#clear(slot, COUNTS, MEASURES);
      counts[at + COUNTS + SILENT] += newHour - newDay;
    }
    this.#open(slot, newHour);
    counts[at + state] += Math.min(gapMs, timeMs - newHour);
  }

  #open(slot: number, hour: number): void {
    const at = slot * COUNT_WIDTH;
    this.#measures[slot * MEASURE_WIDTH + HOUR] = hour;
    this.#counts[at + TRIPS] = this.#counts[at + NEXT_TRIPS];
    this.#counts[at + NEXT_TRIPS] = 0;
  }

  /** Gives the hour out and adds it to its day. */
  #closeHour(slot: number, hour: number): void {
    this.#row(this.#hours, slot, hour, false);
    const counts = this.#counts;
    const at = slot * COUNT_WIDTH;
    for (let i = 0; i < COUNTS; i++) counts[at + COUNTS + i] += counts[at + i];
    const measures = this.#measures;
    const m = slot * MEASURE_WIDTH;
    const d = m + MEASURES;
    measures[d + DISTANCE] += measures[m + DISTANCE];
    measures[d + MAX_SPEED] = larger(measures[d + MAX_SPEED], measures[m + MAX_SPEED]);
    measures[d + FUEL_USED] = sum(measures[d + FUEL_USED], measures[m + FUEL_USED]);
    measures[d + MAX_TEMP] = larger(measures[d + MAX_TEMP], measures[m + MAX_TEMP]);
    measures[d + MIN_BATTERY] = smaller(measures[d + MIN_BATTERY], measures[m + MIN_BATTERY]);
    this.#clear(slot, 0, 0);
  }

  #clear(slot: number, counts: number, measures: number): void {
    const at = slot * COUNT_WIDTH + counts;
    this.#counts.fill(0, at, at + COUNTS);
    const m = slot * MEASURE_WIDTH + measures;
    this.#measures[m + DISTANCE] = 0;
    this.#measures.fill(Number.NaN, m + MAX_SPEED, m + MEASURES);
  }

  #measure(step: Step): void {
    const measures = this.#measures;
    const m = step.slot * MEASURE_WIDTH;
    const { fuelPct, engineTempC, batteryV } = step;
    if (!Number.isNaN(fuelPct)) {
      const usedPct = measures[m + FUEL] - fuelPct;
      if (Number.isNaN(measures[m + FUEL_USED])) measures[m + FUEL_USED] = 0;
      if (usedPct > 0) measures[m + FUEL_USED] += usedPct;
      measures[m + FUEL] = fuelPct;
    }
    if (!(engineTempC <= measures[m + MAX_TEMP])) measures[m + MAX_TEMP] = larger(measures[m + MAX_TEMP], engineTempC);
    if (!(batteryV >= measures[m + MIN_BATTERY]))
      measures[m + MIN_BATTERY] = smaller(measures[m + MIN_BATTERY], batteryV);
  }

  #leg(step: Step): void {
    const { speedKmph, prevSpeedKmph, fixGapMs } = step;
    const measures = this.#measures;
    const m = step.slot * MEASURE_WIDTH;
    measures[m + DISTANCE] += step.legM;
    if (!(speedKmph <= measures[m + MAX_SPEED])) measures[m + MAX_SPEED] = larger(measures[m + MAX_SPEED], speedKmph);
    if (!(fixGapMs <= LONGEST_GAP_MS)) return;
    const slowerKmph = Math.min(speedKmph, prevSpeedKmph);
    if (this.#tiers.tier(slowerKmph, this.#deps.settings().speedLimitKmph) !== SPEEDING.none)
      this.#counts[step.slot * COUNT_WIDTH + SPEEDING_TIME] += fixGapMs;
  }

  /** Rows of the open hour and its day as they stand. */
  #give(slot: number): void {
    const hour = this.#measures[slot * MEASURE_WIDTH + HOUR];
    this.#row(this.#hours, slot, hour, false);
    this.#row(this.#days, slot, Math.floor(hour / DAY_MS) * DAY_MS, true);
  }

  /** A row of the open hour, or (`day`) of the closed hours of its day and it. */
  #row(rows: RowBlockBuilder, slot: number, startMs: number, day: boolean): void {
    const row = rows.add(this.#deps.vehicleName(slot));
    const { values } = rows;
    const c = slot * COUNT_WIDTH;
    const m = slot * MEASURE_WIDTH;
    const count = (field: number): number => this.#counts[c + field] + (day ? this.#counts[c + COUNTS + field] : 0);
    const measure = (field: number, both: (a: number, b: number) => number): number =>
      day ? both(this.#measures[m + MEASURES + field], this.#measures[m + field]) : this.#measures[m + field];
    values[row] = startMs;
    values[row + 1] = count(EVENTS);
    values[row + 2] = measure(DISTANCE, sum);
    for (let field = MOVING; field <= SILENT; field++) values[row + 2 + field] = count(field);
    values[row + 7] = measure(MAX_SPEED, larger);
    values[row + 8] = measure(FUEL_USED, sum);
    for (let field = HARSH; field <= TRIPS; field++) values[row + 4 + field] = count(field);
    values[row + 12] = measure(MAX_TEMP, larger);
    values[row + 13] = measure(MIN_BATTERY, smaller);
  }

  #reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    const before = this.#capacity;
    this.#capacity = capacityFor(slots, before);
    this.#counts = grown(this.#counts, this.#capacity * COUNT_WIDTH);
    this.#measures = grown(this.#measures, this.#capacity * MEASURE_WIDTH);
    for (let slot = before; slot < this.#capacity; slot++) {
      this.#clear(slot, 0, 0);
      this.#clear(slot, COUNTS, MEASURES);
      this.#measures[slot * MEASURE_WIDTH + FUEL] = Number.NaN;
    }
  }
}

function stateOf(movement: number): number {
  if (movement === MOVEMENT.moving) return MOVING;
  if (movement === MOVEMENT.idling) return IDLING;
  return movement === MOVEMENT.stopped ? STOPPED : SILENT;
}

/** Of two of which either may be unknown (NaN). */
const larger = (a: number, b: number): number => (a >= b || Number.isNaN(b) ? a : b);
const smaller = (a: number, b: number): number => (a <= b || Number.isNaN(b) ? a : b);
const sum = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b);
