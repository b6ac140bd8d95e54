import type Database from 'better-sqlite3';
import { type Counters, ZERO_COUNTERS } from '../model/counters.ts';
import type { OutputBatch } from '../model/outputs.ts';
import type { QuarantineSample } from '../model/quarantine.ts';

/** Samples kept of each quarantine reason. */
export const SAMPLES_PER_REASON = 100;

// The position of the oldest sample to keep; no row while there are fewer, and then nothing is deleted.
const TRIM = `
  DELETE FROM quarantine_sample WHERE reason = :reason AND (position, message_index) < (
    SELECT position, message_index FROM quarantine_sample WHERE reason = :reason
    ORDER BY position DESC, message_index DESC LIMIT 1 OFFSET ${SAMPLES_PER_REASON - 1})`;

/** The newest `SAMPLES_PER_REASON` of each reason: what a flood brings beyond them need not touch the disk. */
function newestOfEach(samples: readonly QuarantineSample[]): Map<string, QuarantineSample[]> {
  const byReason = Map.groupBy(samples, (sample) => sample.reason);
  for (const [reason, list] of byReason) {
    const ordered = list.toSorted((a, b) => a.position - b.position || a.index - b.index);
    byReason.set(reason, ordered.slice(-SAMPLES_PER_REASON));
  }
  return byReason;
}

/** Writes counters, quarantine counts and samples, and schema notices. Counts are absolute. */
export function countWriter(db: Database.Database): (batch: OutputBatch) => void {
  const counter = db.prepare<[string, number]>(
    'INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const count = db.prepare<[string, number]>(
    'INSERT INTO quarantine_count (reason, count) VALUES (?, ?) ON CONFLICT (reason) DO UPDATE SET count = excluded.count',
  );
  const sample = db.prepare<[string, number, number, number, string, string, number, string]>(
    `INSERT INTO quarantine_sample (reason, position, message_index, received_ms, topic, detail, bytes, head)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reason, position, message_index) DO NOTHING`,
  );
  const trim = db.prepare<{ reason: string }>(TRIM);
  const notice = db.prepare<[string, string, string, string, number]>(
    `INSERT INTO schema_notice (topic_kind, field, change, detail, first_ms)
     VALUES (?, ?, ?, ?, ?) ON CONFLICT (topic_kind, field, change) DO NOTHING`,
  );
  return (batch) => {
    for (const [name, value] of Object.entries(batch.counters)) counter.run(name, value);
    for (const [reason, value] of Object.entries(batch.quarantineCounts)) count.run(reason, value);
    for (const [reason, samples] of newestOfEach(batch.quarantineSamples)) {
      for (const s of samples) {
        sample.run(reason, s.position, s.index, s.receivedMs, s.topic, s.detail, s.bytes, s.head);
      }
      trim.run({ reason });
    }
    for (const { topicKind, field, change, detail, firstMs } of batch.schemaNotices) {
      notice.run(topicKind, field, change, detail, firstMs);
    }
  };
}

/** The counters as last committed; zeros in a new history. */
export function readCounters(db: Database.Database): Counters {
  const rows = db.prepare<[], [string, number]>('SELECT name, value FROM counter').raw().all();
  return { ...ZERO_COUNTERS, ...Object.fromEntries(rows) };
}
