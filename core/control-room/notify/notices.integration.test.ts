import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startMosquitto } from '../../../scripts/mosquitto.ts';
import { startMailReceiver, startWebReceiver } from '../../notify/testing/receivers.ts';
import type { ShownNotice } from '../../protocol/notice-requests.ts';
import {
  openTestRoom,
  publishAll,
  rawMessage,
  sosMessage,
  temporaryDataDir,
  untilHealth,
  windowOn,
} from '../testing/room-bench.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

async function room(plan: string) {
  const broker = await startMosquitto();
  onTestFinished(() => broker.stop());
  const { dir, remove } = await temporaryDataDir();
  onTestFinished(remove);
  await writeFile(join(dir, 'notify.yaml'), plan);
  const opened = await openTestRoom(dir, `mqtt://127.0.0.1:${broker.port}`);
  onTestFinished(() => opened.close());
  const health = await untilHealth(opened, (h) => h.broker.state === 'connected' && h.status !== 'starting');
  return { broker, room: opened, health };
}

/** Every retained or later message on the alerts' topic, by topic. */
async function followAlerts(port: number): Promise<string[]> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  onTestFinished(() => client.endAsync(true));
  const seen: string[] = [];
  client.on('message', (_topic, payload) =>
    seen.push(payload.length === 0 ? 'gone' : JSON.parse(payload.toString()).state),
  );
  await client.subscribeAsync('fleet/prod/alerts/outbound/#', { qos: 1 });
  return seen;
}

it('a call for help is heard, shown, mailed, posted and published, and its end is followed', async () => {
  const mail = await startMailReceiver();
  onTestFinished(() => mail.close());
  const web = await startWebReceiver(() => ({ status: 200 }));
  onTestFinished(() => web.close());
  const { broker, room: opened } = await room(`
mail: {host: 127.0.0.1, port: ${mail.port}, from: room@example.org}
webhooks: {ops: "${web.url}"}
routes:
  - {name: people, channel: mail, to: [duty@example.org], priorities: [critical]}
  - {name: systems, channel: webhook, to: [ops], cleared: true}
`);
  const states = await followAlerts(broker.port);
  const link = windowOn(opened);
  const shown: ShownNotice[] = [];
  link.on('notice', (notice) => shown.push(notice));
  const inShell = vi.fn();
  opened.onNotice(inShell);
  await link.request('fleet.open', {});
  await publishAll(broker.port, [rawMessage('veh-1'), sosMessage('veh-1')]);

  await vi.waitFor(() => expect(mail.mails).toHaveLength(1), PATIENCE);
  expect(mail.mails[0].to).toBe('duty@example.org');
  expect(mail.mails[0].text).toMatch(/^Subject: .*SOS/m);
  await vi.waitFor(() => expect(web.posts).toHaveLength(1), PATIENCE);
  expect(JSON.parse(web.posts[0].body)).toMatchObject({
    reason: 'raised',
    alert: { alert_type: 'sos', vehicle_id: 'veh-1' },
  });
  await vi.waitFor(() => expect(shown.map((n) => n.channel).sort()).toEqual(['desktop', 'sound']), PATIENCE);
  expect(inShell).toHaveBeenCalledTimes(2);
  await vi.waitFor(() => expect(states).toEqual(['unacknowledged']), PATIENCE);

  const { alerts } = await link.request('alerts.open', {});
  expect(alerts.map((alert) => alert.ruleId)).toEqual(['sos']);
  const alertIds = alerts.map((alert) => alert.id);
  await link.request('alerts.acknowledge', { alertIds, operator: 'ada' });
  await link.request('alerts.reset', { alertIds, operator: 'ada' });
  await vi.waitFor(() => expect(states.slice(-2)).toEqual(['closed', 'gone']), PATIENCE);
  await vi.waitFor(
    () => expect(web.posts.map((post) => JSON.parse(post.body).reason)).toEqual(['raised', 'cleared']),
    PATIENCE,
  );
  // What it published came back to it and changed nothing.
  expect((await link.request('alerts.open', {})).alerts).toEqual([]);
  const { messages } = await opened.health();
  expect(messages).toMatchObject({ quarantined: 0, dropped: 0 });

  const { id } = await link.request('notices.test', { route: 'people', operator: 'ada' });
  await vi.waitFor(() => expect(mail.mails.map((m) => m.messageId)).toContain(`${id}@watchfloor`), PATIENCE);
  const { notices, problems } = await link.request('notices.list', { limit: 100 });
  expect(problems).toEqual([]);
  expect(new Set(notices.map((n) => n.channel))).toEqual(new Set(['desktop', 'sound', 'mail', 'webhook', 'mqtt']));
  await expect(link.request('notices.test', { route: 'nobody', operator: 'ada' })).rejects.toMatchObject({
    kind: 'bad-arguments',
  });
  expect(await link.request('notices.retry', { id })).toEqual({ receivers: 0 });
});

it('a plan that is wrong is refused with line and column, and the room says so', async () => {
  const { health } = await room('routes: [{name: a, channel: mail, to: [a@b.c]}]');
  expect(health.problems).toContain(
    'The plan of notices was refused: notify.yaml:1:10: there is no `mail:` server for this route. The one before goes on.',
  );
});
