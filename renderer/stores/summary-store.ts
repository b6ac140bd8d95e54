import { createStore } from 'zustand/vanilla';
import type { Summary } from '../../core/protocol/events.ts';

export interface SummaryState {
  /** The newest summary; kept while the link is lost, so that the screen shows what was last known. */
  readonly summary: Summary | undefined;
  /** Event time to this window's screen, ms, over the last 30 s. */
  readonly screenLagP50Ms: number | undefined;
  readonly screenLagP99Ms: number | undefined;
  /** Newest event time seen by this window, Unix ms. */
  readonly newestEventMs: number | undefined;
}

export type SummaryStore = ReturnType<typeof createSummaryStore>;

export function createSummaryStore() {
  return createStore<SummaryState>()(() => ({
    summary: undefined,
    screenLagP50Ms: undefined,
    screenLagP99Ms: undefined,
    newestEventMs: undefined,
  }));
}
