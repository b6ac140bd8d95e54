import type { BacktestProgress } from '../../protocol/backtest.ts';

/** How far a back-test is after `messages` of `of` in `elapsedMs`. */
export function progressOf(messages: number, of: number, elapsedMs: number): Omit<BacktestProgress, 'id'> {
  const share = of > 0 ? Math.min(1, messages / of) : 1;
  const perMs = messages / Math.max(1, elapsedMs);
  const etaS = perMs > 0 ? Math.round(Math.max(0, of - messages) / perMs / 1000) : 0;
  return { share, messagesPerSecond: Math.round(perMs * 1000), etaS };
}
