import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBrowser } from './find-browser.ts';
import { ARCHIVE, type TestServer, testServer } from './testing/test-server.ts';

// What only a real browser decides: whether the policy lets the screens work and keeps the rest out.
const PAGE = `<!doctype html><title>Watchfloor</title>
<script>window.inlineRan = true</script>
<script type="module" src="/page.js"></script>`;

const SCRIPT = `
const link = new WebSocket('ws://' + location.host + '/link');
link.binaryType = 'arraybuffer';
const socket = new Promise((resolve) => {
  link.onopen = () => link.send(JSON.stringify({ t: 'request', id: 1, name: 'room.info', args: {} }));
  link.onmessage = ({ data }) => resolve(JSON.parse(data).result.version);
  link.onerror = () => resolve('refused');
});
const part = fetch('/basemap/world.pmtiles', { headers: { range: 'bytes=10-19' } }).then(async (response) => [
  response.status,
  (await response.arrayBuffer()).byteLength,
]);
const blob = URL.createObjectURL(new Blob(['postMessage("worker")'], { type: 'text/javascript' }));
const worker = new Promise((resolve) => {
  const w = new Worker(blob);
  w.onmessage = ({ data }) => resolve(data);
  w.onerror = () => resolve('refused');
});
const foreign = fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused');
const evaluated = (() => { try { return new Function('return 1')(); } catch { return 'refused'; } })();
window.outcome = Promise.all([socket, part, worker, foreign]).then(([version, range, blobWorker, outside]) => ({
  version, range, blobWorker, outside, evaluated, inline: window.inlineRan === true, cookie: document.cookie,
}));
`;

let t: TestServer;
let dir: string;
let browser: Browser;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'page-'));
  mkdirSync(join(dir, 'basemap'));
  writeFileSync(join(dir, 'index.html'), PAGE);
  writeFileSync(join(dir, 'page.js'), SCRIPT);
  writeFileSync(join(dir, 'basemap/world.pmtiles'), ARCHIVE);
  t = await testServer({ rendererDir: dir });
  browser = await chromium.launch({ executablePath: findBrowser() });
});
afterAll(async () => {
  await browser?.close();
  await t?.close();
  rmSync(dir, { recursive: true });
});

test('the printed address opens the room once; its page can do its work and nothing else', async () => {
  const address = t.server.newAddress();
  const context = await browser.newContext();
  const page = await context.newPage();
  const violations: string[] = [];
  page.on('console', (message) => violations.push(message.text()));
  await page.goto(address);
  expect(page.url()).toBe(`${t.origin}/`);
  expect(await page.evaluate('window.outcome')).toEqual({
    version: '1.2.3',
    range: [206, 10],
    blobWorker: 'worker',
    outside: 'refused',
    evaluated: 'refused',
    inline: false,
    cookie: '',
  });
  expect(violations.join('\n')).toMatch(/inline script/i);

  await page.goto(address);
  expect(await page.title()).toBe('Watchfloor');
  const stranger = await browser.newContext();
  const elsewhere = await stranger.newPage();
  expect((await elsewhere.goto(address))?.status()).toBe(401);
  expect(await elsewhere.locator('h1').textContent()).toContain('opens with the address it printed');
  await Promise.all([context.close(), stranger.close()]);
});

test('a page of another origin, in the same browser, gets no link and shows no room', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(t.server.newAddress());
  const other = await testServer({ rendererDir: dir });
  const evil = await context.newPage();
  await evil.goto(other.server.newAddress());
  // The policy of the other page would forbid it too, so it is asked from a page without one.
  await evil.route('**/bare', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${t.origin}/"></iframe>` }),
  );
  await evil.goto(`${other.origin}/bare`);
  const outcome = await evil.evaluate(
    `new Promise((resolve) => {
      const link = new WebSocket('ws://127.0.0.1:${t.server.port}/link');
      link.onopen = () => resolve('open');
      link.onerror = () => resolve('refused');
    })`,
  );
  expect(outcome).toBe('refused');
  const framed = evil.frames()[1];
  await framed.waitForLoadState();
  expect(framed.url()).toMatch(/^chrome-error:/);
  await other.close();
  await context.close();
});
