import { COLUMNS } from './columns.ts';

/** A typed array that can be stored in a checkpoint. */
export type StateArray = Float64Array | Float32Array | Uint32Array | Int32Array | Uint8Array;

const FIRST_CAPACITY = 1024;

/** Topic kinds that carry a clock of their own: messages of one kind overtake those of another without being late. */
export const CLOCK_KINDS = 6;

/**
 * The live state of every vehicle as columns indexed by slot. Grows by doubling; always read arrays through the object,
 * because growing replaces them. Written by the engine only; others on its thread may read between records.
 */
export class FleetState {
  capacity = FIRST_CAPACITY;
  /** Slots in use. */
  count = 0;
  /** `values[column][slot]`: see COLUMNS; NaN = never reported. */
  values: Float64Array[] = COLUMNS.map(() => new Float64Array(FIRST_CAPACITY).fill(Number.NaN));
  lat = new Float64Array(FIRST_CAPACITY).fill(Number.NaN);
  lon = new Float64Array(FIRST_CAPACITY).fill(Number.NaN);
  /** Newest event time by topic kind, `kindMs[kind][slot]`; 0 = none. */
  kindMs = Array.from({ length: CLOCK_KINDS }, () => new Float64Array(FIRST_CAPACITY));
  /** The vehicle's clock: newest event time of any kind, Unix ms; 0 = none. */
  clockMs = new Float64Array(FIRST_CAPACITY);
  /** Event time of the speed in `values`, Unix ms; 0 = none. */
  speedMs = new Float64Array(FIRST_CAPACITY);
  receivedMs = new Float64Array(FIRST_CAPACITY);
  /** Silence clock at the last message, s: see SilenceClock. */
  heardS = new Float64Array(FIRST_CAPACITY);
  firstSeenMs = new Float64Array(FIRST_CAPACITY);
  /** See MOVEMENT. */
  movement = new Uint8Array(FIRST_CAPACITY);
  /** `version` at the last change of the slot: readers keep the newest they have seen and take what is above it. */
  changedAt = new Float64Array(FIRST_CAPACITY);
  version = 1;
  /** Numbers of `tripIds` and `driverIds`, 0 = none: see VehicleStream. */
  tripNo = new Int32Array(FIRST_CAPACITY);
  driverNo = new Int32Array(FIRST_CAPACITY);
  driverIds: string[] = [];
  tripIds: string[] = [];
  faultCodes: string[] = [];

  /** Makes room for `slot` and counts it as in use. Answers true when the slot is new. */
  use(slot: number, firstSeenMs: number): boolean {
    while (slot >= this.capacity) this.#grow();
    if (slot < this.count) return false;
    for (let s = this.count; s <= slot; s++) {
      this.firstSeenMs[s] = firstSeenMs;
      this.driverIds[s] = '';
      this.tripIds[s] = '';
      this.faultCodes[s] = '';
    }
    this.count = slot + 1;
    return true;
  }

  /** Marks the slot as changed for everyone who follows `version`. */
  touch(slot: number): void {
    this.changedAt[slot] = ++this.version;
  }

  /** Every numeric array by name, `count` long: what a checkpoint keeps. `changedAt` is not part of it. */
  arrays(): [name: string, array: StateArray][] {
    const n = this.count;
    return [
      ...COLUMNS.map((c): [string, StateArray] => [`value.${c.name}`, this.values[c.column].subarray(0, n)]),
      ...this.kindMs.map((a, kind): [string, StateArray] => [`kind.${kind}`, a.subarray(0, n)]),
      ['lat', this.lat.subarray(0, n)],
      ['lon', this.lon.subarray(0, n)],
      ['clock', this.clockMs.subarray(0, n)],
      ['speedMs', this.speedMs.subarray(0, n)],
      ['received', this.receivedMs.subarray(0, n)],
      ['heard', this.heardS.subarray(0, n)],
      ['firstSeen', this.firstSeenMs.subarray(0, n)],
      ['movement', this.movement.subarray(0, n)],
      ['tripNo', this.tripNo.subarray(0, n)],
      ['driverNo', this.driverNo.subarray(0, n)],
    ];
  }

  /** Fills a fresh state from what `arrays` gave. Columns that the checkpoint does not know stay unknown. */
  restore(count: number, read: (name: string) => StateArray | undefined): void {
    while (count > this.capacity) this.#grow();
    this.count = count;
    for (const [name, array] of this.arrays()) {
      const stored = read(name);
      if (stored) (array as Float64Array).set(stored as Float64Array);
    }
    for (let slot = 0; slot < count; slot++) this.touch(slot);
  }

  #grow(): void {
    const capacity = this.capacity * 2;
    const more = <T extends StateArray>(old: T, fill: number): T => {
      const bigger = new (old.constructor as new (n: number) => T)(capacity);
      bigger.fill(fill, old.length);
      bigger.set(old);
      return bigger;
    };
    this.values = this.values.map((a) => more(a, Number.NaN));
    this.lat = more(this.lat, Number.NaN);
    this.lon = more(this.lon, Number.NaN);
    this.kindMs = this.kindMs.map((a) => more(a, 0));
    this.clockMs = more(this.clockMs, 0);
    this.speedMs = more(this.speedMs, 0);
    this.receivedMs = more(this.receivedMs, 0);
    this.heardS = more(this.heardS, 0);
    this.firstSeenMs = more(this.firstSeenMs, 0);
    this.movement = more(this.movement, 0);
    this.tripNo = more(this.tripNo, 0);
    this.driverNo = more(this.driverNo, 0);
    this.changedAt = more(this.changedAt, 0);
    this.capacity = capacity;
  }
}
