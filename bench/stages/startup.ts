import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../../core/engine/engine.ts';
import { openHistory } from '../../core/history/writer.ts';
import { openJournal } from '../../core/journal/journal.ts';
import type { OutputBatch } from '../../core/model/outputs.ts';
import type { JournalRecord } from '../../core/model/records.ts';
import { historyBatches } from '../fleet/history-batches.ts';
import { fleetRecords, START_MS } from '../fleet/record-fleet.ts';
import { rulesRecord } from '../fleet/rule-sets.ts';
import { startRoomProcess } from '../processes/start-room.ts';
import { type Bench, people, repeatAsync } from '../stage.ts';

const VEHICLES = 10_000;
/** Nothing listens there: the room starts all the same and says so. */
const NO_BROKER_PORT = 9;
/** Journal behind the last checkpoint after a crash: the room makes one every 30 s. */
const BEHIND_MESSAGES = VEHICLES * 30;

/** From the call that opens the room until it is no longer starting; its process has been started before. */
export async function startupStage(bench: Bench): Promise<void> {
  const empty = await repeatAsync(bench, async () => {
    const dataDir = mkdtempSync(join(bench.dir, 'empty-'));
    const ms = await startMs(dataDir);
    rmSync(dataDir, { recursive: true });
    return ms;
  });
  bench.report({ what: 'empty data directory', unit: 'ms', runs: empty });

  const large = mkdtempSync(join(bench.dir, 'large-'));
  const behindAt = await fillDataDir(large, (bench.quick ? 0.1 : 5) * 1e9, bench.quick ? 500_000 : 2_000_000);
  const bytes = statSync(join(large, 'history.db')).size;
  const note = `history ${(bytes / 1e9).toFixed(2)} GB, ${people(VEHICLES)} vehicles`;
  const behind = await repeatAsync(bench, (run) => startMs(large, run === bench.runs - 1 ? 'close' : 'kill'));
  bench.report({ what: 'large history, after a crash', unit: 'ms', runs: behind, note: `${note}, ${behindAt}` });
  bench.report({ what: 'large history', unit: 'ms', runs: await repeatAsync(bench, () => startMs(large)), note });
}

async function startMs(dataDir: string, end: 'close' | 'kill' = 'close'): Promise<number> {
  const room = await startRoomProcess({ dataDir, brokerPort: NO_BROKER_PORT });
  await (end === 'kill' ? room.kill() : room.close());
  return room.startedMs;
}

/**
 * Makes a data directory as a long-running room leaves it when it is killed: a journal, a history of at least `bytes`, and a
 * checkpoint some way before the journal's end. Answers what is behind the checkpoint.
 */
async function fillDataDir(dataDir: string, bytes: number, messages: number): Promise<string> {
  const journalDir = join(dataDir, 'journal');
  mkdirSync(journalDir, { recursive: true });
  const journal = openJournal({ dir: journalDir });
  const engine = new Engine({ maxVehicles: 100_000 });
  let checkpointAfter = messages - BEHIND_MESSAGES;
  let checkpoint: OutputBatch | undefined;
  for (const { kind, flags, count, receivedMs, payload } of recordsOf(messages)) {
    const position = journal.append(kind, flags, count, receivedMs, payload);
    if (checkpoint) continue;
    engine.process({ position, nextPosition: journal.position, kind, flags, count, receivedMs, payload });
    checkpointAfter -= count;
    if (checkpointAfter <= 0) checkpoint = engine.takeOutputs({ vehicles: true, checkpoint: true });
  }
  await journal.settled();
  await journal.close();
  if (!checkpoint) throw new Error('the journal is shorter than what should be behind its checkpoint');
  fillHistory(join(dataDir, 'history.db'), bytes, checkpoint);
  return `${people(BEHIND_MESSAGES)} messages behind the checkpoint`;
}

function* recordsOf(messages: number): Generator<JournalRecord> {
  yield rulesRecord();
  yield* fleetRecords(VEHICLES, messages);
}

function fillHistory(file: string, bytes: number, last: OutputBatch): void {
  const history = openHistory({ file });
  const hours = historyBatches({ vehicles: VEHICLES, startMs: START_MS - 90 * 86_400_000, stepMs: 600_000 });
  // Positions of made-up batches lie before the journal's own, so that the last one is the newest.
  for (let i = 0; statSync(file).size < bytes; i++) {
    const batch = hours.next().value;
    history.commit({ ...batch, fromPosition: i, toPosition: i + 1, counters: last.counters });
  }
  history.commit(last);
  history.close();
}
