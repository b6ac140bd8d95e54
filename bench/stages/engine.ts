import { Engine } from '../../core/engine/engine.ts';
import { type JournalRecord, RECORD_KIND } from '../../core/model/records.ts';
import { baseRulesRecord, moreRulesRecord } from '../fleet/base-rules.ts';
import { type Recording, recordFleet } from '../fleet/record-fleet.ts';
import { type Bench, people, perSecond, repeat } from '../stage.ts';

/** Journal records through the whole engine: packets, decoding, duplicates, state, rules, outputs taken every second. */
export function engineStage(bench: Bench): void {
  for (const vehicles of bench.fleets) {
    const recording = recordFleet(vehicles, bench.quick ? 100_000 : 1_000_000);
    bench.report({
      what: `${people(vehicles)} vehicles`,
      unit: 'messages/s',
      runs: repeat(bench, () => perSecond(recording.messages, engineMs(recording, baseRulesRecord()))),
      note: 'with ticks and the base rules',
    });
    bench.report({
      what: `${people(vehicles)} vehicles, 25 rules`,
      unit: 'messages/s',
      runs: repeat(bench, () => perSecond(recording.messages, engineMs(recording, moreRulesRecord()))),
      note: 'with ticks, the base rules and 15 more',
    });
  }
}

function engineMs(recording: Recording, rules: JournalRecord): number {
  const engine = new Engine({ maxVehicles: 100_000 });
  engine.process(rules);
  if (engine.ruleErrors.length > 0) throw new Error(`the rules were refused: ${engine.ruleErrors.join(' ')}`);
  const startedMs = performance.now();
  for (const record of recording.records) {
    engine.process(record);
    engine.fleet.lagSampleCount = 0;
    if (record.kind === RECORD_KIND.tick) engine.takeOutputs({ vehicles: false, checkpoint: false });
  }
  const tookMs = performance.now() - startedMs;
  const { processed, quarantined, duplicates } = engine.counters;
  if (processed !== recording.messages || quarantined > 0 || duplicates > 0) {
    throw new Error(`of ${recording.messages} messages ${processed} were processed, ${quarantined} set aside`);
  }
  return tookMs;
}
