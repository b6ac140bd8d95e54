import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHistory } from '../../../history/writer.ts';
import { openJournal } from '../../../journal/journal.ts';
import type { RulePackSource } from '../../../model/records.ts';
import type { Recording } from '../../../recording/open-recording.ts';
import { journalDirOf } from '../../data-folders.ts';
import { openSource } from '../../recording/open-source.ts';
import { runReplay } from '../../recording/replay-run.ts';
import { goldenUnder } from './golden-source.ts';

/** A data directory as a room would leave it that had lived through the golden recording with these rules. */
export async function goldenRoom(
  golden: Recording,
  packs: readonly RulePackSource[],
): Promise<{ readonly dataDir: string; remove(): void }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-backtest-'));
  const journal = openJournal({ dir: journalDirOf(dataDir), segmentBytes: 1_000_000 });
  for (const record of goldenUnder(golden, packs).records(golden.startPosition)) {
    journal.append(record.kind, record.flags, record.count, record.receivedMs, record.payload);
  }
  await journal.close();
  const history = openHistory({ file: join(dataDir, 'history.db') });
  await runReplay({ source: openSource(dataDir), history });
  history.close();
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
