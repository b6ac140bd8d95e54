import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/find-browser.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const DIST = join(ROOT, 'dist/node');

/** A running room with one window. */
export interface Shell {
  readonly page: Page;
  /** Requests that left for anywhere but the room itself. */
  readonly foreignRequests: string[];
  /** Errors the page logged or threw. */
  readonly pageErrors: string[];
  /** Base of the room's HTTP server; undefined in Electron, which has none. */
  readonly origin: string | undefined;
  /** Ends the room as a user does. */
  close(): Promise<void>;
}

export interface LaunchOptions {
  readonly dataDir: string;
  /** Further arguments of the command line. */
  readonly args: readonly string[];
  readonly width?: number;
  readonly height?: number;
}

/** Software GL, so that the map draws without a GPU. */
const BROWSER_ARGS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
];

/**
 * Starts the built product: in Electron where its runtime is (or WATCHFLOOR_E2E_SHELL=electron asks for it), headless in
 * Chromium otherwise. The specs are the same for both.
 */
export async function launch(options: LaunchOptions): Promise<Shell> {
  const wanted = process.env.WATCHFLOOR_E2E_SHELL;
  const electron = electronPath();
  if (wanted === 'electron' && !electron)
    throw new Error('WATCHFLOOR_E2E_SHELL=electron, but its runtime is not installed');
  return electron && wanted !== 'headless' ? launchElectron(electron, options) : launchHeadless(options);
}

function electronPath(): string | undefined {
  const dir = createRequire(import.meta.url)
    .resolve('electron/package.json')
    .replace(/package\.json$/, '');
  const marker = join(dir, 'path.txt');
  if (!existsSync(marker)) return undefined;
  const path = join(dir, 'dist', readFileSync(marker, 'utf8'));
  return existsSync(path) ? path : undefined;
}

async function launchElectron(executablePath: string, options: LaunchOptions): Promise<Shell> {
  const app = await _electron.launch({
    executablePath,
    args: [join(DIST, 'electron-main.js'), '--data', options.dataDir, ...options.args],
    env: { ...process.env, WATCHFLOOR_E2E: '1' } as Record<string, string>,
  });
  const page = await app.firstWindow();
  const watch = watchPage(
    page,
    (url) => url.startsWith('app://room/') || url.startsWith('blob:') || url.startsWith('data:'),
  );
  return { page, ...watch, origin: undefined, close: () => app.close() };
}

async function launchHeadless({ dataDir, args, width = 1280, height = 800 }: LaunchOptions): Promise<Shell> {
  const room = spawn(
    process.execPath,
    [join(DIST, 'watchfloor.js'), '--headless', '--no-open', '--data', dataDir, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let browser: Browser | undefined;
  try {
    const address = await printedAddress(room);
    const { origin } = new URL(address);
    browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGS });
    const page = await browser.newPage({ viewport: { width, height } });
    const own = [origin, origin.replace('http', 'ws'), 'blob:', 'data:'];
    const watch = watchPage(page, (url) => own.some((prefix) => url.startsWith(prefix)));
    await page.goto(address);
    return { page, ...watch, origin, close: () => closeHeadless(browser, room) };
  } catch (error) {
    await closeHeadless(browser, room);
    throw error;
  }
}

function watchPage(page: Page, isOwn: (url: string) => boolean): Pick<Shell, 'foreignRequests' | 'pageErrors'> {
  const foreignRequests: string[] = [];
  const pageErrors: string[] = [];
  page.on('request', (request) => {
    if (!isOwn(request.url())) foreignRequests.push(request.url());
  });
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text());
  });
  return { foreignRequests, pageErrors };
}

/** The address the room prints in its one line. */
async function printedAddress(room: ChildProcess): Promise<string> {
  const lines = createInterface({ input: room.stdout! });
  const said: string[] = [];
  const address = new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      const match = /https?:\/\/\S+/.exec(line);
      if (match) resolve(match[0]);
    });
    room.once('exit', (code) => reject(new Error(`the room ended with ${code}: ${said.join('\n')}`)));
  });
  return address;
}

async function closeHeadless(browser: Browser | undefined, room: ChildProcess): Promise<void> {
  await browser?.close();
  if (room.exitCode !== null || room.signalCode !== null) return;
  room.kill('SIGTERM');
  await once(room, 'exit');
}
