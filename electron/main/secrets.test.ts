import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { safeStorage } from '../testing/fake-electron.ts';
import { withStoredPassword } from './secrets.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'secrets-'));
  file = join(dir, 'passwords.json');
});
afterEach(() => {
  safeStorage.available = true;
  safeStorage.backend = 'gnome_libsecret';
  rmSync(dir, { recursive: true });
});

const broker = { url: 'mqtts://b', user: 'kim' };

test('a password that was given once is there at the next start, encrypted, for this user and broker only', async () => {
  expect(await withStoredPassword({ ...broker, password: 'p' }, file)).toEqual({ ...broker, password: 'p' });
  expect(readFileSync(file, 'utf8')).not.toContain('locked:p');
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await withStoredPassword(broker, file)).password).toBe('p');
  expect((await withStoredPassword({ ...broker, user: 'lee' }, file)).password).toBeUndefined();
  expect((await withStoredPassword({ ...broker, url: 'mqtts://c' }, file)).password).toBeUndefined();
});

test('two accounts are kept side by side', async () => {
  await withStoredPassword({ ...broker, password: 'p' }, file);
  await withStoredPassword({ ...broker, user: 'lee', password: 'q' }, file);
  expect((await withStoredPassword(broker, file)).password).toBe('p');
});

test('without a key store nothing is written', async () => {
  safeStorage.available = false;
  await withStoredPassword({ ...broker, password: 'p' }, file);
  expect(() => statSync(file)).toThrow();
});

test.runIf(process.platform === 'linux')('a key store with a fixed key counts as none', async () => {
  safeStorage.backend = 'basic_text';
  await withStoredPassword({ ...broker, password: 'p' }, file);
  expect(() => statSync(file)).toThrow();
});

test('a broken file, or a key store that was reset, gives no password and no error', async () => {
  writeFileSync(file, 'not json');
  expect((await withStoredPassword(broker, file)).password).toBeUndefined();
  writeFileSync(file, JSON.stringify({ 'kim@mqtts://b': 'AAAA' }));
  expect((await withStoredPassword(broker, file)).password).toBeUndefined();
});
