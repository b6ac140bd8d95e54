import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { respond } from './app-scheme.ts';
import { parseRange } from './file-response.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let dir: string;
const archive = Buffer.from(Array.from({ length: 500 }, (_, i) => i % 251));
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'scheme-'));
  mkdirSync(join(dir, 'renderer/basemap'), { recursive: true });
  mkdirSync(join(dir, 'renderer-secret'));
  writeFileSync(join(dir, 'renderer/index.html'), '<title>room</title>');
  writeFileSync(join(dir, 'renderer/empty.js'), '');
  writeFileSync(join(dir, 'renderer/basemap/world.pmtiles'), archive);
  writeFileSync(join(dir, 'renderer-secret/secret.txt'), 'secret');
  writeFileSync(join(dir, 'secret.txt'), 'secret');
  writeFileSync(join(dir, 'streets.geojson'), '{}');
});
afterAll(() => rmSync(dir, { recursive: true }));

const get = async (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  respond(new Request(url, { headers, method }), {
    rendererDir: join(dir, 'renderer'),
    streetsFile: join(dir, 'streets.geojson'),
  });

test('the screens are served with their type and a policy without inline script', async () => {
  const page = await get('app://room/');
  expect(await page.text()).toBe('<title>room</title>');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = page.headers.get('content-security-policy');
  expect(policy).toMatch(/default-src 'none'; script-src 'self';/);
  expect(policy).toContain("connect-src 'self';");
  expect((await get('app://room/empty.js')).status).toBe(200);
  expect((await get('app://room/demo-streets.geojson')).headers.get('content-type')).toBe('application/geo+json');
});

test('ranges of the basemap are sent alone', async () => {
  const part = await get('app://room/basemap/world.pmtiles', { range: 'bytes=10-19' });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe('bytes 10-19/500');
  expect(Buffer.from(await part.arrayBuffer())).toEqual(archive.subarray(10, 20));
  expect((await get('app://room/basemap/world.pmtiles', { range: 'bytes=500-' })).status).toBe(416);
});

test.each([
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=90-', { start: 90, end: 99 }],
  ['bytes=90-900', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-900', { start: 0, end: 99 }],
  ['bytes=-0', 'outside'],
  ['bytes=100-', 'outside'],
  ['bytes=9-3', undefined],
  ['bytes=-', undefined],
  ['bytes=0-1,3-4', undefined],
  [null, undefined],
])('range %s of 100 bytes', (range, expected) => {
  expect(parseRange(range, 100)).toEqual(expected);
});

test.each([
  'app://room/../secret.txt',
  'app://room/%2e%2e/secret.txt',
  'app://room/..%2fsecret.txt',
  'app://room/..%2frenderer-secret/secret.txt',
  'app://room/%2e%2e%2f%2e%2e%2fetc/passwd',
  'app://room/..%5csecret.txt',
  'app://room/basemap/..%2f..%2fsecret.txt',
  'app://room/index.html%00.txt',
  'app://room/%ff',
  'app://room/basemap',
  'app://elsewhere/index.html',
])('%s is refused', async (url) => {
  const response = await get(url);
  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain('secret');
});

test('other methods are refused', async () => {
  expect((await get('app://room/', {}, 'POST')).status).toBe(405);
});
