import { Engine } from '../../core/engine/engine.ts';
import { type JournalRecord, RECORD_KIND } from '../../core/model/records.ts';
import { compilePacks } from '../../core/rules/rule-set.ts';
import { FleetState } from '../../core/stream/fleet-state.ts';
import { type Recording, recordFleet } from '../fleet/record-fleet.ts';
import { packsOf, plainRulesRecord, referenceRecord, rulesRecord } from '../fleet/rule-sets.ts';
import { type Bench, people, perSecond, repeat } from '../stage.ts';

/** A room runs for weeks: what it does before its code is compiled is left out. */
const WARM_SHARE = 1 / 3;

const ASKED_OF = 10_000;
const ASKED_100 = 500_000;
const ASKED_500 = 120_000;

/**
 * Journal records through the whole engine: packets, decoding, duplicates, state, event time, windows, trips, scores, rules; outputs
 * taken every second. And what compiling rules takes.
 */
export function engineStage(bench: Bench): void {
  for (const vehicles of bench.fleets) {
    const recording = recordFleet(vehicles, bench.quick ? 450_000 : 1_500_000);
    const reference = referenceRecord(vehicles);
    const measure = (
      rules: string,
      first: readonly JournalRecord[],
      atLeast?: number,
      note = 'with ticks and reference data',
    ): void =>
      bench.report({
        what: `${people(vehicles)} vehicles, ${rules}`,
        unit: 'messages/s',
        runs: repeat(bench, () => rate(recording, first)),
        ...(atLeast !== undefined && { target: { atLeast } }),
        note,
      });
    measure('no rules', [reference]);
    measure('shipped rules', [reference, rulesRecord()]);
    if (vehicles !== ASKED_OF) continue;
    measure('100 plain rules', [plainRulesRecord(100)], ASKED_100, 'with ticks; thresholds on signals only');
    measure('100 rules', [reference, rulesRecord(100)], ASKED_100);
    measure('500 rules', [reference, rulesRecord(500)], ASKED_500);
  }
  const packs = packsOf(100);
  bench.report({
    what: 'compile 100 rules',
    unit: 'ms',
    runs: repeat(bench, () => compileMs(packs)),
    target: { atMost: 200 },
    note: 'YAML, CEL, types, code',
  });
}

function compileMs(packs: ReturnType<typeof packsOf>): number {
  const startedMs = performance.now();
  const { rules, errors } = compilePacks(packs, new FleetState());
  if (errors.length > 0 || rules.length !== 100) throw new Error(`${rules.length} rules, ${errors.length} errors`);
  return performance.now() - startedMs;
}

/** Messages a second after the first third. */
function rate(recording: Recording, first: readonly JournalRecord[]): number {
  const engine = new Engine({ maxVehicles: 100_000 });
  for (const record of first) engine.process(record);
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
