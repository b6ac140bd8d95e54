import { describe, expect, it } from 'vitest';
import { NO_PLAN } from '../../model/notices.ts';
import { parsePlan } from './parse-plan.ts';

const MAIL = 'mail: {host: smtp.example.org, user: room, from: Watchfloor <room@example.org>}\n';

const parsed = (text: string) => {
  const result = parsePlan(text);
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  return result;
};
const errors = (text: string) => {
  const result = parsePlan(text);
  return 'errors' in result ? result.errors : [];
};

describe('a plan', () => {
  it('that is empty has no routes and the usual times', () => {
    expect(parsed('')).toEqual({ plan: NO_PLAN, delivery: { webhooks: {} } });
  });

  it('holds routes, silences and times; addresses of servers are kept apart', () => {
    const { plan, delivery } = parsed(`${MAIL}
utc_offset: "+01:00"
mqtt: false
group_wait: 10s
repeat: 1h
webhooks:
  ops: https://hooks.example.org/T0/secret
routes:
  - name: day
    channel: mail
    to: [room@example.org, "o'neill@example.org"]
    priorities: [critical, high]
    rules: [engine-hot]
    depots: [Berlin]
    hours: 06:00-22:00
    weekdays: [mon, sun]
    cleared: true
    per_ten_minutes: 5
  - {name: hook, channel: webhook, to: [ops], after: 90s}
silences:
  - {vehicles: [BER-1], until: "2026-12-01T08:00:00+01:00", reason: workshop}
`);
    expect(plan).toEqual({
      ...NO_PLAN,
      utcOffsetMin: 60,
      mqtt: false,
      groupWaitMs: 10_000,
      repeatMs: 3_600_000,
      routes: [
        {
          name: 'day',
          channel: 'mail',
          to: ['room@example.org', "o'neill@example.org"],
          priorities: ['critical', 'high'],
          rules: ['engine-hot'],
          depots: ['Berlin'],
          fromMin: 360,
          toMin: 1320,
          weekdays: [1, 0],
          cleared: true,
          perTenMinutes: 5,
        },
        { name: 'hook', channel: 'webhook', to: ['ops'], afterMs: 90_000 },
      ],
      silences: [{ vehicles: ['BER-1'], untilMs: Date.UTC(2026, 11, 1, 7), reason: 'workshop' }],
    });
    expect(JSON.stringify(plan)).not.toMatch(/smtp|hooks\.example|secret/);
    expect(delivery).toEqual({
      mail: { host: 'smtp.example.org', port: 587, secure: false, user: 'room', from: 'Watchfloor <room@example.org>' },
      webhooks: { ops: 'https://hooks.example.org/T0/secret' },
    });
  });

  it('escalates as alarm management has it, low ones never', () => {
    const text = (who: string, more = ''): string =>
      `${MAIL}routes: [{name: up, channel: mail, to: [a@b.c], escalate: ${who}${more}}]`;
    const minutes = (plan: string) =>
      parsed(plan).plan.routes.map((r) => [r.name, r.priorities?.join(), (r.afterMs ?? 0) / 60_000]);
    expect(minutes(text('supervisor'))).toEqual([
      ['up/critical', 'critical', 2],
      ['up/high', 'high', 10],
      ['up/medium', 'medium', 30],
    ]);
    expect(minutes(text('all', ', priorities: [critical, low]'))).toEqual([['up/critical', 'critical', 5]]);
  });
});

describe('what is wrong is said with line, column and what to write:', () => {
  it.each([
    ['routs: []', 'notify.yaml:1:1: the file has no `routs`; did you mean `routes`?'],
    ['routes: 5', 'notify.yaml:1:9: `routes` must be a list'],
    ['- 5', 'notify.yaml:1:1: the file must be lines of the form `name: value`'],
    ['group_wait: soon', 'notify.yaml:1:13: `group_wait: soon` is no duration; write 30s, 5m or 4h'],
    ['repeat: 1s', 'notify.yaml:1:9: `repeat` must be 1m or longer'],
    ['utc_offset: "1"', 'notify.yaml:1:13: `utc_offset` is written like "+01:00"'],
    ['mqtt: 5', 'notify.yaml:1:7: `mqtt` must be true or false'],
    ['mail: {host: a}', 'notify.yaml:1:1: `from` is missing'],
    ['mail: {host: a, from: a@b, port: 0}', 'notify.yaml:1:34: `port` must be a whole number from 1 to 65535'],
    [
      'webhooks: {a: "ftp://x"}',
      'notify.yaml:1:15: the address of `a` must begin with https:// or http:// and name a host',
    ],
    ['routes: [{name: a, channel: mal, to: []}]', /1:29: `channel` is one of desktop, .*; did you mean `mail`\?/],
    ['routes: [{name: a, channel: mail, to: [a@b]}]', 'notify.yaml:1:10: there is no `mail:` server for this route'],
    [`${MAIL}routes: [{name: a, channel: mail, to: [ab]}]`, 'notify.yaml:2:40: each of `to` must be a mail address'],
    [
      `${MAIL}routes: [{name: a, channel: mail, to: ["a@b\\r\\nBcc: c@d"]}]`,
      /2:40: each of `to` must be a mail address/,
    ],
    ['webhooks: {ops: "http://x"}\nroutes: [{name: a, channel: webhook, to: [opps]}]', /2:43: .*did you mean `ops`\?/],
    ['routes: [{name: a, channel: sound, to: [x]}]', /1:36: a route for sound goes to the room's windows/],
    ['routes: [{name: sound, channel: sound}]', 'notify.yaml:1:17: a route cannot be named `sound`'],
    ['routes: [{name: a, channel: sound}, {name: a, channel: sound}]', /1:44: there are two routes named `a`/],
    ['routes: [{name: a, channel: sound, hours: 25:00-26:00}]', /1:43: `hours` are written like 06:00-22:00/],
    ['routes: [{name: a, channel: sound, weekdays: [mo]}]', /1:47: each of `weekdays` is one of sun, .*`mon`\?/],
    ['routes: [{name: a, channel: sound, after: 1m, escalate: all}]', /either `after` or `escalate`/],
    ['routes: [{name: a, channel: sound, per_ten_minutes: 0}]', /1:53: `per_ten_minutes` must be a whole number/],
    ['silences: [{until: tomorrow, reason: x}]', /1:20: `until` is written like 2026-12-01T08:00:00\+01:00/],
    ['silences: [{reason: x}]', 'notify.yaml:1:12: `until` is missing'],
    ['routes: [', /notify\.yaml:1:\d+: /],
  ])('%s', (text, expected) => {
    const found = errors(text);
    if (typeof expected === 'string') expect(found).toEqual([expected]);
    else expect(found[0]).toMatch(expected);
  });

  it('all of it at once', () => {
    expect(errors('mqtt: 5\nroutes: 5\nx: 1')).toHaveLength(3);
  });
});
