import { parentPort, workerData } from 'node:worker_threads';
import { HistoryError } from '../../history/errors.ts';
import { refusalOf } from '../replay/open-target.ts';
import { stepBack } from '../replay/step-back.ts';
import { BacktestError } from './backtest-error.ts';
import type { BacktestWorkerData, FromBacktestWorker } from './backtest-messages.ts';
import { progressOf } from './backtest-progress.ts';
import { runBacktest } from './backtest-run.ts';
import { openBacktest } from './open-backtest.ts';

// One back-test, then the end. It is given up by ending the thread.

const PROGRESS_EVERY_MS = 250;

const tell = (message: FromBacktestWorker): void => parentPort?.postMessage(message);

stepBack();
try {
  const notes: string[] = [];
  const open = openBacktest(workerData as BacktestWorkerData, (note) => notes.push(note));
  const run = runBacktest(open.options);
  const startedMs = performance.now();
  let toldMs = startedMs;
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) {
      tell({ type: 'done', result: { ...step.value, notes: [...notes, ...step.value.notes] } });
      break;
    }
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_EVERY_MS) continue;
    toldMs = nowMs;
    tell({ type: 'progress', ...progressOf(step.value, open.messages, nowMs - startedMs) });
  }
  open.close();
} catch (error) {
  const known = error instanceof BacktestError || error instanceof HistoryError;
  tell({ type: 'refused', ...(known ? { kind: error.kind, message: error.message } : refusalOf(error)) });
}
