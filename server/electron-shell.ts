import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isRoot } from './app-window.ts';

/** Path of Electron's executable when it has been fetched, else undefined. Looks only; it never downloads. */
export function findElectron(): string | undefined {
  try {
    return electronIn(dirname(createRequire(import.meta.url).resolve('electron/package.json')), process.env);
  } catch {
    // The package is a development dependency: an installation without it has no Electron.
    return undefined;
  }
}

/** The executable of an `electron` package, where the package itself looks for it. */
export function electronIn(packageDir: string, env: NodeJS.ProcessEnv): string | undefined {
  const pathFile = join(packageDir, 'path.txt');
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!override && !existsSync(pathFile)) return undefined;
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const executable = join(override || join(packageDir, 'dist'), name);
  return existsSync(executable) ? executable : undefined;
}

/** Runs the Electron shell with the same arguments and resolves with its exit code. Signals are passed on. */
export function runElectron(executable: string, entry: string, args: readonly string[]): Promise<number> {
  const sandbox = process.platform === 'linux' && isRoot() ? ['--no-sandbox'] : [];
  const child = spawn(executable, [...sandbox, entry, ...args], { stdio: 'inherit', env: withoutRunAsNode() });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`Electron does not start (${error.message}). Use --headless to run without it.`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The variable would make Electron behave as Node and show nothing; editors built on Electron set it. */
function withoutRunAsNode(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return env;
}
