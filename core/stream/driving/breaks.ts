import { hashId } from '../../model/hash.ts';
import type { BreakViolationRow } from '../../model/stream-outputs.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import type { DrivingDeps } from './deps.ts';

/** Driver events that bear on breaks, in the numbers of a checkpoint. */
const TYPES = ['break_start', 'break_end', 'driver_login', 'driver_logout'] as const;
export type BreakEventType = (typeof TYPES)[number];

export function isBreakEvent(type: string): type is BreakEventType {
  return (TYPES as readonly string[]).includes(type);
}

interface Waiting {
  readonly timeMs: number;
  readonly driver: number;
  readonly slot: number;
  readonly type: BreakEventType;
}

const WAITING_NUMBERS = 4;
/** Over this the oldest waiting event goes on without waiting further. */
const MOST_WAITING = 16_384;

/** Per driver: newest event judged, start of the open break (0 = none), its slot. */
const JUDGED = 0;
const STARTED = 1;
const SLOT = 2;
const WIDTH = 3;

/**
 * Breaks shorter than `minBreakS` between a driver's `break_start` and `break_end`. Events wait until the driver's own
 * clock (his newest event − bound − 1 ms) or the fleet's has passed them and are judged in order of time, equal times
 * in order of arrival. What is older than an event of the driver that has been judged is late and left out:
 * `driverEvent` answers false.
 *
 * A break runs from the last start before its end: a second start begins it anew, because the end of the first one is
 * missing. An end without a start tells nothing. A logout ends the shift and voids the break that is open; a login
 * changes nothing.
 */
export class Breaks {
  readonly #deps: DrivingDeps;
  #waiting: Waiting[] = [];
  #drivers = new Float64Array(0);
  #capacity = 0;
  #count = 0;
  #rows: BreakViolationRow[] = [];

  constructor(deps: DrivingDeps) {
    this.#deps = deps;
  }

  driverEvent(driver: number, slot: number, type: BreakEventType, timeMs: number): boolean {
    if (driver === 0) return true;
    if (driver >= this.#count) this.#reserve(driver + 1);
    const at = driver * WIDTH;
    if (timeMs < this.#drivers[at + JUDGED]) return false;
    this.#insert({ timeMs, driver, slot, type });
    const newestMs = this.#waiting.findLast((waiting) => waiting.driver === driver)!.timeMs;
    this.#release(newestMs - this.#deps.settings().driverBoundMs - 1, driver);
    if (this.#waiting.length > MOST_WAITING) this.#judge(this.#waiting.shift()!);
    return true;
  }

  fleetWatermark(fleetMs: number): void {
    if (this.#waiting.length === 0) return;
    const { driverBoundMs, telemetryBoundMs } = this.#deps.settings();
    const doneMs = fleetMs - Math.max(0, driverBoundMs - telemetryBoundMs);
    let done = 0;
    while (done < this.#waiting.length && this.#waiting[done].timeMs <= doneMs) this.#judge(this.#waiting[done++]);
    if (done > 0) this.#waiting.splice(0, done);
  }

  get pendingRows(): number {
    return this.#rows.length;
  }

  take(): BreakViolationRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  get bytes(): number {
    return this.#drivers.byteLength + this.#waiting.length * WAITING_NUMBERS * 8;
  }

  arrays(): Sections {
    const waiting = this.#waiting.flatMap((w) => [w.timeMs, w.driver, w.slot, TYPES.indexOf(w.type)]);
    return [
      ['breaks.drivers', this.#drivers.subarray(0, this.#count * WIDTH)],
      ['breaks.waiting', Float64Array.from(waiting)],
    ];
  }

  restore(read: ReadSection): void {
    const drivers = read('breaks.drivers');
    const waiting = read('breaks.waiting');
    if (!drivers || !waiting) return;
    this.#reserve(drivers.length / WIDTH);
    restoreSections([['breaks.drivers', this.#drivers]], read);
    this.#waiting = [];
    for (let i = 0; i < waiting.length; i += WAITING_NUMBERS) {
      const [timeMs, driver, slot, type] = waiting.subarray(i, i + WAITING_NUMBERS);
      this.#waiting.push({ timeMs, driver, slot, type: TYPES[type] });
    }
  }

  #insert(event: Waiting): void {
    let at = this.#waiting.length;
    while (at > 0 && this.#waiting[at - 1].timeMs > event.timeMs) at--;
    this.#waiting.splice(at, 0, event);
  }

  /** Judges what waits of one driver up to `doneMs`. */
  #release(doneMs: number, driver: number): void {
    if (this.#waiting[0].timeMs > doneMs) return;
    let kept = 0;
    for (const event of this.#waiting) {
      if (event.driver === driver && event.timeMs <= doneMs) this.#judge(event);
      else this.#waiting[kept++] = event;
    }
    this.#waiting.length = kept;
  }

  #judge({ driver, slot, type, timeMs }: Waiting): void {
    const drivers = this.#drivers;
    const at = driver * WIDTH;
    drivers[at + JUDGED] = timeMs;
    switch (type) {
      case 'break_start':
        drivers[at + STARTED] = timeMs;
        drivers[at + SLOT] = slot;
        break;
      case 'break_end':
        if (drivers[at + STARTED] > 0) this.#end(driver, drivers[at + STARTED], timeMs, drivers[at + SLOT]);
        drivers[at + STARTED] = 0;
        break;
      case 'driver_logout':
        drivers[at + STARTED] = 0;
        break;
      case 'driver_login':
        break;
    }
  }

  #end(driver: number, startMs: number, endMs: number, slot: number): void {
    const allowedS = this.#deps.settings().minBreakS;
    if (endMs - startMs >= allowedS * 1000) return;
    const driverId = this.#deps.driverName(driver);
    const id = hashId('break', driverId, startMs, endMs);
    this.#rows.push({ id, driverId, vehicleId: this.#deps.vehicleName(slot), startMs, endMs, allowedS });
    this.#deps.breakViolated?.(slot, endMs);
  }

  #reserve(count: number): void {
    if (count > this.#capacity) {
      this.#capacity = capacityFor(count, this.#capacity);
      this.#drivers = grown(this.#drivers, this.#capacity * WIDTH);
    }
    if (count > this.#count) this.#count = count;
  }
}
