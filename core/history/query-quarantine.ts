import type Database from 'better-sqlite3';
import {
  QUARANTINE_REASONS,
  type QuarantineReason,
  type QuarantineSample,
  type SchemaNotice,
} from '../model/quarantine.ts';

const SAMPLES_SHOWN = 20;
const NOTICES_SHOWN = 500;

export const SELECT_SAMPLES = `
  SELECT * FROM quarantine_sample WHERE reason = ? ORDER BY position DESC, message_index DESC LIMIT ${SAMPLES_SHOWN}`;
export const SELECT_NOTICES = `SELECT * FROM schema_notice ORDER BY first_ms DESC LIMIT ${NOTICES_SHOWN}`;

interface SampleRow {
  reason: string;
  position: number;
  message_index: number;
  received_ms: number;
  topic: string;
  detail: string;
  bytes: number;
  head: string;
}

interface NoticeRow {
  topic_kind: string;
  field: string;
  change: string;
  detail: string;
  first_ms: number;
}

export interface QuarantineReport {
  readonly counts: Partial<Record<QuarantineReason, number>>;
  /** The newest 20 of each reason, newest first. */
  readonly samples: QuarantineSample[];
  /** The newest 500. */
  readonly schemaNotices: SchemaNotice[];
}

/** Answers `quarantine.report`. */
export function quarantineQuery(db: Database.Database): () => QuarantineReport {
  const counts = db
    .prepare<[], [QuarantineReason, number]>('SELECT reason, count FROM quarantine_count ORDER BY reason')
    .raw();
  const samples = db.prepare<[string], SampleRow>(SELECT_SAMPLES);
  const notices = db.prepare<[], NoticeRow>(SELECT_NOTICES);
  return () => ({
    counts: Object.fromEntries(counts.all()),
    samples: QUARANTINE_REASONS.flatMap((reason) =>
      samples.all(reason).map((row) => ({
        reason,
        detail: row.detail,
        topic: row.topic,
        receivedMs: row.received_ms,
        position: row.position,
        index: row.message_index,
        bytes: row.bytes,
        head: row.head,
      })),
    ),
    schemaNotices: notices.all().map((row) => ({
      topicKind: row.topic_kind,
      field: row.field,
      change: row.change as SchemaNotice['change'],
      detail: row.detail,
      firstMs: row.first_ms,
    })),
  });
}
