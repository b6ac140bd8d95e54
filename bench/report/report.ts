import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Line } from '../measurement.ts';
import type { StageName } from '../stages/all.ts';
import { gitRevision, type Machine, machineClass } from './machine.ts';

/** The JSON form of a bench run. */
export interface Report {
  /** Changes when a field changes its meaning. */
  readonly format: 1;
  readonly startedAt: string;
  readonly seconds: number;
  readonly command: string;
  readonly revision: string | undefined;
  readonly machine: Machine;
  readonly lines: readonly Line[];
  readonly failures: readonly { readonly stage: StageName; readonly message: string }[];
}

export function makeReport(
  facts: { startedMs: number; argv: readonly string[]; machine: Machine },
  results: Pick<Report, 'lines' | 'failures'>,
): Report {
  return {
    format: 1,
    startedAt: new Date(facts.startedMs).toISOString(),
    seconds: Math.round((Date.now() - facts.startedMs) / 1000),
    command: ['npm run bench', ...(facts.argv.length > 0 ? ['--', ...withoutFiles(facts.argv)] : [])].join(' '),
    revision: gitRevision(),
    machine: facts.machine,
    ...results,
  };
}

/** Where `--save` puts a report. */
export function savedReportFile(report: Report): string {
  const name = `${report.startedAt.slice(0, 10)}-${machineClass(report.machine)}.json`;
  return join(import.meta.dirname, '../reports', name);
}

/** Writes a report, making its folder; answers the file's absolute path. */
export function writeReport(file: string, report: Report): string {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  return resolve(file);
}

/** Where a report went says nothing about how it came to be. */
function withoutFiles(argv: readonly string[]): string[] {
  return argv.filter((arg, i) => !arg.startsWith('--json') && argv[i - 1] !== '--json' && arg !== '--save');
}
