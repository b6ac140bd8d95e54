import { parentPort, workerData } from 'node:worker_threads';
import { openHistory } from '../../core/history/writer.ts';
import { secondBatches } from '../fleet/stream-batches.ts';

// Writes a second's outputs each second, as the room does, until it is told to stop; then says how long each commit took.

const { file, vehicles, startMs } = workerData as { file: string; vehicles: number; startMs: number };
const history = openHistory({ file });
const batches = secondBatches(vehicles, startMs, history.lastCommit()?.position ?? 0);
const commitMs: number[] = [];

const write = (): void => {
  const batch = batches.next().value;
  const beganMs = performance.now();
  history.commit(batch);
  commitMs.push(performance.now() - beganMs);
};
write();
const timer = setInterval(write, 1000);
parentPort?.postMessage('writing');
parentPort?.once('message', () => {
  clearInterval(timer);
  history.close();
  parentPort?.postMessage(commitMs);
  parentPort?.close();
});
