import { Engine, type EngineOptions } from '../../engine/engine.ts';
import { type JournalRecord, RECORD_KIND, type RulePackSource, type RulesChange } from '../../model/records.ts';

/** The record that puts packs in force where an engine stands. */
export function rulesRecord(engine: Engine, packs: readonly RulePackSource[], atMs: number): JournalRecord {
  const change: RulesChange = { packs, by: 'trial' };
  const payload = new TextEncoder().encode(JSON.stringify(change));
  const { position } = engine;
  return {
    ...{ position, nextPosition: position, kind: RECORD_KIND.rules, flags: 0, count: 0 },
    ...{ receivedMs: atMs, payload },
  };
}

/**
 * An engine that goes on from a state (a checkpoint; undefined = from nothing) with other packs than those in force there. Works out
 * alerts only. `atMs` is its clock where the state has none, Unix ms. Throws when the packs are wrong or the state cannot be used.
 */
export function trialEngine(
  state: Uint8Array | undefined,
  packs: readonly RulePackSource[],
  atMs: number,
  options: EngineOptions,
): Engine {
  const own = { ...options, rulesOnly: true };
  const engine = state ? Engine.restore(state, own) : new Engine(own);
  engine.process(rulesRecord(engine, packs, engine.engineMs || atMs));
  if (engine.ruleErrors.length > 0) throw new Error(engine.ruleErrors.join('\n'));
  return engine;
}

/** Gives a record to a trial. Changes of the rules are left out: its own packs stay in force. */
export function tryRecord(engine: Engine, record: JournalRecord): void {
  if (record.kind === RECORD_KIND.rules) {
    engine.position = record.nextPosition;
    return;
  }
  engine.process(record);
  engine.fleet.lagSampleCount = 0;
}
