import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Journal, openJournal } from '../../core/journal/journal.ts';
import type { JournalRecord } from '../../core/model/records.ts';
import { recordFleet } from '../fleet/record-fleet.ts';
import { type Bench, perSecond, repeatAsync } from '../stage.ts';

/** Runs written ahead of their fdatasync: what a broker may send before an acknowledgement, 65,535 messages. */
const RUNS_AHEAD = 256;

/** Appending what a busy socket brings, one run of about 64 KiB at a time. */
export async function journalStage(bench: Bench): Promise<void> {
  const { records, messages, bytes } = recordFleet(10_000, bench.quick ? 200_000 : 1_000_000);
  for (const durability of ['os', 'disk'] as const) {
    const rates: number[] = [];
    const megabytes = await repeatAsync(bench, async () => {
      const tookMs = await appendAll(bench.dir, records, durability);
      rates.push(perSecond(messages, tookMs));
      return perSecond(bytes / 1e6, tookMs);
    });
    const note = durability === 'os' ? 'durable when written' : 'durable after the fdatasync that covers it';
    bench.report({ what: `append, ${durability}`, unit: 'messages/s', runs: rates, note });
    bench.report({ what: `append, ${durability}`, unit: 'MB/s', runs: megabytes });
  }
}

/** Appends every record and waits until the last is durable; answers how long it took, ms. */
async function appendAll(dir: string, records: readonly JournalRecord[], durability: 'os' | 'disk'): Promise<number> {
  const own = mkdtempSync(join(dir, 'journal-'));
  const journal = openJournal({ dir: own, durability });
  try {
    const startedMs = performance.now();
    await append(journal, records);
    return performance.now() - startedMs;
  } finally {
    await journal.close();
    rmSync(own, { recursive: true });
  }
}

async function append(journal: Journal, records: readonly JournalRecord[]): Promise<void> {
  let ahead = 0;
  let room: (() => void) | undefined;
  const durable = (): void => {
    ahead--;
    room?.();
  };
  const until = (most: number): Promise<void> =>
    new Promise((resolve) => {
      room = () => ahead <= most && resolve();
      room();
    });
  for (const { kind, flags, count, receivedMs, payload } of records) {
    ahead++;
    journal.append(kind, flags, count, receivedMs, payload, durable);
    if (ahead >= RUNS_AHEAD) await until(RUNS_AHEAD / 2);
  }
  await until(0);
  if (journal.failure) throw new Error(journal.failure);
}
