import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort, startMosquitto } from '../../scripts/mosquitto.ts';
import type { Notice } from '../model/notices.ts';
import { createAuthority } from '../sources/testing/certificates.ts';
import { Delivery, type DeliveryOptions } from './delivery.ts';
import type { DeliveryRow } from './delivery-row.ts';
import type { DeliverySettings } from './delivery-settings.ts';
import { aNotice, type NoticeFiles, noticeFiles, until } from './testing/notices.ts';
import { type Answer, type ReceivedPost, startMailReceiver, startWebReceiver } from './testing/receivers.ts';
import { signature } from './webhook.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

function deliver(
  files: NoticeFiles,
  settings: Partial<DeliverySettings>,
  options: Partial<DeliveryOptions> = {},
): Delivery {
  const delivery = new Delivery({
    ...files,
    settings: { webhooks: {}, webhookSecret: SECRET, ...settings },
    show: () => {},
    pollMs: 20,
    ...options,
  });
  onTestFinished(() => delivery.close());
  delivery.start();
  return delivery;
}

const mailSettings = (port: number, more: object = {}) => ({
  mail: { host: '127.0.0.1', port, secure: false, from: 'Watchfloor <room@example.org>', ...more },
});
const stateOf = (delivery: Delivery, id: string): DeliveryRow | undefined =>
  delivery.list(100).find((row) => row.id === id);
const ended = (delivery: Delivery, id: string, state: string): Promise<void> =>
  until(() => stateOf(delivery, id)?.state === state, `${id} to be ${state}`);

const refused = (delivery: Delivery, id: string): Promise<void> =>
  until(() => (stateOf(delivery, id)?.error ?? '') !== '', `${id} to fail`);

/** A clock that is put forward by hand, so that waiting for another attempt takes no time. */
function clock() {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    forward(ms: number): void {
      aheadMs += ms;
    },
  };
}

describe('mail', () => {
  it('goes to each receiver with the text, the id of the notice and the thread of its alert', async () => {
    const receiver = await startMailReceiver();
    onTestFinished(() => receiver.close());
    const files = noticeFiles();
    const delivery = deliver(files, mailSettings(receiver.port));
    files.write(aNotice('n1', { to: ['a@example.org', 'b@example.org'], priority: 1 }));
    await until(() => receiver.mails.length === 2, 'two mails');
    expect(receiver.mails.map((mail) => mail.to).sort()).toEqual(['a@example.org', 'b@example.org']);
    const { text, messageId } = receiver.mails[0];
    expect(messageId).toBe('n1@watchfloor');
    expect(text).toMatch(/^From: Watchfloor <room@example.org>\r$/m);
    expect(text).toMatch(/^References: <a1.alert@watchfloor>\r$/m);
    expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(text).toMatch(/^X-Priority: 1/m);
    await until(() => delivery.list(9, 'sent').length === 2);
  });

  it('is tried again when the server is away or busy, under the same id', async () => {
    let refusals = 2;
    const receiver = await startMailReceiver({
      onRcptTo(_address, _session, callback) {
        if (refusals-- > 0) callback(Object.assign(new Error('busy'), { responseCode: 451 }));
        else callback();
      },
    });
    onTestFinished(() => receiver.close());
    const files = noticeFiles();
    const time = clock();
    const delivery = deliver(files, mailSettings(receiver.port), { now: time.now });
    files.write(aNotice('n1'));
    for (const attempt of [1, 2]) {
      await until(() => stateOf(delivery, 'n1')?.attempts === attempt && stateOf(delivery, 'n1')?.state === 'waiting');
      expect(stateOf(delivery, 'n1')?.error).toBe(
        `The mail server 127.0.0.1:${receiver.port} refused the mail to room@example.org (451).`,
      );
      time.forward(60_000);
    }
    await ended(delivery, 'n1', 'sent');
    expect(receiver.mails.map((mail) => mail.messageId)).toEqual(['n1@watchfloor']);
  });

  it('to somebody whom the server does not know is given up at once, seen, and sent again when asked', async () => {
    let isKnown = false;
    const receiver = await startMailReceiver({
      onRcptTo(_address, _session, callback) {
        callback(isKnown ? null : Object.assign(new Error('no such user'), { responseCode: 550 }));
      },
    });
    onTestFinished(() => receiver.close());
    const files = noticeFiles();
    const delivery = deliver(files, mailSettings(receiver.port));
    files.write(aNotice('n1'));
    await ended(delivery, 'n1', 'dead');
    expect(delivery.problems).toEqual([
      '1 notices of the last day could not be delivered and were given up. The list of notices says why.',
    ]);
    isKnown = true;
    expect(delivery.retry('n1')).toBe(1);
    await ended(delivery, 'n1', 'sent');
    expect(delivery.problems).toEqual([]);
  });

  it('is given up after a day', async () => {
    const files = noticeFiles();
    const time = clock();
    const port = await freePort();
    const delivery = deliver(files, mailSettings(port), { now: time.now });
    files.write(aNotice('n1', { priority: 1 }));
    await refused(delivery, 'n1');
    expect(stateOf(delivery, 'n1')).toMatchObject({
      state: 'waiting',
      error: `The mail server 127.0.0.1:${port} cannot be reached (ESOCKET).`,
    });
    time.forward(24 * 3_600_000);
    await ended(delivery, 'n1', 'dead');
  });

  it('never sends a password without TLS', async () => {
    const passwords: unknown[] = [];
    const receiver = await startMailReceiver({
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth(auth, _session, callback) {
        passwords.push(auth.password);
        callback(null, { user: 'room' });
      },
    });
    onTestFinished(() => receiver.close());
    const files = noticeFiles();
    const delivery = deliver(files, mailSettings(receiver.port, { user: 'room', password: 'secret' }));
    files.write(aNotice('n1'));
    await refused(delivery, 'n1');
    expect(stateOf(delivery, 'n1')?.error).toMatch(
      /offers no TLS that can be used, and the password is not sent without/,
    );
    expect(passwords).toEqual([]);
  });

  it('says what is wrong with a certificate, and takes one that it is told to trust', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'watchfloor-mail-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const authority = createAuthority(dir);
    const { cert, key } = authority.issue('server', 'IP:127.0.0.1');
    const receiver = await startMailReceiver({
      authOptional: false,
      hideSTARTTLS: false,
      cert,
      key,
      onAuth: ({ username, password }, _session, callback) =>
        password === 'secret' ? callback(null, { user: username }) : callback(new Error('wrong')),
    });
    onTestFinished(() => receiver.close());
    const errorWith = async (more: object): Promise<string | undefined> => {
      const files = noticeFiles();
      const delivery = deliver(files, mailSettings(receiver.port, { user: 'room', ...more }));
      files.write(aNotice('n1'));
      await until(() => delivery.list(1).some(({ state, error }) => state === 'sent' || error !== ''));
      return stateOf(delivery, 'n1')?.error;
    };
    const ca = authority.ca.toString();
    expect(await errorWith({ password: 'secret' })).toMatch(/has a certificate that is not trusted/);
    expect(await errorWith({ password: 'wrong', ca })).toMatch(/refused the user or password/);
    expect(await errorWith({ password: 'secret', ca })).toBe('');
    expect(receiver.mails).toHaveLength(1);
  });

  it('waits with a sentence when there is no mail server', async () => {
    const files = noticeFiles();
    const delivery = deliver(files, {});
    files.write(aNotice('n1'));
    await refused(delivery, 'n1');
    expect(stateOf(delivery, 'n1')?.error).toMatch(/^No mail server is known\. Add mail: to notify\.yaml/);
  });
});

describe('a webhook', () => {
  const hook = (id: string, change: Partial<Notice> = {}): Notice =>
    aNotice(id, { channel: 'webhook', to: ['ops'], payload: `{"id":"${id}"}`, ...change });

  async function receive(answer: (post: ReceivedPost, nth: number) => Answer, more: object = {}) {
    const receiver = await startWebReceiver(answer);
    onTestFinished(() => receiver.close());
    const files = noticeFiles();
    const time = clock();
    const webhooks = { ops: `${receiver.url}/hook?key=private`, ...more };
    const delivery = deliver(files, { webhooks }, { now: time.now });
    return { receiver, files, time, delivery };
  }

  it('is signed, and a receiver can check it', async () => {
    const { receiver, files, delivery } = await receive(() => ({ status: 204 }));
    files.write(hook('n1'));
    await ended(delivery, 'n1', 'sent');
    const [{ path, headers, body }] = receiver.posts;
    expect(path).toBe('/hook?key=private');
    expect(body).toBe('{"id":"n1"}');
    expect(headers).toMatchObject({ 'webhook-id': 'n1', 'idempotency-key': 'n1', 'content-type': 'application/json' });
    expect(headers['webhook-signature']).toBe(signature(SECRET, 'n1', Number(headers['webhook-timestamp']), body));
  });

  it('is tried again after errors, not before it is asked to, under the same id', async () => {
    const { receiver, files, time, delivery } = await receive((_post, nth) =>
      nth === 1 ? { status: 503, headers: { 'retry-after': '600' } } : { status: nth === 2 ? 500 : 200 },
    );
    files.write(hook('n1'));
    await until(() => stateOf(delivery, 'n1')?.attempts === 1 && stateOf(delivery, 'n1')?.state === 'waiting');
    expect(stateOf(delivery, 'n1')!.dueMs - time.now()).toBeGreaterThan(590_000);
    expect(stateOf(delivery, 'n1')?.error).toBe('The webhook ops answered with status 503.');
    time.forward(601_000);
    await until(() => stateOf(delivery, 'n1')?.attempts === 2 && stateOf(delivery, 'n1')?.state === 'waiting');
    time.forward(60_000);
    await ended(delivery, 'n1', 'sent');
    expect(receiver.posts.map((post) => post.headers['webhook-id'])).toEqual(['n1', 'n1', 'n1']);
  });

  it('that is gone is given up, and one that leads elsewhere is not followed', async () => {
    const { receiver, files, delivery } = await receive((post) =>
      JSON.parse(post.body).id === 'gone' ? { status: 410 } : { status: 302, headers: { location: '/other' } },
    );
    files.write(hook('gone'), hook('moved'));
    await ended(delivery, 'gone', 'dead');
    await refused(delivery, 'moved');
    expect(stateOf(delivery, 'moved')?.error).toMatch(/status 302\. Redirects are not followed/);
    expect(receiver.posts.map((post) => post.path)).toEqual(['/hook?key=private', '/hook?key=private']);
  });

  it('that does not answer keeps no other waiting, and its address is in no error', async () => {
    const other = await startWebReceiver(() => ({ status: 200 }));
    onTestFinished(() => other.close());
    const { files, delivery } = await receive(() => undefined, {
      other: other.url,
      bad: `http://127.0.0.1:${await freePort()}/private`,
    });
    files.write(...Array.from({ length: 20 }, (_, i) => hook(`slow${i}`)), hook('n1', { to: ['other'] }));
    files.write(hook('refused', { to: ['bad'] }), hook('unknown', { to: ['nobody'] }));
    await ended(delivery, 'n1', 'sent');
    await refused(delivery, 'refused');
    await refused(delivery, 'unknown');
    expect(stateOf(delivery, 'refused')?.error).toBe('The webhook bad cannot be reached (ECONNREFUSED).');
    expect(stateOf(delivery, 'unknown')?.error).toMatch(/^No address is known for the webhook nobody\./);
    expect(delivery.list(100, 'sending')).toHaveLength(2);
  });
});

describe('windows', () => {
  it('are shown sounds and desktop notices once', async () => {
    const files = noticeFiles();
    const shown: string[] = [];
    deliver(files, {}, { show: (notice) => shown.push(`${notice.channel} ${notice.id}`) });
    files.write(aNotice('s', { channel: 'sound', to: [] }), aNotice('d', { channel: 'desktop', to: [] }));
    await until(() => shown.length === 2);
    files.write(aNotice('s2', { channel: 'sound', to: [] }));
    await until(() => shown.length === 3);
    expect(shown).toEqual(['sound s', 'desktop d', 'sound s2']);
  });
});

describe('the broker', () => {
  const state = (id: string, alert: string, payload: string, vehicleId = 'BER-1'): Notice =>
    aNotice(id, { channel: 'mqtt', to: [], alertIds: [alert], vehicleId, payload });

  it('keeps the newest state of each alert, in order, over an outage, and forgets what closed', async () => {
    const mosquitto = await startMosquitto();
    onTestFinished(() => mosquitto.stop());
    const files = noticeFiles();
    const broker = {
      url: `mqtt://127.0.0.1:${mosquitto.port}`,
      clientId: 'out',
      topic: 'site/fleet/prod/alerts/outbound/',
    };
    const delivery = deliver(files, { broker });
    const received: string[] = [];
    const listen = async (): Promise<() => Promise<void>> => {
      const client = await connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`);
      client.on('message', (topic, payload) => received.push(`${topic.slice(-9)} ${payload}`));
      await client.subscribeAsync('site/fleet/prod/alerts/outbound/#', { qos: 1 });
      return () => client.endAsync();
    };
    const leave = await listen();
    files.write(state('1', 'a', 'new'), state('2', 'b', 'new', 'B/#1'), state('3', 'c', 'new'));
    await until(() => delivery.list(9, 'sent').length === 3);
    files.write(state('4', 'a', 'acknowledged'));
    await ended(delivery, '4', 'sent');
    expect(received).toEqual(['d/BER-1/a new', '%2F%231/b new', 'd/BER-1/c new', 'd/BER-1/a acknowledged']);

    await leave();
    await mosquitto.pause();
    await until(() => delivery.problems.length === 1);
    expect(delivery.problems[0]).toMatch(/^Alerts cannot be published to the broker/);
    files.write(state('5', 'b', 'acknowledged', 'B/#1'));
    files.write(state('6', 'b', 'closed', 'B/#1'), state('7', 'b', '', 'B/#1'));
    await until(() => delivery.list(9).length === 7);
    received.length = 0;
    await mosquitto.restart();
    await ended(delivery, '7', 'sent');
    expect(stateOf(delivery, '5')?.state).toBe('replaced');
    onTestFinished(await listen());
    await until(() => received.length >= 2);
    expect(received.sort()).toEqual(['d/BER-1/a acknowledged', 'd/BER-1/c new']);
    expect(delivery.problems).toEqual([]);
  });
});
