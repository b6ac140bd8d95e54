import { type Alert, PRIORITY } from '../model/alerts.ts';

/**
 * The alerts that are over and wait only for an acknowledgement: what a full book may close by itself. Oldest first within
 * each priority, by when they came in here.
 */
export class WaitingAlerts {
  readonly #byPriority: readonly Map<string, Alert>[] = Array.from({ length: PRIORITY.low + 1 }, () => new Map());
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Takes the alert in or lets it go, as its state now asks for. */
  update(alert: Alert): void {
    const queue = this.#byPriority[alert.priority];
    const waits = alert.condition === 'cleared' && !alert.acknowledged;
    if (waits === queue.has(alert.id)) return;
    if (waits) queue.set(alert.id, alert);
    else queue.delete(alert.id);
    this.#size += waits ? 1 : -1;
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
