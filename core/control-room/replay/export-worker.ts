import { parentPort, workerData } from 'node:worker_threads';
import { recordSource } from '../recording/export-recording.ts';
import { openTarget, refusalOf } from './open-target.ts';
import type { ExportWorkerData, FromExportWorker } from './replay-messages.ts';
import { stepBack } from './step-back.ts';

// Writes a recording and ends.

const PROGRESS_EVERY_MS = 250;

const { target, fromMs, toMs, dataDir, topicPrefix, ...recording } = workerData as ExportWorkerData;
const tell = (message: FromExportWorker): void => parentPort?.postMessage(message);
let toldMs = 0;

function onProgress(messages: number, of: number): void {
  const nowMs = performance.now();
  if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
  toldMs = nowMs;
  tell({ type: 'progress', messages, of });
}

stepBack();
try {
  const source = openTarget({ dataDir, topicPrefix }, target, () => {}, { fromMs, toMs });
  const { messages, startMs, endMs } = await recordSource(source, { ...recording, onProgress });
  source.close();
  tell({ type: 'done', messages, startMs, endMs });
} catch (error) {
  tell({ type: 'refused', ...refusalOf(error) });
}
