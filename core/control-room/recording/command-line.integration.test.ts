import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { GOLDEN_FILE, storedHash } from '../../recording/testing/golden.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const replay = (...args: string[]) => run(process.execPath, [script('replay-cli.ts'), ...args]);

test('replay prints what came of a recording and its hash last, stopped and resumed or not', async () => {
  for (const more of [[], ['--stop-and-resume', '3', '--seed', 'x']]) {
    const { stdout, stderr } = await replay(GOLDEN_FILE, '--hash', ...more);
    expect(stdout.endsWith(storedHash())).toBe(true);
    expect(stdout).toContain('alerts: ');
    expect(stderr).toContain('(100 %)');
  }
});

test('a part is exported and replayed', async () => {
  const folder = temporaryFolder();
  const part = join(folder.path, 'part.arrow.zst');
  const times = ['--from', '2026-03-01T12:05:00Z', '--to', '2026-03-01T12:06:00Z'];
  await run(process.execPath, [script('export-cli.ts'), GOLDEN_FILE, '--out', part, ...times, '--note', 'a minute']);
  const [ofPart, ofWhole] = await Promise.all([replay(part, '--hash'), replay(GOLDEN_FILE, '--hash', ...times)]);
  expect(ofPart.stdout.split('\n').at(-2)).toMatch(/^[0-9a-f]{64}$/);
  expect(ofPart.stdout.split('\n').at(-2)).toBe(ofWhole.stdout.split('\n').at(-2));
  folder.remove();
});

test('mistakes end with a sentence and exit code 1', async () => {
  await expect(replay('--hsh')).rejects.toMatchObject({
    code: 1,
    stderr: 'There is no flag --hsh. Did you mean --hash?\n',
  });
  await expect(replay('/nowhere/x.arrow')).rejects.toMatchObject({
    code: 1,
    stderr: 'There is no file /nowhere/x.arrow.\n',
  });
});
