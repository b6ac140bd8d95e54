import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome', 'microsoft-edge'];

const MAC_APPS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const WINDOWS_APPS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

export interface FindBrowserOptions {
  readonly platform?: NodeJS.Platform;
  readonly env?: Env;
  /** Whether there is a program at this path; the file system by default. */
  readonly isProgram?: (path: string) => boolean;
}

/**
 * Path of an installed Chrome, Chromium or Edge, or undefined. CHROME_PATH goes first; a CHROME_PATH that leads nowhere is
 * passed over.
 */
export function findBrowser(options: FindBrowserOptions = {}): string | undefined {
  const { platform = process.platform, env = process.env, isProgram = isExecutable } = options;
  return candidates(platform, env).find(isProgram);
}

function candidates(platform: NodeJS.Platform, env: Env): string[] {
  const asked = env.CHROME_PATH ? [env.CHROME_PATH] : [];
  switch (platform) {
    case 'win32': {
      const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined);
      return [...asked, ...WINDOWS_APPS.flatMap((app) => roots.map((root) => `${root}\\${app}`))];
    }
    case 'darwin': {
      const roots = ['/Applications', `${env.HOME ?? ''}/Applications`];
      return [...asked, ...MAC_APPS.flatMap((app) => roots.map((root) => `${root}/${app}`)), ...onPath(env)];
    }
    default:
      return [...asked, ...onPath(env), ...NAMES.map((name) => `/usr/bin/${name}`), '/snap/bin/chromium'];
  }
}

function onPath(env: Env): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
