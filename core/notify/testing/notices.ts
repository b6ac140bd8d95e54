import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openForWriting } from '../../history/open-database.ts';
import { noticeWriter } from '../../history/write-notices.ts';
import type { Notice } from '../../model/notices.ts';

export function aNotice(id: string, change: Partial<Notice> = {}): Notice {
  return {
    id,
    channel: 'mail',
    route: 'room',
    to: ['room@example.org'],
    reason: 'raised',
    priority: 2,
    alertIds: ['a1'],
    vehicleId: 'BER-1',
    subject: '[HIGH] Engine hot – BER-1',
    body: 'Engine at 112 °C.',
    payload: '',
    atMs: Date.now(),
    ...change,
  };
}

export interface NoticeFiles {
  readonly historyFile: string;
  readonly outboxFile: string;
  /** Commits notices to the history. */
  write(...notices: Notice[]): void;
}

/** A folder with a history that notices can be put in; gone after the test. */
export function noticeFiles(): NoticeFiles {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-notify-'));
  const historyFile = join(dir, 'history.db');
  const db = openForWriting({ file: historyFile });
  const write = noticeWriter(db);
  onTestFinished(() => {
    db.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    historyFile,
    outboxFile: join(dir, 'outbox.db'),
    write: (...notices) => db.transaction(() => write(notices))(),
  };
}

/** Waits until it is so. */
export async function until(isSo: () => boolean, what = 'it'): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain for ${what}`);
}
