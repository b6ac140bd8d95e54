import { Engine, type EngineOptions } from '../engine/engine.ts';
import { readJournal } from '../journal/read-journal.ts';

/** Work between two looks at the clock and at waiting messages, ms. */
const SLICE_MS = 50;

/** The engine as of the newest checkpoint that can be read, or a new one. `onNote` is told why one could not. */
export function restoreEngine(
  checkpoints: Iterable<{ readonly position: number; readonly state: Uint8Array }>,
  options: EngineOptions,
  onNote: (sentence: string) => void,
): Engine {
  for (const { position, state } of checkpoints) {
    try {
      return Engine.restore(state, options);
    } catch (error) {
      onNote(`The checkpoint at ${position} was not used: ${error instanceof Error ? error.message : error}.`);
    }
  }
  return new Engine(options);
}

/** Reads the journal on from where the engine stands to its end. Yields to other work in between. Answers the records read. */
export async function catchUp(engine: Engine, journalDir: string, onNote: (sentence: string) => void): Promise<number> {
  let records = 0;
  let sliceEnds = Date.now() + SLICE_MS;
  const onDamage = ({ file, position, detail }: { file: string; position: number; detail: string }): void =>
    onNote(`The journal is damaged at ${position} in ${file}: ${detail}. Reading went on with the next segment.`);
  for (const record of readJournal(journalDir, { from: engine.position, onDamage })) {
    engine.process(record);
    engine.fleet.lagSampleCount = 0;
    records++;
    if (Date.now() < sliceEnds) continue;
    await new Promise((resolve) => setImmediate(resolve));
    sliceEnds = Date.now() + SLICE_MS;
  }
  return records;
}
