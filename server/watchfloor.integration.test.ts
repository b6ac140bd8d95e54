import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Health } from '../core/protocol/health.ts';

// The command itself, from source: its own process, a real demo fleet with its broker, the real room.
const ENTRY = join(import.meta.dirname, 'main.ts');

let dir: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [ENTRY, '--data', join(dir, 'data'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', ...env },
  });
  children.push(child);
  const said: string[] = [];
  const complained: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => complained.push(line));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const address = () =>
    vi.waitFor(() => new URL(/http:\S+/.exec(said.join('\n'))?.[0] ?? ''), { timeout: 60_000, interval: 50 });
  return { child, said, complained, ended, address };
}

/** Stands where Chrome would: opens the address it is given as an app window would, and notes the status. */
function browserScript(noteFile: string): string {
  return `#!${process.execPath}
const address = process.argv.find((arg) => arg.startsWith('--app=')).slice('--app='.length);
fetch(address, { redirect: 'manual' }).then(({ status }) => {
  require('node:fs').writeFileSync(${JSON.stringify(noteFile)}, String(status));
});
`;
}

const health = async (address: URL): Promise<Health> =>
  (await fetch(new URL('/healthz', address))).json() as Promise<Health>;

test.skipIf(process.platform === 'win32')(
  'the demo comes up, is counted, refuses a second room on its data and port, and closes in order',
  { timeout: 120_000 },
  async () => {
    const room = start(['--no-open', '--port', '0', '--vehicles', '20', '--rate', '2']);
    const address = await room.address();
    expect(room.said).toHaveLength(1);
    await vi.waitFor(
      async () => {
        const { status, vehicles, messages, broker } = await health(address);
        expect([status, broker.state, vehicles.total]).toEqual(['ok', 'connected', 20]);
        expect(messages.processed).toBeGreaterThan(0);
      },
      { timeout: 60_000, interval: 100 },
    );

    const second = start(['--no-open', '--port', '0', '--no-demo']);
    expect(await second.ended).toBe(1);
    expect(second.complained.join('\n')).toMatch(/using .*data/);
    const third = start(['--no-open', '--no-demo', '--port', address.port, '--data', join(dir, 'other')]);
    expect(await third.ended).toBe(1);
    expect(third.complained).toEqual([expect.stringContaining(`Port ${address.port} is taken`)]);

    room.child.kill('SIGTERM');
    expect(await room.ended).toBe(0);
    expect(room.complained).toEqual([]);
  },
);

test.runIf(process.platform === 'linux')(
  'a headless browser opened as the app window spends an address of its own',
  { timeout: 120_000 },
  async () => {
    const opened = join(dir, 'opened.txt');
    const browser = join(dir, 'browser.cjs');
    writeFileSync(browser, browserScript(opened), { mode: 0o755 });
    const room = start(['--headless', '--port', '0', '--broker', 'mqtt://127.0.0.1:9'], {
      DISPLAY: ':99',
      CHROME_PATH: browser,
    });
    const address = await room.address();
    await vi.waitFor(() => expect(readFileSync(opened, 'utf8')).toBe('303'), { timeout: 30_000, interval: 50 });
    expect(room.said[0]).not.toContain('open it in a browser');
    const printed = await fetch(address, { redirect: 'manual' });
    expect(printed.status).toBe(303);
    // The room connects when its rules are in force.
    await vi.waitFor(async () => expect((await health(address)).broker.detail).not.toBe(''), { timeout: 30_000 });
    expect((await health(address)).status).not.toBe('ok');
  },
);

test('a wrong command line is refused with a suggestion', { timeout: 60_000 }, async () => {
  const wrong = start(['--hedless']);
  expect(await wrong.ended).toBe(2);
  expect(wrong.complained).toEqual(['There is no flag --hedless. Did you mean --headless?']);
});
