import { resolve } from 'node:path';
import type { BacktestSource, BacktestTuning } from '../../protocol/backtest.ts';
import {
  type Flags,
  type Given,
  helpText,
  onePath,
  readArguments,
  textOf,
  timeOf,
  wholeNumberOf,
} from '../recording/arguments.ts';
import { runCommand } from '../recording/command.ts';
import { readRulePacks } from '../rule-files.ts';
import { progressOf } from './backtest-progress.ts';
import { runBacktest } from './backtest-run.ts';
import { backtestText } from './backtest-text.ts';
import { openBacktest } from './open-backtest.ts';

const FLAGS = {
  rules: { value: 'DIR', help: 'folder of the rule packs to try' },
  data: { value: 'DIR', help: "a room's data directory: its journal is read, also beside the running room" },
  from: { value: 'TIME', help: 'count what is received from then on, e.g. 2026-03-01T10:00:00Z' },
  to: { value: 'TIME', help: 'end before what was received then' },
  against: {
    value: 'WHAT',
    help: 'history: the alerts kept there (default with --data); rules: those of the time, run again; or a folder',
  },
  tune: { value: 'RULES', help: 'changed (default), all, none, or rule ids with commas: what other delays would do' },
  operators: { value: 'N', help: 'people who share the alerts; default 1' },
  prefix: { value: 'P', help: "what the room's topics begin with; a recording knows it" },
  json: { help: 'print the result as JSON' },
  help: { help: 'print this' },
} as const satisfies Flags;

const USAGE =
  'Usage: npm run backtest -- --rules DIR (--data DIR --from TIME --to TIME | RECORDING) [flags]\n' +
  'Runs rule packs over what was recorded and prints the difference to what really fired.';

const PROGRESS_EVERY_MS = 500;

async function main(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readArguments(FLAGS, argv);
  const { values } = given;
  if (values.help) {
    process.stdout.write(helpText(USAGE, FLAGS));
    return;
  }
  const data = textOf(values.data);
  const against = textOf(values.against) ?? (data === undefined ? 'rules' : 'history');
  const plan = {
    packs: readRulePacks(resolve(needed('rules', textOf(values.rules)))),
    source: sourceOf(given, data),
    against: against === 'history' || against === 'rules' ? against : { packs: readRulePacks(resolve(against)) },
    tuning: tuningOf(textOf(values.tune) ?? 'changed'),
    operators: wholeNumberOf('operators', values.operators, 1, 1000, 1),
    dataDir: data === undefined ? undefined : resolve(data),
    topicPrefix: textOf(values.prefix),
  } as const;
  const open = openBacktest(plan, (sentence) => process.stderr.write(`${sentence}\n`));
  try {
    const startedMs = performance.now();
    let toldMs = startedMs;
    const run = runBacktest(open.options);
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) {
        process.stderr.write('\n');
        process.stdout.write(values.json ? `${JSON.stringify(step.value, null, 2)}\n` : backtestText(step.value));
        return;
      }
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_EVERY_MS) continue;
      toldMs = nowMs;
      showProgress(step.value, open.messages, nowMs - startedMs);
      await new Promise((resume) => setImmediate(resume));
      signal.throwIfAborted();
    }
  } finally {
    open.close();
  }
}

function sourceOf({ values, positionals }: Given<typeof FLAGS>, data: string | undefined): BacktestSource {
  if (data === undefined) return { type: 'recording', file: onePath(positionals, 'A recording, or --data,') };
  if (positionals.length > 0) throw new Error('Give either a recording or --data, not both.');
  const fromMs = timeOf('from', needed('from', textOf(values.from)));
  const toMs = timeOf('to', needed('to', textOf(values.to)));
  if (fromMs === undefined || toMs === undefined || fromMs >= toMs) throw new Error('--to must be later than --from.');
  return { type: 'journal', fromMs, toMs };
}

function tuningOf(text: string): BacktestTuning {
  return text === 'changed' || text === 'all' || text === 'none' ? text : text.split(',').map((id) => id.trim());
}

function needed(flag: string, text: string | undefined): string {
  if (text !== undefined) return text;
  throw new Error(`--${flag} is missing. --help shows how it is called.`);
}

function showProgress(messages: number, of: number, elapsedMs: number): void {
  const { share, messagesPerSecond, etaS } = progressOf(messages, of, elapsedMs);
  process.stderr.write(`\r${(share * 100).toFixed(0)} %, ${messagesPerSecond} messages/s, ${etaS} s to go `);
}

await runCommand(main);
