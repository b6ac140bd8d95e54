import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { publishAll, sosMessage, temporaryDataDir } from '../core/control-room/testing/room-bench.ts';
import { startMailReceiver, startWebReceiver } from '../core/notify/testing/receivers.ts';
import { startMosquitto } from '../scripts/mosquitto.ts';
import { RoomProcess } from './crash/room.ts';

// The whole room is killed between an alert, its notices and its acknowledgement, again and again: no alert, no notice and no
// acknowledgement is lost, and what was sent twice was under way at a kill and has the same id (nobody can tell then whether it arrived).

const KILLS = 12;
const VEHICLES_A_ROUND = 3;
const LONGEST_LIFE_MS = 900;
const PATIENCE_MS = 60_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function rows<T>(file: string, sql: string): T[] {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

test('kills between alert, notice and acknowledgement lose nothing', async () => {
  const broker = await startMosquitto();
  onTestFinished(() => broker.stop());
  const mail = await startMailReceiver();
  onTestFinished(() => mail.close());
  const web = await startWebReceiver(() => ({ status: 200 }));
  onTestFinished(() => web.close());
  const data = await temporaryDataDir();
  onTestFinished(() => data.remove());
  await writeFile(
    join(data.dir, 'notify.yaml'),
    `mqtt: false
mail: {host: 127.0.0.1, port: ${mail.port}, from: room@example.org}
webhooks: {ops: "${web.url}"}
routes:
  - {name: desk, channel: mail, to: [desk@example.org], priorities: [critical], per_ten_minutes: 1000}
  - {name: tickets, channel: webhook, to: [ops], priorities: [critical], per_ten_minutes: 1000}
`,
  );
  await writeFile(join(data.dir, 'notify.secret'), 'secret\n');
  const historyFile = join(data.dir, 'history.db');
  const outboxFile = join(data.dir, 'outbox.db');
  const room = new RoomProcess(data.dir, `mqtt://127.0.0.1:${broker.port}`);
  await room.start();
  await room.until((h) => h.broker.state === 'connected');

  const called: string[] = [];
  const acknowledged = new Set<string>();
  const cut = new Map<string, number>();
  for (let round = 0; round < KILLS; round++) {
    const vehicles = Array.from({ length: VEHICLES_A_ROUND }, (_, i) => `v${round}-${i}`);
    called.push(...vehicles);
    await publishAll(broker.port, vehicles.map(sosMessage));
    await pause(Math.random() * LONGEST_LIFE_MS);
    const { alerts } = await room.request('alerts.open', {});
    const next = alerts.find((alert) => !alert.acknowledged);
    if (next) {
      await room.request('alerts.acknowledge', { alertIds: [next.id], operator: 'kim', comment: `round ${round}` });
      acknowledged.add(next.id);
    }
    await room.kill();
    for (const { notice_id: id } of rows<{ notice_id: string }>(
      outboxFile,
      "SELECT notice_id FROM delivery WHERE state = 'sending'",
    ))
      cut.set(id, (cut.get(id) ?? 0) + 1);
    await room.start();
  }
  await room.until((h) => h.messages.processed >= called.length && h.alerts.total === called.length);

  const sent = (): string[] => [
    ...mail.mails.map(({ messageId }) => messageId.replace('@watchfloor', '')),
    ...web.posts.map(({ headers }) => String(headers['webhook-id'])),
  ];
  const wanted = (): string[] =>
    rows<{ id: string }>(historyFile, "SELECT id FROM notice WHERE channel IN ('mail', 'webhook')").map(({ id }) => id);
  const end = Date.now() + PATIENCE_MS;
  while (wanted().length < 2 * called.length || wanted().some((id) => !sent().includes(id))) {
    if (Date.now() > end) throw new Error(`${wanted().length} notices, ${new Set(sent()).size} sent`);
    await pause(100);
  }
  await room.close();

  const alerts = rows<{ id: string; vehicle_id: string; acknowledged: number }>(historyFile, 'SELECT * FROM alert');
  expect(alerts.map((alert) => alert.vehicle_id).sort()).toEqual(called.sort());
  expect(
    alerts
      .filter((alert) => alert.acknowledged === 1)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...acknowledged].sort());
  const transitions = rows<{ kind: string }>(historyFile, 'SELECT * FROM alert_transition');
  expect(transitions.filter(({ kind }) => kind === 'raised')).toHaveLength(called.length);
  expect(transitions.filter(({ kind }) => kind === 'acknowledged')).toHaveLength(acknowledged.size);

  const ids = wanted();
  expect(new Set(sent())).toEqual(new Set(ids));
  const counts = new Map<string, number>();
  for (const id of sent()) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const id of ids) expect(counts.get(id)).toBeLessThanOrEqual(1 + (cut.get(id) ?? 0));
}, 240_000);
