import type { QuarantineReason } from '../../core/model/quarantine.ts';
import type { Health } from '../../core/protocol/health.ts';

/** Message counters in the order of the road they take, each with what it means. */
export const COUNTERS: readonly (readonly [key: keyof Health['messages'], label: string, meaning: string])[] = [
  ['received', 'Received', 'Messages the broker has given to this room.'],
  ['journaled', 'Journaled', 'Of these, safely in the journal on disk.'],
  ['processed', 'Processed', 'Of these, taken in by the engine. A little behind while it catches up.'],
  [
    'dropped',
    'Dropped',
    'Shown live but not recorded, because the disk refused the journal. Should be 0; make room on the disk.',
  ],
  ['quarantined', 'Set aside', 'Could not be used; counted by reason below. The sender should be mended.'],
  ['late', 'Late', 'Came too long after the newest of their vehicle. They do not overwrite what is newer.'],
  ['duplicates', 'Twice', 'Came more than once and were counted once. Normal after a reconnect.'],
];

export const REASONS: Readonly<Record<QuarantineReason, readonly [label: string, meaning: string]>> = {
  'bad-json': ['Not JSON', 'The payload cannot be read.'],
  'wrong-type': ['Wrong type', 'A field holds something else than it should, such as text in place of a number.'],
  'missing-field': ['Missing field', 'A field without which the message means nothing is not there.'],
  'impossible-value': ['Impossible value', 'A number outside what is physically possible.'],
  'bad-timestamp': ['Bad time', 'The time cannot be read.'],
  'future-clock': ['Clock ahead', 'The sender’s clock is too far ahead of this room’s.'],
  'unknown-topic': ['Unknown topic', 'No decode profile covers the topic.'],
  'too-large': ['Too large', 'The payload is larger than the limit.'],
  'vehicle-limit': ['Too many vehicles', 'A new vehicle beyond the largest fleet this room takes.'],
  'bad-frame': ['Broken frame', 'The MQTT packet itself was damaged.'],
};
