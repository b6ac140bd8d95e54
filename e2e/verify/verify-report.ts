import type { Comparison, RaisedAlert } from '../../simulator/faults/compare.ts';
import type { TruthLine } from '../../simulator/faults/truth.ts';
import type { VerifyResult } from './verify-run.ts';

/** Median, 95th percentile and greatest of some delays, s; undefined when there are none. */
export interface Delays {
  readonly p50S: number;
  readonly p95S: number;
  readonly maxS: number;
}

export interface RuleRow {
  readonly ruleId: string;
  readonly injected: number;
  readonly alerted: number;
  readonly missed: number;
  readonly falseAlerts: number;
  /** From the fault's start to the alert. */
  readonly afterStart: Delays | undefined;
  /** From the time at which the alert was due; below 0 where it came earlier. */
  readonly afterDue: Delays | undefined;
}

const MOST_LISTED = 20;

/** A row for every rule that should have raised an alert, or raised a false one, in order of their ids. */
export function ruleRows({ answers, missed, falseAlerts }: Comparison): RuleRow[] {
  const ids = new Set([
    ...[...answers.map(({ line }) => line), ...missed].map((line) => line.expected_rule ?? ''),
    ...falseAlerts.map((alert) => alert.ruleId),
  ]);
  return [...ids].sort().map((ruleId) => {
    const own = answers.filter(({ alert }) => alert.ruleId === ruleId);
    const missing = missed.filter((line) => line.expected_rule === ruleId).length;
    return {
      ruleId,
      injected: own.length + missing,
      alerted: own.length,
      missed: missing,
      falseAlerts: falseAlerts.filter((alert) => alert.ruleId === ruleId).length,
      afterStart: delays(own.map(({ line, alert }) => alert.raisedMs - line.start_ms)),
      afterDue: delays(own.map(({ line, alert }) => alert.raisedMs - line.due_ms)),
    };
  });
}

function delays(ms: readonly number[]): Delays | undefined {
  if (ms.length === 0) return undefined;
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] / 1000;
  return { p50S: at(0.5), p95S: at(0.95), maxS: at(1) };
}

/** What the run showed, as text; the last line is `precision P recall R false alerts F`. */
export function report(result: VerifyResult): string {
  const { comparison, messages, seconds, leftOut } = result;
  const { missed, falseAlerts, consequences, tallies } = comparison;
  const sum = (of: (tally: (typeof tallies)[number]) => number) =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const lines = [
    ...table(ruleRows(comparison)),
    ...missed.slice(0, MOST_LISTED).map(missedLine),
    ...falseAlerts.slice(0, MOST_LISTED).map(falseLine),
    ...more('missed', missed.length),
    ...more('false alerts', falseAlerts.length),
    `${sum((t) => t.injected)} faults; ${sum((t) => t.noRule)} that no rule has to find, ${sum((t) => t.notDue)} not due when the run ended`,
    `${consequences} further alerts follow from faults`,
    ...(leftOut.length > 0 ? [`no suitable vehicle for: ${leftOut.join(', ')}`] : []),
    `${messages} messages in ${seconds.toFixed(1)} s, ${Math.round(messages / seconds)}/s`,
    `precision ${share(comparison.precision)} recall ${share(comparison.recall)} false alerts ${falseAlerts.length}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** True when every fault that was due was alerted in time, and nothing else was. */
export function passed({ missed, falseAlerts }: Comparison): boolean {
  return missed.length === 0 && falseAlerts.length === 0;
}

/** Nothing to be wrong about is all right. */
function share(value: number | undefined): string {
  return (value ?? 1).toFixed(3);
}

function more(what: string, count: number): string[] {
  return count > MOST_LISTED ? [`… ${count} ${what} in all`] : [];
}

function missedLine(line: TruthLine): string {
  const due = new Date(line.due_ms).toISOString();
  return `missed: ${line.expected_rule} on ${line.vehicle_id} by ${due} for ${line.fault} (${line.detail})`;
}

function falseLine({ ruleId, vehicleId, onsetMs, raisedMs }: RaisedAlert): string {
  const from = new Date(onsetMs).toISOString();
  return `false: ${ruleId} on ${vehicleId} from ${from}, raised ${new Date(raisedMs).toISOString()}`;
}

const HEAD = [
  'rule',
  'injected',
  'alerted',
  'missed',
  'false',
  'after start p50',
  'p95',
  'max',
  'after due p50',
  'p95',
  'max',
];

function table(rows: readonly RuleRow[]): string[] {
  const cells = [
    HEAD,
    ...rows.map((row) => [
      ...[row.ruleId, row.injected, row.alerted, row.missed, row.falseAlerts].map(String),
      ...delayCells(row.afterStart),
      ...delayCells(row.afterDue),
    ]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) =>
    row.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join('  '),
  );
}

function delayCells(of: Delays | undefined): string[] {
  return of ? [of.p50S, of.p95S, of.maxS].map((s) => `${s.toFixed(1)} s`) : ['', '', ''];
}
