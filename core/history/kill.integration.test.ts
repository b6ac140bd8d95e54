import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFile } from './testing/batches.ts';
import { dump } from './testing/dump.ts';
import { toyBatch } from './testing/toy-engine.ts';
import { toyRun } from './testing/toy-run.ts';
import { openHistory } from './writer.ts';

const PROGRAM = fileURLToPath(new URL('./testing/commit-forever.ts', import.meta.url));
const SEED = 11;

/** Runs the committing program and kills it (SIGKILL) at its `commits`-th commit; gives back how far it said it was. */
async function runAndKill(file: string, commits: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, file, String(SEED)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  let said = 0;
  let lines = 0;
  for await (const line of createInterface(child.stdout)) {
    said = Number(line);
    if (++lines === commits) child.kill('SIGKILL');
  }
  await gone;
  return said;
}

it('a history whose writer is killed again and again is that of one run', async () => {
  const file = temporaryFile();
  const events = toyRun(SEED);
  let killed = 0;
  for (let round = 0; round < 10; round++) {
    const said = await runAndKill(file, 3 + ((round * 5) % 11));
    const writer = openHistory({ file });
    expect(writer.lastCommit()?.position).toBeGreaterThanOrEqual(said);
    writer.close();
    if (said < events.length) killed++;
  }
  expect(killed).toBeGreaterThan(2);
  await runAndKill(file, Number.POSITIVE_INFINITY);

  const once = temporaryFile();
  const writer = openHistory({ file: once });
  writer.commit(toyBatch(events, 0, events.length, true));
  writer.close();
  expect(dump(file)).toEqual(dump(once));
});
