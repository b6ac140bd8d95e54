import { NO_PLAN, type NotifyPlan, type NotifySilence } from '../../model/notices.ts';
import type { MailServer } from '../../notify/delivery-settings.ts';
import { routesOf } from './parse-routes.ts';
import { address, again, duration, optional, pick, required, time, utcOffset } from './plan-values.ts';
import { type Entries, YamlReader } from './yaml-reader.ts';

/** The file in the data directory. */
export const PLAN_FILE = 'notify.yaml';

/** What is needed to deliver and does not go into the journal. */
export interface Delivery {
  /** Without its password. */
  readonly mail?: Omit<MailServer, 'password' | 'ca'>;
  /** Certificate authority of the mail server, a PEM file. */
  readonly mailCaFile?: string;
  /** Addresses by name. */
  readonly webhooks: Readonly<Record<string, string>>;
}

export interface ParsedPlan {
  readonly plan: NotifyPlan;
  readonly delivery: Delivery;
}

const TOP = [
  'utc_offset',
  'mqtt',
  'mail',
  'webhooks',
  'routes',
  'silences',
  'group_wait',
  'group_interval',
  'repeat',
  'reminder',
];
const MAIL = ['host', 'port', 'secure', 'user', 'from', 'ca_file'];
const SILENCE = ['rules', 'vehicles', 'depots', 'until', 'reason'];

/** Reads the text of `notify.yaml`; docs/notifications.md has its format. The errors are sentences with line and column. */
export function parsePlan(text: string): ParsedPlan | { readonly errors: string[] } {
  const reader = new YamlReader(PLAN_FILE, text);
  const top = reader.top(TOP);
  const delivery: Delivery = { ...mailOf(reader, top), webhooks: webhooksOf(reader, top) };
  const offset = top.get('utc_offset');
  const mqtt = top.get('mqtt');
  const plan: NotifyPlan = {
    routes: routesOf(reader, top, {
      mail: delivery.mail !== undefined,
      webhooks: Object.keys(delivery.webhooks),
    }),
    silences: silencesOf(reader, top),
    utcOffsetMin: (offset && utcOffset(reader, offset.value)) ?? NO_PLAN.utcOffsetMin,
    groupWaitMs: duration(reader, top, 'group_wait') ?? NO_PLAN.groupWaitMs,
    groupIntervalMs: again(reader, top, 'group_interval') ?? NO_PLAN.groupIntervalMs,
    repeatMs: again(reader, top, 'repeat') ?? NO_PLAN.repeatMs,
    reminderMs: again(reader, top, 'reminder') ?? NO_PLAN.reminderMs,
    ...(mqtt && { mqtt: reader.flag(mqtt.value, '`mqtt`') }),
  };
  return reader.errors.length > 0 ? { errors: reader.errors } : { plan, delivery };
}

function mailOf(reader: YamlReader, top: Entries): Pick<Delivery, 'mail' | 'mailCaFile'> {
  const entry = top.get('mail');
  const map = entry && reader.map(entry.value, '`mail`', MAIL);
  if (!map) return {};
  const host = required(reader, map, 'host', entry.key, (node, what) => reader.text(node, what));
  const from = required(reader, map, 'from', entry.key, (node, what) =>
    address(reader, node, what, /<[^\s@<>]+@[^\s@<>]+>$|^[^\s@<>]+@[^\s@<>]+$/),
  );
  const secure = optional(map, 'secure', (node) => reader.flag(node, '`secure`')) ?? false;
  const port = optional(map, 'port', (node) => reader.whole(node, '`port`', 1, 65_535)) ?? (secure ? 465 : 587);
  const user = optional(map, 'user', (node) => reader.text(node, '`user`'));
  const caFile = optional(map, 'ca_file', (node) => reader.text(node, '`ca_file`'));
  if (!host || !from) return {};
  return { mail: { host, port, secure, from, ...(user && { user }) }, ...(caFile && { mailCaFile: caFile }) };
}

function webhooksOf(reader: YamlReader, top: Entries): Record<string, string> {
  const entry = top.get('webhooks');
  const webhooks: Record<string, string> = {};
  for (const [name, { value }] of (entry && reader.map(entry.value, '`webhooks`')) ?? []) {
    const url = reader.text(value, `the address of \`${name}\``);
    if (url === undefined) continue;
    if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) webhooks[name] = url;
    else reader.wrong(value, `the address of \`${name}\` must begin with https:// or http:// and name a host`);
  }
  return webhooks;
}

function silencesOf(reader: YamlReader, top: Entries): NotifySilence[] {
  const entry = top.get('silences');
  const silences: NotifySilence[] = [];
  for (const node of (entry && reader.list(entry.value, '`silences`')) ?? []) {
    const map = reader.map(node, 'a silence', SILENCE);
    if (!map) continue;
    const untilMs = required(reader, map, 'until', node, (value, what) => time(reader, value, what));
    const reason = required(reader, map, 'reason', node, (value, what) => reader.text(value, what));
    if (untilMs === undefined || reason === undefined) continue;
    silences.push({
      untilMs,
      reason,
      ...pick(
        'rules',
        optional(map, 'rules', (value) => reader.texts(value, '`rules`')),
      ),
      ...pick(
        'vehicles',
        optional(map, 'vehicles', (value) => reader.texts(value, '`vehicles`')),
      ),
      ...pick(
        'depots',
        optional(map, 'depots', (value) => reader.texts(value, '`depots`')),
      ),
    });
  }
  return silences;
}
