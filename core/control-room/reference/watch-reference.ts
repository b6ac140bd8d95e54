import { type FSWatcher, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { REFERENCE_FILES } from './read-reference.ts';

/** Network drives and some containers tell nothing of changes: files are also looked at this often, ms. */
const LOOK_MS = 2000;
/** Files are read once they have been the same for this long: whoever writes them has finished, ms. */
const CALM_MS = 500;

const FILES = Object.values(REFERENCE_FILES).flat();

export interface ReferenceWatch {
  close(): void;
}

/**
 * Calls `onChange` whenever reference files were written, added or taken away, once they have come to rest. The folder may come later.
 * Files are taken as known as they are when this is called.
 */
export function watchReference(dir: string, onChange: () => void): ReferenceWatch {
  let known = stateOf(dir);
  let seen = known;
  let calm: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;

  const settle = (): void => {
    calm = undefined;
    const now = stateOf(dir);
    if (now !== seen) look();
    else if (now !== known) {
      known = now;
      onChange();
    }
  };
  function look(): void {
    seen = stateOf(dir);
    if (calm === undefined && seen !== known) calm = setTimeout(settle, CALM_MS);
  }
  const follow = (): void => {
    if (watcher) return;
    try {
      watcher = watch(dir, look);
      watcher.on('error', () => {
        watcher?.close();
        watcher = undefined;
      });
    } catch {
      // The folder is not there yet, or the system has no watcher left: looking now and then finds changes all the same.
      watcher = undefined;
    }
  };

  follow();
  const timer = setInterval(() => {
    follow();
    look();
  }, LOOK_MS);
  return {
    close() {
      clearInterval(timer);
      clearTimeout(calm);
      watcher?.close();
    },
  };
}

/** Changes whenever a file does. */
function stateOf(dir: string): string {
  return FILES.map((file) => {
    const stat = statSync(join(dir, file), { throwIfNoEntry: false });
    return stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : '';
  }).join();
}
