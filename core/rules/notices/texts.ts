import { type Alert, PRIORITY_NAMES } from '../../model/alerts.ts';
import type { NoticeReason } from '../../model/notices.ts';

const MINUTE_MS = 60_000;
/** Vehicles of a group that a text names; the rest is counted. */
export const NAMED_VEHICLES = 20;

/** What a text about an alert says besides the alert itself. */
export interface TextFacts {
  readonly reason: NoticeReason;
  /** For times in texts. */
  readonly utcOffsetMin: number;
  /** Of the alerts folded under it and its own, each once. */
  readonly vehicleIds: readonly string[];
  /** Why an operator passed it on. */
  readonly comment?: string;
}

/** Line for a mail's subject or a notification's title: `[CRITICAL] Engine overheating – BER-00042`. */
export function subjectOf(alert: Alert, reason: NoticeReason): string {
  return oneLine(`[${tag(alert, reason)}] ${alert.ruleName} – ${about(alert)}`);
}

function tag(alert: Alert, reason: NoticeReason): string {
  const priority = PRIORITY_NAMES[alert.priority].toUpperCase();
  switch (reason) {
    case 'cleared':
      return `OVER, was ${priority}`;
    case 'worsened':
      return `${priority}, worse`;
    case 'reminder':
      return `${priority}, still on`;
    case 'escalated':
      return `${priority}, escalated`;
    case 'raised':
    case 'digest':
    case 'state':
      return priority;
  }
}

function about({ group, vehicleId }: Alert): string {
  if (!group || group.count < 2) return vehicleId;
  return `${group.label}, ${group.count} ${group.kind === 'area' ? 'vehicles' : 'alerts'}`;
}

/** The whole text for people who do not see the room. */
export function bodyOf(alert: Alert, facts: TextFacts): string {
  const time = (ms: number): string => localTime(ms, facts.utcOffsetMin);
  const lines = [alert.message, ''];
  if (alert.response) lines.push(`What to do: ${alert.response}`);
  if (alert.runbook) lines.push(`Procedure: ${alert.runbook}`);
  if (lines.length > 2) lines.push('');
  lines.push(`Vehicle: ${alert.vehicleId}${alert.depot ? `, depot ${alert.depot}` : ''}`);
  lines.push(`Since: ${time(alert.onsetMs)}`);
  if (alert.clearedMs !== undefined) lines.push(`Over since: ${time(alert.clearedMs)}`);
  if (alert.peak !== undefined)
    lines.push(`Worst value: ${[Number(alert.peak.toFixed(2)), alert.unit].join(' ').trim()}`);
  if (alert.lat !== undefined && alert.lon !== undefined)
    lines.push(`Where: ${alert.lat.toFixed(5)}, ${alert.lon.toFixed(5)}`);
  if (alert.acknowledged && alert.acknowledgedMs !== undefined)
    lines.push(`Acknowledged: by ${alert.acknowledgedBy} at ${time(alert.acknowledgedMs)}`);
  if (facts.comment) lines.push(`Passed on because: ${facts.comment}`);
  if (alert.group && alert.group.count > 1) lines.push('', ...groupLines(alert.group, facts.vehicleIds));
  if (!alert.acknowledged && facts.reason !== 'cleared')
    lines.push('', 'To acknowledge it, select it in the Watchfloor queue and press a.');
  return lines.join('\n');
}

function groupLines(group: NonNullable<Alert['group']>, vehicleIds: readonly string[]): string[] {
  const named = vehicleIds.slice(0, NAMED_VEHICLES).join(', ');
  const rest = vehicleIds.length - NAMED_VEHICLES;
  return [
    `Group: ${group.label}, ${group.count} alerts, ${group.open} of them open`,
    `Vehicles: ${named}${rest > 0 ? ` and ${rest} more` : ''}`,
  ];
}

/** One line of a digest. */
export function digestLine(subject: string, atMs: number, utcOffsetMin: number): string {
  return `${localTime(atMs, utcOffsetMin)}  ${subject}`;
}

/** `2026-11-27 14:04:05 UTC+01:00`. */
export function localTime(ms: number, utcOffsetMin: number): string {
  const text = new Date(ms + utcOffsetMin * MINUTE_MS).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC${offset(utcOffsetMin)}`;
}

function offset(minutes: number): string {
  if (minutes === 0) return '';
  const abs = Math.abs(minutes);
  const part = (n: number): string => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${part(Math.floor(abs / 60))}:${part(abs % 60)}`;
}

/** Ids and names come from messages: what would break a line, or a mail's head, becomes a space. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ');
}
