import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolPath } from './run-tool.ts';
import { chooseSteps } from './test-steps.ts';
import { sumReports, totalsLine } from './test-totals.ts';

const names = (only?: string): string[] => chooseSteps(only).map((step) => step.name);

test('steps run in order, with what they need, and only those there are', () => {
  expect(names()).toEqual(['setup', 'build', 'lint', 'types', 'boundaries', 'unit', 'integration', 'e2e']);
  expect(names('unit,lint')).toEqual(['lint', 'unit']);
  expect(names('e2e')).toEqual(['setup', 'build', 'e2e']);
  expect(() => names('e3e')).toThrow('There is no step “e3e”');
});

test('the tools are where their packages say', () => {
  for (const [name, command] of [
    ['@biomejs/biome', 'biome'],
    ['typescript', 'tsc'],
    ['dependency-cruiser', 'depcruise'],
    ['vitest', 'vitest'],
  ]) {
    expect(existsSync(toolPath(name, command))).toBe(true);
  }
  expect(() => toolPath('typescript', 'nothing')).toThrow('has no command nothing');
});

test('reports are added up; a file that broke before its first test is a failure', () => {
  const dir = mkdtempSync(join(tmpdir(), 'totals-'));
  const report = (name: string, passed: number, failed: number, suites: number, pending: number): string => {
    const file = join(dir, name);
    writeFileSync(
      file,
      JSON.stringify({
        numPassedTests: passed,
        numFailedTests: failed,
        numFailedTestSuites: suites,
        numPendingTests: pending,
        numTodoTests: 0,
      }),
    );
    return file;
  };
  const files = [report('a', 5, 2, 1, 1), report('b', 3, 0, 2, 0), join(dir, 'missing')];
  expect(totalsLine(sumReports(files))).toBe('8 passed, 3 failed, 1 skipped');
  rmSync(dir, { recursive: true });
});
