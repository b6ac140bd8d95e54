import { join } from 'node:path';
import { Engine } from '../../core/engine/engine.ts';
import { openJournal } from '../../core/journal/journal.ts';
import { readJournal } from '../../core/journal/read-journal.ts';
import { RECORD_KIND } from '../../core/model/records.ts';
import { recordFleet } from '../fleet/record-fleet.ts';
import { rulesRecord } from '../fleet/rule-sets.ts';
import { type Bench, people, perSecond, repeat } from '../stage.ts';

/** What recovery and replay do: read the journal, check it, and give it to the engine. */
export async function replayStage(bench: Bench): Promise<void> {
  for (const vehicles of bench.fleets) {
    const dir = join(bench.dir, `journal-${vehicles}`);
    const messages = await writeJournal(dir, vehicles, bench.quick ? 100_000 : 1_000_000);
    const what = `${people(vehicles)} vehicles`;
    const reading = repeat(bench, () =>
      perSecond(
        messages,
        timed(() => read(dir)),
      ),
    );
    bench.report({ what: `${what}, reading only`, unit: 'messages/s', runs: reading, note: 'checksums included' });
    const replaying = repeat(bench, () =>
      perSecond(
        messages,
        timed(() => replay(dir, messages)),
      ),
    );
    bench.report({ what: `${what}, with the engine`, unit: 'messages/s', runs: replaying });
  }
}

async function writeJournal(dir: string, vehicles: number, messages: number): Promise<number> {
  const recording = recordFleet(vehicles, messages);
  const journal = openJournal({ dir });
  for (const { kind, flags, count, receivedMs, payload } of [rulesRecord(), ...recording.records]) {
    journal.append(kind, flags, count, receivedMs, payload);
  }
  await journal.close();
  return recording.messages;
}

function timed(work: () => void): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}

function read(dir: string): number {
  let messages = 0;
  for (const record of readJournal(dir, { from: 0 })) messages += record.count;
  return messages;
}

function replay(dir: string, messages: number): void {
  const engine = new Engine({ maxVehicles: 100_000 });
  for (const record of readJournal(dir, { from: 0 })) {
    engine.process(record);
    engine.fleet.lagSampleCount = 0;
    if (record.kind === RECORD_KIND.tick) engine.takeOutputs({ vehicles: false, checkpoint: false });
  }
  if (engine.counters.processed !== messages) {
    throw new Error(`of ${messages} messages in the journal ${engine.counters.processed} were processed`);
  }
}
