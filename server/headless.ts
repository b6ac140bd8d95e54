import type { CliOptions } from '../core/control-room/cli.ts';
import type { OpenControlRoom } from '../core/control-room/control-room.ts';
import type { Layout } from '../core/control-room/layout.ts';
import { startRoom } from '../core/control-room/start-room.ts';
import { type AppWindow, hasDisplay, openAppWindow } from './app-window.ts';
import { findBrowser } from './find-browser.ts';
import { isLoopbackHost } from './guards.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';

export interface HeadlessOptions {
  readonly options: CliOptions;
  readonly layout: Layout;
  readonly open: OpenControlRoom;
  /** Why there is no Electron window, said before the address; undefined when headless was asked for. */
  readonly why: string | undefined;
  readonly print: (line: string) => void;
  readonly warn: (line: string) => void;
  /** Called once when the room cannot go on. */
  readonly onFailure: (error: Error) => void;
}

export interface HeadlessRoom {
  readonly server: HttpServer;
  close(): Promise<void>;
}

/** Starts the room and serves it; opens an app window or prints the address. Rejects with a RoomError fit to be shown. */
export async function startHeadless(headless: HeadlessOptions): Promise<HeadlessRoom> {
  const { options, layout, open, why, print, warn, onFailure } = headless;
  const started = await startRoom({ options, layout, open, onWarning: warn, onFailure });
  let server: HttpServer;
  try {
    server = await startHttpServer({
      room: started.room,
      version: layout.version,
      rendererDir: layout.rendererDir,
      streetsFile: started.streetsFile,
      host: options.host,
      port: options.port,
      portAsked: options.portAsked,
      fixedToken: options.token,
    });
  } catch (error) {
    await started.close();
    throw error;
  }
  const browser = options.open && hasDisplay(process.platform, process.env) ? findBrowser() : undefined;
  const runs = why === undefined ? 'The room runs headless' : `${why}, so the room runs headless`;
  print(`${runs} at ${server.newAddress()}${browser ? '' : ' (open it in a browser)'}`);
  if (!isLoopbackHost(options.host)) {
    warn(
      `Warning: listening on ${options.host} port ${server.port}, not only for this machine, and without encryption. ` +
        'Whoever has a token can see and work the room.',
    );
  }
  const appWindow = browser ? openWindow(browser, server, options.dataDir, warn) : undefined;
  return {
    server,
    async close() {
      appWindow?.close();
      await server.close();
      await started.close();
    },
  };
}

function openWindow(browser: string, server: HttpServer, dataDir: string, warn: (line: string) => void): AppWindow {
  // An address of its own, so that the printed one stays good for another browser.
  const appWindow = openAppWindow(browser, server.newAddress(), dataDir);
  appWindow.onFailed(() => warn(`${browser} could not open a window: open the address in a browser.`));
  return appWindow;
}
