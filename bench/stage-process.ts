import { tmpdir } from 'node:os';
import type { Measurement } from './measurement.ts';
import type { Bench } from './stage.ts';
import { STAGES, type StageName } from './stages/all.ts';

// One stage in a process of its own: what ran before must not have warmed, filled or spoiled anything.

export type ToStageProcess = { readonly stage: StageName; readonly quick: boolean };

export type FromStageProcess =
  | { readonly type: 'measured'; readonly measurement: Measurement }
  | { readonly type: 'failed'; readonly message: string };

const RUNS = 3;
const undo: (() => unknown)[] = [];
let cleaning: Promise<void> | undefined;

function tell(message: FromStageProcess): void {
  if (process.connected) process.send?.(message);
}

/** Undoes everything once, whoever asks: a stage that fails because it is being stopped asks too. */
function cleanUp(): Promise<void> {
  cleaning ??= undoAll();
  return cleaning;
}

async function undoAll(): Promise<void> {
  for (let last = undo.pop(); last; last = undo.pop()) {
    try {
      await last();
    } catch (error) {
      tell({ type: 'failed', message: `cleaning up: ${error instanceof Error ? error.message : error}` });
    }
  }
}

async function run({ stage, quick }: ToStageProcess): Promise<void> {
  const bench: Bench = {
    quick,
    fleets: quick ? [1000, 10_000] : [1000, 10_000, 50_000],
    runs: RUNS,
    // The bench made it for this process and removes it.
    dir: tmpdir(),
    report: (measurement) => tell({ type: 'measured', measurement }),
    defer: (how) => undo.push(how),
  };
  try {
    await STAGES[stage](bench);
  } catch (error) {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
  await cleanUp();
  if (process.connected) process.disconnect();
}

async function stop(): Promise<void> {
  await cleanUp();
  process.exit(1);
}

process.once('SIGTERM', stop);
process.once('message', (message: ToStageProcess) => {
  process.once('disconnect', () => void cleanUp().then(() => process.exit()));
  void run(message);
});
