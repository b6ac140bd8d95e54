import type { DeliveryState, NoticeChannel, NoticeReason } from '../model/notices.ts';

/** A notice that windows show or sound; pushed once. */
export interface ShownNotice {
  readonly id: string;
  readonly channel: Extract<NoticeChannel, 'desktop' | 'sound'>;
  /** Most urgent alert in it. 1 is critical. */
  readonly priority: number;
  readonly subject: string;
  readonly body: string;
  readonly alertIds: readonly string[];
}

/** One notice on its way to one receiver. Times are Unix ms. */
export interface ListedNotice {
  readonly id: string;
  readonly channel: NoticeChannel;
  readonly route: string;
  /** Mail address, name of a webhook, or empty. */
  readonly target: string;
  readonly reason: NoticeReason;
  readonly priority: number;
  readonly alertIds: readonly string[];
  readonly vehicleId: string;
  readonly subject: string;
  readonly atMs: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Next attempt, where there will be one. */
  readonly dueMs: number | null;
  /** When it came to its end. */
  readonly doneMs: number | null;
  /** Why the last attempt failed; empty when none did. */
  readonly error: string;
}

/** Questions about what people and systems were told. */
export interface NoticeRequests {
  /** The newest first, at most 1,000. `problems`: sentences about what keeps notices from being delivered. */
  'notices.list': {
    args: { limit: number; state?: DeliveryState };
    result: { notices: ListedNotice[]; problems: string[] };
  };
  /** Has a notice that was given up, or was too old, sent again; answers to how many receivers. */
  'notices.retry': { args: { id: string }; result: { receivers: number } };
  /** Sends a notice through a route of `notify.yaml`, that says it is a test. */
  'notices.test': { args: { route: string; operator: string }; result: { id: string } };
}
