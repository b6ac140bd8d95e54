import type { StreamOutputs } from '../../model/stream-outputs.ts';
import type { ReadSection, Sections } from '../arrays.ts';
import { VehicleRollups } from '../rollups/vehicle-rollups.ts';
import type { Step, StepConsumer } from '../step.ts';
import { BehaviourWindows } from './behaviour.ts';
import { Breaks, isBreakEvent } from './breaks.ts';
import type { DrivingDeps } from './deps.ts';
import { DriverEvents } from './driver-events.ts';
import { DriverPanes } from './driver-panes.ts';
import { HealthWindows } from './health-windows.ts';
import { SpeedingTiers } from './speeding.ts';
import { FleetUtilisation } from './utilisation.ts';
import { VehicleWindows } from './vehicle-windows.ts';

export type DrivingOutputs = Pick<
  StreamOutputs,
  | 'vehicleWindows'
  | 'behaviour'
  | 'utilisation'
  | 'healthWindows'
  | 'driverPanes'
  | 'vehicleHours'
  | 'vehicleDays'
  | 'breakViolations'
  | 'driverEvents'
>;

/**
 * Everything that is summed up from how vehicles are driven: the seeds' windows, drivers' scores, hours and days of
 * vehicles.
 */
export class Driving implements StepConsumer {
  readonly #vehicleWindows: VehicleWindows;
  readonly #behaviour: BehaviourWindows;
  readonly #utilisation: FleetUtilisation;
  readonly #health: HealthWindows;
  readonly #breaks: Breaks;
  readonly #events: DriverEvents;
  readonly #panes: DriverPanes;
  readonly #rollups: VehicleRollups;

  constructor(deps: DrivingDeps) {
    const tiers = new SpeedingTiers();
    this.#vehicleWindows = new VehicleWindows(deps);
    this.#behaviour = new BehaviourWindows(deps);
    this.#utilisation = new FleetUtilisation(deps);
    this.#health = new HealthWindows(deps);
    this.#breaks = new Breaks(deps);
    this.#panes = new DriverPanes(deps, tiers);
    this.#events = new DriverEvents(deps, tiers, (driver, startMs, kind, severe) =>
      this.#panes.harsh(driver, startMs, kind, severe),
    );
    this.#rollups = new VehicleRollups(deps, tiers);
  }

  step(step: Step): void {
    const harshBegan = this.#events.step(step);
    this.#vehicleWindows.step(step);
    this.#behaviour.step(step);
    this.#utilisation.step(step);
    this.#panes.step(step);
    this.#rollups.step(step, harshBegan);
  }

  watermark(slot: number, watermarkMs: number): void {
    this.#vehicleWindows.watermark(slot, watermarkMs);
  }

  idle(slot: number, _lastMs: number): void {
    this.#events.idle(slot);
    this.#vehicleWindows.idle(slot);
    this.#health.idle(slot);
    this.#panes.idle(slot);
    this.#rollups.idle(slot);
  }

  /** Telemetry behind the vehicle's watermark. Answers false when no window is kept that it belongs to. */
  late(slot: number, timeMs: number, speedKmph: number): boolean {
    return this.#vehicleWindows.late(slot, timeMs, speedKmph);
  }

  /** A status message in order of arrival, before the watermark it moves. False when its window is no longer kept. */
  status(slot: number, timeMs: number, engineTempC: number): boolean {
    return this.#health.status(slot, timeMs, engineTempC);
  }

  statusWatermark(slot: number, watermarkMs: number): void {
    this.#health.statusWatermark(slot, watermarkMs);
  }

  /** All active vehicles have been given up to and including `fleetMs`. */
  fleetWatermark(fleetMs: number): void {
    this.#utilisation.fleetWatermark(fleetMs);
    this.#behaviour.fleetWatermark(fleetMs);
    this.#breaks.fleetWatermark(fleetMs);
  }

  /** The same where only breaks are followed. */
  fleetWatermarkOfBreaks(fleetMs: number): void {
    this.#breaks.fleetWatermark(fleetMs);
  }

  /**
   * A driver's event in order of arrival; those that have nothing to do with breaks are passed over. False when it is
   * late.
   */
  driverEvent(driver: number, slot: number, type: string, timeMs: number): boolean {
    return !isBreakEvent(type) || this.#breaks.driverEvent(driver, slot, type, timeMs);
  }

  tripStarted(slot: number, timeMs: number): void {
    this.#rollups.tripStarted(slot, timeMs);
  }

  /** What could be counted nowhere, because it came too late or too early. */
  get leftOut(): number {
    return this.#behaviour.leftOut + this.#utilisation.leftOut + this.#panes.leftOut;
  }

  get pendingRows(): number {
    return (
      this.#vehicleWindows.pendingRows +
      this.#behaviour.pendingRows +
      this.#utilisation.pendingRows +
      this.#health.pendingRows +
      this.#breaks.pendingRows +
      this.#events.pendingRows +
      this.#panes.pendingRows +
      this.#rollups.pendingRows
    );
  }

  take(): DrivingOutputs {
    return {
      vehicleWindows: this.#vehicleWindows.take(),
      behaviour: this.#behaviour.take(),
      utilisation: this.#utilisation.take(),
      healthWindows: this.#health.take(),
      driverPanes: this.#panes.take(),
      ...this.#rollups.take(),
      breakViolations: this.#breaks.take(),
      driverEvents: this.#events.take(),
    };
  }

  /** State in bytes, with the room that is reserved for growing. */
  get bytes(): number {
    return (
      this.#vehicleWindows.bytes +
      this.#behaviour.bytes +
      this.#utilisation.bytes +
      this.#health.bytes +
      this.#breaks.bytes +
      this.#events.bytes +
      this.#panes.bytes +
      this.#rollups.bytes
    );
  }

  arrays(slots: number): Sections {
    return [
      ...this.#vehicleWindows.arrays(slots),
      ...this.#behaviour.arrays(),
      ...this.#utilisation.arrays(slots),
      ...this.#health.arrays(slots),
      ...this.#breaks.arrays(),
      ...this.#events.arrays(slots),
      ...this.#panes.arrays(slots),
      ...this.#rollups.arrays(slots),
    ];
  }

  /** What is not numbers, for the checkpoint. */
  serialize(): { tripIds: string[] } {
    return this.#events.serialize();
  }

  restore(slots: number, read: ReadSection, stored: unknown): void {
    this.#vehicleWindows.restore(slots, read);
    this.#behaviour.restore(read);
    this.#utilisation.restore(slots, read);
    this.#health.restore(slots, read);
    this.#breaks.restore(read);
    this.#events.restore(slots, read, stored as ReturnType<Driving['serialize']>);
    this.#panes.restore(slots, read);
    this.#rollups.restore(slots, read);
  }
}
