import type { Node } from 'yaml';
import type { NotifyRoute } from '../../model/notices.ts';
import { parseDuration } from '../../rules/duration.ts';
import type { Entries, YamlReader } from './yaml-reader.ts';

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MAX_OFFSET_MIN = 14 * 60;
/** Shorter ones would tell of every single change. */
const MIN_AGAIN_MS = 60_000;

/** `06:00-22:00` as minutes after midnight. */
export function hours(reader: YamlReader, node: Node | null): Pick<NotifyRoute, 'fromMin' | 'toMin'> | undefined {
  const text = reader.text(node, '`hours`');
  if (text === undefined) return undefined;
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text);
  const [fromH, from, toH, to] = match?.slice(1).map(Number) ?? [];
  if (!match || fromH > 23 || from > 59 || to > 59 || toH * 60 + to > 1440)
    return reader.wrong(node, '`hours` are written like 06:00-22:00, or 22:00-06:00 over midnight');
  return { fromMin: fromH * 60 + from, toMin: toH * 60 + to };
}

/** `[mon, tue]` as numbers, 0 = Sunday. */
export function weekdays(reader: YamlReader, node: Node | null): number[] | undefined {
  return reader.words(node, '`weekdays`', WEEKDAYS)?.map((day) => WEEKDAYS.indexOf(day));
}

/** `"+01:00"` as minutes. */
export function utcOffset(reader: YamlReader, node: Node | null): number | undefined {
  const text = reader.text(node, '`utc_offset`');
  if (text === undefined) return undefined;
  const match = /^([+-])(\d\d):(\d\d)$/.exec(text);
  const minutes = match ? Number(match[2]) * 60 + Number(match[3]) : Number.NaN;
  if (!match || !(minutes <= MAX_OFFSET_MIN)) return reader.wrong(node, '`utc_offset` is written like "+01:00"');
  return match[1] === '-' ? -minutes : minutes;
}

/** A time with its zone as Unix ms. */
export function time(reader: YamlReader, node: Node | null, what: string): number | undefined {
  const text = reader.text(node, what);
  if (text === undefined) return undefined;
  const ms = /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? reader.wrong(node, `${what} is written like 2026-12-01T08:00:00+01:00`) : ms;
}

/** `5m` as ms; undefined when the key is missing or wrong. */
export function duration(reader: YamlReader, map: Entries, key: string): number | undefined {
  return optional(map, key, (node) => {
    const text = reader.text(node, `\`${key}\``);
    if (text === undefined) return undefined;
    return parseDuration(text) ?? reader.wrong(node, `\`${key}: ${text}\` is no duration; write 30s, 5m or 4h`);
  });
}

/** How often something is told again, ms. */
export function again(reader: YamlReader, map: Entries, key: string): number | undefined {
  const ms = duration(reader, map, key);
  if (ms !== undefined && ms < MIN_AGAIN_MS)
    return reader.wrong(map.get(key)?.value ?? null, `\`${key}\` must be 1m or longer`);
  return ms;
}

/** A mail address of the given form. */
export function address(reader: YamlReader, node: Node | null, what: string, form: RegExp): string | undefined {
  const text = reader.text(node, what);
  if (text === undefined) return undefined;
  // A line break would let the text into the head of the mail.
  return form.test(text) && !/[\r\n]/.test(text) ? text : reader.wrong(node, `${what} must be a mail address`);
}

/** What a key holds; undefined when it is missing. */
export function optional<T>(map: Entries, key: string, read: (node: Node | null) => T | undefined): T | undefined {
  const entry = map.get(key);
  return entry && read(entry.value);
}

/** What a key holds; its absence is said at `owner`. */
export function required<T>(
  reader: YamlReader,
  map: Entries,
  key: string,
  owner: Node,
  read: (node: Node | null, what: string) => T | undefined,
): T | undefined {
  const entry = map.get(key);
  return entry ? read(entry.value, `\`${key}\``) : reader.wrong(owner, `\`${key}\` is missing`);
}

/** The key with its value, or nothing when it has none. */
export function pick<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
