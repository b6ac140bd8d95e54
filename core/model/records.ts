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
 * - `oversize`: a message too large to keep; payload is UTF-8 JSON of an OversizeNote; `count` is 1.
 */
export const RECORD_KIND = { publish: 1, tick: 2, operator: 3, rules: 4, oversize: 5, settings: 6 } as const;
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

/** What an operator did, as journaled. */
export type OperatorAction =
  | {
      readonly id: string;
      readonly type: 'acknowledge';
      readonly alertId: string;
      readonly operator: string;
      readonly comment?: string;
    }
  | {
      readonly id: string;
      readonly type: 'comment';
      readonly alertId: string;
      readonly operator: string;
      readonly comment: string;
    };

/** One rule pack file as text. */
export interface RulePackSource {
  readonly name: string;
  readonly text: string;
}

export interface RulesChange {
  readonly packs: readonly RulePackSource[];
  /** Who changed them; `startup` when the files differ from those last journaled. */
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
