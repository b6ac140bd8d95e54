import type { Node } from 'yaml';
import { PRIORITY, type PriorityName } from '../../model/alerts.ts';
import type { NotifyRoute } from '../../model/notices.ts';
import { address, duration, hours, optional, pick, required, weekdays } from './plan-values.ts';
import type { Entries, YamlReader } from './yaml-reader.ts';

const ROUTE = [
  'name',
  'channel',
  'to',
  'priorities',
  'rules',
  'depots',
  'hours',
  'weekdays',
  'cleared',
  'after',
  'escalate',
  'per_ten_minutes',
];
const CHANNELS = ['desktop', 'sound', 'mail', 'webhook'] as const;
const PRIORITIES = Object.keys(PRIORITY) as PriorityName[];
/** These name the built-in routes. */
const RESERVED = ['sound', 'desktop', 'mqtt'];
const MAX_ROUTES = 50;
const MINUTE_MS = 60_000;

/** When nobody has acknowledged an alert for so many minutes, by who is told (alarm-management practice); low ones never. */
const ESCALATION_MIN = {
  supervisor: { critical: 2, high: 10, medium: 30 },
  all: { critical: 5, high: 10, medium: 30 },
} as const satisfies Record<string, Partial<Record<PriorityName, number>>>;

/** What routes can go to. */
export interface RouteTargets {
  /** There is a mail server. */
  readonly mail: boolean;
  /** Names of webhooks. */
  readonly webhooks: readonly string[];
}

/** The routes of a file.  */
export function routesOf(reader: YamlReader, top: Entries, targets: RouteTargets): NotifyRoute[] {
  const entry = top.get('routes');
  if (!entry) return [];
  const routes: NotifyRoute[] = [];
  for (const node of reader.list(entry.value, '`routes`') ?? []) {
    const map = reader.map(node, 'a route', ROUTE);
    if (map) routes.push(...routeOf(reader, map, node, routes, targets));
  }
  if (routes.length > MAX_ROUTES)
    reader.wrong(entry.key, `there are ${routes.length} routes; at most ${MAX_ROUTES} are taken`);
  return routes;
}

/** The route of one entry; with `escalate` one for each priority. */
function routeOf(
  reader: YamlReader,
  map: Entries,
  node: Node,
  others: readonly NotifyRoute[],
  targets: RouteTargets,
): NotifyRoute[] {
  const name = required(reader, map, 'name', node, (value, what) => {
    const text = reader.text(value, what);
    if (text !== undefined && (RESERVED.includes(text) || text.includes('/')))
      return reader.wrong(value, `a route cannot be named \`${text}\``);
    if (others.some((other) => other.name === text || other.name.startsWith(`${text}/`)))
      return reader.wrong(value, `there are two routes named \`${text}\``);
    return text;
  });
  const channel = required(reader, map, 'channel', node, (value, what) => reader.word(value, what, CHANNELS));
  if (name === undefined || channel === undefined) return [];
  const to = recipients(reader, map, node, channel, targets);
  const priorities = optional(map, 'priorities', (value) => reader.words(value, '`priorities`', PRIORITIES));
  const route: NotifyRoute = {
    name,
    channel,
    to,
    ...(priorities && { priorities }),
    ...pick(
      'rules',
      optional(map, 'rules', (value) => reader.texts(value, '`rules`')),
    ),
    ...pick(
      'depots',
      optional(map, 'depots', (value) => reader.texts(value, '`depots`')),
    ),
    ...optional(map, 'hours', (value) => hours(reader, value)),
    ...pick(
      'weekdays',
      optional(map, 'weekdays', (value) => weekdays(reader, value)),
    ),
    ...pick(
      'cleared',
      optional(map, 'cleared', (value) => reader.flag(value, '`cleared`')),
    ),
    ...pick(
      'perTenMinutes',
      optional(map, 'per_ten_minutes', (value) => reader.whole(value, '`per_ten_minutes`', 1, 1000)),
    ),
  };
  const escalate = map.get('escalate');
  const afterMs = duration(reader, map, 'after');
  if (!escalate) return [afterMs === undefined ? route : { ...route, afterMs }];
  if (afterMs !== undefined) reader.wrong(escalate.key, 'a route has either `after` or `escalate`');
  const who = reader.word(escalate.value, '`escalate`', ['supervisor', 'all'] as const);
  if (!who) return [];
  return Object.entries(ESCALATION_MIN[who])
    .map(([priority, minutes]) => ({ priority: priority as PriorityName, minutes }))
    .filter(({ priority }) => priorities?.includes(priority) ?? true)
    .map(({ priority, minutes }) => ({
      ...route,
      name: `${name}/${priority}`,
      priorities: [priority],
      afterMs: minutes * MINUTE_MS,
    }));
}

function recipients(
  reader: YamlReader,
  map: Entries,
  node: Node,
  channel: NotifyRoute['channel'],
  targets: RouteTargets,
): string[] {
  const entry = map.get('to');
  if (channel === 'desktop' || channel === 'sound') {
    if (entry) reader.wrong(entry.key, `a route for ${channel} goes to the room's windows and has no \`to\``);
    return [];
  }
  const items = required(reader, map, 'to', node, (value, what) => reader.list(value, what)) ?? [];
  if (channel === 'mail') {
    if (!targets.mail) reader.wrong(node, 'there is no `mail:` server for this route');
    return items.map((item) => address(reader, item, 'each of `to`', /^[^\s@<>,;]+@[^\s@<>,;]+$/) ?? '');
  }
  return items.map((item) => reader.word(item, 'each of `to` of a webhook route', targets.webhooks) ?? '');
}
