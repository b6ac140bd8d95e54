import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { readCheckpoint } from '../../core/engine/checkpoint.ts';
import { Engine, type EngineOptions } from '../../core/engine/engine.ts';
import { openHistory } from '../../core/history/writer.ts';
import { recordFleet } from '../fleet/record-fleet.ts';
import { referenceRecord, rulesRecord } from '../fleet/rule-sets.ts';
import { type Bench, people, repeat } from '../stage.ts';

const OPTIONS: EngineOptions = { maxVehicles: 100_000 };
/** Long enough for every vehicle to have reported telemetry and status, to be on a trip, and track chunks to be half full. */
const SECONDS = 90;

/** What a vehicle costs in the engine's memory, and what writing and reading all of it takes. */
export function memoryStage(bench: Bench): void {
  for (const vehicles of bench.fleets) {
    const engine = engineWith(vehicles);
    const state = engine.checkpoint();
    const { read } = readCheckpoint<object>(state);
    const duplicates = (read('dedupe.table')?.byteLength ?? 0) + (read('dedupe.next')?.byteLength ?? 0);
    const what = `${people(vehicles)} vehicles`;
    bench.report({
      what: `${what}, state per vehicle`,
      unit: 'bytes',
      runs: [(state.length - duplicates) / vehicles],
      target: { atMost: 2048 },
      note: `without the duplicate table of ${Math.round(duplicates / 2 ** 20)} MiB`,
    });
    bench.report({ what: `${what}, checkpoint`, unit: 'MB', runs: [state.length / 1e6] });
    bench.report({ what: `${what}, make checkpoint`, unit: 'ms', runs: timed(bench, () => engine.checkpoint()) });
    const restored = timed(bench, () => Engine.restore(state, OPTIONS));
    bench.report({ what: `${what}, restore checkpoint`, unit: 'ms', runs: restored });
    bench.report({ what: `${what}, commit checkpoint`, unit: 'ms', runs: commitTimes(bench, engine) });
  }
}

function engineWith(vehicles: number): Engine {
  const engine = new Engine(OPTIONS);
  engine.process(referenceRecord(vehicles));
  engine.process(rulesRecord());
  for (const record of recordFleet(vehicles, vehicles * SECONDS).records) engine.process(record);
  if (engine.fleet.state.count !== vehicles) throw new Error(`${engine.fleet.state.count} of ${vehicles} vehicles`);
  return engine;
}

function timed(bench: Bench, work: () => unknown): number[] {
  return repeat(bench, () => {
    const startedMs = performance.now();
    work();
    return performance.now() - startedMs;
  });
}

/** Ms a history takes to commit a batch that carries nothing but a checkpoint. */
function commitTimes(bench: Bench, engine: Engine): number[] {
  const history = openHistory({ file: join(mkdtempSync(join(bench.dir, 'history-')), 'history.db') });
  try {
    history.commit(engine.takeOutputs({ vehicles: true, checkpoint: false }));
    let { position } = engine;
    return repeat(bench, () => {
      position++;
      const empty = engine.takeOutputs({ vehicles: false, checkpoint: true });
      const startedMs = performance.now();
      history.commit({ ...empty, fromPosition: position - 1, toPosition: position });
      return performance.now() - startedMs;
    });
  } finally {
    history.close();
  }
}
