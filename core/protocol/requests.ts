import type { MovementName } from '../model/movement.ts';
import type { PendingRule } from '../model/pending.ts';
import type { QuarantineReason, QuarantineSample, SchemaNotice } from '../model/quarantine.ts';
import type { AlertRequests } from './alert-requests.ts';
import type { Health } from './health.ts';
import type { HistoryRequests } from './history-requests.ts';
import type { NoticeRequests } from './notice-requests.ts';
import type { ReplayChange, ReplayExport, ReplaySpeed, ReplayState, ReplayStep, ReplayTarget } from './replay.ts';
import type { RuleRequests } from './rule-requests.ts';

/** What a window learns first. */
export interface RoomInfo {
  readonly version: string;
  readonly dataDir: string;
  readonly startedMs: number;
  /** True when the demo fleet runs and `demo-streets.geojson` is served. */
  readonly demo: boolean;
  /** Broker address without credentials. */
  readonly broker: string;
  /** The operating system's user, offered as the operator's name. */
  readonly suggestedOperator: string;
}

/** The live picture of one vehicle. Times are Unix ms; NaN cannot cross JSON, so unknown numbers are null. */
export interface VehicleDetail {
  readonly vehicleId: string;
  readonly slot: number;
  readonly driverId: string;
  readonly tripId: string;
  readonly movement: MovementName;
  readonly firstSeenMs: number;
  readonly lastEventMs: number;
  readonly lastReceivedMs: number;
  readonly lat: number | null;
  readonly lon: number | null;
  /** By signal column. */
  readonly signals: readonly (number | null)[];
  readonly faultCodes: string;
}

/** Minute samples of one vehicle, oldest first: `values[column][i]` belongs to `minuteMs[i]`. */
export interface VehicleMinutes {
  readonly minuteMs: readonly number[];
  readonly maxSpeedKmph: readonly (number | null)[];
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
}

/** A track, oldest first. */
export interface VehicleTrack {
  readonly timeMs: readonly number[];
  readonly lat: readonly number[];
  readonly lon: readonly number[];
  readonly speedKmph: readonly number[];
  readonly headingDeg: readonly number[];
}

export interface QuarantineReport {
  readonly counts: Readonly<Partial<Record<QuarantineReason, number>>>;
  /** The newest few of each reason. */
  readonly samples: readonly QuarantineSample[];
  readonly schemaNotices: readonly SchemaNotice[];
}

type Empty = Record<string, never>;

/** Every request a window can make: name → arguments and result. Client and server types derive from this map. */
export interface Requests extends AlertRequests, HistoryRequests, NoticeRequests, RuleRequests {
  'room.info': { args: Empty; result: RoomInfo };
  'room.health': { args: Empty; result: Health };
  /** Starts fleet frames and pushed events on this link. */
  'fleet.open': { args: Empty; result: { vehicles: number } };
  /** Stops them. */
  'fleet.close': { args: Empty; result: { ok: true } };
  'vehicle.get': { args: { vehicleId: string }; result: { vehicle: VehicleDetail | null } };
  /** Pushes `vehicle.changed` about once a second for this vehicle; null stops. One vehicle per link. */
  'vehicle.watch': { args: { vehicleId: string | null }; result: { ok: true } };
  /** Rules that are under way at the vehicle, or close to it; the most urgent first. */
  'vehicle.pending': { args: { vehicleId: string }; result: { pending: PendingRule[] } };
  'vehicle.minutes': { args: { vehicleId: string; fromMs: number; toMs: number }; result: VehicleMinutes };
  'vehicle.track': { args: { vehicleId: string; fromMs: number; toMs: number }; result: VehicleTrack };
  'quarantine.report': { args: Empty; result: QuarantineReport };
  /**
   * Shows a replay in this window instead of the live room, until it is closed: `fleet.reset` is pushed, and frames, events
   * and answers come from the replay. Answers when it can be played; one that is open is closed.
   */
  'replay.open': { args: ReplayTarget; result: ReplayState };
  /** Shows the live room again. */
  'replay.close': { args: Empty; result: { ok: true } };
  'replay.play': { args: { speed: ReplaySpeed }; result: ReplayState };
  'replay.pause': { args: Empty; result: ReplayState };
  /** Answers when it has got there. */
  'replay.step': { args: ReplayStep; result: ReplayState };
  /** To the state before the first record received at or after `timeMs`. Answers when it has got there; a later seek takes its place. */
  'replay.seek': { args: { timeMs: number }; result: ReplayState };
  'replay.state': { args: Empty; result: ReplayChange };
  /**
   * Writes what was received from `fromMs` up to `toMs` (of the open replay, else of the room's journal) to `name` in the
   * recordings folder of the data directory; answers when it is written and pushes `replay.exporting` meanwhile.
   */
  'replay.export': {
    args: { fromMs: number; toMs: number; name: string; note?: string; author?: string };
    result: ReplayExport;
  };
}

export type RequestName = keyof Requests;
export type RequestArgs<K extends RequestName> = Requests[K]['args'];
export type RequestResult<K extends RequestName> = Requests[K]['result'];

/** Server side: one handler per request. A handler that throws a RoomError sends its kind and message to the window. */
export type RequestHandlers<K extends RequestName = RequestName> = {
  [N in K]: (args: RequestArgs<N>) => RequestResult<N> | Promise<RequestResult<N>>;
};
