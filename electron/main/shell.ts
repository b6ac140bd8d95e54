import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, session } from 'electron';
import envPaths from 'env-paths';
import { type CliOptions, parseCli } from '../../core/control-room/cli.ts';
import { HELP } from '../../core/control-room/cli-help.ts';
import type { OpenControlRoom } from '../../core/control-room/control-room.ts';
import type { Layout } from '../../core/control-room/layout.ts';
import { type StartedRoom, startRoom } from '../../core/control-room/start-room.ts';
import { registerAppScheme, serveApp } from './app-scheme.ts';
import { offerLinks } from './link-ports.ts';
import { lockDownContents, refusePermissions } from './lock-down.ts';
import { openMainWindow } from './main-window.ts';
import { setMenu } from './menu.ts';
import { showNotices } from './notify.ts';
import { withStoredPassword } from './secrets.ts';
import { shellArgs } from './shell-args.ts';

export interface ShellOptions {
  readonly argv: readonly string[];
  readonly layout: Layout;
  readonly open: OpenControlRoom;
}

/** Runs the desktop shell until it quits. To be called before Electron is ready. */
export async function runShell({ argv, layout, open }: ShellOptions): Promise<void> {
  const options = readOptions(argv, layout);
  if (!options) return;
  const userData = join(options.dataDir, 'electron');
  try {
    mkdirSync(userData, { recursive: true });
  } catch (error) {
    return fail(
      `The data directory ${options.dataDir} cannot be made (${messageOf(error)}). Choose another with --data DIR.`,
    );
  }
  // One set of window data and one lock per data directory, so that two rooms can run side by side.
  app.setPath('userData', userData);
  if (!app.requestSingleInstanceLock()) {
    console.log('Watchfloor is already open on this data directory; its window has been brought to the front.');
    return app.exit(0);
  }
  app.enableSandbox();
  // The map needs WebGL, also without a graphics card; the only page is our own.
  app.commandLine.appendSwitch('enable-unsafe-swiftshader');
  registerAppScheme();
  lockDownContents();
  app.on('second-instance', focusWindow);
  await app.whenReady();
  try {
    await runRoom({ options, layout, open, userData });
  } catch (error) {
    fail(messageOf(error));
  }
}

interface RunRoomOptions {
  readonly options: CliOptions;
  readonly layout: Layout;
  readonly open: OpenControlRoom;
  readonly userData: string;
}

async function runRoom({ options, layout, open, userData }: RunRoomOptions): Promise<void> {
  refusePermissions(session.defaultSession);
  setMenu(layout.version);
  const broker = options.broker && (await withStoredPassword(options.broker, join(userData, 'broker-passwords.json')));
  const started = await startRoom({
    options: { ...options, broker },
    layout,
    open,
    onWarning: (sentence) => console.error(sentence),
    onFailure: (error) => fail(error.message, { title: 'The room stopped' }),
  });
  closeRoomBeforeQuit(started);
  serveApp({ rendererDir: layout.rendererDir, streetsFile: started.streetsFile });
  offerLinks(started.room);
  showNotices(started.room, focusWindow);
  const openWindow = () =>
    openMainWindow({ preloadEntry: layout.preloadEntry, stateFile: join(userData, 'window-state.json') });
  openWindow();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on('window-all-closed', () => {
    // On macOS programs stay until they are told to quit.
    if (process.platform !== 'darwin') app.quit();
  });
}

function readOptions(argv: readonly string[], layout: Layout): CliOptions | undefined {
  const parsed = parseCli(shellArgs(argv, app.isPackaged), {
    env: process.env,
    cwd: process.cwd(),
    defaultDataDir: envPaths('watchfloor', { suffix: '' }).data,
  });
  switch (parsed.kind) {
    case 'help':
    case 'version':
      console.log(parsed.kind === 'help' ? HELP : layout.version);
      app.exit(0);
      return undefined;
    case 'errors':
      fail(parsed.errors.join('\n'), { code: 2 });
      return undefined;
    case 'run':
      return parsed.options;
  }
}

/** Quitting waits until the room has stored what is open. */
function closeRoomBeforeQuit(started: StartedRoom): void {
  let closing = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    started.close().then(
      () => app.exit(0),
      (error: unknown) => fail(messageOf(error)),
    );
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}

function focusWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function fail(sentence: string, { title = 'Watchfloor cannot start', code = 1 } = {}): void {
  console.error(sentence);
  // Started from an icon there is no terminal to read it in.
  if (app.isPackaged) dialog.showErrorBox(title, sentence);
  app.exit(code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
