import { BrowserWindow, dialog, screen } from 'electron';
import { APP_ORIGIN } from '../channels.ts';
import { loadWindowState, MIN_HEIGHT, MIN_WIDTH, saveWindowState } from './window-state.ts';

export interface MainWindowOptions {
  readonly preloadEntry: string;
  /** Where size and position are kept between starts. */
  readonly stateFile: string;
}

const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 60_000;

/** Opens the window on the room's screens. */
export function openMainWindow({ preloadEntry, stateFile }: MainWindowOptions): BrowserWindow {
  const displays = screen.getAllDisplays().map((display) => display.workArea);
  const state = loadWindowState(stateFile, displays);
  const window = new BrowserWindow({
    ...state.bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    title: 'Watchfloor',
    backgroundColor: '#14171a',
    show: false,
    webPreferences: {
      preload: preloadEntry,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    saveWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  });
  reviveAfterCrash(window);
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}

/** A crashed screen is loaded again; one that keeps crashing is left alone with a sentence. The room itself goes on. */
function reviveAfterCrash(window: BrowserWindow): void {
  const crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    crashes.push(now);
    if (crashes.filter((at) => now - at < CRASH_WINDOW_MS).length <= MAX_CRASHES) return window.webContents.reload();
    dialog.showErrorBox(
      'The screen keeps crashing',
      `It ended ${crashes.length} times (${reason}, ${exitCode}). The room goes on recording. Start Watchfloor again, or open it with --headless.`,
    );
  });
}
