/** Why a message was set aside. Stored: never renumber. */
export const QUARANTINE_REASONS = [
  'bad-json',
  'wrong-type',
  'missing-field',
  'impossible-value',
  'bad-timestamp',
  'future-clock',
  'unknown-topic',
  'too-large',
  'vehicle-limit',
  'bad-frame',
] as const;

export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

/** One message set aside, with enough of it to find the sender. At most 1 KiB of payload is kept. */
export interface QuarantineSample {
  readonly reason: QuarantineReason;
  /** Where in the message and what was wrong, e.g. `speed_kmph: 900 is outside 0…350 km/h`. */
  readonly detail: string;
  readonly topic: string;
  readonly receivedMs: number;
  readonly position: number;
  /** Number of the message inside its record: with `position` it names the message. */
  readonly index: number;
  readonly bytes: number;
  readonly head: string;
}

/** A change in what a topic carries, reported once per topic, field and kind of change. */
export interface SchemaNotice {
  readonly topicKind: string;
  readonly field: string;
  readonly change: 'new-field' | 'type-changed';
  readonly detail: string;
  readonly firstMs: number;
}
