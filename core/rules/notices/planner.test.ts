import { describe, expect, it } from 'vitest';
import { MIN, mail, NoticeDesk, planOf, S, spoken, T0 } from './testing/notice-desk.ts';

const HOT = 'mail [HIGH] Engine hot – BER-1';

describe('without a plan', () => {
  it('each shown alert is heard, and urgent ones are shown on the desktop, at once and once', () => {
    const desk = new NoticeDesk();
    desk.raise('1', { priority: 2 });
    desk.raise('2', { priority: 3 });
    const told = desk.settle();
    expect(told.filter((n) => n.channel === 'sound').map((n) => n.subject)).toEqual(['high', 'medium']);
    expect(told.filter((n) => n.channel === 'desktop')).toMatchObject([
      { subject: '[HIGH] Engine hot – BER-1', body: 'Engine at 112 °C.', alertIds: ['1'] },
    ]);
    expect(desk.wait(10 * MIN)).toEqual([]);
  });

  it('makes one tone of many alerts in one record, and a folded alert is not heard', () => {
    const desk = new NoticeDesk();
    for (let i = 0; i < 40; i++) desk.raise(`${i}`, { priority: 4, ...(i > 0 && { groupId: '0' }) });
    desk.raise('x', { priority: 4 });
    expect(desk.settle().filter((n) => n.channel === 'sound')).toMatchObject([
      { alertIds: ['0', 'x'], subject: 'low' },
    ]);
  });

  it('says nothing of what is suppressed, shelved or out of service until it is released', () => {
    const desk = new NoticeDesk();
    desk.raise('1', { suppressed: { alertId: '9', ruleId: 'fire' } });
    desk.raise('2', { outOfService: { by: 'ada', reason: 'workshop' } });
    expect(desk.wait(MIN)).toEqual([]);
    desk.change('1', 'released', { suppressed: undefined });
    expect(spoken(desk.settle(), ['desktop'])).toEqual(['raised desktop [HIGH] Engine hot – BER-1']);
    desk.change('1', 'shelved', { shelved: { by: 'ada', reason: 'known', untilMs: T0 } });
    expect(spoken(desk.settle(), ['desktop', 'sound'])).toEqual([]);
    desk.change('1', 'unshelved', { shelved: undefined });
    expect(spoken(desk.settle(), ['desktop'])).toHaveLength(1);
  });

  it('leaves a channel to the plan when that has routes for it', () => {
    const desk = new NoticeDesk(planOf([{ name: 'horn', channel: 'sound', to: [], priorities: ['critical'] }]));
    desk.raise('1');
    expect(spoken(desk.settle(), ['sound', 'desktop'])).toEqual(['raised desktop [HIGH] Engine hot – BER-1']);
  });
});

describe('a route', () => {
  it('waits for more of the group, then tells of a growing group, and of what stays on', () => {
    const desk = new NoticeDesk(planOf([mail()]));
    const head = desk.raise('1');
    expect(spoken(desk.wait(29 * S))).toEqual([]);
    expect(spoken(desk.wait(S))).toEqual([`raised ${HOT}`]);
    head.group = { kind: 'area', label: 'Berlin', count: 7, open: 7 };
    for (let i = 2; i < 8; i++) desk.raise(`${i}`, { groupId: '1' });
    expect(spoken(desk.wait(5 * MIN - S))).toEqual([]);
    const [grown] = desk.wait(S).filter((n) => n.channel === 'mail');
    expect(grown).toMatchObject({ reason: 'raised', subject: '[HIGH] Engine hot – Berlin, 7 vehicles' });
    expect(grown.alertIds).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(grown.body).toContain('Group: Berlin, 7 alerts, 7 of them open\nVehicles: BER-1, BER-2, BER-3');
    expect(spoken(desk.wait(4 * 60 * MIN - S))).toEqual([]);
    expect(spoken(desk.wait(S))).toEqual(['reminder mail [HIGH, still on] Engine hot – Berlin, 7 vehicles']);
  });

  it('is told of a critical alert at once', () => {
    const desk = new NoticeDesk(planOf([mail()]));
    desk.raise('1', { priority: 1 });
    expect(spoken(desk.settle())).toEqual(['raised mail [CRITICAL] Engine hot – BER-1']);
  });

  it('is not told of what was acknowledged or over while it waited', () => {
    const desk = new NoticeDesk(planOf([mail()]));
    desk.raise('1');
    desk.raise('2');
    desk.wait(10 * S);
    desk.acknowledge('1');
    desk.clear('2');
    expect(spoken(desk.wait(MIN))).toEqual([]);
    desk.change('2', 'resumed', { condition: 'active' });
    expect(spoken(desk.settle())).toEqual(['raised mail [HIGH] Engine hot – BER-2']);
  });

  it('is told of momentary alerts, and of critical ones that are over and unseen', () => {
    const desk = new NoticeDesk(planOf([mail()], { silences: [{ reason: 'x', untilMs: T0 + MIN }] }));
    desk.raise('1', { condition: 'cleared', latched: true });
    desk.raise('2', { priority: 1 });
    desk.wait(S);
    desk.clear('2');
    expect(spoken(desk.wait(MIN))).toEqual([`raised ${HOT}`, 'raised mail [CRITICAL] Engine hot – BER-2']);
    expect(spoken(desk.wait(5 * 60 * MIN))).toEqual(['reminder mail [HIGH, still on] Engine hot – BER-1']);
  });

  it('takes only the alerts that match it', () => {
    const routes = [
      mail({ name: 'p', priorities: ['critical'] }),
      mail({ name: 'r', rules: ['engine-hot'] }),
      mail({ name: 'd', depots: ['Berlin'] }),
    ];
    const desk = new NoticeDesk(planOf(routes));
    desk.raise('1', { ruleId: 'other', depot: 'Berlin' });
    desk.raise('2', { depot: 'Hamburg' });
    desk.raise('3', { ruleId: 'other', priority: 1 });
    expect(spoken(desk.wait(MIN)).map((line) => line.replace(/\[.* – BER-/, ''))).toEqual([
      'raised p 3',
      'raised d 1',
      'raised r 2',
    ]);
  });

  it('is told when it is over, once, if it wants to be and was told that it is on', () => {
    const desk = new NoticeDesk(planOf([mail({ cleared: true }), mail({ name: 'other' })]));
    desk.raise('1');
    desk.raise('2');
    desk.wait(MIN);
    desk.clear('1');
    expect(spoken(desk.settle())).toEqual(['cleared mail [OVER, was HIGH] Engine hot – BER-1']);
    desk.acknowledge('1');
    desk.acknowledge('2');
    desk.clear('2');
    expect(spoken(desk.wait(MIN))).toEqual(['cleared mail [OVER, was HIGH] Engine hot – BER-2']);
    desk.raise('3');
    desk.clear('3');
    expect(spoken(desk.wait(MIN))).toEqual([]);
  });

  it('is told that a critical alert is over only once, and anew when it goes on', () => {
    const desk = new NoticeDesk(planOf([mail({ cleared: true })]));
    desk.raise('1', { priority: 1 });
    desk.settle();
    desk.clear('1');
    expect(spoken(desk.wait(10 * MIN))).toEqual(['cleared mail [OVER, was CRITICAL] Engine hot – BER-1']);
    desk.change('1', 'resumed', { condition: 'active' });
    expect(spoken(desk.wait(MIN))).toEqual(['raised mail [CRITICAL] Engine hot – BER-1']);
  });

  it('is told when an alert gets worse', () => {
    const desk = new NoticeDesk(planOf([mail()]));
    desk.raise('1', { priority: 3 });
    desk.wait(MIN);
    desk.acknowledge('1');
    desk.wait(MIN);
    desk.change('1', 'worsened', { priority: 1, acknowledged: false });
    expect(spoken(desk.settle(), ['mail', 'sound'])).toEqual([
      'worsened mail [CRITICAL, worse] Engine hot – BER-1',
      'raised sound critical',
    ]);
  });

  it('keeps still outside its hours and is told of what is still on when they begin', () => {
    // 12:00 UTC on a Friday; the shift begins at 14:00 of a clock an hour ahead.
    const desk = new NoticeDesk(
      planOf([mail({ fromMin: 14 * 60, toMin: 6 * 60, weekdays: [5] })], { utcOffsetMin: 60 }),
    );
    desk.raise('1');
    desk.raise('2');
    desk.acknowledge('2');
    expect(spoken(desk.wait(60 * MIN - S))).toEqual([]);
    expect(spoken(desk.wait(S))).toEqual([`raised ${HOT}`]);
  });

  it('keeps still while a silence lasts', () => {
    const silences = [{ rules: ['engine-hot'], vehicles: ['BER-1'], untilMs: T0 + 20 * MIN, reason: 'test drive' }];
    const desk = new NoticeDesk(planOf([mail()], { silences }));
    desk.raise('1');
    desk.raise('2');
    expect(spoken(desk.wait(20 * MIN - S))).toEqual(['raised mail [HIGH] Engine hot – BER-2']);
    expect(spoken(desk.wait(S))).toEqual([`raised ${HOT}`]);
  });

  it('learns of alerts that call already when it is new in the plan', () => {
    const desk = new NoticeDesk(planOf([mail()]));
    desk.raise('1');
    desk.wait(MIN);
    desk.planner.use(planOf([mail(), mail({ name: 'second' })]));
    expect(spoken(desk.wait(MIN))).toEqual(['raised second [HIGH] Engine hot – BER-1']);
  });
});

describe('a group whose first alert closes', () => {
  it('goes on under the next without being told anew, and is over when the last is', () => {
    const desk = new NoticeDesk(planOf([mail({ cleared: true })]));
    desk.raise('1', { group: { kind: 'area', label: 'Berlin', count: 3, open: 3 } });
    desk.raise('2', { groupId: '1' });
    desk.raise('3', { groupId: '1' });
    desk.wait(MIN);
    desk.clear('1');
    expect(spoken(desk.settle())).toEqual([]);
    desk.change('2', 'grouped', { groupId: undefined, group: { kind: 'area', label: 'Berlin', count: 3, open: 2 } });
    desk.open.get('3')!.groupId = '2';
    desk.acknowledge('1');
    expect(spoken(desk.wait(MIN))).toEqual([]);
    desk.clear('2');
    desk.clear('3');
    expect(spoken(desk.wait(MIN))).toEqual(['cleared mail [OVER, was HIGH] Engine hot – Berlin, 3 vehicles']);
  });

  it('calls again for what was folded under it after it was acknowledged', () => {
    const desk = new NoticeDesk(planOf([mail()]));
    const head = desk.raise('1');
    desk.wait(MIN);
    desk.acknowledge('1');
    desk.wait(10 * MIN);
    head.group = { kind: 'vehicle', label: 'BER-1', count: 2, open: 2 };
    desk.raise('2', { groupId: '1' });
    expect(spoken(desk.wait(MIN))).toEqual(['raised mail [HIGH] Engine hot – BER-1, 2 alerts']);
  });
});

describe('an escalation', () => {
  const routes = [
    mail({ name: 'supervisor', afterMs: 2 * MIN, priorities: ['critical'] }),
    mail({ name: 'all', afterMs: 5 * MIN, priorities: ['critical'] }),
    mail({ name: 'high', afterMs: 10 * MIN, priorities: ['high'] }),
  ];
  const line = (route: string, priority = 'CRITICAL'): string =>
    `escalated ${route} [${priority}, escalated] Engine hot – BER-1`;

  it('comes when nobody has acknowledged for that long, once', () => {
    const desk = new NoticeDesk(planOf(routes));
    desk.raise('1', { priority: 1 });
    expect(spoken(desk.wait(2 * MIN - S))).toEqual([]);
    expect(spoken(desk.wait(S))).toEqual([line('supervisor')]);
    expect(spoken(desk.wait(3 * MIN))).toEqual([line('all')]);
    expect(spoken(desk.wait(60 * MIN))).toEqual([]);
  });

  it('asks for the state at the moment of escalating', () => {
    const desk = new NoticeDesk(planOf(routes));
    for (const id of ['a', 'b', 'c', 'd', 'e']) desk.raise(id, { priority: 1 });
    desk.raise('h');
    desk.wait(MIN);
    desk.acknowledge('a');
    desk.change('b', 'shelved', { shelved: { by: 'ada', reason: 'known', untilMs: T0 } });
    desk.change('c', 'suppressed', { suppressed: { alertId: 'x', ruleId: 'y' } });
    desk.change('d', 'out-of-service', { outOfService: { by: 'ada', reason: 'workshop' } });
    desk.change('e', 'grouped', { groupId: 'a' });
    desk.acknowledge('e');
    desk.clear('h');
    expect(spoken(desk.wait(60 * MIN)).filter((told) => told.startsWith('escalated'))).toEqual([]);
  });

  it('comes at once when an operator passes the alert on, with the reason', () => {
    const desk = new NoticeDesk(planOf(routes));
    desk.raise('1', { priority: 1 });
    desk.acknowledge('1');
    desk.wait(MIN);
    desk.change('1', 'escalated', {}, 'driver does not answer');
    const told = desk.wait(10 * MIN).filter((n) => n.channel === 'mail');
    expect(spoken(told)).toEqual([line('supervisor'), line('all')]);
    expect(told[0].body).toContain('Passed on because: driver does not answer');
  });
});

it('recalls a critical alert that was acknowledged and goes on', () => {
  const desk = new NoticeDesk(planOf([mail()]));
  for (const id of ['1', '2']) desk.raise(id, { priority: 1 });
  desk.wait(MIN);
  desk.acknowledge('1');
  desk.acknowledge('2');
  expect(spoken(desk.wait(15 * MIN - S), ['mail', 'desktop', 'sound'])).toEqual([]);
  desk.clear('2');
  expect(spoken(desk.wait(60 * MIN), ['mail', 'desktop', 'sound'])).toEqual([
    'reminder desktop [CRITICAL, still on] Engine hot – BER-1',
    'reminder mail [CRITICAL, still on] Engine hot – BER-1',
    'raised sound critical',
  ]);
});

describe('limits', () => {
  it('gather what is more in a digest', () => {
    const desk = new NoticeDesk(planOf([mail({ perTenMinutes: 2 })]));
    for (let i = 0; i < 5; i++) desk.raise(`${i}`);
    expect(spoken(desk.wait(30 * S))).toHaveLength(2);
    const told = desk.wait(10 * MIN).filter((n) => n.channel === 'mail');
    expect(told).toMatchObject([{ reason: 'digest', subject: '[HIGH] 3 more alerts', alertIds: ['2', '3', '4'] }]);
    expect(told[0].body).toContain('2026-11-27 12:00:30 UTC  [HIGH] Engine hot – BER-4');
  });

  it('hold critical ones back no longer than a group waits', () => {
    const desk = new NoticeDesk(planOf([mail({ perTenMinutes: 1 })]));
    for (let i = 0; i < 700; i++) desk.raise(`${i}`, { priority: i < 600 ? 3 : 1 });
    expect(spoken(desk.settle())).toHaveLength(1);
    const [digest, ...more] = desk.wait(30 * S).filter((n) => n.channel === 'mail');
    expect(more).toEqual([]);
    expect(digest).toMatchObject({ reason: 'digest', priority: 1, subject: '[CRITICAL] 699 more alerts' });
    expect(digest.body.match(/\[CRITICAL\]/g)).toHaveLength(99);
    expect(digest.body).toContain('… and 199 more.');
  });
});

describe('on the broker', () => {
  const states = (desk: NoticeDesk): string[] =>
    desk.told
      .filter((n) => n.channel === 'mqtt')
      .map((n) => (n.payload === '' ? `${n.alertIds[0]} gone` : `${n.alertIds[0]} ${JSON.parse(n.payload).state}`));

  it('every shown alert of ours is followed to its end, one state a record', () => {
    const desk = new NoticeDesk();
    desk.raise('1');
    desk.raise('2', { groupId: '1' });
    desk.raise('x', { ruleId: 'external:crash' });
    desk.raise('s', { suppressed: { alertId: '1', ruleId: 'y' } });
    desk.settle();
    desk.change('1', 'commented', { comment: 'seen' });
    desk.acknowledge('1');
    desk.settle();
    desk.change('2', 'shelved', { shelved: { by: 'ada', reason: 'known', untilMs: T0 } });
    desk.clear('1');
    desk.settle();
    expect(states(desk)).toEqual([
      '1 unacknowledged',
      '2 unacknowledged',
      '1 acknowledged',
      '2 shelved',
      '1 closed',
      '1 gone',
    ]);
    expect(JSON.parse(desk.told.find((n) => n.channel === 'mqtt')!.payload)).toMatchObject({
      alert_id: '1',
      ts: '2026-11-27T12:00:00.000Z',
      vehicle_id: 'BER-1',
      trip_id: '',
      alert_type: 'engine-hot',
      severity: 2,
      details: 'Engine at 112 °C.',
      source: 'watchfloor',
      onset: '2026-11-27T11:59:59.000Z',
    });
  });

  it('nothing is published when the plan says so', () => {
    const desk = new NoticeDesk(planOf([], { mqtt: false }));
    desk.raise('1');
    desk.settle();
    expect(states(desk)).toEqual([]);
  });
});

it('writes a text that can be worked with', () => {
  const desk = new NoticeDesk(planOf([mail()], { utcOffsetMin: 60 }));
  desk.raise('1', {
    priority: 1,
    vehicleId: 'BER\r\nBcc: x@example.org',
    response: 'Ask the driver to stop.',
    runbook: 'https://example.org/hot',
    depot: 'Berlin',
    peak: 112.346,
    lat: 52.5,
    lon: 13.4,
  });
  const [notice] = desk.settle().filter((n) => n.channel === 'mail');
  expect(notice.subject).toBe('[CRITICAL] Engine hot – BER Bcc: x@example.org');
  expect(notice.body.replace('\r\n', ' ')).toBe(
    [
      'Engine at 112 °C.',
      '',
      'What to do: Ask the driver to stop.',
      'Procedure: https://example.org/hot',
      '',
      'Vehicle: BER Bcc: x@example.org, depot Berlin',
      'Since: 2026-11-27 12:59:59 UTC+01:00',
      'Worst value: 112.35 °C',
      'Where: 52.50000, 13.40000',
      '',
      'To acknowledge it, select it in the Watchfloor queue and press a.',
    ].join('\n'),
  );
});
