import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { Outbox } from './outbox.ts';
import { aNotice, noticeFiles, until } from './testing/notices.ts';
import { startMailReceiver, startWebReceiver } from './testing/receivers.ts';

const KILLS = 20;
const NOTICES_A_ROUND = 8;
const entry = join(import.meta.dirname, 'testing/delivery-process.ts');
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ids of what had been begun and has no end. */
function inFlight(outboxFile: string): string[] {
  const db = new Database(outboxFile, { readonly: true });
  const ids = db.prepare(`SELECT notice_id FROM delivery WHERE state = 'sending'`).pluck().all() as string[];
  db.close();
  return ids;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

it(`loses nothing and repeats only what was under way, under its id, over ${KILLS} kills`, async () => {
  const slowly = (): Promise<void> => pause(Math.random() * 20);
  const mail = await startMailReceiver({
    onMailFrom: (_address, _session, callback) => void slowly().then(() => callback()),
  });
  onTestFinished(() => mail.close());
  const web = await startWebReceiver(() => ({ status: 200 }));
  onTestFinished(() => web.close());
  const files = noticeFiles();
  const settings = JSON.stringify({
    mail: { host: '127.0.0.1', port: mail.port, secure: false, from: 'room@example.org' },
    webhooks: { ops: web.url },
    webhookSecret: 'secret',
  });
  const start = (): ChildProcess =>
    spawn(process.execPath, [entry, files.historyFile, files.outboxFile, settings], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  const written: string[] = [];
  const write = (): void => {
    const id = `n${written.length}`;
    written.push(id);
    files.write(
      written.length % 2 ? aNotice(id) : aNotice(id, { channel: 'webhook', to: ['ops'], payload: `{"id":"${id}"}` }),
    );
  };
  /** How often each was under way when the process was killed. */
  const cut = new Map<string, number>();
  for (let round = 0; round < KILLS; round++) {
    for (let i = 0; i < NOTICES_A_ROUND / 2; i++) write();
    const child = start();
    await once(child.stdout!, 'data');
    for (let i = 0; i < NOTICES_A_ROUND / 2; i++) {
      write();
      await pause(Math.random() * 12);
    }
    await kill(child);
    for (const id of inFlight(files.outboxFile)) cut.set(id, (cut.get(id) ?? 0) + 1);
  }

  const last = start();
  onTestFinished(() => kill(last));
  const delivered = (): string[] => [
    ...mail.mails.map(({ messageId }) => messageId.replace('@watchfloor', '')),
    ...web.posts.map(({ headers }) => String(headers['webhook-id'])),
  ];
  await until(() => new Set(delivered()).size === written.length, 'every notice');
  await kill(last);
  for (const id of inFlight(files.outboxFile)) cut.set(id, (cut.get(id) ?? 0) + 1);

  const counts = new Map<string, number>();
  for (const id of delivered()) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const id of written) {
    expect(counts.get(id)).toBeGreaterThanOrEqual(1);
    expect(counts.get(id)).toBeLessThanOrEqual(1 + (cut.get(id) ?? 0));
  }
  expect(cut.size).toBeGreaterThan(0);
  const outbox = new Outbox(files.outboxFile);
  const unfinished = outbox.list(1000).filter(({ state }) => state !== 'sent' && state !== 'in-doubt');
  outbox.close();
  expect(unfinished).toEqual([]);
});
