import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Keyframes } from '../../journal/keyframes.ts';
import { listSegments } from '../../journal/segment-files.ts';
import { openRecording } from '../../recording/open-recording.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { openJournalRange } from './journal-range.ts';
import type { StateBefore } from './run-forward.ts';
import { sliceSource } from './slice-source.ts';

export interface SourceOptions {
  /** Unix ms; defaults are its beginning and its end. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** For a journal only: a recording knows its own. */
  readonly topicPrefix?: string;
  /** Default: the keyframes of the data directory. */
  readonly stateBefore?: StateBefore;
  readonly onNote?: (sentence: string) => void;
}

/**
 * Opens what a path names: a recording file, a room's data directory, or a journal's folder.
 * Throws an error with a sentence when it is none of them, or has nothing of that time.
 */
export function openSource(path: string, options: SourceOptions = {}): ReplaySource {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    const keyframes = new Keyframes({ dir: join(path, 'keyframes'), onNote: options.onNote });
    const stateBefore: StateBefore = (position) => keyframes.nearest(position);
    return openJournalRange({ stateBefore, ...options, journalDir: journalDirIn(path) });
  }
  const recording = openRecording(path);
  const { fromMs, toMs } = options;
  if (fromMs === undefined && toMs === undefined) return recording;
  try {
    return sliceSource(recording, fromMs ?? Number.NEGATIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY);
  } catch (error) {
    recording.close();
    throw error;
  }
}

function journalDirIn(dir: string): string {
  const journalDir = join(dir, 'journal');
  if (existsSync(journalDir)) return journalDir;
  if (listSegments(dir).length > 0) return dir;
  throw new Error(`${dir} is no data directory: it has no journal in it.`);
}
