import { type Flags, helpText, numberOf, onePath, readArguments, textOf, timeOf, wholeNumberOf } from './arguments.ts';
import { runCommand } from './command.ts';
import { hashHistory, hashText } from './history-hash.ts';
import { openSource } from './open-source.ts';
import { randomStops } from './random-stops.ts';
import { openReplayHistory } from './replay-history.ts';
import { runReplay } from './replay-run.ts';
import { summaryOf } from './replay-summary.ts';

const FLAGS = {
  hash: { help: 'print a hash of each table of the resulting history, and of all of it on the last line' },
  speed: { value: 'X', help: 'recorded seconds per second, 0.01 to 100000, or max; default max' },
  from: { value: 'TIME', help: 'begin with what was received then, e.g. 2026-03-01T10:00:00Z' },
  to: { value: 'TIME', help: 'end before what was received then' },
  'stop-and-resume': { value: 'N', help: 'stop N times at random places and go on from a checkpoint' },
  seed: { value: 'S', help: 'any word that picks the places; default 1' },
  'commit-every': { value: 'N', help: 'messages between two commits; default 50000' },
  prefix: { value: 'P', help: "what the room's topics begin with; a recording knows it" },
  help: { help: 'print this' },
} as const satisfies Flags;

const USAGE =
  'Usage: npm run replay -- RECORDING [flags]\n' +
  'Runs a recording, or the journal of a data directory, through a fresh engine. The same input gives the same hash, at any\n' +
  'speed and however often it is stopped.';

async function main(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = readArguments(FLAGS, argv);
  if (values.help) {
    process.stdout.write(helpText(USAGE, FLAGS));
    return;
  }
  const speed = textOf(values.speed) === 'max' ? undefined : values.speed;
  const stops = wholeNumberOf('stop-and-resume', values['stop-and-resume'], 0, 10_000, 0);
  const options = {
    speed: speed === undefined ? undefined : numberOf('speed', speed, 0.01, 100_000, 1),
    commitEveryMessages: wholeNumberOf('commit-every', values['commit-every'], 1, 1e9, 50_000),
  };
  const source = openSource(onePath(positionals, 'A recording or data directory'), {
    fromMs: timeOf('from', values.from),
    toMs: timeOf('to', values.to),
    topicPrefix: textOf(values.prefix),
    onNote: (sentence) => process.stderr.write(`${sentence}\n`),
  });
  const history = openReplayHistory();
  try {
    const result = await runReplay({
      ...options,
      source,
      history: history.writer,
      stopAt: randomStops(source, stops, textOf(values.seed) ?? '1'),
      onProgress: (messages) => showProgress(messages, source.messages),
      signal,
    });
    process.stderr.write('\n');
    process.stdout.write(summaryOf(source, result, history.db));
    if (values.hash) process.stdout.write(hashText(hashHistory(history.db)));
  } finally {
    history.close();
    source.close();
  }
}

function showProgress(messages: number, of: number): void {
  const share = of > 0 ? Math.min(100, (messages / of) * 100) : 100;
  process.stderr.write(`\r${messages} of ${of} messages (${share.toFixed(0)} %)`);
}

await runCommand(main);
