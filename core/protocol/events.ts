import type { Alert } from '../model/alerts.ts';
import type { BacktestDone, BacktestProgress } from './backtest.ts';
import type { Health } from './health.ts';
import type { ShownNotice } from './notice-requests.ts';
import type { ReplayChange, ReplayExportProgress } from './replay.ts';
import type { VehicleDetail } from './requests.ts';

/** Pushed once a second. */
export interface Summary extends Health {
  readonly nowMs: number;
  /** Messages applied per second over the last few seconds. */
  readonly messagesPerSecond: number;
  /** Alerts raised, those that are folded or put aside too. */
  readonly alertsLast10Min: number;
  /** Alerts that came into the queue: what an operator had to take in. */
  readonly entriesLast10Min: number;
  /** The flood of alerts that goes on: since when, and how many entries it has brought; null when there is none. */
  readonly flood: { readonly startMs: number; readonly raised: number } | null;
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
  /** To be shown on the desktop or sounded, once. */
  notice: ShownNotice;
  /** A few times a second while a back-test runs. */
  'backtest.progress': BacktestProgress;
  /** Once; its result is asked for. */
  'backtest.done': BacktestDone;
}

export type EventName = keyof Events;
