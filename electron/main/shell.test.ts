import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ControlRoom } from '../../core/control-room/control-room.ts';
import type { Layout } from '../../core/control-room/layout.ts';
import type { RoomOptions } from '../../core/control-room/options.ts';
import { RoomError } from '../../core/protocol/errors.ts';
import type { ShownNotice } from '../../core/protocol/notice-requests.ts';
import {
  app,
  FakeNotification,
  FakeWindow,
  ipcMain,
  Menu,
  protocol,
  session,
  shell,
} from '../testing/fake-electron.ts';
import { mayOpenOutside } from './lock-down.ts';
import { runShell } from './shell.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let dir: string;
let open: ReturnType<typeof vi.fn<(options: RoomOptions) => Promise<ControlRoom>>>;
const room = {
  connect: vi.fn(),
  health: vi.fn(() => new Promise<never>(() => {})),
  onNotice: vi.fn<(listener: (notice: ShownNotice) => void) => void>(),
  onFailure: vi.fn<(listener: (error: Error) => void) => void>(),
  close: vi.fn(async () => {}),
} satisfies ControlRoom;
const log = vi.spyOn(console, 'log').mockImplementation(() => {});
const logError = vi.spyOn(console, 'error').mockImplementation(() => {});

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shell-'));
  writeFileSync(join(dir, 'index.html'), '<title>Watchfloor</title>');
  open = vi.fn(async () => room);
});
afterEach(() => {
  app.removeAllListeners();
  ipcMain.removeAllListeners();
  app.hasLock = true;
  FakeWindow.all.length = 0;
  FakeNotification.all.length = 0;
  FakeNotification.isThere = true;
  protocol.handlers.clear();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
  session.defaultSession.removeAllListeners();
  vi.clearAllMocks();
  rmSync(dir, { recursive: true });
});

const layout = (): Layout => ({
  version: '1.2.3',
  rendererDir: dir,
  rulesDir: '/rules',
  demoEntry: '/demo.js',
  electronEntry: '/electron-main.js',
  preloadEntry: '/preload.cjs',
});
const run = (...args: string[]) =>
  runShell({
    argv: ['electron', 'dist/node/electron-main.js', '--broker', 'mqtt://b', '--data', dir, ...args],
    layout: layout(),
    open,
  });

test('the window is isolated, sandboxed and shows the room', async () => {
  await run();
  const [window] = FakeWindow.all;
  expect(window.options.webPreferences).toEqual({
    preload: '/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
  });
  expect(window.loadURL).toHaveBeenCalledWith('app://room/');
  expect(app.enableSandbox).toHaveBeenCalled();
  expect(protocol.schemes).toEqual([
    { scheme: 'app', privileges: expect.objectContaining({ standard: true, secure: true }) },
  ]);
  const page = await protocol.handlers.get('app')?.(new Request('app://room/'));
  expect(await page?.text()).toBe('<title>Watchfloor</title>');
  expect(open).toHaveBeenCalledWith(expect.objectContaining({ dataDir: dir, rulesDir: '/rules', demo: false }));
});

describe('what a page may not do', () => {
  const event = (url: string, isMainFrame = true) => ({ url, isMainFrame, preventDefault: vi.fn() });

  test('leave the room, be redirected, embed, open windows', async () => {
    await run();
    const { webContents } = FakeWindow.all[0];
    for (const url of [
      'https://evil.example/',
      'file:///etc/passwd',
      'app://elsewhere/',
      'app://room.evil/',
      'about:blank',
    ]) {
      const leaving = event(url);
      webContents.emit('will-navigate', leaving);
      expect(leaving.preventDefault).toHaveBeenCalled();
      expect(webContents.windowOpenHandler({ url })).toEqual({ action: 'deny' });
    }
    const staying = event('app://room/index.html');
    webContents.emit('will-navigate', staying);
    expect(staying.preventDefault).not.toHaveBeenCalled();
    for (const name of ['will-redirect', 'will-attach-webview']) {
      const refused = event('app://room/');
      webContents.emit(name, refused);
      expect(refused.preventDefault).toHaveBeenCalled();
    }
    const framed = event('app://room/', false);
    webContents.emit('will-frame-navigate', framed);
    expect(framed.preventDefault).toHaveBeenCalled();
    expect(shell.openExternal).not.toHaveBeenCalled();
  });

  test('links outside open only for https pages of listed sites', () => {
    const listed = ['https://docs.example'];
    expect(mayOpenOutside('https://docs.example/page', listed)).toBe(true);
    for (const url of ['http://docs.example/', 'https://docs.example.evil/', 'javascript:alert(1)', 'nonsense']) {
      expect(mayOpenOutside(url, listed)).toBe(false);
    }
    expect(mayOpenOutside('https://docs.example/page')).toBe(false);
  });

  test('have any permission, or download', async () => {
    await run();
    for (const permission of ['geolocation', 'media', 'notifications', 'clipboard-read', 'openExternal']) {
      const answer = vi.fn();
      session.defaultSession.request({}, permission, answer);
      expect(answer).toHaveBeenCalledWith(false);
    }
    expect(session.defaultSession.check()).toBe(false);
    expect(session.defaultSession.device()).toBe(false);
    const download = event('app://room/x');
    session.defaultSession.emit('will-download', download);
    expect(download.preventDefault).toHaveBeenCalled();
  });
});

describe('one room per data directory', () => {
  test('a second start leaves at once; the first comes to the front', async () => {
    await run();
    const [window] = FakeWindow.all;
    window.minimized = true;
    app.emit('second-instance');
    expect(window.restore).toHaveBeenCalled();
    expect(window.focus).toHaveBeenCalled();

    app.hasLock = false;
    open.mockClear();
    await run();
    expect(open).not.toHaveBeenCalled();
    expect(app.exit).toHaveBeenCalledWith(0);
    expect(log).toHaveBeenCalledWith(expect.stringContaining('already open'));
  });
  test('window data and the lock lie in the data directory', async () => {
    await run();
    expect(app.paths.get('userData')).toBe(join(dir, 'electron'));
  });
});

test('a room that cannot open is a sentence and an exit code', async () => {
  open.mockRejectedValueOnce(new RoomError('data-dir-in-use', 'Another room has this directory.'));
  await run();
  expect(logError).toHaveBeenCalledWith('Another room has this directory.');
  expect(app.exit).toHaveBeenCalledWith(1);
  expect(FakeWindow.all).toHaveLength(0);
});

test('a room that cannot go on ends the program with its sentence', async () => {
  await run();
  const [listener] = room.onFailure.mock.lastCall ?? [];
  listener?.(new RoomError('worker', 'The engine stopped.'));
  expect(logError).toHaveBeenCalledWith('The engine stopped.');
  expect(app.exit).toHaveBeenCalledWith(1);
});

test('urgent notices are shown on the desktop, and a click on one brings the window to the front', async () => {
  await run();
  const [listener] = room.onNotice.mock.lastCall ?? [];
  const notice = {
    id: 'n1',
    priority: 1,
    subject: '[CRITICAL] Engine hot – BER-1',
    body: 'Engine at 112 °C.',
    alertIds: ['a'],
  };
  listener?.({ ...notice, channel: 'sound' });
  expect(FakeNotification.all).toHaveLength(0);
  listener?.({ ...notice, channel: 'desktop' });
  const [shown] = FakeNotification.all;
  expect(shown.options).toMatchObject({ title: notice.subject, body: notice.body, urgency: 'critical', silent: true });
  expect(shown.show).toHaveBeenCalledOnce();
  shown.emit('click');
  expect(FakeWindow.all[0].focus).toHaveBeenCalled();
  FakeNotification.isThere = false;
  listener?.({ ...notice, channel: 'desktop' });
  expect(FakeNotification.all).toHaveLength(1);
});

test('a wrong command line opens nothing', async () => {
  await run('--wat');
  expect(open).not.toHaveBeenCalled();
  expect(app.exit).toHaveBeenCalledWith(2);
  expect(logError).toHaveBeenCalledWith(expect.stringContaining('There is no flag --wat'));
});

test('quitting waits for the room to close', async () => {
  await run();
  const quit = { preventDefault: vi.fn() };
  app.emit('before-quit', quit);
  app.emit('before-quit', quit);
  expect(quit.preventDefault).toHaveBeenCalledTimes(2);
  await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(0));
  expect(room.close).toHaveBeenCalledOnce();
});

test('a crashed screen is loaded again, but not forever; the window’s place is kept', async () => {
  await run();
  const [window] = FakeWindow.all;
  window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
  expect(window.webContents.reload).not.toHaveBeenCalled();
  for (let i = 0; i < 5; i++) window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
  expect(window.webContents.reload).toHaveBeenCalledTimes(3);
  window.emit('close');
  const saved = JSON.parse(readFileSync(join(dir, 'electron/window-state.json'), 'utf8'));
  expect(saved).toEqual({ bounds: { x: 10, y: 20, width: 1200, height: 800 }, maximized: false });
  await run();
  expect(FakeWindow.all[1].options).toMatchObject({ x: 10, y: 20, width: 1200, height: 800 });
});

test('developer tools are in the menu in development only', async () => {
  await run();
  expect(JSON.stringify(Menu.buildFromTemplate.mock.lastCall)).toContain('toggleDevTools');
  app.isPackaged = true;
  await runShell({ argv: ['watchfloor', '--broker', 'mqtt://b', '--data', dir], layout: layout(), open });
  app.isPackaged = false;
  expect(JSON.stringify(Menu.buildFromTemplate.mock.lastCall)).not.toContain('toggleDevTools');
});
