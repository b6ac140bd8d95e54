import type { Alert } from '../model/alerts.ts';
import type { Health } from './health.ts';
import type { ReplayChange, ReplayExportProgress } from './replay.ts';
import type { VehicleDetail } from './requests.ts';

/** Pushed once a second. */
export interface Summary extends Health {
  readonly nowMs: number;
  /** Messages applied per second over the last few seconds. */
  readonly messagesPerSecond: number;
  readonly alertsLast10Min: number;
}

/** Everything that is pushed to windows: name → payload. */
export interface Events {
  summary: Summary;
  /** Alerts that were raised or changed; closed ones are included once, so that a queue can drop them. */
  'alerts.changed': { alerts: Alert[] };
  /** Ids of new slots: `vehicleIds[i]` is the vehicle in slot `fromSlot + i`. Always sent before a frame that uses them. */
  'vehicles.named': { fromSlot: number; vehicleIds: string[] };
  'vehicle.changed': { vehicle: VehicleDetail };
  /**
   * What this link shows has jumped: forget all vehicles, names, alerts and what was asked about them. Names and a whole frame
   * follow by themselves; alerts have to be asked for.
   */
  'fleet.reset': Record<string, never>;
  /** A few times a second while it plays, and when something about it changes. */
  'replay.state': ReplayChange;
  'replay.exporting': ReplayExportProgress;
}

export type EventName = keyof Events;
