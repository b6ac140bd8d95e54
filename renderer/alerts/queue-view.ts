import type { Alert } from '../../core/model/alerts.ts';
import type { QueueFilter } from '../stores/queue-store.ts';

/** The alerts that pass the filter, in the order given. */
export function visibleAlerts(sorted: readonly Alert[], filter: QueueFilter): readonly Alert[] {
  const text = filter.text.trim().toLowerCase();
  return sorted.filter(
    (a) =>
      filter.priorities.has(a.priority) &&
      !(filter.unacknowledgedOnly && a.acknowledged) &&
      (text === '' || `${a.vehicleId} ${a.ruleName} ${a.message}`.toLowerCase().includes(text)),
  );
}

/** The id one further in `direction`; from nowhere it is the first or the last. Stops at the ends. */
export function step(shown: readonly Alert[], selectedId: string | undefined, direction: 1 | -1): string | undefined {
  if (shown.length === 0) return undefined;
  const at = shown.findIndex((a) => a.id === selectedId);
  if (at < 0) return (direction === 1 ? shown[0] : shown[shown.length - 1]).id;
  return shown[Math.min(shown.length - 1, Math.max(0, at + direction))].id;
}

/** Where the selection goes when `alertId` is acknowledged: the next that waits, else the last before it that does. */
export function nextAfterAcknowledge(shown: readonly Alert[], alertId: string): string | undefined {
  const at = shown.findIndex((a) => a.id === alertId);
  const waits = (a: Alert): boolean => !a.acknowledged && a.id !== alertId;
  return (shown.slice(at + 1).find(waits) ?? shown.slice(0, Math.max(0, at)).findLast(waits))?.id;
}

/** The rows of a long list to render: a window around what is scrolled into view. */
export interface RowWindow {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

export function rowWindow(scrollTop: number, viewHeight: number, rowHeight: number, rows: number): RowWindow {
  const overscan = 4;
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
  return {
    first: Math.min(first, rows),
    end: Math.min(rows, Math.ceil((scrollTop + viewHeight) / rowHeight) + overscan),
  };
}
