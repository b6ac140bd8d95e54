import type { AlertKpis, ResponseTimes } from '../model/alert-kpis.ts';

const LISTED = 100;

/** How long alerts waited, of all and by operator. Clocks of vehicles may be ahead: a wait is never below 0. */
export function responseTimes(rows: readonly [operator: string, waitedMs: number][]): AlertKpis['response'] {
  const byOperator = new Map<string, number[]>();
  for (const [operator, waitedMs] of rows) {
    const waits = byOperator.get(operator);
    if (waits) waits.push(Math.max(0, waitedMs));
    else byOperator.set(operator, [Math.max(0, waitedMs)]);
  }
  const operators = [...byOperator].map(([operator, waits]) => ({ operator, ...timesOf(waits) }));
  operators.sort((a, b) => b.acknowledged - a.acknowledged || (a.operator < b.operator ? -1 : 1));
  return { ...timesOf([...byOperator.values()].flat()), operators: operators.slice(0, LISTED) };
}

function timesOf(waitsMs: readonly number[]): ResponseTimes {
  const sorted = Float64Array.from(waitsMs).sort();
  return { acknowledged: sorted.length, medianMs: quantile(sorted, 0.5), p90Ms: quantile(sorted, 0.9) };
}

/** The smallest value that at least that part of all values do not exceed; null without any. */
function quantile(sorted: Float64Array, part: number): number | null {
  return sorted.length === 0 ? null : sorted[Math.ceil(part * sorted.length) - 1];
}
