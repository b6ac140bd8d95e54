import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface AppWindow {
  /** Called once if the browser could not show the window. */
  onFailed(listener: () => void): void;
  close(): void;
}

/** Opens `address` as an app window of `browser`, with a profile of its own that lies in the data directory. */
export function openAppWindow(browser: string, address: string, dataDir: string): AppWindow {
  const profileDir = join(dataDir, 'browser');
  mkdirSync(profileDir, { recursive: true });
  const child = spawn(browser, appWindowArgs(address, profileDir, isRoot()), { stdio: 'ignore' });
  return {
    onFailed(listener) {
      child.once('error', listener);
      child.once('exit', (code) => {
        if (code) listener();
      });
    },
    close: () => stop(child),
  };
}

/** `unsandboxed` only where Chromium's sandbox cannot work: it refuses to start for root. */
export function appWindowArgs(address: string, profileDir: string, unsandboxed: boolean): string[] {
  return [
    `--app=${address}`,
    `--user-data-dir=${profileDir}`,
    '--window-size=1440,900',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-features=Translate',
    // The map needs WebGL: without a graphics card Chromium draws it in software only when told that the page is trusted.
    '--enable-unsafe-swiftshader',
    ...(unsandboxed ? ['--no-sandbox', '--test-type'] : []),
  ];
}

/** Whether a window can be shown at all. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function stop(child: ChildProcess): void {
  if (child.exitCode === null) child.kill('SIGTERM');
}
