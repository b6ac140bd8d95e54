import type { BacktestResult } from '../../protocol/backtest.ts';
import type { BacktestPlan } from './open-backtest.ts';

/** What a back-test's worker is started with. */
export type BacktestWorkerData = BacktestPlan;

/** back-test worker → engine worker; `done` or `refused` is the last. */
export type FromBacktestWorker =
  | { readonly type: 'progress'; readonly share: number; readonly messagesPerSecond: number; readonly etaS: number }
  | { readonly type: 'done'; readonly result: BacktestResult }
  | { readonly type: 'refused'; readonly kind: string; readonly message: string };
