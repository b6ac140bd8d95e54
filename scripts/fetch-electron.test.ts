import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fetchElectron } from './fetch-electron.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fetch-'));
  mkdirSync(join(root, 'node_modules/electron'), { recursive: true });
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('ELECTRON_SKIP_BINARY_DOWNLOAD', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

/** An installer that notes each run and ends with `code`. */
function installer(code: number): void {
  const script = `require('node:fs').appendFileSync(${JSON.stringify(join(root, 'runs'))}, 'x'); process.exit(${code});`;
  writeFileSync(join(root, 'node_modules/electron/install.js'), script);
}
const runs = (): number => (existsSync(join(root, 'runs')) ? readFileSync(join(root, 'runs'), 'utf8').length : 0);

test('a fetch that failed is tried again a day later, not at every start', () => {
  installer(1);
  fetchElectron(root);
  fetchElectron(root);
  expect(runs()).toBe(1);
  const marker = join(root, '.cache/electron-not-fetched');
  const longAgo = new Date(Date.now() - 25 * 3600 * 1000);
  utimesSync(marker, longAgo, longAgo);
  installer(0);
  fetchElectron(root);
  expect(runs()).toBe(2);
  expect(existsSync(marker)).toBe(false);
});

test('who does not want it is not asked', () => {
  installer(0);
  vi.stubEnv('ELECTRON_SKIP_BINARY_DOWNLOAD', '1');
  fetchElectron(root);
  expect(runs()).toBe(0);
});
