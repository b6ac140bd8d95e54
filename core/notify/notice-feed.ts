import Database from 'better-sqlite3';
import type { Notice, NoticeChannel } from '../model/notices.ts';
import type { PlacedNotice } from './outbox.ts';

interface StoredNotice {
  readonly sequence: number;
  readonly id: string;
  readonly channel: NoticeChannel;
  readonly route: string;
  readonly recipients: string;
  readonly reason: Notice['reason'];
  readonly priority: number;
  readonly alert_ids: string;
  readonly vehicle_id: string;
  readonly subject: string;
  readonly body: string;
  readonly payload: string;
  readonly at_ms: number;
}

/** The notices of the history in order, on a connection that only reads. */
export class NoticeFeed {
  readonly #db: Database.Database;
  readonly #read: Database.Statement;
  #version = -1;
  #seenVersion = -1;

  /** Throws when the history cannot be read. */
  constructor(historyFile: string) {
    this.#db = new Database(historyFile, { readonly: true, timeout: 5000 });
    this.#read = this.#db.prepare('SELECT * FROM notice WHERE sequence > ? ORDER BY sequence LIMIT ?');
  }

  /** True when the history was written since `caughtUp` was called last. */
  hasChanged(): boolean {
    this.#version = this.#db.pragma('data_version', { simple: true }) as number;
    return this.#version !== this.#seenVersion;
  }

  /** All that there was when `hasChanged` was asked has been read. */
  caughtUp(): void {
    this.#seenVersion = this.#version;
  }

  /** Place of the newest notice there has ever been; 0 when there was none. */
  get newest(): number {
    return (this.#db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'notice'`).pluck().get() as number) ?? 0;
  }

  after(position: number, limit: number): PlacedNotice[] {
    return (this.#read.all(position, limit) as StoredNotice[]).map((row) => ({
      position: row.sequence,
      notice: {
        id: row.id,
        channel: row.channel,
        route: row.route,
        to: JSON.parse(row.recipients),
        reason: row.reason,
        priority: row.priority,
        alertIds: JSON.parse(row.alert_ids),
        vehicleId: row.vehicle_id,
        subject: row.subject,
        body: row.body,
        payload: row.payload,
        atMs: row.at_ms,
      },
    }));
  }

  close(): void {
    this.#db.close();
  }
}
