import { BEHAVIOUR_COLUMNS, type RowBlock } from '../../model/stream-outputs.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import { RowBlockBuilder } from '../row-block.ts';
import { ENGINE, HARSH, type Step } from '../step.ts';
import { type DrivingDeps, LONGEST_GAP_MS } from './deps.ts';

const SECOND_MS = 1000;
/** A window of 15 s is the sum of 15 panes of one second; they are a ring by second. */
const PANES = 15;
const KINDS = 3;
const OVERSPEED = 0;
const HARSH_BRAKE = 1;
const IDLING = 2;
const RING = PANES * KINDS;
const MOST_IN_PANE = 255;

/** The seeds' weights. */
const OVERSPEED_POINTS = 2;
const HARSH_BRAKE_POINTS = 3;
const IDLING_POINTS = 1;

const LONGEST_RUN = 60;

/** Per driver: the newest second, the sums of the panes, the open run (first end in s, windows, counts). */
const CLOCK = 0;
const SUM = 1;
const RUN_FIRST = 4;
const RUN_WINDOWS = 5;
const RUN = 6;
const WIDTH = 9;

const SWEEP_MS = 60_000;

/**
 * The seeds' behaviour score of each driver in hopping windows of 15 s every second, over the fixes of whichever
 * vehicles he drives: fixes over the speed limit × 2 + harsh brakes × 3 + fixes idling × 1 (on a trip, slower than
 * standing, the engine not off).
 *
 * A window is complete when the driver's clock, his newest fix, has reached its end. A fix behind that clock (of a
 * second vehicle) counts in the windows that are not complete yet; when there is none it is left out and counted. Ten
 * minutes of the fleet's clock after a driver's last fix his last windows are given out without waiting further. At
 * most 255 fixes of a kind count in one second.
 */
export class BehaviourWindows {
  readonly #deps: DrivingDeps;
  readonly #rows = new RowBlockBuilder(BEHAVIOUR_COLUMNS.length);
  #panes = new Uint8Array(0);
  #drivers = new Uint32Array(0);
  #capacity = 0;
  #count = 0;
  #sweptMs = 0;
  #leftOut = 0;

  constructor(deps: DrivingDeps) {
    this.#deps = deps;
  }

  /** Fixes that came behind every window they belong to. */
  get leftOut(): number {
    return this.#leftOut;
  }

  step(step: Step): void {
    const { driver, speedKmph } = step;
    if (!step.fix || driver === 0) return;
    if (driver >= this.#count) this.#reserve(driver + 1);
    const settings = this.#deps.settings();
    const second = Math.floor(step.timeMs / SECOND_MS);
    const at = driver * WIDTH;
    if (second > this.#drivers[at + CLOCK]) {
      if (this.#quiet(at)) this.#drivers[at + CLOCK] = second;
      else this.#advance(driver, second);
    }
    if (speedKmph > settings.speedLimitKmph) this.#add(driver, second, OVERSPEED);
    if ((step.harsh & HARSH.brake) !== 0) this.#add(driver, second, HARSH_BRAKE);
    if (step.trip !== 0 && step.engine !== ENGINE.off && speedKmph < settings.standingKmph)
      this.#add(driver, second, IDLING);
  }

  /** Once a minute of the fleet's clock: lets go of drivers that were not heard for ten. */
  fleetWatermark(fleetMs: number): void {
    if (fleetMs < this.#sweptMs + SWEEP_MS) return;
    this.#sweptMs = Math.floor(fleetMs / SWEEP_MS) * SWEEP_MS;
    const before = (this.#sweptMs - LONGEST_GAP_MS) / SECOND_MS;
    for (let driver = 1; driver < this.#count; driver++) {
      const clock = this.#drivers[driver * WIDTH + CLOCK];
      if (clock < before && !this.#quiet(driver * WIDTH)) this.#advance(driver, clock + PANES + 1);
    }
  }

  get pendingRows(): number {
    return this.#rows.rows;
  }

  take(): RowBlock {
    return this.#rows.take();
  }

  get bytes(): number {
    return this.#panes.byteLength + this.#drivers.byteLength;
  }

  arrays(): Sections {
    return [...this.#driverArrays(), ['behaviour.clock', Float64Array.of(this.#sweptMs, this.#leftOut)]];
  }

  restore(read: ReadSection): void {
    const clock = read('behaviour.clock');
    if (!clock) return;
    [this.#sweptMs, this.#leftOut] = clock;
    this.#reserve((read('behaviour.drivers')?.length ?? 0) / WIDTH);
    restoreSections(this.#driverArrays(), read);
  }

  #driverArrays(): Sections {
    return [
      ['behaviour.panes', this.#panes.subarray(0, this.#count * RING)],
      ['behaviour.drivers', this.#drivers.subarray(0, this.#count * WIDTH)],
    ];
  }

  #quiet(at: number): boolean {
    const drivers = this.#drivers;
    return (drivers[at + SUM] | drivers[at + SUM + 1] | drivers[at + SUM + 2] | drivers[at + RUN_WINDOWS]) === 0;
  }

  #add(driver: number, second: number, kind: number): void {
    const at = driver * WIDTH;
    if (second + PANES <= this.#drivers[at + CLOCK]) {
      this.#leftOut++;
      return;
    }
    const pane = driver * RING + (second % PANES) * KINDS + kind;
    if (this.#panes[pane] === MOST_IN_PANE) return;
    this.#panes[pane]++;
    this.#drivers[at + SUM + kind]++;
  }

  /** Completes the windows that end after the driver's clock and up to `second`. */
  #advance(driver: number, second: number): void {
    const drivers = this.#drivers;
    const at = driver * WIDTH;
    const last = Math.min(second, drivers[at + CLOCK] + PANES + 1);
    for (let end = drivers[at + CLOCK] + 1; end <= last; end++) {
      this.#window(driver, end);
      const pane = driver * RING + (end % PANES) * KINDS;
      for (let kind = 0; kind < KINDS; kind++) {
        drivers[at + SUM + kind] -= this.#panes[pane + kind];
        this.#panes[pane + kind] = 0;
      }
    }
    drivers[at + CLOCK] = second;
  }

  /** The window that ends at `end` s with the sums as they stand. */
  #window(driver: number, end: number): void {
    const drivers = this.#drivers;
    const at = driver * WIDTH;
    const same =
      drivers[at + RUN] === drivers[at + SUM] &&
      drivers[at + RUN + 1] === drivers[at + SUM + 1] &&
      drivers[at + RUN + 2] === drivers[at + SUM + 2];
    if (drivers[at + RUN_WINDOWS] > 0 && !same) this.#endRun(driver);
    if ((drivers[at + SUM] | drivers[at + SUM + 1] | drivers[at + SUM + 2]) === 0) return;
    if (drivers[at + RUN_WINDOWS] === 0) {
      drivers[at + RUN_FIRST] = end;
      for (let kind = 0; kind < KINDS; kind++) drivers[at + RUN + kind] = drivers[at + SUM + kind];
    }
    if (++drivers[at + RUN_WINDOWS] === LONGEST_RUN) this.#endRun(driver);
  }

  #endRun(driver: number): void {
    const drivers = this.#drivers;
    const at = driver * WIDTH;
    const row = this.#rows.add(this.#deps.driverName(driver));
    const { values } = this.#rows;
    const overspeed = drivers[at + RUN + OVERSPEED];
    const harshBrake = drivers[at + RUN + HARSH_BRAKE];
    const idling = drivers[at + RUN + IDLING];
    values[row] = drivers[at + RUN_FIRST] * SECOND_MS;
    values[row + 1] = (drivers[at + RUN_FIRST] + drivers[at + RUN_WINDOWS] - 1) * SECOND_MS;
    values[row + 2] = overspeed;
    values[row + 3] = harshBrake;
    values[row + 4] = idling;
    values[row + 5] = overspeed * OVERSPEED_POINTS + harshBrake * HARSH_BRAKE_POINTS + idling * IDLING_POINTS;
    drivers[at + RUN_WINDOWS] = 0;
  }

  #reserve(count: number): void {
    if (count > this.#capacity) {
      this.#capacity = capacityFor(count, this.#capacity);
      this.#panes = grown(this.#panes, this.#capacity * RING);
      this.#drivers = grown(this.#drivers, this.#capacity * WIDTH);
    }
    if (count > this.#count) this.#count = count;
  }
}
