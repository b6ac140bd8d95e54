import type { AlertLoad, BacktestAlert, BacktestResult, MovedAlert, RuleDifference } from '../../protocol/backtest.ts';

/** Alerts printed of each kind. */
const MAX_PRINTED = 20;

/** A result as lines for people. */
export function backtestText(result: BacktestResult): string {
  const { gained, lost, moved, rules, tuning, operators } = result;
  const days = (result.toMs - result.fromMs) / 86_400_000;
  const busy = rules.filter((rule) => rule.before.alerts + rule.after.alerts > 0);
  const silent = rules.length - busy.length;
  return [
    `${result.source}: ${people(result.messages)} messages in ${(result.elapsedMs / 1000).toFixed(1)} s (${people(result.messagesPerSecond)}/s)`,
    `counted: ${iso(result.fromMs)} to ${iso(result.toMs)} (${days.toFixed(2)} days), after ${(result.warmUpMs / 60_000).toFixed(0)} min of warm-up`,
    '',
    `before: ${loadText(result.before, operators)}`,
    `after:  ${loadText(result.after, operators)}`,
    `gained ${gained.total}, lost ${lost.total}, moved ${moved.total}, unchanged ${result.unchanged}`,
    ...section('Rules', busy, ruleText),
    ...(silent > 0 ? [`  ${busy.length > 0 ? 'and ' : ''}${silent} without an alert`] : []),
    ...alertSection('Gained', gained.total, gained.alerts, alertText),
    ...alertSection('Lost', lost.total, lost.alerts, alertText),
    ...alertSection('Moved', moved.total, moved.alerts, movedText),
    ...section('Tuning', tuning, (answer) => `${answer.ruleId}: ${answer.text}`),
    ...section('Notes', result.notes, (note) => note),
    '',
  ].join('\n');
}

function section<T>(title: string, items: readonly T[], text: (item: T) => string): string[] {
  return items.length === 0 ? [] : ['', `${title}:`, ...items.map((item) => `  ${text(item)}`)];
}

function alertSection<T>(title: string, total: number, alerts: readonly T[], text: (alert: T) => string): string[] {
  const lines = section(title, alerts.slice(0, MAX_PRINTED), text);
  return total > MAX_PRINTED ? [...lines, `  and ${total - MAX_PRINTED} more`] : lines;
}

function loadText(load: AlertLoad, operators: number): string {
  const each = operators > 1 ? `, ${load.perOperatorDay.toFixed(1)} for each of ${operators} operators` : '';
  const limits = `${percent(load.shareOverTarget)} of the 10-min spans over the target of 1, ${percent(load.shareOverLimit)} over the limit of 2`;
  return `${load.alerts} alerts, ${load.perDay.toFixed(1)} a day${each}; at most ${load.peakPer10Min} in 10 min, ${limits}`;
}

function ruleText({ ruleId, change, before, after, gained, lost, moved, unchanged }: RuleDifference): string {
  const counts = `${before.alerts} → ${after.alerts} alerts (${before.perDay.toFixed(1)} → ${after.perDay.toFixed(1)} a day)`;
  return `${ruleId} (${change}): ${counts}; gained ${gained}, lost ${lost}, moved ${moved}, unchanged ${unchanged}`;
}

function alertText({ ruleId, vehicleId, onsetMs, raisedMs, clearedMs }: BacktestAlert): string {
  const end = clearedMs === undefined ? 'open' : `until ${iso(clearedMs)}`;
  return `${iso(raisedMs)}  ${ruleId}  ${vehicleId}  (from ${iso(onsetMs)}, ${end})`;
}

function movedText({ deltaMs, ...alert }: MovedAlert): string {
  const seconds = Math.abs(deltaMs / 1000).toFixed(1);
  return `${iso(alert.raisedMs)}  ${alert.ruleId}  ${alert.vehicleId}  (${seconds} s ${deltaMs > 0 ? 'later' : 'sooner'})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

function people(count: number): string {
  return count.toLocaleString('en');
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
