import { type Alert, alertState } from '../../core/model/alerts.ts';
import { formatAge, formatWhen } from '../common/format.ts';

/** What an operator reads about the state of an alert: who acknowledged it, when it cleared. */
export function stateText(alert: Alert, nowMs: number): string {
  switch (alertState(alert)) {
    case 'unacknowledged':
      return alert.condition === 'unknown' ? 'Unacknowledged, signal missing' : 'Unacknowledged';
    case 'returned':
      return `Cleared ${clearedWhen(alert, nowMs)}, unacknowledged`;
    case 'acknowledged':
      return `${acknowledgedText(alert, nowMs)}${alert.condition === 'unknown' ? ', signal missing' : ''}`;
    case 'closed':
      return `Closed ${clearedWhen(alert, nowMs)}. ${acknowledgedText(alert, nowMs)}`;
  }
}

function clearedWhen(alert: Alert, nowMs: number): string {
  return alert.clearedMs === undefined ? '' : formatWhen(alert.clearedMs, nowMs);
}

function acknowledgedText(alert: Alert, nowMs: number): string {
  const by = alert.acknowledgedBy ?? 'someone';
  const at = alert.acknowledgedMs === undefined ? '' : ` ${formatWhen(alert.acknowledgedMs, nowMs)}`;
  return `Acknowledged by ${by}${at}`;
}

/** How long ago it was raised. */
export function alertAge(alert: Alert, nowMs: number): string {
  return formatAge(nowMs - alert.raisedMs);
}
