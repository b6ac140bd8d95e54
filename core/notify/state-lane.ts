import type { PublishBroker } from './delivery-settings.ts';
import type { Outbox } from './outbox.ts';
import { alertTopic, openPublisher, type Publisher } from './publisher.ts';

/** States under way at one time. */
const WINDOW = 64;

/** Publishes the states of alerts in their order. What the broker has not confirmed when a connection ends is published again. */
export class StateLane {
  /** Why nothing is published: a sentence; empty when all is well. */
  problem = '';
  readonly #outbox: Outbox;
  readonly #publisher: Publisher;
  readonly #topic: string;
  readonly #now: () => number;
  readonly #underWay = new Set<number>();
  #lastSeq = 0;
  #confirmed: number[] = [];
  #isClosed = false;

  constructor(broker: PublishBroker, outbox: Outbox, now: () => number) {
    this.#outbox = outbox;
    this.#topic = broker.topic;
    this.#now = now;
    this.#publisher = openPublisher(broker, {
      connected: () => {
        this.problem = '';
        this.#startAnew();
      },
      lost: (why) => {
        this.problem = why;
        this.#startAnew();
      },
    });
  }

  /** Writes down what was confirmed and publishes what waits. Throws when the outbox cannot be written. */
  pump(): void {
    if (this.#isClosed) return;
    this.#flush();
    if (!this.#publisher.isConnected) return;
    const room = WINDOW - this.#underWay.size;
    if (room <= 0) return;
    for (const { seq, vehicleId, alertIds, payload } of this.#outbox.states(this.#lastSeq, room)) {
      this.#lastSeq = seq;
      this.#underWay.add(seq);
      this.#publisher.publish(alertTopic(this.#topic, vehicleId, alertIds[0]), payload, () => this.#done(seq));
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#publisher.close();
    this.#flush();
  }

  #startAnew(): void {
    this.#underWay.clear();
    this.#lastSeq = 0;
  }

  #done(seq: number): void {
    if (!this.#underWay.delete(seq)) return;
    this.#confirmed.push(seq);
    // Confirmations come in runs: one commit for each run.
    if (this.#confirmed.length > 1) return;
    setImmediate(() => {
      try {
        this.pump();
      } catch {
        // They stay unwritten until the next pump, which says why.
      }
    });
  }

  #flush(): void {
    if (this.#confirmed.length > 0) this.#outbox.sent(this.#confirmed, this.#now());
    this.#confirmed = [];
  }
}
