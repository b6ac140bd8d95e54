import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { RECORD_KIND } from '../../model/records.ts';
import type { Journal } from '../journal.ts';
import { type ReadOptions, readJournal } from '../read-journal.ts';

/** A folder that goes when the test is over. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-journal-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Appends a publish record that holds `text`, counting as `count` messages. */
export function appendText(journal: Journal, text: string, count = 1): number {
  return journal.append(RECORD_KIND.publish, 5, count, 1_700_000_000_000 + count, Buffer.from(text));
}

/** The texts of all records read. */
export function textsOf(dir: string, options: Partial<ReadOptions> = {}): string[] {
  return [...readTexts(dir, options)];
}

function* readTexts(dir: string, options: Partial<ReadOptions>): Generator<string> {
  for (const record of readJournal(dir, { from: 0, ...options })) yield Buffer.from(record.payload).toString();
}
