import { parentPort, workerData } from 'node:worker_threads';
import { indexPass } from './index-pass.ts';
import { openTarget } from './open-target.ts';
import { memoryOf } from './pack-moments.ts';
import type { FromIndexWorker, IndexWorkerData } from './replay-messages.ts';
import { stepBack } from './step-back.ts';

// Looks a recording through once and gives its moments to the replay, so that seeking is fast. Runs beside playing.

const { target, startPosition, endPosition, messages, startState, ...place } = workerData as IndexWorkerData;
const tell = (message: FromIndexWorker, transfer: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);

stepBack();
// What cannot be read is reported by the replay, which reads the same bytes.
const source = openTarget(place, target, () => {});
const { name, startMs, endMs, topicPrefix } = source;
const stretch = {
  ...{ name, startMs, endMs, topicPrefix, startPosition, endPosition, messages, startState },
  records: (position: number) => source.records(position),
  positionAt: (ms: number) => source.positionAt(ms),
  close: () => source.close(),
};
for await (const moment of indexPass(stretch)) {
  tell({ type: 'moment', moment }, memoryOf(moment));
}
tell({ type: 'done' });
source.close();
