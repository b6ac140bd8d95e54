import { join } from 'node:path';

/** The journal's folder in a data directory. */
export function journalDirOf(dataDir: string): string {
  return join(dataDir, 'journal');
}

/** The folder of the engine's states along the journal, in a data directory. */
export function keyframesDirOf(dataDir: string): string {
  return join(dataDir, 'keyframes');
}
