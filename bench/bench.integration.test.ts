import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Report } from './report/report.ts';

function bench(args: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'report.json');
  // Stages work in the system's temporary folder: one of our own shows what they leave behind.
  const env = { ...process.env, TMPDIR: dir, TEMP: dir, TMP: dir };
  const run = spawnSync(process.execPath, [join(import.meta.dirname, 'bench.ts'), ...args, '--json', file], {
    encoding: 'utf8',
    env,
  });
  return { ...run, dir, file };
}

describe('npm run bench', () => {
  test('prints a table, writes the same figures as JSON and leaves nothing else behind', () => {
    const { status, stdout, stderr, dir, file } = bench(['--quick', '--only', 'decode,engine']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    expect(report).toMatchObject({
      format: 1,
      command: 'npm run bench -- --quick --only decode,engine',
      failures: [],
      machine: { node: process.version, cores: expect.any(Number), cpu: expect.any(String) },
    });
    expect(report.lines.map((line) => `${line.stage}: ${line.what}`)).toEqual([
      'decode: 1,000 vehicles',
      'decode: 10,000 vehicles',
      'engine: 1,000 vehicles, no rules',
      'engine: 1,000 vehicles, shipped rules',
      ...['no rules', 'shipped rules', '100 plain rules', '100 rules', '500 rules'].map(
        (rules) => `engine: 10,000 vehicles, ${rules}`,
      ),
      'engine: compile 100 rules',
    ]);
    for (const line of report.lines) {
      expect(line).toMatchObject({
        unit: line.what.startsWith('compile') ? 'ms' : 'messages/s',
        runs: [expect.any(Number), expect.any(Number), expect.any(Number)],
      });
      expect(line.min).toBeGreaterThan(0);
      expect(line.runs.toSorted((a, b) => a - b)).toEqual([line.min, line.median, line.max]);
      const row = stdout.split('\n').findLast((text) => text.startsWith(line.stage) && text.includes(`${line.what}  `));
      const digits = line.unit === 'ms' ? 1 : 0;
      expect(row).toContain(line.median.toLocaleString('en', { maximumFractionDigits: digits }));
    }
    expect(readdirSync(dir)).toEqual(['report.json']);
  });

  test('refuses a stage that does not exist before anything runs', () => {
    const { status, stderr, dir } = bench(['--only', 'decode,warp']);
    expect(status).toBe(2);
    expect(stderr).toContain('There is no stage "warp". The stages are decode, engine,');
    expect(readdirSync(dir)).toEqual([]);
  });
});
