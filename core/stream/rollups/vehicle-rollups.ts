import { MOVEMENT } from '../../model/movement.ts';
import { type RowBlock, VEHICLE_ROLLUP_COLUMNS } from '../../model/stream-outputs.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import { type DrivingDeps, LONGEST_GAP_MS } from '../driving/deps.ts';
import { SPEEDING, type SpeedingTiers } from '../driving/speeding.ts';
import { RowBlockBuilder } from '../row-block.ts';
import type { Step } from '../step.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const GIVE_MS = 300_000;

/** Counts, and times in ms, of an hour or a day. */
const EVENTS = 0;
const MOVING = 1;
const IDLING = 2;
const STOPPED = 3;
const SILENT = 4;
const HARSH = 5;
const SPEEDING_TIME = 6;
const TRIPS = 7;
const COUNTS = 8;

/** Measures of an hour or a day. NaN = never reported. */
const DISTANCE = 0;
const MAX_SPEED = 1;
const FUEL_USED = 2;
const MAX_TEMP = 3;
const MIN_BATTERY = 4;
const MEASURES = 5;

/** After the measures of the open hour: its start (0 = none), when rows are given out next, the fuel level before. */
const HOUR = 5;
const NEXT_GIVE = 6;
const FUEL = 7;
const HOUR_MEASURES = 8;

/**
 * What each vehicle did in each hour and each day (UTC). Rows are sums so far: given out at every full 5 min of the
 * vehicle's clock (its newest step), when it falls silent, and when the hour or day ends. Hours and days without any
 * message have no row.
 *
 * The time between two steps belongs to what the vehicle was doing since the first, split where an hour ends; it is
 * silent when the vehicle is not known to move, idle or stand, and when the gap is longer than 10 min. Distance and
 * speeding belong to the hour of the fix they lead to; a leg is speeding, in any tier, by the slower of its two ends.
 * `events` are all steps. Fuel used is falling level only. Engine heat and battery are the latest reported. A trip
 * whose start is told after its hour was closed counts in the open one.
 */
export class VehicleRollups {
  readonly #deps: DrivingDeps;
  readonly #tiers: SpeedingTiers;
  readonly #hours = new RowBlockBuilder(VEHICLE_ROLLUP_COLUMNS.length);
  readonly #days = new RowBlockBuilder(VEHICLE_ROLLUP_COLUMNS.length);
  /** The open hour, apart from the closed hours of its day, which are seldom touched. */
  #hourCounts = new Uint32Array(0);
  #hourMeasures = new Float64Array(0);
  #dayCounts = new Uint32Array(0);
  #dayMeasures = new Float64Array(0);
  /** Trips that started after the open hour. */
  #nextTrips = new Uint32Array(0);
  #capacity = 0;

  constructor(deps: DrivingDeps, tiers: SpeedingTiers) {
    this.#deps = deps;
    this.#tiers = tiers;
  }

  /** `harshBegan`: a harsh event begins with this step. */
  step(step: Step, harshBegan: boolean): void {
    const { slot, timeMs, gapMs } = step;
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const counts = this.#hourCounts;
    const measures = this.#hourMeasures;
    const at = slot * COUNTS;
    const m = slot * HOUR_MEASURES;
    const hour = measures[m + HOUR];
    const state = step.first || gapMs > LONGEST_GAP_MS ? SILENT : stateOf(step.prevMovement);
    if (hour === 0) this.#open(slot, Math.floor(timeMs / HOUR_MS) * HOUR_MS);
    else if (timeMs < hour + HOUR_MS) counts[at + state] += gapMs;
    else this.#cross(slot, timeMs, gapMs, state);
    counts[at + EVENTS]++;
    if (harshBegan) counts[at + HARSH]++;
    this.#measure(step);
    if (step.fix) this.#leg(step);
    if (timeMs < measures[m + NEXT_GIVE]) return;
    measures[m + NEXT_GIVE] = (Math.floor(timeMs / GIVE_MS) + 1) * GIVE_MS;
    if (!step.first) this.#give(slot);
  }

  idle(slot: number): void {
    if (slot < this.#capacity && this.#hourMeasures[slot * HOUR_MEASURES + HOUR] !== 0) this.#give(slot);
  }

  tripStarted(slot: number, timeMs: number): void {
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const hour = this.#hourMeasures[slot * HOUR_MEASURES + HOUR];
    if (hour === 0 || timeMs >= hour + HOUR_MS) this.#nextTrips[slot]++;
    else this.#hourCounts[slot * COUNTS + TRIPS]++;
  }

  get pendingRows(): number {
    return this.#hours.rows + this.#days.rows;
  }

  take(): { vehicleHours: RowBlock; vehicleDays: RowBlock } {
    return { vehicleHours: this.#hours.take(), vehicleDays: this.#days.take() };
  }

  get bytes(): number {
    return this.#sections(this.#capacity).reduce((bytes, [, array]) => bytes + array.byteLength, 0);
  }

  arrays(slots: number): Sections {
    this.#reserve(slots);
    return this.#sections(slots);
  }

  restore(slots: number, read: ReadSection): void {
    restoreSections(this.arrays(slots), read);
  }

  #sections(slots: number): Sections {
    return [
      ['rollup.hourCounts', this.#hourCounts.subarray(0, slots * COUNTS)],
      ['rollup.hourMeasures', this.#hourMeasures.subarray(0, slots * HOUR_MEASURES)],
      ['rollup.dayCounts', this.#dayCounts.subarray(0, slots * COUNTS)],
      ['rollup.dayMeasures', this.#dayMeasures.subarray(0, slots * MEASURES)],
      ['rollup.nextTrips', this.#nextTrips.subarray(0, slots)],
    ];
  }

  /** From the open hour to that of `timeMs`: what lies between is split, and skipped where nothing was heard. */
  #cross(slot: number, timeMs: number, gapMs: number, state: number): void {
    const at = slot * COUNTS;
    const hour = this.#hourMeasures[slot * HOUR_MEASURES + HOUR];
    const hourEnd = hour + HOUR_MS;
    const newHour = Math.floor(timeMs / HOUR_MS) * HOUR_MS;
    this.#hourCounts[at + state] += hourEnd - (timeMs - gapMs);
    this.#closeHour(slot, hour);
    const day = Math.floor(hour / DAY_MS) * DAY_MS;
    const newDay = Math.floor(newHour / DAY_MS) * DAY_MS;
    if (newDay === day) this.#dayCounts[at + SILENT] += newHour - hourEnd;
    else {
      this.#dayCounts[at + SILENT] += day + DAY_MS - hourEnd;
      this.#row(this.#days, slot, day, true);
      clear(this.#dayCounts, at, this.#dayMeasures, slot * MEASURES);
      this.#dayCounts[at + SILENT] += newHour - newDay;
    }
    this.#open(slot, newHour);
    this.#hourCounts[at + state] += timeMs - newHour;
  }

  #open(slot: number, hour: number): void {
    this.#hourMeasures[slot * HOUR_MEASURES + HOUR] = hour;
    this.#hourCounts[slot * COUNTS + TRIPS] = this.#nextTrips[slot];
    this.#nextTrips[slot] = 0;
  }

  /** Gives the hour out and adds it to its day. */
  #closeHour(slot: number, hour: number): void {
    this.#row(this.#hours, slot, hour, false);
    const at = slot * COUNTS;
    for (let i = 0; i < COUNTS; i++) this.#dayCounts[at + i] += this.#hourCounts[at + i];
    const from = this.#hourMeasures;
    const h = slot * HOUR_MEASURES;
    const to = this.#dayMeasures;
    const d = slot * MEASURES;
    to[d + DISTANCE] += from[h + DISTANCE];
    to[d + MAX_SPEED] = larger(to[d + MAX_SPEED], from[h + MAX_SPEED]);
    to[d + FUEL_USED] = sum(to[d + FUEL_USED], from[h + FUEL_USED]);
    to[d + MAX_TEMP] = larger(to[d + MAX_TEMP], from[h + MAX_TEMP]);
    to[d + MIN_BATTERY] = smaller(to[d + MIN_BATTERY], from[h + MIN_BATTERY]);
    clear(this.#hourCounts, at, from, h);
  }

  #measure(step: Step): void {
    const measures = this.#hourMeasures;
    const m = step.slot * HOUR_MEASURES;
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
    const measures = this.#hourMeasures;
    const m = step.slot * HOUR_MEASURES;
    measures[m + DISTANCE] += step.legM;
    if (!(speedKmph <= measures[m + MAX_SPEED])) measures[m + MAX_SPEED] = larger(measures[m + MAX_SPEED], speedKmph);
    if (!(fixGapMs <= LONGEST_GAP_MS)) return;
    const slowerKmph = Math.min(speedKmph, prevSpeedKmph);
    if (this.#tiers.tier(slowerKmph, this.#deps.settings().speedLimitKmph) !== SPEEDING.none)
      this.#hourCounts[step.slot * COUNTS + SPEEDING_TIME] += fixGapMs;
  }

  /** Rows of the open hour and its day as they stand. */
  #give(slot: number): void {
    const hour = this.#hourMeasures[slot * HOUR_MEASURES + HOUR];
    this.#row(this.#hours, slot, hour, false);
    this.#row(this.#days, slot, Math.floor(hour / DAY_MS) * DAY_MS, true);
  }

  /** A row of the open hour, or (`day`) of the closed hours of its day and it. */
  #row(rows: RowBlockBuilder, slot: number, startMs: number, day: boolean): void {
    const row = rows.add(this.#deps.vehicleName(slot));
    const { values } = rows;
    const at = slot * COUNTS;
    const h = slot * HOUR_MEASURES;
    const d = slot * MEASURES;
    const count = (field: number): number => this.#hourCounts[at + field] + (day ? this.#dayCounts[at + field] : 0);
    const measure = (field: number, both: (a: number, b: number) => number): number =>
      day ? both(this.#dayMeasures[d + field], this.#hourMeasures[h + field]) : this.#hourMeasures[h + field];
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
    this.#hourCounts = grown(this.#hourCounts, this.#capacity * COUNTS);
    this.#hourMeasures = grown(this.#hourMeasures, this.#capacity * HOUR_MEASURES);
    this.#dayCounts = grown(this.#dayCounts, this.#capacity * COUNTS);
    this.#dayMeasures = grown(this.#dayMeasures, this.#capacity * MEASURES);
    this.#nextTrips = grown(this.#nextTrips, this.#capacity);
    for (let slot = before; slot < this.#capacity; slot++) {
      clear(this.#hourCounts, slot * COUNTS, this.#hourMeasures, slot * HOUR_MEASURES);
      clear(this.#dayCounts, slot * COUNTS, this.#dayMeasures, slot * MEASURES);
      this.#hourMeasures[slot * HOUR_MEASURES + FUEL] = Number.NaN;
    }
  }
}

function clear(counts: Uint32Array, at: number, measures: Float64Array, m: number): void {
  counts.fill(0, at, at + COUNTS);
  measures[m + DISTANCE] = 0;
  measures.fill(Number.NaN, m + MAX_SPEED, m + MEASURES);
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
