import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { stepBack } from '../replay/step-back.ts';
import { checkPacks } from './check-packs.ts';
import { Rebuild } from './rebuild.ts';
import type {
  FromRebuild,
  FromRulesWorker,
  RebuildAsk,
  RulesWorkerData,
  ToRebuild,
  ToRulesWorker,
} from './rules-messages.ts';

// Checks rule packs, and works out from the journal what changed rules would know by now. Beside the live engine, so that it does not wait.

/** Between two looks for what was journaled meanwhile, ms. */
const FOLLOW_EVERY_MS = 10;

const { dataDir, topicPrefix, maxVehicles } = workerData as RulesWorkerData;
const tell = (message: FromRulesWorker): void => parentPort?.postMessage(message);
const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

stepBack();
parentPort?.on('message', (message: ToRulesWorker) => {
  if (message.type === 'check') check(message);
  else void rebuild(message.ask);
});

function check({ id, packs }: Extract<ToRulesWorker, { type: 'check' }>): void {
  try {
    tell({ type: 'checked', id, checked: checkPacks(packs) });
  } catch (error) {
    tell({ type: 'failed', id, message: sentence(error) });
  }
}

async function rebuild({ port, wake, versions, ...ask }: RebuildAsk): Promise<void> {
  const answer = (message: FromRebuild): void => port.postMessage(message);
  let given = false;
  /** Counts what was read out of turn, because the engine waits for it. */
  let finishes = 0;
  try {
    const work = new Rebuild({ ...ask, dataDir, engine: { topicPrefix, maxVehicles } });
    port.on('message', (message: ToRebuild) => {
      if (message.type === 'give-up') given = true;
      else {
        finishes++;
        answer(stateAt(work, message.position, new Set(versions)));
        Atomics.store(new Int32Array(wake), 0, 1);
        Atomics.notify(new Int32Array(wake), 0);
      }
    });
    let isBehind = true;
    while (!given) {
      const before = finishes;
      for (const _ of work.run()) {
        await new Promise((resolve) => setImmediate(resolve));
        if (given || finishes > before) break;
      }
      if (finishes > before) continue;
      if (isBehind && !given) answer({ type: 'caught-up', notes: work.notes });
      isBehind = false;
      await sleep(FOLLOW_EVERY_MS);
    }
  } catch (error) {
    if (!given) answer({ type: 'refused', why: sentence(error) });
  }
  port.close();
}

function stateAt(work: Rebuild, position: number, versions: ReadonlySet<string>): FromRebuild {
  try {
    for (const _ of work.run(position));
    if (work.position === position) return { type: 'state', position, state: work.state(versions) };
    return { type: 'state', position, why: 'the journal is not being written' };
  } catch (error) {
    return { type: 'state', position, why: sentence(error) };
  }
}
