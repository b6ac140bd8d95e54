import { MOVEMENT } from '../model/movement.ts';
import type { StreamSettings } from '../model/stream-settings.ts';
import { capacityFor, grown } from './arrays.ts';
import { COLUMN } from './columns.ts';
import type { FleetState, StateArray } from './fleet-state.ts';
import { LanePool } from './lane-pool.ts';
import { ENGINE, legM, Step, type StepConsumer } from './step.ts';
import { NO_WATERMARK_MS, watermarkFor } from './time/watermark.ts';

/** Status messages move a vehicle's clock only when its telemetry has been missing for this long, ms. */
const STATUS_ALONE_MS = 60_000;

/**
 * What the watermark has passed goes on in batches, whenever the watermark passes a multiple of this, ms: a vehicle's state is then fetched
 * once for several messages, not once for each (it was the largest single cost of the engine). Windows of 20 s end on such multiples, so they
 * are not given out later for it.
 */
const RELEASE_EVERY_MS = 5000;

const STRIDE = 8;
const WATERMARK = 0;
const LAST_MS = 1;
const FIX_MS = 2;
const LAT = 3;
const LON = 4;
const SPEED = 5;
const HEADING = 6;
const TRIP = 7;

/**
 * Puts the messages of each vehicle in event-time order: they wait until the vehicle's watermark (its newest telemetry − bound − 1 ms) has passed
 * them (and a multiple of 5 s), and go on in order of time, those of equal times in journal order. Every vehicle has its own clock: one that drains a
 * backlog is not late (docs/architecture.md). What comes behind the watermark is refused: the caller keeps it as late.
 *
 * While a vehicle sends telemetry its status messages need no place in the order; once it has been without for a minute they
 * move its clock, a minute behind (or the telemetry bound, if that is more), so that a parked vehicle's trip can end.
 */
export class Lanes {
  readonly step = new Step();
  readonly #state: FleetState;
  readonly #settings: () => StreamSettings;
  readonly #consumer: StepConsumer;
  readonly #judge: (step: Step) => void;
  readonly #releaseEveryMs: number;
  readonly #pool = new LanePool();
  /** `STRIDE` numbers a slot: the watermark and the last step given out. */
  #last = new Float64Array(0);
  #movement = new Uint8Array(0);
  #idle = new Uint8Array(0);
  #capacity = 0;

  /** `judge` may add to each step of telemetry before the consumer sees it. */
  constructor(
    state: FleetState,
    settings: () => StreamSettings,
    consumer: StepConsumer,
    judge: (step: Step) => void = () => {},
    releaseEveryMs = RELEASE_EVERY_MS,
  ) {
    this.#releaseEveryMs = releaseEveryMs;
    this.#state = state;
    this.#settings = settings;
    this.#consumer = consumer;
    this.#judge = judge;
  }

  /** What comes at or before this is late, Unix ms; −∞ before the first message. */
  watermarkMs(slot: number): number {
    return slot < this.#capacity ? this.#last[slot * STRIDE + WATERMARK] : NO_WATERMARK_MS;
  }

  /** Time of the last step given out, Unix ms; 0 = none. */
  lastMs(slot: number): number {
    return slot < this.#capacity ? this.#last[slot * STRIDE + LAST_MS] : 0;
  }

  /** True while a step of that trip waits. */
  holdsTrip(slot: number, trip: number): boolean {
    return slot < this.#capacity && this.#pool.some(slot, (entry) => entry.trip === trip);
  }

  /** A telemetry message; NaN for what it does not say. Answers false when it is behind the watermark: late. */
  telemetry(slot: number, timeMs: number, lat: number, lon: number, speedKmph: number, trip: number, driver: number) {
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    if (timeMs <= this.#last[slot * STRIDE + WATERMARK]) return false;
    const headingDeg = this.#state.values[COLUMN.heading][slot];
    this.#pool.insert(slot, timeMs, lat, lon, speedKmph, headingDeg, trip, driver, this.#engine(slot), 1);
    this.#idle[slot] = 0;
    this.#advance(slot, watermarkFor(timeMs, this.#settings().telemetryBoundMs));
    return true;
  }

  /** A status message that was applied: it counts here only while the vehicle is without telemetry. */
  status(slot: number, timeMs: number, trip: number, driver: number): void {
    if (slot >= this.#capacity) this.#reserve(slot + 1);
    const newestMs = Math.max(this.#pool.tailMs(slot), this.#last[slot * STRIDE + FIX_MS]);
    if (timeMs <= newestMs + STATUS_ALONE_MS || timeMs <= this.#last[slot * STRIDE + WATERMARK]) return;
    const { NaN: none } = Number;
    this.#pool.insert(slot, timeMs, none, none, none, none, trip, driver, this.#engine(slot), 0);
    this.#idle[slot] = 0;
    this.#advance(slot, watermarkFor(timeMs, Math.max(STATUS_ALONE_MS, this.#settings().telemetryBoundMs)));
  }

  /** Nothing was heard of the vehicle for long: lets go what waits. Answers the time of its last step, 0 when it was idle before. */
  silent(slot: number): number {
    if (slot >= this.#capacity || this.#idle[slot] === 1) return 0;
    this.#idle[slot] = 1;
    const tailMs = this.#pool.tailMs(slot);
    if (tailMs > 0) {
      const at = slot * STRIDE + WATERMARK;
      this.#last[at] = Math.max(this.#last[at], tailMs);
      this.#release(slot, this.#last[at]);
    }
    const lastMs = this.#last[slot * STRIDE + LAST_MS];
    if (lastMs > 0) this.#consumer.idle(slot, lastMs);
    return lastMs;
  }

  get bytes(): number {
    return this.#pool.bytes + this.#last.byteLength + this.#movement.byteLength + this.#idle.byteLength;
  }

  arrays(count: number): [name: string, array: StateArray][] {
    this.#reserve(count);
    return [
      ['lane.last', this.#last.subarray(0, count * STRIDE)],
      ['lane.movement', this.#movement.subarray(0, count)],
      ['lane.idle', this.#idle.subarray(0, count)],
      ...this.#pool.arrays(count),
    ];
  }

  restore(count: number, read: (name: string) => StateArray | undefined): void {
    this.#reserve(count);
    const last = read('lane.last');
    if (!last) return;
    this.#last.set(last as Float64Array);
    this.#movement.set((read('lane.movement') as Uint8Array | undefined) ?? []);
    this.#idle.set((read('lane.idle') as Uint8Array | undefined) ?? []);
    this.#pool.restore(count, read);
  }

  #advance(slot: number, watermarkMs: number): void {
    const at = slot * STRIDE + WATERMARK;
    const before = this.#last[at];
    if (watermarkMs <= before) return;
    this.#last[at] = watermarkMs;
    const every = this.#releaseEveryMs;
    if (Math.floor((watermarkMs + 1) / every) > Math.floor((before + 1) / every)) this.#release(slot, watermarkMs);
  }

  #release(slot: number, watermarkMs: number): void {
    const entry = this.#pool.entry;
    while (this.#pool.headMs(slot) <= watermarkMs) {
      this.#pool.shift(slot);
      if (this.#consumer.wantsSteps === false) this.#passOver(slot, entry.timeMs, entry.fix === 1);
      else this.#give(slot, entry.timeMs);
    }
    this.#consumer.watermark(slot, watermarkMs);
  }

  /** What `#give` leaves behind that watermarks depend on. */
  #passOver(slot: number, timeMs: number, fix: boolean): void {
    const at = slot * STRIDE;
    this.#last[at + LAST_MS] = timeMs;
    if (fix) this.#last[at + FIX_MS] = timeMs;
  }

  #give(slot: number, timeMs: number): void {
    const { step } = this;
    const { entry } = this.#pool;
    const last = this.#last;
    const at = slot * STRIDE;
    const { values } = this.#state;
    step.slot = slot;
    step.timeMs = timeMs;
    step.first = last[at + LAST_MS] === 0;
    step.gapMs = step.first ? 0 : timeMs - last[at + LAST_MS];
    step.fix = entry.fix === 1;
    step.lat = entry.lat;
    step.lon = entry.lon;
    step.speedKmph = entry.speedKmph;
    step.headingDeg = entry.headingDeg;
    step.engine = entry.engine;
    step.trip = entry.trip;
    step.driver = entry.driver;
    step.prevSpeedKmph = last[at + SPEED];
    step.prevHeadingDeg = last[at + HEADING];
    step.fixGapMs = last[at + FIX_MS] === 0 ? Number.NaN : timeMs - last[at + FIX_MS];
    step.prevTrip = last[at + TRIP];
    step.legM = step.fix ? legM(last[at + LAT], last[at + LON], entry.lat, entry.lon) : 0;
    step.fuelPct = values[COLUMN.fuelPct][slot];
    step.odometerKm = values[COLUMN.odometerKm][slot];
    step.engineTempC = values[COLUMN.engineTempC][slot];
    step.batteryV = values[COLUMN.batteryV][slot];
    step.harsh = 0;
    step.harshMps2 = 0;
    step.prevMovement = this.#movement[slot];
    step.movement = step.fix ? this.#movementOf(step) : standing(step.prevMovement, step.engine);
    if (step.fix) this.#judge(step);
    this.#consumer.step(step);
    this.#movement[slot] = step.movement;
    last[at + LAST_MS] = timeMs;
    if (step.fix) this.#keep(at, step);
  }

  #keep(at: number, step: Step): void {
    const last = this.#last;
    last[at + FIX_MS] = step.timeMs;
    last[at + SPEED] = step.speedKmph;
    last[at + HEADING] = step.headingDeg;
    last[at + TRIP] = step.trip;
    if (Number.isNaN(step.lat)) return;
    last[at + LAT] = step.lat;
    last[at + LON] = step.lon;
  }

  #movementOf(step: Step): number {
    const { speedKmph, prevMovement, engine } = step;
    if (Number.isNaN(speedKmph)) return prevMovement;
    const { movingKmph, standingKmph } = this.#settings();
    if (speedKmph > movingKmph || (speedKmph >= standingKmph && prevMovement === MOVEMENT.moving))
      return MOVEMENT.moving;
    if (engine === ENGINE.unknown) return step.trip === 0 ? MOVEMENT.stopped : MOVEMENT.idling;
    return engine === ENGINE.on ? MOVEMENT.idling : MOVEMENT.stopped;
  }

  #engine(slot: number): number {
    const { values } = this.#state;
    const ignition = values[COLUMN.ignition][slot];
    if (ignition === 0 || ignition === 1) return ignition === 1 ? ENGINE.on : ENGINE.off;
    const rpm = values[COLUMN.rpm][slot];
    if (Number.isNaN(rpm)) return ENGINE.unknown;
    return rpm > 0 ? ENGINE.on : ENGINE.off;
  }

  #reserve(count: number): void {
    if (count <= this.#capacity) return;
    const capacity = capacityFor(count, this.#capacity);
    this.#last = grown(this.#last, capacity * STRIDE);
    for (let slot = this.#capacity; slot < capacity; slot++) {
      const at = slot * STRIDE;
      this.#last[at + WATERMARK] = NO_WATERMARK_MS;
      this.#last.fill(Number.NaN, at + LAT, at + HEADING + 1);
    }
    this.#movement = grown(this.#movement, capacity);
    this.#idle = grown(this.#idle, capacity);
    this.#pool.reserve(capacity);
    this.#capacity = capacity;
  }
}

/** What a vehicle does that sends no fixes: an engine that is off tells that it stands, otherwise nothing new is known. */
function standing(prevMovement: number, engine: number): number {
  return engine === ENGINE.off ? MOVEMENT.stopped : prevMovement;
}
