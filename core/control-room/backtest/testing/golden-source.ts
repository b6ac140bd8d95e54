import { Engine } from '../../../engine/engine.ts';
import { type JournalRecord, RECORD_KIND, type RulePackSource } from '../../../model/records.ts';
import type { Recording } from '../../../recording/open-recording.ts';
import type { ReplaySource } from '../../../recording/replay-source.ts';
import { rulesRecord } from '../../rules/trial-engine.ts';

/** The golden recording with one set of rules in force from its beginning to its end. */
export function goldenUnder(golden: Recording, packs: readonly RulePackSource[]): ReplaySource {
  const first = {
    ...rulesRecord(new Engine({ maxVehicles: 1 }), packs, golden.startMs),
    position: golden.startPosition,
  };
  function* records(position: number): Generator<JournalRecord, void, void> {
    if (position <= golden.startPosition) yield { ...first, nextPosition: golden.startPosition };
    for (const record of golden.records(position)) if (record.kind !== RECORD_KIND.rules) yield record;
  }
  const { name, startPosition, endPosition, startMs, endMs, messages, topicPrefix, startState } = golden;
  return {
    ...{ name, startPosition, endPosition, startMs, endMs, messages, topicPrefix, startState, records },
    positionAt: (ms) => golden.positionAt(ms),
    close: () => {},
  };
}
