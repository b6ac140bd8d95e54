import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hashHistory, hashText } from '../../control-room/recording/history-hash.ts';
import { openReplayHistory } from '../../control-room/recording/replay-history.ts';
import { type RunOptions, runReplay } from '../../control-room/recording/replay-run.ts';
import type { ReplaySource } from '../replay-source.ts';

const path = (name: string): string => fileURLToPath(new URL(`golden/${name}`, import.meta.url));

/** A recording of every fault there is. */
export const GOLDEN_FILE = path('faults.arrow.zst');
/** What `replay --hash` says of it. */
export const GOLDEN_HASH_FILE = path('faults.hash.txt');

export function storedHash(): string {
  return readFileSync(GOLDEN_HASH_FILE, 'utf8');
}

/** Replays a source into a history of its own and answers the hash of that, a line a table. */
export async function replayHash(
  source: ReplaySource,
  options: Omit<RunOptions, 'source' | 'history'> = {},
): Promise<string> {
  const history = openReplayHistory();
  try {
    await runReplay({ ...options, source, history: history.writer });
    return hashText(hashHistory(history.db));
  } finally {
    history.close();
  }
}
