import { existsSync } from 'node:fs';
import envPaths from 'env-paths';
import { type CliOptions, parseCli } from '../core/control-room/cli.ts';
import { HELP } from '../core/control-room/cli-help.ts';
import { appLayout, type Layout } from '../core/control-room/layout.ts';
import { openControlRoom } from '../core/control-room/open.ts';
import { RoomError } from '../core/protocol/errors.ts';
import { hasDisplay } from './app-window.ts';
import { findElectron, runElectron } from './electron-shell.ts';
import { type HeadlessRoom, startHeadless } from './headless.ts';

const CLOSE_WITHIN_MS = 15_000;

/** The `watchfloor` command: chooses the shell, and sets the exit code. Resolves once the room is up, or is not to be. */
export async function watchfloor(args: readonly string[]): Promise<void> {
  const layout = appLayout(import.meta.url);
  const parsed = parseCli(args, {
    env: process.env,
    cwd: process.cwd(),
    defaultDataDir: envPaths('watchfloor', { suffix: '' }).data,
  });
  switch (parsed.kind) {
    case 'help':
      return console.log(HELP);
    case 'version':
      return console.log(layout.version);
    case 'errors':
      for (const error of parsed.errors) console.error(error);
      process.exitCode = 2;
      return;
    case 'run':
      return run(args, parsed.options, layout);
  }
}

async function run(args: readonly string[], options: CliOptions, layout: Layout): Promise<void> {
  const electron = options.headless ? undefined : findElectron();
  const display = hasDisplay(process.platform, process.env);
  if (electron && display && existsSync(layout.electronEntry)) {
    process.exitCode = await runElectron(electron, layout.electronEntry, args);
    return;
  }
  try {
    const room = await startHeadless({
      options,
      layout,
      open: openControlRoom,
      why: options.headless ? undefined : whyNoElectron(electron !== undefined, display),
      print: (line) => console.log(line),
      warn: (line) => console.error(line),
      onFailure: (error) => {
        console.error(error.message);
        process.exit(1);
      },
    });
    closeOnSignals(room);
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function whyNoElectron(found: boolean, display: boolean): string {
  if (!found) return 'Electron’s runtime is not on this machine';
  return display ? 'The Electron shell has not been built' : 'There is no display here for Electron';
}

/** The first signal closes the room in order; a second one, or a close that hangs, ends the program at once. */
function closeOnSignals(room: HeadlessRoom): void {
  let closing = false;
  const close = (): void => {
    if (closing) process.exit(1);
    closing = true;
    setTimeout(() => {
      console.error('The room took too long to close; what it had not stored yet is read from the journal next time.');
      process.exit(1);
    }, CLOSE_WITHIN_MS).unref();
    room.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, close);
}
