import type { NotifyPlan } from './notices.ts';
import type { ReferenceData } from './reference.ts';
import type { StreamSettings } from './stream-settings.ts';

/**
 * Journal records: everything that enters the engine. Stored on disk: never renumber.
 *
 * - `publish`: a run of raw MQTT PUBLISH packets as they came off the socket; `flags` holds the MQTT level (4 or 5),
 *   `count` the number of packets.
 * - `tick`: one a second; no payload, the time is the record's `receivedMs`; `flags` is 1 while the room hears the broker.
 * - `operator`: UTF-8 JSON of an OperatorAction.
 * - `rules`: UTF-8 JSON of a RulesChange: the rule packs in force from here on.
 * - `settings`: UTF-8 JSON of a SettingsChange: the stream's settings from here on.
 * - `reference`: UTF-8 JSON of a ReferenceChange: the business data in force from here on.
 * - `notify`: UTF-8 JSON of a NotifyChange: who is told of which alerts from here on.
 * - `oversize`: a message too large to keep; payload is UTF-8 JSON of an OversizeNote; `count` is 1.
 */
export const RECORD_KIND = {
  publish: 1,
  tick: 2,
  operator: 3,
  rules: 4,
  oversize: 5,
  settings: 6,
  reference: 7,
  notify: 8,
} as const;
export type RecordKind = (typeof RECORD_KIND)[keyof typeof RECORD_KIND];

/** A record as the journal hands it out. `payload` is a view that is valid only until the next record is read. */
export interface JournalRecord {
  /** Position of this record: bytes since the journal began; grows without bound, never reused. */
  readonly position: number;
  /** Position of the record after it. */
  readonly nextPosition: number;
  readonly kind: RecordKind;
  readonly flags: number;
  /** Messages in it; 0 for ticks, operator actions and rule changes. */
  readonly count: number;
  /** Wall clock at which it entered, Unix ms. */
  readonly receivedMs: number;
  readonly payload: Uint8Array;
}

interface ActionOnAlert {
  /** Unique: an action that is read twice is done once. */
  readonly id: string;
  readonly alertId: string;
  readonly operator: string;
  readonly comment?: string;
}

interface ActionOnSource {
  readonly id: string;
  /** A rule on a vehicle; without a rule all alerts of the vehicle. */
  readonly vehicleId: string;
  readonly ruleId?: string;
  readonly operator: string;
  readonly comment?: string;
}

/**
 * What an operator did, as journaled. Shelving is of the alert's rule on its vehicle: new onsets until then are shelved as well;
 * so is taking out of service.
 */
export type OperatorAction =
  | (ActionOnAlert & { readonly type: 'acknowledge' })
  | (ActionOnAlert & { readonly type: 'comment'; readonly comment: string })
  | (ActionOnAlert & { readonly type: 'assign'; readonly assignee: string })
  | (ActionOnAlert & { readonly type: 'shelve'; readonly reason: string; readonly untilMs: number })
  | (ActionOnAlert & { readonly type: 'unshelve' })
  | (ActionOnAlert & { readonly type: 'reset' })
  | (ActionOnAlert & { readonly type: 'escalate' })
  | (ActionOnSource & { readonly type: 'out-of-service'; readonly reason: string })
  | (ActionOnSource & { readonly type: 'in-service' });

/** One rule pack file as text. */
export interface RulePackSource {
  readonly name: string;
  readonly text: string;
}

export interface RulesChange {
  readonly packs: readonly RulePackSource[];
  /** Who changed them; `startup` when the files differ from those last journaled. */
  readonly by: string;
  readonly comment?: string;
  /**
   * State of the changed rules as if they had been in force for a while (base64 of a checkpoint), worked out from the journal
   * before the change: so that their windows need not fill anew, and a replay has the same.
   */
  readonly state?: string;
}

export interface ReferenceChange {
  readonly data: ReferenceData;
  /** Who changed it; `startup` when the files differ from those last journaled. */
  readonly by: string;
}

export interface NotifyChange {
  readonly plan: NotifyPlan;
  /** Who changed it; `startup` when the file differs from the one last journaled. */
  readonly by: string;
}

export interface SettingsChange {
  readonly settings: StreamSettings;
  /** Who changed them; `startup` when the file differs from those last journaled. */
  readonly by: string;
}

export interface OversizeNote {
  readonly topic: string;
  readonly bytes: number;
  /** The first bytes of the payload as latin1 text. */
  readonly head: string;
}
