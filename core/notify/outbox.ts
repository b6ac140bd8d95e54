import type Database from 'better-sqlite3';
import type { DeliveryState, Notice, NoticeChannel } from '../model/notices.ts';
import { type DeliveryRow, isOnScreen } from './delivery-row.ts';
import { openOutboxDatabase } from './outbox-schema.ts';

const HOUR_MS = 3_600_000;
/** A notice that is older when it is first seen is not shouted late: it is marked as expired. */
export const STALE_MS = HOUR_MS;
export const STALE_ON_SCREEN_MS = 60_000;
/** Critical mail and webhooks are worth sending for longer. */
export const STALE_CRITICAL_MS = 24 * HOUR_MS;

/** A notice with its place in the history. */
export interface PlacedNotice {
  readonly position: number;
  readonly notice: Notice;
}

type StoredRow = Readonly<Record<string, string | number | null>>;

/** What is to be delivered and what became of it. One thread; every change is on the disk when a method returns. */
export class Outbox {
  readonly #db: Database.Database;
  readonly #insert: Database.Statement;
  readonly #replace: Database.Statement;
  readonly #begin: Database.Statement;
  readonly #end: Database.Statement;

  /** Deliveries that were begun and have no end are in doubt from now on. Throws when the file cannot be used. */
  constructor(file: string) {
    this.#db = openOutboxDatabase(file);
    this.#insert = this.#db.prepare(`INSERT INTO delivery
      (notice_id, target, channel, route, reason, priority, alert_ids, vehicle_id, subject, body, payload, at_ms, state, due_ms, done_ms)
      VALUES (@id, @target, @channel, @route, @reason, @priority, @alertIds, @vehicleId, @subject, @body, @payload, @atMs, @state, @nowMs,
        iif(@state = 'waiting', NULL, @nowMs)) ON CONFLICT DO NOTHING`);
    // The end of an alert takes the place of nothing but what came before its last state: subscribers see it close.
    this.#replace = this.#db.prepare(`UPDATE delivery SET state = 'replaced', done_ms = @nowMs
      WHERE channel = 'mqtt' AND state = 'waiting' AND alert_ids = @alertIds
        AND (@payload <> '' OR seq < (SELECT max(seq) FROM delivery
          WHERE channel = 'mqtt' AND state = 'waiting' AND alert_ids = @alertIds))`);
    this.#begin = this.#db.prepare(`UPDATE delivery SET state = 'sending', attempts = attempts + 1,
      first_ms = iif(first_ms = 0, @nowMs, first_ms) WHERE seq = @seq`);
    this.#end = this.#db.prepare(
      `UPDATE delivery SET state = @state, done_ms = @nowMs, error = @error WHERE seq = @seq`,
    );
    this.#db.exec(`UPDATE delivery SET state = 'in-doubt', due_ms = 0 WHERE state = 'sending'`);
  }

  /** How far the history's notices have been taken in. */
  get position(): number {
    return this.#db.prepare('SELECT position FROM cursor').pluck().get() as number;
  }

  /** Takes notices in, each for each of its receivers, with how far that is: once, whatever comes twice. */
  takeIn(placed: readonly PlacedNotice[], position: number, nowMs: number): void {
    this.#db.transaction(() => {
      for (const { notice } of placed) this.#add(notice, nowMs);
      this.#db.prepare('UPDATE cursor SET position = ?').run(position);
    })();
  }

  /** Takes in a notice that is not from the history. */
  add(notice: Notice, nowMs: number): void {
    this.#db.transaction(() => this.#add(notice, nowMs))();
  }

  /** Receivers of a channel that have something due. */
  dueTargets(channel: NoticeChannel, nowMs: number): string[] {
    return this.#db
      .prepare(
        `SELECT DISTINCT target FROM delivery WHERE channel = ? AND state IN ('waiting', 'in-doubt') AND due_ms <= ?`,
      )
      .pluck()
      .all(channel, nowMs) as string[];
  }

  /** Marks due deliveries as begun and answers them, the oldest first. */
  begin(channel: NoticeChannel, target: string, nowMs: number, limit: number): DeliveryRow[] {
    return this.#db.transaction(() => {
      const due = this.#db
        .prepare(`SELECT * FROM delivery WHERE channel = ? AND target = ? AND state IN ('waiting', 'in-doubt') AND due_ms <= ?
          ORDER BY due_ms, seq LIMIT ?`)
        .all(channel, target, nowMs, limit) as StoredRow[];
      for (const { seq } of due) this.#begin.run({ seq, nowMs });
      return due.map((row) =>
        toDelivery({ ...row, state: 'sending', attempts: Number(row.attempts) + 1, first_ms: row.first_ms || nowMs }),
      );
    })();
  }

  /** Waiting states of alerts in order, from `afterSeq` on. They are not marked as begun: to publish one twice does no harm. */
  states(afterSeq: number, limit: number): DeliveryRow[] {
    const rows = this.#db
      .prepare(`SELECT * FROM delivery WHERE state = 'waiting' AND seq > ? AND channel = 'mqtt' ORDER BY seq LIMIT ?`)
      .all(afterSeq, limit) as StoredRow[];
    return rows.map(toDelivery);
  }

  sent(seqs: readonly number[], nowMs: number): void {
    this.#db.transaction(() => {
      for (const seq of seqs) this.#end.run({ seq, state: 'sent', nowMs, error: '' });
    })();
  }

  /** To be tried again at `dueMs`. */
  failed(seq: number, state: Extract<DeliveryState, 'waiting' | 'in-doubt'>, dueMs: number, error: string): void {
    this.#db
      .prepare('UPDATE delivery SET state = ?, due_ms = ?, error = ? WHERE seq = ?')
      .run(state, dueMs, error, seq);
  }

  dead(seq: number, nowMs: number, error: string): void {
    this.#end.run({ seq, state: 'dead', nowMs, error });
  }

  /** Has what was given up, or was too old, sent again. Answers for how many receivers. */
  retry(noticeId: string, nowMs: number): number {
    return this.#db
      .prepare(`UPDATE delivery SET state = 'waiting', due_ms = ?, first_ms = 0, done_ms = NULL
        WHERE notice_id = ? AND state IN ('dead', 'expired')`)
      .run(nowMs, noticeId).changes;
  }

  /** The newest first. */
  list(limit: number, state?: DeliveryState): DeliveryRow[] {
    const rows = state
      ? this.#db.prepare('SELECT * FROM delivery WHERE state = ? ORDER BY seq DESC LIMIT ?').all(state, limit)
      : this.#db.prepare('SELECT * FROM delivery ORDER BY seq DESC LIMIT ?').all(limit);
    return (rows as StoredRow[]).map(toDelivery);
  }

  /** Deliveries given up since a time. */
  deadSince(fromMs: number): number {
    const count = this.#db.prepare(`SELECT count(*) FROM delivery WHERE done_ms >= ? AND state = 'dead'`);
    return count.pluck().get(fromMs) as number;
  }

  /** Forgets what came to its end before a time. */
  prune(beforeMs: number): void {
    this.#db.prepare('DELETE FROM delivery WHERE done_ms < ?').run(beforeMs);
  }

  close(): void {
    this.#db.close();
  }

  #add(notice: Notice, nowMs: number): void {
    const targets = notice.to.length > 0 ? notice.to : [''];
    const state: DeliveryState = isStale(notice, nowMs) ? 'expired' : 'waiting';
    const values = { ...notice, to: undefined, alertIds: JSON.stringify(notice.alertIds), state, nowMs };
    if (notice.channel === 'mqtt') this.#replace.run({ alertIds: values.alertIds, payload: notice.payload, nowMs });
    for (const target of targets) this.#insert.run({ ...values, target });
  }
}

function isStale({ channel, priority, atMs }: Notice, nowMs: number): boolean {
  if (channel === 'mqtt') return false;
  if (isOnScreen(channel)) return nowMs - atMs > STALE_ON_SCREEN_MS;
  return nowMs - atMs > (priority === 1 ? STALE_CRITICAL_MS : STALE_MS);
}

function toDelivery(row: StoredRow): DeliveryRow {
  return {
    seq: Number(row.seq),
    id: String(row.notice_id),
    target: String(row.target),
    channel: row.channel as NoticeChannel,
    route: String(row.route),
    reason: row.reason as Notice['reason'],
    priority: Number(row.priority),
    alertIds: JSON.parse(String(row.alert_ids)),
    vehicleId: String(row.vehicle_id),
    subject: String(row.subject),
    body: String(row.body),
    payload: String(row.payload),
    atMs: Number(row.at_ms),
    state: row.state as DeliveryState,
    attempts: Number(row.attempts),
    firstMs: Number(row.first_ms),
    dueMs: Number(row.due_ms),
    doneMs: row.done_ms === null ? undefined : Number(row.done_ms),
    error: String(row.error),
  };
}
