import { FLOOD_SPAN_MS, FLOOD_STARTS_ABOVE } from '../../model/alert-floods.ts';
import type { AlertLoad } from '../../protocol/backtest.ts';

const DAY_MS = 86_400_000;
/** EEMUA 191: alerts for one operator in 10 min. */
const TARGET = 1;
const LIMIT = 2;

/** What alerts raised at these times (Unix ms) ask of operators over a stretch. Raised before or behind it count at its ends. */
export function alertLoad(raisedMs: readonly number[], fromMs: number, toMs: number, operators: number): AlertLoad {
  const spans = new Uint32Array(Math.max(1, Math.ceil((toMs - fromMs) / FLOOD_SPAN_MS)));
  for (const atMs of raisedMs) {
    const span = Math.floor((atMs - fromMs) / FLOOD_SPAN_MS);
    spans[Math.min(spans.length - 1, Math.max(0, span))]++;
  }
  const shareAbove = (limit: number): number => {
    let above = 0;
    for (const alerts of spans) if (alerts > limit * operators) above++;
    return above / spans.length;
  };
  const perDay = (raisedMs.length * DAY_MS) / Math.max(1, toMs - fromMs);
  return {
    alerts: raisedMs.length,
    perDay,
    perOperatorDay: perDay / operators,
    averagePer10Min: ((perDay / operators) * FLOOD_SPAN_MS) / DAY_MS,
    peakPer10Min: Math.max(...spans) / operators,
    shareOverTarget: shareAbove(TARGET),
    shareOverLimit: shareAbove(LIMIT),
    shareInFlood: shareAbove(FLOOD_STARTS_ABOVE),
  };
}
