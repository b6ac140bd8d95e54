import { type Alert, alertState } from '../../core/model/alerts.ts';
import { formatAge, formatCount, formatWhen } from '../common/format.ts';

/** Whom history and alerts name when nobody did it. */
const ENGINE = 'engine';

/** What an operator reads about the state of an alert: who acknowledged it, when it cleared, why it is not in the queue. */
export function stateText(alert: Alert, nowMs: number): string {
  const state = alertState(alert);
  switch (state) {
    case 'unacknowledged':
      return `Unacknowledged${conditionNote(alert, nowMs)}`;
    case 'returned':
      return `Cleared ${clearedWhen(alert, nowMs)}, unacknowledged`;
    case 'acknowledged':
      return `${acknowledgedText(alert, nowMs)}${conditionNote(alert, nowMs)}`;
    case 'latched':
      return `Over, held until it is reset. ${acknowledgedText(alert, nowMs)}`;
    case 'shelved':
      return shelvedText(alert, nowMs);
    case 'suppressed':
      return `Suppressed: ${alert.suppressed?.ruleId ?? 'another alert'} explains it`;
    case 'out-of-service':
      return `Out of service by ${alert.outOfService?.by ?? 'someone'}: ${alert.outOfService?.reason ?? ''}`;
    case 'closed':
      return closedText(alert, nowMs);
  }
}

function conditionNote({ condition, chattering, quietMs }: Alert, nowMs: number): string {
  if (condition === 'unknown') return ', signal missing';
  return chattering && quietMs !== undefined ? `, quiet since ${formatWhen(quietMs, nowMs)}` : '';
}

function shelvedText({ shelved }: Alert, nowMs: number): string {
  if (!shelved) return 'Shelved';
  return `Shelved until ${formatWhen(shelved.untilMs, nowMs)} by ${shelved.by}: ${shelved.reason}`;
}

function closedText(alert: Alert, nowMs: number): string {
  const when = clearedWhen(alert, nowMs);
  if (alert.acknowledgedBy === ENGINE) return `Closed ${when} by the room`;
  return `Closed ${when}. ${acknowledgedText(alert, nowMs)}`;
}

function clearedWhen(alert: Alert, nowMs: number): string {
  return alert.clearedMs === undefined ? '' : formatWhen(alert.clearedMs, nowMs);
}

function acknowledgedText(alert: Alert, nowMs: number): string {
  const by = alert.acknowledgedBy ?? 'someone';
  const at = alert.acknowledgedMs === undefined ? '' : ` ${formatWhen(alert.acknowledgedMs, nowMs)}`;
  return `Acknowledged by ${by}${at}`;
}

/** What an entry stands for beside itself: `212 vehicles`, `3 more alerts`, `happened 4 times`; empty for a plain alert. */
export function entryText({ group, repeats = 0, chattering }: Alert): string {
  const parts: string[] = [];
  if (group?.kind === 'area') parts.push(`${formatCount(group.count)} vehicles`);
  else if (group && group.count > 1) {
    parts.push(group.count === 2 ? '1 more alert' : `${formatCount(group.count - 1)} more alerts`);
  }
  if (chattering) parts.push('chattering');
  if (repeats > 0) parts.push(`happened ${formatCount(repeats + 1)} times`);
  return parts.join(', ');
}

/** How long ago it was raised. */
export function alertAge(alert: Alert, nowMs: number): string {
  return formatAge(nowMs - alert.raisedMs);
}
