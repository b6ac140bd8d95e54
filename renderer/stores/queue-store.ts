import { createStore } from 'zustand/vanilla';
import { PRIORITY, type Priority } from '../../core/model/alerts.ts';

export interface QueueFilter {
  readonly priorities: ReadonlySet<Priority>;
  readonly unacknowledgedOnly: boolean;
  /** Matched against vehicle, rule and message, in any letter case. */
  readonly text: string;
}

export interface QueueState {
  readonly tab: 'open' | 'history';
  readonly filter: QueueFilter;
  readonly selectedId: string | undefined;
  /** The alert whose comment is being typed. */
  readonly formFor: string | undefined;
  /** Acknowledgements on their way to the room. */
  readonly sending: ReadonlySet<string>;
}

export type QueueStore = ReturnType<typeof createQueueStore>;

export const ALL_PRIORITIES: ReadonlySet<Priority> = new Set(Object.values(PRIORITY));

export function createQueueStore() {
  return createStore<QueueState>()(() => ({
    tab: 'open',
    filter: { priorities: ALL_PRIORITIES, unacknowledgedOnly: false, text: '' },
    selectedId: undefined,
    formFor: undefined,
    sending: new Set(),
  }));
}
