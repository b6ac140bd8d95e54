import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FETCH_WITHIN_MS = 180_000;
const RETRY_AFTER_MS = 24 * 3600 * 1000;

/**
 * Fetches Electron's runtime with the package's own installer, which checks its checksum. A machine that cannot reach it
 * is asked again a day later only, so that starts stay quick.
 */
export function fetchElectron(root: string): void {
  const marker = join(root, '.cache/electron-not-fetched');
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD || triedLately(marker)) return;
  console.log('Fetching Electron’s runtime, once …');
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/electron/install.js')], {
    stdio: 'ignore',
    timeout: FETCH_WITHIN_MS,
    // Lets Node's own fetch use the proxy of the environment.
    env: { ...process.env, NODE_USE_ENV_PROXY: '1' },
  });
  if (status === 0) {
    rmSync(marker, { force: true });
  } else {
    mkdirSync(join(root, '.cache'), { recursive: true });
    writeFileSync(marker, '');
  }
}

function triedLately(marker: string): boolean {
  const last = statSync(marker, { throwIfNoEntry: false });
  return last !== undefined && Date.now() - last.mtimeMs < RETRY_AFTER_MS;
}
