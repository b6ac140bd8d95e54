import type { MinuteRows } from '../model/outputs.ts';
import { SIGNALS } from '../model/signals.ts';
import type { FleetState } from './fleet-state.ts';

const MINUTE_MS = 60_000;

/** Collects one row per vehicle and minute of its clock: the last value of every signal and the highest speed. */
export class MinuteStore {
  #maxSpeedKmph = new Float64Array(0);
  /** End of each vehicle's minute, or 0: then its clock tells. Not part of a checkpoint. */
  #endMs = new Float64Array(0);
  #vehicleIds: string[] = [];
  #minuteMs: number[] = [];
  #rowMaxSpeed: number[] = [];
  #values = new Float64Array(SIGNALS.length * 256);

  /** Call before an event at `timeMs` is applied: closes the vehicle's minute when the event is in a later one. */
  roll(state: FleetState, slot: number, timeMs: number, nameOf: (slot: number) => string): void {
    if (slot >= this.#maxSpeedKmph.length) this.#reserve(state.capacity);
    if (timeMs < this.#endMs[slot]) return;
    this.#endMs[slot] = (Math.floor(timeMs / MINUTE_MS) + 1) * MINUTE_MS;
    const before = state.clockMs[slot];
    if (before === 0 || Math.floor(before / MINUTE_MS) >= Math.floor(timeMs / MINUTE_MS)) return;
    const row = this.#vehicleIds.length;
    if ((row + 1) * SIGNALS.length > this.#values.length) this.#growRows();
    for (const { column } of SIGNALS) this.#values[row * SIGNALS.length + column] = state.values[column][slot];
    this.#vehicleIds.push(nameOf(slot));
    this.#minuteMs.push(Math.floor(before / MINUTE_MS) * MINUTE_MS);
    this.#rowMaxSpeed.push(this.#maxSpeedKmph[slot]);
    this.#maxSpeedKmph[slot] = Number.NaN;
  }

  /** Notes a speed of the vehicle's current minute, km/h; an unknown one (NaN) changes nothing. */
  speed(slot: number, speedKmph: number): void {
    const max = this.#maxSpeedKmph[slot];
    if (speedKmph > max || Number.isNaN(max)) this.#maxSpeedKmph[slot] = speedKmph;
  }

  get pendingRows(): number {
    return this.#vehicleIds.length;
  }

  /** The rows closed since the last call. */
  take(): MinuteRows {
    const rows: MinuteRows = {
      vehicleIds: this.#vehicleIds,
      minuteMs: this.#minuteMs,
      maxSpeedKmph: this.#rowMaxSpeed,
      values: this.#values.slice(0, this.#vehicleIds.length * SIGNALS.length),
      signalCount: SIGNALS.length,
    };
    this.#vehicleIds = [];
    this.#minuteMs = [];
    this.#rowMaxSpeed = [];
    return rows;
  }

  arrays(count: number): [name: string, array: Float64Array][] {
    this.#reserve(count);
    return [['minute.maxSpeed', this.#maxSpeedKmph.subarray(0, count)]];
  }

  restore(count: number, read: (name: string) => ArrayLike<number> | undefined): void {
    this.#reserve(count);
    const stored = read('minute.maxSpeed');
    if (stored) this.#maxSpeedKmph.set(stored);
  }

  #reserve(count: number): void {
    if (count <= this.#maxSpeedKmph.length) return;
    const bigger = new Float64Array(Math.max(1024, count, this.#maxSpeedKmph.length * 2)).fill(Number.NaN);
    bigger.set(this.#maxSpeedKmph);
    this.#maxSpeedKmph = bigger;
    const ends = new Float64Array(bigger.length);
    ends.set(this.#endMs);
    this.#endMs = ends;
  }

  #growRows(): void {
    const bigger = new Float64Array(this.#values.length * 2);
    bigger.set(this.#values);
    this.#values = bigger;
  }
}
