import { existsSync, readFileSync } from 'node:fs';

export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/** Adds up Vitest's JSON reports; a file that failed as a whole, before it had any test, counts as one failure. */
export function sumReports(files: readonly string[]): TestTotals {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const file of files.filter((f) => existsSync(f))) {
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
    passed += report.numPassedTests;
    failed += report.numFailedTests > 0 ? report.numFailedTests : Math.min(report.numFailedTestSuites, 1);
    skipped += report.numPendingTests + report.numTodoTests;
  }
  return { passed, failed, skipped };
}

export function totalsLine({ passed, failed, skipped }: TestTotals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
