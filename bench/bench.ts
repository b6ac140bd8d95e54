import { HELP, readBenchArguments } from './arguments.ts';
import type { Line } from './measurement.ts';
import { describeMachine } from './report/machine.ts';
import { makeReport, type Report, savedReportFile, writeReport } from './report/report.ts';
import { formatLine, formatTable } from './report/table.ts';
import { runStage } from './run-stage.ts';

async function main(argv: readonly string[]): Promise<number> {
  const options = readBenchArguments(argv);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const startedMs = Date.now();
  const machine = describeMachine();
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}`,
  );
  const lines: Line[] = [];
  const failures: { stage: Report['failures'][number]['stage']; message: string }[] = [];
  for (const stage of options.stages) {
    const onLine = (line: Line): void => console.log(formatLine(line));
    const result = await runStage({ stage, quick: options.quick }, onLine, stopping.signal);
    lines.push(...result.lines);
    failures.push(...result.failures.map((message) => ({ stage, message })));
    if (stopping.signal.aborted) break;
  }
  const report = makeReport({ startedMs, argv, machine }, { lines, failures });
  process.stdout.write(`\n${formatTable(lines)}`);
  for (const { stage, message } of failures) console.error(`${stage} did not come to its end: ${message}`);
  if (stopping.signal.aborted) return 1;
  if (options.json) console.log(`Written to ${writeReport(options.json, report)}`);
  if (options.save) console.log(`Written to ${writeReport(savedReportFile(report), report)}`);
  return failures.length > 0 ? 1 : 0;
}

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
