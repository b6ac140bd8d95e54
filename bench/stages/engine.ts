import { Engine } from '../../core/engine/engine.ts';
import { type JournalRecord, RECORD_KIND } from '../../core/model/records.ts';
import { baseRulesRecord, moreRulesRecord } from '../fleet/base-rules.ts';
import { type Recording, recordFleet } from '../fleet/record-fleet.ts';
import { type Bench, people, perSecond, repeat } from '../stage.ts';

/** A room runs for weeks: what it does before its code is compiled is left out. */
const WARM_SHARE = 1 / 3;

/**
 * Journal records through the whole engine: packets, decoding, duplicates, state, event time, windows, trips, scores, rules; outputs
 * taken every second.
 */
export function engineStage(bench: Bench): void {
  for (const vehicles of bench.fleets) {
    const recording = recordFleet(vehicles, bench.quick ? 450_000 : 1_500_000);
    bench.report({
      what: `${people(vehicles)} vehicles`,
      unit: 'messages/s',
      runs: repeat(bench, () => rate(recording, baseRulesRecord())),
      note: 'with ticks and the base rules',
    });
    bench.report({
      what: `${people(vehicles)} vehicles, 25 rules`,
      unit: 'messages/s',
      runs: repeat(bench, () => rate(recording, moreRulesRecord())),
      target: { atLeast: 800_000 },
      note: 'with ticks, the base rules and 15 more',
    });
  }
}

/** Messages a second after the first third. */
function rate(recording: Recording, rules: JournalRecord): number {
  const engine = new Engine({ maxVehicles: 100_000 });
  engine.process(rules);
  if (engine.ruleErrors.length > 0) throw new Error(`the rules were refused: ${engine.ruleErrors.join(' ')}`);
  let startedMs = 0;
  let before = 0;
  for (const record of recording.records) {
    if (startedMs === 0 && engine.counters.processed >= recording.messages * WARM_SHARE) {
      startedMs = performance.now();
      before = engine.counters.processed;
    }
    engine.process(record);
    engine.fleet.lagSampleCount = 0;
    if (record.kind === RECORD_KIND.tick) engine.takeOutputs({ vehicles: false, checkpoint: false });
  }
  const tookMs = performance.now() - startedMs;
  const { processed, quarantined, duplicates } = engine.counters;
  if (processed !== recording.messages || quarantined > 0 || duplicates > 0) {
    throw new Error(`of ${recording.messages} messages ${processed} were processed, ${quarantined} set aside`);
  }
  return perSecond(processed - before, tookMs);
}
