import { type FSWatcher, watch } from 'node:fs';
import type { RuleFolder } from './rule-folder.ts';

/** An editor writes a file in several steps. */
const SETTLE_MS = 300;
/** Folders on the network, and some in containers, tell nothing of changes. */
const LOOK_EVERY_MS = 5000;

/** Calls `onChange` when files of the folder may have changed, once they have settled. Answers what ends it. */
export function watchFolder(folder: RuleFolder, onChange: () => void): () => void {
  let seen = folder.fingerprint();
  let settling: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  let watched = '';

  const settled = (): void => {
    seen = folder.fingerprint();
    onChange();
  };
  const stir = (): void => {
    clearTimeout(settling);
    settling = setTimeout(settled, SETTLE_MS);
  };
  const follow = (): void => {
    const { dir } = folder;
    if (dir === watched && watcher) return;
    watcher?.close();
    watcher = undefined;
    try {
      watcher = watch(dir, { persistent: false }, stir);
      watcher.on('error', () => {
        watcher?.close();
        watcher = undefined;
      });
      watched = dir;
    } catch {
      // Looking at it now and then does as well.
    }
  };
  const look = (): void => {
    follow();
    if (folder.fingerprint() !== seen) stir();
  };
  follow();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    clearTimeout(settling);
    watcher?.close();
  };
}
