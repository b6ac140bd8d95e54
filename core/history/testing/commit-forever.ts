import { openHistory } from '../writer.ts';
import { toyBatch } from './toy-engine.ts';
import { toyRun } from './toy-run.ts';

// Runs until it is killed: goes on from the newest checkpoint like the room does, and says after each commit how far it is.
const [file, seed] = process.argv.slice(2);
const events = toyRun(Number(seed));
const writer = openHistory({ file });
let at = writer.loadCheckpoint()[0]?.position ?? 0;
for (let n = 1; at < events.length; n++) {
  const to = Math.min(events.length, at + 1 + ((at * 7 + n) % 5));
  writer.commit(toyBatch(events, at, to, n % 4 === 0 || to === events.length));
  at = to;
  process.stdout.write(`${at}\n`);
}
writer.close();
