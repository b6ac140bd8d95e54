import type { DeliveryState, Notice, NoticeChannel } from '../model/notices.ts';

/** One notice on its way to one receiver. */
export interface DeliveryRow extends Omit<Notice, 'to'> {
  /** Order of delivery. */
  readonly seq: number;
  /** Mail address, name of a webhook, or empty. */
  readonly target: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** First attempt, Unix ms; 0 before it. */
  readonly firstMs: number;
  /** Next attempt, Unix ms. */
  readonly dueMs: number;
  /** When it came to its end, Unix ms; undefined before. */
  readonly doneMs: number | undefined;
  /** Why the last attempt failed: a sentence; empty when none did. */
  readonly error: string;
}

/** How one attempt ended. */
export type Outcome =
  | { readonly sent: true }
  | {
      readonly sent: false;
      /** A sentence without secrets. */
      readonly error: string;
      /** Trying again would not help. */
      readonly isFinal?: boolean;
      /** The receiver may have it all the same. */
      readonly inDoubt?: boolean;
      /** The receiver asks not to be tried before, ms from now. */
      readonly retryAfterMs?: number;
    };

/** Sends one delivery; never throws. */
export type Send = (delivery: DeliveryRow) => Promise<Outcome>;

/** Channels whose notices are shown in windows. */
export function isOnScreen(channel: NoticeChannel): boolean {
  return channel === 'desktop' || channel === 'sound';
}
