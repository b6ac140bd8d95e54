import { PRIORITY_NAMES, type Priority } from '../../model/alerts.ts';
import { type Cause, ENGINE, type Ledger } from './ledger.ts';
import { isHidden, isOn, type OpenAlert } from './open-alert.ts';

/** Acknowledges one alert; what latches it lets go, unless it asks for a reset. Answers false when it is acknowledged already. */
export function acknowledge(ledger: Ledger, open: OpenAlert, atMs: number, cause: Cause): boolean {
  const { alert } = open;
  if (alert.acknowledged) return false;
  alert.acknowledged = true;
  alert.acknowledgedBy = cause.by;
  alert.acknowledgedMs = atMs;
  if (cause.comment && cause.by !== ENGINE.by) alert.comment = cause.comment;
  if (alert.latched && alert.latch !== 'reset') letGo(open, atMs);
  ledger.record(open, 'acknowledged', atMs, cause);
  return true;
}

/** Lets go of a latch. Answers false when there is none to let go of, its condition goes on or nobody has acknowledged it. */
export function reset(ledger: Ledger, open: OpenAlert, atMs: number, cause: Cause): boolean {
  const { alert } = open;
  if (!alert.latched || !alert.acknowledged || alert.condition !== 'cleared') return false;
  letGo(open, atMs);
  ledger.record(open, 'reset', atMs, cause);
  return true;
}

/** An event has no end of its own: it ends when it is let go. */
function letGo({ alert }: OpenAlert, atMs: number): void {
  alert.latched = false;
  if (alert.condition === 'cleared') alert.clearedMs ??= atMs;
}

/** It asks for an operator again: an acknowledgement covers only what existed when it was pressed. */
function unacknowledge({ alert }: OpenAlert): void {
  alert.acknowledged = false;
  delete alert.acknowledgedBy;
  delete alert.acknowledgedMs;
}

/** What is behind the alert happened or began again. */
export function repeat(ledger: Ledger, open: OpenAlert, atMs: number): void {
  const { alert } = open;
  alert.repeats = (alert.repeats ?? 0) + 1;
  // What comes and goes all the time has been seen by whoever acknowledged it.
  if (alert.acknowledged && !alert.chattering) unacknowledge(open);
  ledger.record(open, 'repeated', atMs, { ...ENGINE, comment: 'happened again', key: alert.repeats });
}

/** The condition of an alert that its latch held after the end began again: it goes on. */
export function repeatLatched(ledger: Ledger, open: OpenAlert, atMs: number): void {
  open.alert.condition = 'active';
  delete open.alert.clearedMs;
  repeat(ledger, open, atMs);
}

/** Answers false when it is as urgent already. */
export function worsen(ledger: Ledger, open: OpenAlert, priority: Priority, atMs: number): boolean {
  const { alert } = open;
  if (priority >= alert.priority) return false;
  const comment = `from ${PRIORITY_NAMES[alert.priority]} to ${PRIORITY_NAMES[priority]}`;
  alert.priority = priority;
  if (alert.acknowledged) unacknowledge(open);
  showPeak(open);
  ledger.record(open, 'worsened', atMs, { ...ENGINE, comment, value: alert.peak });
  return true;
}

export function setCondition(
  ledger: Ledger,
  open: OpenAlert,
  kind: 'unknown' | 'resumed' | 'cleared',
  atMs: number,
  comment?: string,
): void {
  const { alert } = open;
  alert.condition = kind === 'resumed' ? 'active' : kind;
  showPeak(open);
  if (kind === 'cleared') alert.clearedMs = atMs;
  else delete alert.clearedMs;
  ledger.record(open, kind, atMs, { ...ENGINE, comment, value: alert.peak });
}

/**
 * One of the things that hid an alert has ended: it is in the queue again unless another hides it. What is over by then needs
 * nobody any more; with `anew` what goes on has to be acknowledged again.
 */
export function comeBack(
  ledger: Ledger,
  open: OpenAlert,
  kind: 'unshelved' | 'released' | 'in-service',
  atMs: number,
  cause: Cause,
  anew: boolean,
): void {
  const { alert } = open;
  const back = !isHidden(alert);
  if (back && anew && alert.acknowledged && isOn(alert)) unacknowledge(open);
  ledger.record(open, kind, atMs, cause);
  if (back && !isOn(alert))
    acknowledge(ledger, open, atMs, { ...ENGINE, comment: 'closed: over while it was set aside' });
}

function showPeak({ alert, peak }: OpenAlert): void {
  if (peak !== undefined) alert.peak = peak;
}
