import { readFileSync } from 'node:fs';
import { type Comparison, compare, type FaultTally } from '../faults/compare.ts';
import { FAULT_KINDS } from '../faults/kinds.ts';
import type { TruthLine } from '../faults/truth.ts';
import { type Flags, helpText, readArguments, textOf } from './arguments.ts';
import { readHistory } from './read-history.ts';

const FLAGS = {
  truth: { value: 'FILE', help: 'what the fleet injected (fleet --truth FILE)' },
  data: { value: 'DIR', help: 'data directory of the room that listened to the whole run and to nothing else' },
  help: { help: 'print this' },
} as const satisfies Flags;

const USAGE =
  'Usage: npm run faults -- --truth FILE --data DIR\n' +
  'Which injected faults were alerted and which not. Exit code 1 when one was missed that was due.';

function main(): number {
  const given = readArguments(FLAGS, process.argv.slice(2));
  if (given.help) {
    process.stdout.write(helpText(USAGE, FLAGS));
    return 0;
  }
  const truthPath = textOf(given.truth);
  const dataDir = textOf(given.data);
  if (truthPath === undefined || dataDir === undefined) throw new Error('--truth FILE and --data DIR are needed.');
  const { alerts, endMs } = readHistory(dataDir);
  const result = compare(readTruth(truthPath), alerts, endMs);
  process.stdout.write(report(result));
  return result.missed.length > 0 ? 1 : 0;
}

function readTruth(path: string): TruthLine[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`--truth: cannot read ${path}: ${(error as NodeJS.ErrnoException).code}.`);
  }
  return text.split('\n').flatMap((line, i) => (line === '' ? [] : [truthLine(line, `${path}, line ${i + 1}`)]));
}

function truthLine(text: string, where: string): TruthLine {
  let line: Partial<TruthLine> | undefined;
  try {
    line = JSON.parse(text);
  } catch {
    throw new Error(`${where}: not JSON.`);
  }
  const complete =
    FAULT_KINDS.some((kind) => kind === line?.fault) &&
    typeof line?.vehicle_id === 'string' &&
    [line.start_ms, line.end_ms, line.due_ms].every(Number.isFinite) &&
    line.expected_rule !== undefined;
  if (!complete) throw new Error(`${where}: not a line of a truth file (fault, vehicle_id, times, expected_rule).`);
  return { ...line, also: line?.also ?? [] } as TruthLine;
}

function report(result: Comparison): string {
  const head = ['fault', 'injected', 'alerted', 'missed', 'not due', 'no rule', 'messages', 'median delay'];
  const out = [table([head, ...result.tallies.map(row)])];
  for (const line of result.missed) {
    const at = new Date(line.start_ms).toISOString();
    out.push(`missed: ${line.fault} of ${line.vehicle_id} at ${at}, no ${line.expected_rule} (${line.detail})`);
  }
  const perRule = Map.groupBy(result.falseAlerts, (alert) => alert.ruleId);
  for (const [rule, list] of perRule) {
    const some = list.slice(0, 5).map((alert) => `${alert.vehicleId} ${new Date(alert.onsetMs).toISOString()}`);
    out.push(`false alerts of ${rule}: ${list.length} (${some.join(', ')}${list.length > 5 ? ', …' : ''})`);
  }
  out.push(`${result.consequences} further alerts follow from faults, ${result.afterEnd} came after the run`);
  const share = (value: number | undefined) => (value === undefined ? 'n/a' : value.toFixed(3));
  const { precision, recall, falseAlerts } = result;
  out.push(`precision ${share(precision)} recall ${share(recall)} false alerts ${falseAlerts.length}`);
  return `${out.join('\n')}\n`;
}

function row(tally: FaultTally): string[] {
  const sorted = tally.delaysMs.toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const delay = median === undefined ? '' : `${(median / 1000).toFixed(1)} s`;
  const counts = [tally.injected, tally.alerted, tally.missed, tally.notDue, tally.noRule, tally.messages];
  return [tally.fault, ...counts.map((count, i) => (i > 0 && count === 0 ? '' : String(count))), delay];
}

function table(rows: string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows
    .map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '))
    .join('\n');
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`faults: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
