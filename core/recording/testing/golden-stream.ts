import type { TruthLine } from '../../../simulator/faults/truth.ts';
import { createFleet, FAULT_KINDS } from '../../../simulator/fleet.ts';
import { mix, random } from '../../../simulator/random.ts';
import { fleetReference } from '../../../simulator/reference/fleet-reference.ts';
import { defaultPacks } from '../../engine/testing/default-room.ts';
import type { Alert } from '../../model/alerts.ts';
import { NO_PLAN } from '../../model/notices.ts';
import type { RulePackSource } from '../../model/records.ts';
import { DEFAULT_TOPICS, type TopicKindName } from '../../model/topics.ts';
import { GoldenRoom } from './golden-room.ts';

export const GOLDEN_START_MS = Date.UTC(2026, 2, 1, 12);
const SECONDS = 1200;
const VEHICLES = 60;
const RATE = 0.5;
/** Messages in a record at most: many small records make many places to stop at. */
const RECORD_MESSAGES = 7;

const PACKS = defaultPacks();
const PLAN = {
  ...NO_PLAN,
  routes: [
    { name: 'desk', channel: 'mail', to: ['desk@example.com'], priorities: ['critical', 'high'], cleared: true },
    { name: 'lead', channel: 'mail', to: ['lead@example.com'], priorities: ['critical'], afterMs: 120_000 },
    { name: 'tickets', channel: 'webhook', to: ['https://tickets.example.com/hook'], perTenMinutes: 5 },
  ],
} as const;

/** The packs with a text replaced; it must be there. */
function changed(from: string, to: string): RulePackSource[] {
  if (!PACKS.some(({ text }) => text.includes(from))) throw new Error(`no pack says ${from}`);
  return PACKS.map(({ name, text }) => ({ name, text: text.replace(from, to) }));
}

/** Seconds from `from` to `to` in which the room does not run, or does not hear the broker; then all comes at once. */
const ROOM_DOWN = { from: 400, to: 490 };
const BROKER_DOWN = { from: 700, to: 730 };
/** Seconds in which every fifth vehicle's messages come in the wrong order, but in time. */
const DISORDER = { from: 200, to: 330 };

type Message = [topic: TopicKindName | string, payload: string];

/** What the golden recording holds: 20 minutes of a small fleet with every fault there is, and of what else can happen. */
export function goldenStream(): { readonly room: GoldenRoom; readonly truth: readonly TruthLine[] } {
  const fleet = createFleet({
    vehicles: VEHICLES,
    rate: RATE,
    seconds: SECONDS,
    seed: 'golden-4',
    startMs: GOLDEN_START_MS,
    faults: FAULT_KINDS,
  });
  const room = new GoldenRoom();
  const rnd = random(mix(1, 2));
  const waiting: { readonly dueS: number; readonly message: Message }[] = [];
  room.reference(GOLDEN_START_MS, fleetReference(fleet));
  room.rules(GOLDEN_START_MS, PACKS);
  room.notify(GOLDEN_START_MS, PLAN);
  for (let s = 1; s <= SECONDS; s++) {
    const nowMs = GOLDEN_START_MS + s * 1000;
    while (fleet.nextMs() <= nowMs) {
      fleet.step((kind, payload, vehicle) => {
        const disorder = within(s, DISORDER) && vehicle % 5 === 0;
        waiting.push({ dueS: arrival(s) + (disorder ? Math.floor(rnd() * 5) : 0), message: [kind, payload] });
      });
    }
    if (within(s, ROOM_DOWN)) continue;
    const due = waiting.filter(({ dueS }) => dueS <= s).map(({ message }) => message);
    for (let i = waiting.length - 1; i >= 0; i--) if (waiting[i].dueS <= s) waiting.splice(i, 1);
    const redelivered = s === ROOM_DOWN.to ? due.slice(0, 40) : [];
    room.messages(nowMs - 400, [...due, ...redelivered, ...specials(s, nowMs)], RECORD_MESSAGES);
    HAPPENINGS[s]?.(room, nowMs, room.openAlerts()[0]);
    room.tick(nowMs, !within(s, BROKER_DOWN));
  }
  return { room, truth: fleet.truth };
}

function within(s: number, span: { readonly from: number; readonly to: number }): boolean {
  return s >= span.from && s < span.to;
}

/** The second in which a message sent in second `s` reaches the room. */
function arrival(s: number): number {
  const down = [ROOM_DOWN, BROKER_DOWN].find((span) => within(s, span));
  return down ? down.to : s;
}

/** Messages beside the fleet's. */
function specials(s: number, nowMs: number): Message[] {
  const at = (ms: number): string => new Date(ms).toISOString();
  const driver = (type: string): Message => [
    'driver',
    JSON.stringify({ driver_id: 'drv-extra', vehicle_id: 'extra-1', event_type: type, timestamp: at(nowMs) }),
  ];
  const telemetry = (id: string, ms: number, more: object = {}): object => ({
    event_id: `extra-${s}-${id}`,
    vehicle_id: id,
    driver_id: 'drv-extra',
    trip_id: s < 600 ? 'trip-extra' : '',
    timestamp: at(ms),
    lat: 52.5 + s / 20_000,
    lon: 13.4,
    speed_kmph: 30 + (s % 40),
    heading: 0,
    sat_count: 9,
    battery_v: 13.8,
    ...more,
  });
  const send = (payload: object): Message => ['telemetry', JSON.stringify(payload)];
  if (s % 10 === 0) return [send([telemetry('extra-1', nowMs - 5000), telemetry('extra-2', nowMs)])];
  switch (s) {
    case 33:
      return [send(telemetry('extra-1', nowMs, { cabin: { temp_c: 21.5, doors: { left: true } }, tags: ['a', 1] }))];
    case 34:
      return [send(telemetry('extra-1', nowMs, { speed_kmph: null, lat: null, lon: null }))];
    case 35:
      return [send(telemetry('extra-1', nowMs + 30_000)), send(telemetry('extra-2', nowMs + 61_000))];
    case 36:
      return [send(telemetry('', nowMs)), send({ vehicle_id: 'extra-3' }), ['telemetry', ''], ['telemetry', '[]']];
    case 37:
      return [
        ['some/other/topic', '{}'],
        [`${DEFAULT_TOPICS.status}/extra-4`, '{"vehicle_id":"extra-4"}'],
      ];
    case 51:
      return [driver('driver_login')];
    case 61:
      return [driver('break_start')];
    case 361:
      return [driver('break_end')];
    case 62:
      return [send(telemetry('extra-2', nowMs, { timestamp: 'yesterday' }))];
    case 371:
      return [send(telemetry('extra-2', nowMs, { battery_v: '13.8 V', sat_count: [1] }))];
    default:
      return [];
  }
}

type Happening = (room: GoldenRoom, nowMs: number, alert: Alert | undefined) => void;

const acknowledge =
  (comment?: string): Happening =>
  (room, nowMs, alert) =>
    room.act(nowMs, { type: 'acknowledge', alertId: alert?.id ?? 'none', comment });

/** What operators, rule files, settings, the disk and the clock do, by second. */
const HAPPENINGS: Readonly<Record<number, Happening>> = {
  120: (room, nowMs) =>
    room.oversize(nowMs, { topic: DEFAULT_TOPICS.telemetry, bytes: 3_000_000, head: '{"blob":"aaaa' }),
  150: (room, nowMs) => room.damagedFrames(nowMs),
  // A pack with an error: it is refused and the ones before it stay.
  260: (room, nowMs) => room.rules(nowMs, changed('seatbelt && speed_kmph >', 'seatbelt && speed_kmhp >')),
  310: (room, nowMs) => room.settings(nowMs, { telemetryBoundMs: 2000, allowedLatenessMs: 10_000 }),
  330: (room, nowMs, alert) =>
    room.act(nowMs, { type: 'assign', alertId: alert?.id ?? 'none', assignee: 'sam', comment: 'please look' }),
  335: (room, nowMs, alert) =>
    room.act(nowMs, {
      type: 'shelve',
      alertId: alert?.id ?? 'none',
      reason: 'being repaired',
      untilMs: nowMs + 200_000,
    }),
  345: (room, nowMs) =>
    room.act(nowMs, { type: 'out-of-service', vehicleId: 'extra-1', reason: 'in the workshop', comment: 'two days' }),
  520: (room, nowMs) => room.rules(nowMs, changed('speed_limit, 80) + 10', 'speed_limit, 80) - 10')),
  640: acknowledge('on my way'),
  641: (room, nowMs, alert) =>
    room.act(nowMs, { type: 'comment', alertId: alert?.id ?? 'none', comment: 'called the driver' }),
  642: (room, nowMs) => room.act(nowMs, { type: 'acknowledge', alertId: 'no-such-alert' }),
  645: (room, nowMs, alert) => room.act(nowMs, { type: 'escalate', alertId: alert?.id ?? 'none' }),
  650: (room, nowMs) => room.act(nowMs, { type: 'in-service', vehicleId: 'extra-1' }),
  660: acknowledge(),
  670: (room, nowMs) => {
    const latched = [...room.alerts.values()].find((alert) => alert.latched && alert.acknowledged);
    if (latched) room.act(nowMs, { type: 'reset', alertId: latched.id, comment: 'the driver is safe' });
  },
  800: (room) => room.stepClock(-2000),
  900: (room, nowMs) => room.rules(nowMs, PACKS),
  950: acknowledge(),
  1000: (room) => room.losePositions(5000),
};
