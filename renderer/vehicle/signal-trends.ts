import { SIGNALS } from '../../core/model/signals.ts';
import type { VehicleDetail, VehicleMinutes } from '../../core/protocol/requests.ts';

/** How far back trends go. */
export const TREND_MS = 60 * 60_000;
/** Live values closer than this to the last point replace it: at most 720 points an hour. */
const LIVE_STEP_MS = 5000;

export interface Trend {
  /** Unix seconds, ascending. */
  readonly timeS: number[];
  readonly values: number[];
}

/** The last hour of one vehicle by signal column: minute samples from the history, then live values. */
export interface SignalTrends {
  trend(column: number): Trend;
  /** Puts the history before the live values that have come meanwhile. */
  load(minutes: VehicleMinutes): void;
  append(detail: Pick<VehicleDetail, 'lastEventMs' | 'signals'>): void;
}

export function createSignalTrends(): SignalTrends {
  let trends: Trend[] = SIGNALS.map(() => ({ timeS: [], values: [] }));
  let newestMs = 0;

  return {
    trend: (column) => trends[column],
    load(minutes) {
      trends = SIGNALS.map(({ name }, column) => {
        const live = trends[column];
        const loaded: Trend = { timeS: [], values: [] };
        const firstLiveS = live.timeS[0] ?? Number.POSITIVE_INFINITY;
        minutes.values[name]?.forEach((value, i) => {
          const timeS = minutes.minuteMs[i] / 1000;
          if (value !== null && timeS < firstLiveS) push(loaded, timeS, value);
        });
        return { timeS: [...loaded.timeS, ...live.timeS], values: [...loaded.values, ...live.values] };
      });
    },
    append({ lastEventMs, signals }) {
      if (lastEventMs <= newestMs) return;
      newestMs = lastEventMs;
      signals.forEach((value, column) => {
        const trend = trends[column];
        if (value === null || trend === undefined) return;
        const beforeLastS = trend.timeS.at(-2) ?? Number.NEGATIVE_INFINITY;
        if ((trend.timeS.at(-1) ?? 0) - beforeLastS < LIVE_STEP_MS / 1000) drop(trend);
        push(trend, lastEventMs / 1000, value);
        trim(trend, (lastEventMs - TREND_MS) / 1000);
      });
    },
  };
}

function push(trend: Trend, timeS: number, value: number): void {
  trend.timeS.push(timeS);
  trend.values.push(value);
}

function drop(trend: Trend): void {
  trend.timeS.pop();
  trend.values.pop();
}

function trim(trend: Trend, fromS: number): void {
  const keep = trend.timeS.findIndex((t) => t >= fromS);
  if (keep <= 0) return;
  trend.timeS.splice(0, keep);
  trend.values.splice(0, keep);
}
