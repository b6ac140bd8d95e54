import type { NoticeChannel } from '../model/notices.ts';
import type { DeliveryRow, Outcome, Send } from './delivery-row.ts';
import type { Outbox } from './outbox.ts';
import { GIVE_UP_MS, retryDelayMs } from './retry-times.ts';

export interface LaneOptions {
  readonly channel: NoticeChannel;
  readonly outbox: Outbox;
  readonly send: Send;
  readonly now: () => number;
  /** Attempts at one time at one receiver: one that does not answer must not keep the others waiting. */
  readonly perTarget: number;
}

/** Sends what is due on one channel, a few at a time, and writes down what came of it. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #busy = new Map<string, number>();
  readonly #attempts = new Set<Promise<void>>();
  /** What the disk did not take. */
  #unwritten: (readonly [delivery: DeliveryRow, outcome: Outcome])[] = [];
  #isClosed = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Begins what is due and for which there is room. Throws when the outbox cannot be written. */
  pump(): void {
    if (this.#isClosed) return;
    this.#write();
    const { channel, outbox, now, perTarget } = this.#options;
    for (const target of outbox.dueTargets(channel, now())) {
      const room = perTarget - (this.#busy.get(target) ?? 0);
      if (room > 0) for (const delivery of outbox.begin(channel, target, now(), room)) this.#attempt(delivery);
    }
  }

  /** Begins nothing more and waits for what was begun, at most so long; what has no end then is in doubt at the next start. */
  async close(waitMs: number): Promise<void> {
    this.#isClosed = true;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await Promise.race([Promise.all(this.#attempts), tooLong]);
    clearTimeout(timer);
  }

  #attempt(delivery: DeliveryRow): void {
    const { target } = delivery;
    this.#busy.set(target, (this.#busy.get(target) ?? 0) + 1);
    const attempt = this.#options
      .send(delivery)
      .then((outcome) => {
        this.#attempts.delete(attempt);
        const left = (this.#busy.get(target) ?? 1) - 1;
        if (left > 0) this.#busy.set(target, left);
        else this.#busy.delete(target);
        this.#unwritten.push([delivery, outcome]);
        this.#write();
        this.pump();
      })
      // It stays unwritten until the next pump, which says why.
      .catch(() => {});
    this.#attempts.add(attempt);
  }

  #write(): void {
    for (let next = this.#unwritten[0]; next; next = this.#unwritten[0]) {
      this.#note(...next);
      this.#unwritten.shift();
    }
  }

  #note({ seq, attempts, firstMs }: DeliveryRow, outcome: Outcome): void {
    const { outbox, now } = this.#options;
    const nowMs = now();
    if (outcome.sent) outbox.sent([seq], nowMs);
    else if (outcome.isFinal) outbox.dead(seq, nowMs, outcome.error);
    else {
      const dueMs = nowMs + retryDelayMs(attempts, outcome.retryAfterMs);
      if (dueMs - firstMs > GIVE_UP_MS) outbox.dead(seq, nowMs, outcome.error);
      else outbox.failed(seq, outcome.inDoubt ? 'in-doubt' : 'waiting', dueMs, outcome.error);
    }
  }
}
