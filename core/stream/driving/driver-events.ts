import { hashId } from '../../model/hash.ts';
import type { DriverEventKind, DriverEventRow } from '../../model/stream-outputs.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import { HARSH, type Step } from '../step.ts';
import { type DrivingDeps, LONGEST_GAP_MS } from './deps.ts';
import { RecordPool } from './record-pool.ts';
import { SPEEDING, type SpeedingTiers } from './speeding.ts';

/** Harsh events less apart than this are one. */
const MERGE_MS = 2000;
/** An episode of speeding is over when the vehicle was at or under the limit for this long. */
const SLOW_MS = 10_000;

/** In the numbers of a checkpoint. */
const KINDS: readonly DriverEventKind[] = ['harsh-brake', 'harsh-acceleration', 'harsh-corner', 'speeding'];
const SEVERITIES = ['minor', 'major', 'severe'] as const;
const MINOR = 0;
const SEVERE = 2;

const START = 0;
const LAST = 1;
const PEAK = 2;
const LAT = 3;
const LON = 4;
const DRIVER = 5;
const TRIP = 6;
const KIND = 7;
const SEVERITY = 8;
/** Speeding: since when it has been at or under the limit, 0 = it is over it. */
const SLOW_SINCE = 9;
const WIDTH = 10;

/** Learns of each harsh event of a driver when it is over. */
export type OnHarsh = (driver: number, startMs: number, kind: DriverEventKind, severe: boolean) => void;

/**
 * What lowers a driver's score: harsh events and episodes of speeding, each given out when it is over, with where it
 * began.
 *
 * Harsh events of a vehicle less than 2 s apart are one; its strongest fix says what it was (a fix that is more than
 * one thing: braking before acceleration before cornering). Its severity is minor or severe. Speeding begins in the
 * minor tier and ends when the vehicle has been at or under the limit for 10 s, at the first such fix. Both end at
 * their last fix when the driver or the trip changes, after a gap of 10 min, and when the vehicle falls silent. Without
 * a driver nobody is charged and there are no rows.
 */
export class DriverEvents {
  readonly #deps: DrivingDeps;
  readonly #tiers: SpeedingTiers;
  readonly #onHarsh: OnHarsh;
  readonly #open = new RecordPool('driverEvent', WIDTH);
  /** Offset of the slot's open harsh event and of its open episode of speeding; 0 = none. */
  #harsh = new Int32Array(0);
  #speeding = new Int32Array(0);
  #capacity = 0;
  /** Trip ids by record. */
  #tripIds: string[] = [];
  #rows: DriverEventRow[] = [];

  constructor(deps: DrivingDeps, tiers: SpeedingTiers, onHarsh: OnHarsh) {
    this.#deps = deps;
    this.#tiers = tiers;
    this.#onHarsh = onHarsh;
  }

  /** Answers true when a harsh event of the vehicle begins with this step. */
  step(step: Step): boolean {
    const { slot } = step;
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const tier = step.fix ? this.#tiers.tier(step.speedKmph, this.#deps.settings().speedLimitKmph) : SPEEDING.none;
    if (this.#speeding[slot] !== 0) this.#goOnSpeeding(step, tier);
    if (tier !== SPEEDING.none && this.#speeding[slot] === 0 && step.driver !== 0) {
      this.#speeding[slot] = this.#begin(step, KINDS.indexOf('speeding'), tier - 1, step.speedKmph);
    }
    if (this.#harsh[slot] === 0) return step.harsh !== 0 && this.#beginHarsh(step);
    return this.#goOnHarsh(step);
  }

  idle(slot: number): void {
    if (slot >= this.#capacity) return;
    if (this.#harsh[slot] !== 0) this.#endHarsh(slot);
    if (this.#speeding[slot] !== 0) this.#endSpeeding(slot);
  }

  get pendingRows(): number {
    return this.#rows.length;
  }

  take(): DriverEventRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  get bytes(): number {
    return this.#harsh.byteLength + this.#speeding.byteLength + this.#open.bytes;
  }

  arrays(slots: number): Sections {
    return [...this.#slotArrays(slots), ...this.#open.arrays()];
  }

  /** What is not numbers, for the checkpoint. */
  serialize(): { tripIds: string[] } {
    return { tripIds: this.#tripIds };
  }

  restore(slots: number, read: ReadSection, stored: { tripIds: string[] }): void {
    restoreSections(this.#slotArrays(slots), read);
    this.#open.restore(read);
    this.#tripIds = [...stored.tripIds];
  }

  #slotArrays(slots: number): Sections {
    this.#reserve(slots);
    return [
      ['driverEvent.harsh', this.#harsh.subarray(0, slots)],
      ['driverEvent.speeding', this.#speeding.subarray(0, slots)],
    ];
  }

  #goOnSpeeding(step: Step, tier: number): void {
    const at = this.#speeding[step.slot];
    const open = this.#open.values;
    if (this.#changed(step, at)) {
      this.#endSpeeding(step.slot);
      return;
    }
    const { timeMs, speedKmph } = step;
    if (!step.fix || Number.isNaN(speedKmph)) return;
    if (speedKmph > this.#deps.settings().speedLimitKmph) {
      open[at + LAST] = timeMs;
      open[at + SLOW_SINCE] = 0;
      if (speedKmph > open[at + PEAK]) open[at + PEAK] = speedKmph;
      if (tier - 1 > open[at + SEVERITY]) open[at + SEVERITY] = tier - 1;
      return;
    }
    if (open[at + SLOW_SINCE] === 0) open[at + SLOW_SINCE] = timeMs;
    if (timeMs - open[at + SLOW_SINCE] >= SLOW_MS) this.#endSpeeding(step.slot);
  }

  #goOnHarsh(step: Step): boolean {
    const at = this.#harsh[step.slot];
    const open = this.#open.values;
    if (step.timeMs - open[at + LAST] >= MERGE_MS || this.#changed(step, at)) {
      this.#endHarsh(step.slot);
      return step.harsh !== 0 && this.#beginHarsh(step);
    }
    if (step.harsh === 0) return false;
    open[at + LAST] = step.timeMs;
    if ((step.harsh & HARSH.severe) !== 0) open[at + SEVERITY] = SEVERE;
    if (step.harshMps2 > open[at + PEAK]) {
      open[at + PEAK] = step.harshMps2;
      open[at + KIND] = harshKind(step.harsh);
    }
    return false;
  }

  #changed(step: Step, at: number): boolean {
    const open = this.#open.values;
    return step.driver !== open[at + DRIVER] || step.trip !== open[at + TRIP] || step.gapMs > LONGEST_GAP_MS;
  }

  #beginHarsh(step: Step): boolean {
    const severity = (step.harsh & HARSH.severe) !== 0 ? SEVERE : MINOR;
    this.#harsh[step.slot] = this.#begin(step, harshKind(step.harsh), severity, step.harshMps2);
    return true;
  }

  #begin(step: Step, kind: number, severity: number, peak: number): number {
    const at = this.#open.take();
    const open = this.#open.values;
    open[at + START] = step.timeMs;
    open[at + LAST] = step.timeMs;
    open[at + PEAK] = peak;
    open[at + LAT] = step.lat;
    open[at + LON] = step.lon;
    open[at + DRIVER] = step.driver;
    open[at + TRIP] = step.trip;
    open[at + KIND] = kind;
    open[at + SEVERITY] = severity;
    const record = at / WIDTH;
    while (this.#tripIds.length < record) this.#tripIds.push('');
    this.#tripIds[record] = step.trip === 0 ? '' : this.#deps.tripName(step.trip);
    return at;
  }

  #endHarsh(slot: number): void {
    const at = this.#harsh[slot];
    const open = this.#open.values;
    this.#harsh[slot] = 0;
    const kind = KINDS[open[at + KIND]];
    if (open[at + DRIVER] !== 0)
      this.#onHarsh(open[at + DRIVER], open[at + START], kind, open[at + SEVERITY] === SEVERE);
    this.#end(slot, at, open[at + LAST]);
  }

  #endSpeeding(slot: number): void {
    const at = this.#speeding[slot];
    this.#speeding[slot] = 0;
    this.#end(slot, at, this.#open.values[at + SLOW_SINCE] || this.#open.values[at + LAST]);
  }

  #end(slot: number, at: number, endMs: number): void {
    this.#open.release(at);
    const open = this.#open.values;
    const record = at / WIDTH;
    const tripId = this.#tripIds[record];
    this.#tripIds[record] = '';
    if (open[at + DRIVER] === 0) return;
    const vehicleId = this.#deps.vehicleName(slot);
    const driverId = this.#deps.driverName(open[at + DRIVER]);
    const kind = KINDS[open[at + KIND]];
    this.#rows.push({
      id: hashId('driver-event', kind, vehicleId, driverId, open[at + START]),
      driverId,
      vehicleId,
      tripId,
      kind,
      severity: SEVERITIES[open[at + SEVERITY]],
      startMs: open[at + START],
      endMs,
      peak: open[at + PEAK],
      lat: open[at + LAT],
      lon: open[at + LON],
    });
  }

  #reserve(slots: number): void {
    if (slots <= this.#capacity) return;
    this.#capacity = capacityFor(slots, this.#capacity);
    this.#harsh = grown(this.#harsh, this.#capacity);
    this.#speeding = grown(this.#speeding, this.#capacity);
  }
}

function harshKind(bits: number): number {
  if ((bits & HARSH.brake) !== 0) return KINDS.indexOf('harsh-brake');
  return KINDS.indexOf((bits & HARSH.acceleration) !== 0 ? 'harsh-acceleration' : 'harsh-corner');
}
