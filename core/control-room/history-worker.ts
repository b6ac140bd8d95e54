import { parentPort, workerData } from 'node:worker_threads';
import { HistoryError } from '../history/errors.ts';
import { type HistoryWriter, openHistory } from '../history/writer.ts';
import { KeyframeWriter } from '../journal/keyframe-writer.ts';
import { Keyframes } from '../journal/keyframes.ts';
import { listSegments } from '../journal/segment-files.ts';
import type { OutputBatch } from '../model/outputs.ts';
import type { FromHistory, HistoryStart, HistoryWorkerData, ToHistory } from './worker-messages.ts';

// The only writer of the history. Commits what the engine sends; keeps and retries what the disk refuses.

const RETRY_MS = 5000;
const PRUNE_EVERY_MS = 60_000;
const PRUNE_BUDGET_MS = 40;

const { file, port, maxAgeMs, keyframesDir, journalDir } = workerData as HistoryWorkerData;
const tell = (message: FromHistory): void => port.postMessage(message);
const start = (message: HistoryStart): void => parentPort?.postMessage(message);

function open(): HistoryWriter | undefined {
  try {
    return openHistory({ file });
  } catch (error) {
    start({ type: 'refused', message: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

function serve(history: HistoryWriter): void {
  const keyframes = new KeyframeWriter(
    new Keyframes({ dir: keyframesDir }),
    () => listSegments(journalDir)[0]?.base ?? 0,
  );
  const waiting: OutputBatch[] = [];
  let retry: NodeJS.Timeout | undefined;
  let closing = false;

  const drain = (): void => {
    retry = undefined;
    while (waiting.length > 0) {
      const batch = waiting[0];
      try {
        history.commit(batch);
      } catch (error) {
        if (!(error instanceof HistoryError)) throw error;
        tell({ type: 'failing', message: error.message });
        if (!closing) retry = setTimeout(drain, RETRY_MS);
        return;
      }
      waiting.shift();
      tell({ type: 'committed', position: batch.toPosition });
      const { checkpoint: state, toPosition: position, engineMs } = batch;
      if (state) keyframes.offer({ position, engineMs, state });
    }
  };

  const prune = (): void => {
    try {
      const { more } = history.prune({ olderThanMs: maxAgeMs, nowMs: Date.now(), budgetMs: PRUNE_BUDGET_MS });
      if (more) setTimeout(prune, 1000).unref();
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      tell({ type: 'failing', message: error.message });
    }
  };
  const pruneTimer = setInterval(prune, PRUNE_EVERY_MS);

  port.on('message', (message: ToHistory) => {
    if (message.type === 'commit') {
      waiting.push(message.batch);
      if (!retry) drain();
      return;
    }
    closing = true;
    clearInterval(pruneTimer);
    clearTimeout(retry);
    drain();
    history.close();
    void keyframes.settled().then(() => {
      tell({ type: 'closed' });
      port.close();
    });
  });
  const checkpoints = history.loadCheckpoint().map(({ position, state }) => ({ position, state }));
  tell({ type: 'opened', committedPosition: history.lastCommit()?.position ?? 0, checkpoints });
  start({ type: 'opened' });
}

const history = open();
if (history) serve(history);
