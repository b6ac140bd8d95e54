import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { appLayout } from '../layout.ts';
import { type Flags, helpText, onePath, readArguments, textOf, timeOf } from './arguments.ts';
import { runCommand } from './command.ts';
import { recordSource } from './export-recording.ts';
import { openSource } from './open-source.ts';

const FLAGS = {
  out: { value: 'FILE', help: 'the recording to write, e.g. crash.arrow.zst; packed when it ends in .zst' },
  from: { value: 'TIME', help: 'begin with what was received then, e.g. 2026-03-01T10:00:00Z' },
  to: { value: 'TIME', help: 'end before what was received then' },
  note: { value: 'TEXT', help: 'kept with the recording' },
  author: { value: 'NAME', help: 'kept with the recording' },
  prefix: { value: 'P', help: "what the room's topics begin with; a recording knows it" },
  force: { help: 'replace a file of that name' },
  help: { help: 'print this' },
} as const satisfies Flags;

const USAGE =
  'Usage: npm run export -- DIR --out FILE [flags]\n' +
  'Writes a stretch of the journal of a data directory, or a part of a recording, to one file.';

async function main(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = readArguments(FLAGS, argv);
  if (values.help) {
    process.stdout.write(helpText(USAGE, FLAGS));
    return;
  }
  const out = textOf(values.out);
  if (out === undefined) throw new Error('--out FILE is needed: where to write the recording.');
  const file = resolve(out);
  if (existsSync(file) && !values.force) throw new Error(`${file} is there already. Add --force to replace it.`);
  const source = openSource(onePath(positionals, 'A data directory or recording'), {
    fromMs: timeOf('from', values.from),
    toMs: timeOf('to', values.to),
    topicPrefix: textOf(values.prefix),
    onNote: (sentence) => process.stderr.write(`${sentence}\n`),
  });
  try {
    const info = await recordSource(source, {
      file,
      roomVersion: appLayout(import.meta.url).version,
      note: textOf(values.note),
      author: textOf(values.author),
      onProgress: (messages, of) => process.stderr.write(`\r${messages} of ${of} messages`),
      signal,
    });
    process.stderr.write('\n');
    process.stdout.write(`${file}: ${info.messages} messages in ${info.records} records\n${info.contentSha256}\n`);
  } finally {
    source.close();
  }
}

await runCommand(main);
