import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const CORE = fileURLToPath(new URL('..', import.meta.url));
/** Rows of the table of event-time, pattern and alert cases that every correct implementation passes. */
const ROWS = 44;

test('every row of the table of edge cases has a test that names it', () => {
  const tested = new Set<number>();
  for (const file of readdirSync(CORE, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.test.ts')) continue;
    const text = readFileSync(join(CORE, file), 'utf8');
    for (const [, row] of text.matchAll(/\(\s*['"`]row (\d+)\b/g)) tested.add(Number(row));
  }
  const missing = Array.from({ length: ROWS }, (_, i) => i + 1).filter((row) => !tested.has(row));
  expect(missing).toEqual([]);
});
