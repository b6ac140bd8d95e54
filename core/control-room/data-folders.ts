import { join } from 'node:path';

/** The journal's folder in a data directory. */
export function journalDirOf(dataDir: string): string {
  return join(dataDir, 'journal');
}

/** The history in a data directory. */
export function historyFileOf(dataDir: string): string {
  return join(dataDir, 'history.db');
}

/** The folder of the engine's states along the journal, in a data directory. */
export function keyframesDirOf(dataDir: string): string {
  return join(dataDir, 'keyframes');
}

/** The folder of business data in a data directory: vehicles, drivers, orders, places. */
export function referenceDirOf(dataDir: string): string {
  return join(dataDir, 'reference');
}
