import { type Alert, PRIORITY } from '../model/alerts.ts';

/**
 * The alerts that are over and wait only for an acknowledgement: what a full book may close by itself. Oldest first within
 * each priority, by when they came in here.
 */
export class WaitingAlerts {
  readonly #byPriority: readonly Map<string, Alert>[] = Array.from({ length: PRIORITY.low + 1 }, () => new Map());
  /** The queue in which an alert is, by id. */
  readonly #queueOf = new Map<string, Map<string, Alert>>();

  get size(): number {
    return this.#queueOf.size;
  }

  /** Takes the alert in or lets it go, as its state now asks for. */
  update(alert: Alert): void {
    const waits = alert.condition === 'cleared' && !alert.acknowledged;
    const queue = waits ? this.#byPriority[alert.priority] : undefined;
    const before = this.#queueOf.get(alert.id);
    if (queue === before) return;
    before?.delete(alert.id);
    queue?.set(alert.id, alert);
    if (queue) this.#queueOf.set(alert.id, queue);
    else this.#queueOf.delete(alert.id);
  }

  /** The oldest of the least urgent. */
  first(): Alert | undefined {
    return this.#byPriority
      .findLast((queue) => queue.size > 0)
      ?.values()
      .next().value;
  }

  /** Ids in an order from which `update` builds the same queues. */
  ids(): string[] {
    return this.#byPriority.flatMap((queue) => [...queue.keys()]);
  }
}
