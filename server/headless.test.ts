import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CliOptions } from '../core/control-room/cli.ts';
import { appLayout } from '../core/control-room/layout.ts';
import { appWindowArgs, hasDisplay } from './app-window.ts';
import { electronIn } from './electron-shell.ts';
import { startHeadless } from './headless.ts';
import { startHttpServer } from './http-server.ts';
import { fakeRoom } from './testing/fake-room.ts';
import { rawRequest } from './testing/raw-request.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'headless-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const options = (overrides: Partial<CliOptions> = {}): CliOptions => ({
  headless: true,
  open: false,
  port: 0,
  portAsked: true,
  host: '127.0.0.1',
  dataDir: join(dir, 'data'),
  demo: undefined,
  broker: { url: 'mqtt://b' },
  rulesDir: undefined,
  durability: 'os',
  token: undefined,
  ...overrides,
});
const layout = { ...appLayout(import.meta.url), rendererDir: import.meta.dirname };

async function start(overrides: Partial<CliOptions> = {}, why?: string) {
  const lines: string[] = [];
  const warnings: string[] = [];
  const room = fakeRoom();
  const closed = vi.spyOn(room, 'close');
  const headless = await startHeadless({
    options: options(overrides),
    layout,
    open: async () => room,
    why,
    print: (line) => lines.push(line),
    warn: (line) => warnings.push(line),
    onFailure: () => {},
  });
  return { headless, lines, warnings, closed };
}

test('one line says why there is no Electron and where the room is; the address works', async () => {
  const { headless, lines, warnings, closed } = await start({}, 'Electron’s runtime is not on this machine');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^Electron’s runtime is not on this machine, so the room runs headless at http:/);
  expect(warnings).toEqual([]);
  const address = new URL(/http:\S+/.exec(lines[0])?.[0] ?? '');
  expect((await rawRequest(headless.server.port, address.pathname + address.search)).status).toBe(303);
  await headless.close();
  expect(closed).toHaveBeenCalledOnce();
});

test('listening on the network is said aloud', async () => {
  const { headless, warnings } = await start({ host: '0.0.0.0' });
  expect(warnings).toEqual([expect.stringContaining('not only for this machine')]);
  await headless.close();
});

test('a taken port closes the room that was opened for it', async () => {
  const room = fakeRoom();
  const first = await startHttpServer({ ...options(), room, version: '1', rendererDir: import.meta.dirname });
  const closed = vi.spyOn(room, 'close');
  const second = startHeadless({
    options: options({ port: first.port }),
    layout,
    open: async () => room,
    why: undefined,
    print: () => {},
    warn: () => {},
    onFailure: () => {},
  });
  await expect(second).rejects.toMatchObject({ kind: 'port-in-use' });
  expect(closed).toHaveBeenCalledOnce();
  await first.close();
});

test('the app window has a profile of its own and keeps its sandbox except for root', () => {
  const args = appWindowArgs('http://a/?token=t', '/d/browser', false);
  expect(args).toEqual(expect.arrayContaining(['--app=http://a/?token=t', '--user-data-dir=/d/browser']));
  expect(args).not.toContain('--no-sandbox');
  expect(appWindowArgs('http://a', '/d', true)).toContain('--no-sandbox');
});

test('a display is needed on Linux only', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDisplay('darwin', {})).toBe(true);
});

test('an Electron that was never fetched is not found, and nothing is downloaded', () => {
  expect(electronIn(dir, {})).toBeUndefined();
  expect(electronIn(dir, { ELECTRON_OVERRIDE_DIST_PATH: dir })).toBeUndefined();
});
