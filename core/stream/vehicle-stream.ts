import type { StreamOutputs } from '../model/stream-outputs.ts';
import { DEFAULT_SETTINGS, type StreamSettings } from '../model/stream-settings.ts';
import { TOPIC_KIND } from '../model/topics.ts';
import { Driving } from './driving/driving.ts';
import { judgeHarsh } from './driving/harsh.ts';
import type { FleetState, StateArray } from './fleet-state.ts';
import { Lanes } from './lanes.ts';
import { LateLog, type ObjectRef } from './late-log.ts';
import { Names } from './names.ts';
import type { Step, StepConsumer } from './step.ts';
import { watermarkFor } from './time/watermark.ts';
import { WatermarkValve } from './time/watermark-valve.ts';
import { Trips } from './trips/trips.ts';

/** Watermarks of the fleet's clock move by whole seconds: the slide of the windows over the fleet. */
const FLEET_CLOCK_MS = 1000;
/** A vehicle whose clock is further behind the newest one does not hold the fleet's. */
const FLEET_HOLD_MS = 60_000;

const NONE: readonly never[] = [];
const TRIP_NAME = '\u0000';

/** What a trip event says; NaN and 0 = not said. */
export interface TripEvent {
  readonly slot: number;
  readonly type: string;
  readonly tripId: string;
  readonly driver: number;
  readonly timeMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly distanceM: number;
  readonly durationS: number;
  readonly cancelled: boolean;
}

interface VehicleStreamState {
  readonly trips: ReturnType<Names['serialize']>;
  readonly drivers: ReturnType<Names['serialize']>;
  readonly parts: { readonly trips: unknown; readonly driving: unknown };
  readonly settings: StreamSettings;
}

/**
 * Event time and all that is worked out in its order: lanes, the fleet's clock, windows, trips, scores, and the stream of what came
 * too late. Part of the engine: deterministic, one event at a time.
 */
export class VehicleStream implements StepConsumer {
  /** False: of all this only what rules depend on is worked out, which is watermarks and breaks. */
  readonly wantsSteps: boolean;
  settings: StreamSettings = DEFAULT_SETTINGS;
  readonly drivers = new Names();
  readonly trips: Trips;
  readonly driving: Driving;
  readonly lanes: Lanes;
  readonly #tripNames = new Names();
  readonly #late = new LateLog();
  readonly #fleetClock = new WatermarkValve({
    name: 'fleetClock',
    granularityMs: FLEET_CLOCK_MS,
    maxHoldMs: FLEET_HOLD_MS,
  });
  readonly #state: FleetState;
  readonly #nameOf: (slot: number) => string;
  #fleetMs = Number.NEGATIVE_INFINITY;
  #violations: { slot: number; endMs: number }[] = [];

  constructor(state: FleetState, nameOf: (slot: number) => string, rulesOnly = false) {
    this.wantsSteps = !rulesOnly;
    this.#state = state;
    this.#nameOf = nameOf;
    const shared = {
      vehicleName: nameOf,
      driverName: (n: number) => this.drivers.name(n),
      tripName: (n: number) => this.tripName(n),
      settings: () => this.settings,
    };
    const breakViolated = (slot: number, endMs: number): void => void this.#violations.push({ slot, endMs });
    this.trips = new Trips({ ...shared, releaseTrip: (slot, trip) => this.#releaseTrip(slot, trip) });
    this.driving = new Driving({ ...shared, breakViolated });
    this.lanes = new Lanes(
      state,
      () => this.settings,
      this,
      (step) => judgeHarsh(step, this.settings),
    );
  }

  /** Number of a trip id of a vehicle: two vehicles may use the same id. */
  tripNumber(slot: number, tripId: string): number {
    return tripId === '' ? 0 : this.#tripNames.number(`${slot}${TRIP_NAME}${tripId}`);
  }

  tripName(trip: number): string {
    const name = this.#tripNames.name(trip);
    return name.slice(name.indexOf(TRIP_NAME) + 1);
  }

  /** How far behind its topic's newest event of the vehicle a message may come, ms. */
  boundMs(topicKind: number): number {
    const { settings } = this;
    if (topicKind === TOPIC_KIND.status) return settings.statusBoundMs;
    if (topicKind === TOPIC_KIND.trip) return settings.tripBoundMs;
    return topicKind === TOPIC_KIND.driver ? settings.driverBoundMs : settings.telemetryBoundMs;
  }

  /** Keeps an event that came behind `watermarkMs` in the late stream. */
  late(ref: ObjectRef, slot: number, topicKind: number, timeMs: number, receivedMs: number, watermarkMs: number): void {
    if (this.wantsSteps) this.#late.add(ref, this.#nameOf(slot), topicKind, timeMs, receivedMs, watermarkMs);
  }

  /** Like `Lanes.telemetry`; a late one still counts in windows that are open, or kept for it. */
  telemetry(
    slot: number,
    timeMs: number,
    lat: number,
    lon: number,
    speedKmph: number,
    trip: number,
    driver: number,
  ): boolean {
    const inTime = this.lanes.telemetry(slot, timeMs, lat, lon, speedKmph, trip, driver);
    if (!inTime && this.wantsSteps) this.driving.late(slot, timeMs, speedKmph);
    return inTime;
  }

  /**
   * A status message; `newestMs` is the newest event time of the vehicle's status messages, `engineTempC` NaN when not said. One that
   * is not in time still counts in a window that is open.
   */
  status(
    slot: number,
    timeMs: number,
    newestMs: number,
    engineTempC: number,
    trip: number,
    driver: number,
    inTime: boolean,
  ): void {
    if (this.wantsSteps) {
      this.driving.status(slot, timeMs, engineTempC);
      this.driving.statusWatermark(slot, watermarkFor(newestMs, this.settings.statusBoundMs));
    }
    if (inTime) this.lanes.status(slot, timeMs, trip, driver);
  }

  tripEvent(event: TripEvent): void {
    const { type } = event;
    if (!this.wantsSteps || (type !== 'trip_start' && type !== 'trip_end')) return;
    const trip = this.tripNumber(event.slot, event.tripId);
    this.trips.tripEvent({ ...event, type, trip });
    if (type === 'trip_start') this.driving.tripStarted(event.slot, event.timeMs);
  }

  driverEvent(driver: number, slot: number, type: string, timeMs: number): void {
    this.driving.driverEvent(driver, slot, type, timeMs);
  }

  /** Every second for a vehicle that nothing was heard of for `silentS`, at least `idleAfterS`. */
  silent(slot: number, silentS: number): void {
    this.lanes.silent(slot);
    const lastMs = this.lanes.lastMs(slot);
    if (lastMs > 0 && this.wantsSteps) this.trips.expire(slot, lastMs + silentS * 1000);
  }

  /**
   * Once an hour: trip ids that were only named (in a status, or in telemetry that came too late) are held by nobody and would
   * stay for good.
   */
  sweep(): void {
    this.#tripNames.sweep((trip, name) => {
      const slot = Number(name.slice(0, name.indexOf(TRIP_NAME)));
      return this.#state.tripNo[slot] === trip || this.trips.holds(trip) || this.lanes.holdsTrip(slot, trip);
    });
  }

  /** Breaks found too short since the last call; to be asked after every event and tick. */
  takeBreakViolations(): readonly { readonly slot: number; readonly endMs: number }[] {
    if (this.#violations.length === 0) return NONE;
    const violations = this.#violations;
    this.#violations = [];
    return violations;
  }

  /** Trip ids that have a number. */
  get tripNames(): number {
    return this.#tripNames.size;
  }

  step(step: Step): void {
    this.trips.step(step);
    this.driving.step(step);
  }

  watermark(slot: number, watermarkMs: number): void {
    if (this.wantsSteps) this.driving.watermark(slot, watermarkMs);
    this.#fleetClock.advance(slot, watermarkMs);
    this.#moveFleetClock();
  }

  idle(slot: number, lastMs: number): void {
    if (this.wantsSteps) {
      this.trips.idle(slot, lastMs);
      this.driving.idle(slot, lastMs);
    }
    this.#fleetClock.markIdle(slot);
    this.#moveFleetClock();
  }

  get pendingRows(): number {
    return this.trips.pendingRows + this.driving.pendingRows + this.#late.rows;
  }

  get bytes(): number {
    return this.lanes.bytes + this.trips.bytes + this.driving.bytes + this.#fleetClock.bytes;
  }

  take(): StreamOutputs {
    const { trips, stops, summaries } = this.trips.take();
    return { ...this.driving.take(), trips, stops, tripSummaries: summaries, late: this.#late.take() };
  }

  arrays(count: number): [name: string, array: StateArray][] {
    return [
      ...this.lanes.arrays(count),
      ...this.trips.arrays(count),
      ...this.driving.arrays(count),
      ...this.#fleetClock.arrays(),
      ['fleetClock.ms', Float64Array.of(this.#fleetMs)],
    ];
  }

  serialize(): VehicleStreamState {
    return {
      trips: this.#tripNames.serialize(),
      drivers: this.drivers.serialize(),
      parts: { trips: this.trips.serialize(), driving: this.driving.serialize() },
      settings: this.settings,
    };
  }

  /** Takes over a stored state; without one (a checkpoint of an older version) it begins with what the fleet's columns know. */
  restore(count: number, read: (name: string) => StateArray | undefined, stored: VehicleStreamState | undefined): void {
    if (stored) {
      this.settings = { ...DEFAULT_SETTINGS, ...stored.settings };
      this.#tripNames.restore(stored.trips);
      this.drivers.restore(stored.drivers);
      this.lanes.restore(count, read);
      this.trips.restore(count, read, stored.parts.trips);
      this.driving.restore(count, read, stored.parts.driving);
      this.#fleetClock.restore(read);
      this.#fleetMs = read('fleetClock.ms')?.[0] ?? Number.NEGATIVE_INFINITY;
      return;
    }
    const { tripNo, driverNo, tripIds, driverIds } = this.#state;
    for (let slot = 0; slot < count; slot++) {
      tripNo[slot] = this.tripNumber(slot, tripIds[slot]);
      driverNo[slot] = this.drivers.number(driverIds[slot]);
    }
  }

  #moveFleetClock(): void {
    const ms = this.#fleetClock.watermarkMs;
    if (ms <= this.#fleetMs) return;
    this.#fleetMs = ms;
    if (this.wantsSteps) this.driving.fleetWatermark(ms);
    else this.driving.fleetWatermarkOfBreaks(ms);
  }

  #releaseTrip(slot: number, trip: number): void {
    if (this.#state.tripNo[slot] !== trip && !this.lanes.holdsTrip(slot, trip)) this.#tripNames.release(trip);
  }
}
