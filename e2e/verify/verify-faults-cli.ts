import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRulePacks } from '../../core/control-room/rule-files.ts';
import { type Flags, helpText, numberOf, readArguments, textOf } from '../../simulator/cli/arguments.ts';
import { parseFaults } from '../../simulator/faults/kinds.ts';
import { passed, report, ruleRows } from './verify-report.ts';
import { type VerifyOptions, verifyRun } from './verify-run.ts';

const FLAGS = {
  vehicles: { value: 'N', help: 'how many vehicles (default 1000)' },
  minutes: { value: 'M', help: 'length of the run in event time (default 120)' },
  seed: { value: 'X', help: 'any word: the same seed makes the same fleet (default 1)' },
  rate: { value: 'R', help: 'telemetry messages per second and vehicle, 0.01 to 50 (default 1)' },
  faults: { value: 'LIST', help: 'all, none or a comma list of faults to inject (default all)' },
  rules: { value: 'DIR', help: 'folder of rule packs (default: those that come with the room)' },
  json: { value: 'FILE', help: 'write the figures as JSON as well' },
  help: { help: 'print this' },
} as const satisfies Flags;

const USAGE = `Usage: npm run verify:faults -- [flags]
Runs a fleet with faults and the room's engine in one process and tells which faults were alerted in time (at most 5 s
after they were due), and which alerts were false. Ends with 1 when a fault was missed or an alert was false.`;

function main(): void {
  const given = readArguments(FLAGS, process.argv.slice(2));
  if (given.help) {
    process.stdout.write(helpText(USAGE, FLAGS));
    return;
  }
  const options: VerifyOptions = {
    vehicles: Math.round(numberOf('vehicles', given.vehicles, 1, 200_000) ?? 1000),
    minutes: numberOf('minutes', given.minutes, 0.1, 100_000) ?? 120,
    seed: textOf(given.seed) ?? '1',
    rate: numberOf('rate', given.rate, 0.01, 50) ?? 1,
    faults: parseFaults(textOf(given.faults) ?? 'all'),
    packs: readRulePacks(textOf(given.rules) ?? join(import.meta.dirname, '../../resources/rules')),
    onProgress: (share) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${(share * 100).toFixed(0)} %\u001b[K`);
    },
  };
  const result = verifyRun(options);
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const file = textOf(given.json);
  if (file !== undefined) {
    const { comparison, ...figures } = result;
    const { tallies, missed, falseAlerts, consequences, precision, recall } = comparison;
    const { vehicles, minutes, seed, rate, faults } = options;
    const run = { vehicles, minutes, seed, rate, faults };
    const summary = { rules: ruleRows(comparison), tallies, missed, falseAlerts, consequences, precision, recall };
    writeFileSync(file, `${JSON.stringify({ run, ...figures, ...summary }, undefined, 2)}\n`);
  }
  process.stdout.write(report(result));
  if (!passed(result.comparison)) process.exitCode = 1;
}

try {
  main();
} catch (error) {
  process.stderr.write(`verify:faults: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
