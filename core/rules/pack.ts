import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { PRIORITY, type PriorityName } from '../model/alerts.ts';
import { hashId } from '../model/hash.ts';
import type { RulePackSource } from '../model/records.ts';
import { MAX_DURATION_DAYS, parseDuration } from './duration.ts';
import { PackText } from './pack-text.ts';
import { brief, didYouMean, quote } from './quote.ts';
import { scalarText } from './source-map.ts';
import type { ExpressionText, PackError, Place, RuleSpec, RuleTrigger } from './spec.ts';

export const RULE_KEYS = ['id', 'name', 'priority', 'when', 'clear', 'on', 'for', 'keep', 'message'];
export const PACK_KEYS = ['pack', 'description', 'rules'];
export const DRIVER_EVENTS = ['driver_login', 'driver_logout', 'break_start', 'break_end', 'driver_incident', 'sos'];
export const RULE_ID_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;

/** A pack file longer than this is refused unread; about 1500 rules. */
export const MAX_PACK_CHARS = 512 * 1024;
/** Errors listed per pack: the first are enough to find what is wrong. */
export const MAX_PACK_ERRORS = 50;

/** Thrown inside this file only: carries the first thing wrong with a rule. */
class Wrong extends Error {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

/** Reads one YAML pack. Rules that are wrong are listed with line and column; a pack with errors should not be put in force. */
export function parsePack(source: RulePackSource): { rules: RuleSpec[]; errors: PackError[] } {
  const { rules, wrongs } = readPack(source.text);
  const errors = wrongs
    .slice(0, MAX_PACK_ERRORS)
    .map(({ place, message }): PackError => ({ pack: source.name, ...place, message }));
  if (wrongs.length > errors.length) {
    const message = `and ${wrongs.length - errors.length} more errors`;
    errors.push({ pack: source.name, ...wrongs[errors.length].place, message });
  }
  return { rules, errors };
}

function readPack(text: string): { rules: RuleSpec[]; wrongs: Wrong[] } {
  if (text.length > MAX_PACK_CHARS) {
    const message = `a rule pack of ${text.length} characters, the limit is ${MAX_PACK_CHARS}; make several files of it`;
    return { rules: [], wrongs: [new Wrong({ line: 1, column: 1 }, message)] };
  }
  const pack = new PackText(text);
  const doc = parseDocument(text, { prettyErrors: false });
  const wrongs = doc.errors.map((e) => new Wrong(pack.placeOf(e.pos[0]), yamlMessage(e.code, e.message)));
  if (wrongs.length > 0) return { rules: [], wrongs };
  const rules: RuleSpec[] = [];
  const reader = new Reader(pack);
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      wrongs.push(error);
    }
  };
  attempt(() => {
    const root = reader.map(doc.contents, 'a rule pack', PACK_KEYS);
    const list = root.get('rules', true) as Node | undefined;
    if (!isSeq(list)) throw new Wrong(reader.place(list ?? root), 'a rule pack needs a list `rules:`');
    for (const item of list.items) attempt(() => rules.push(reader.rule(item as Node)));
  });
  return { rules, wrongs };
}

/** What the YAML library found, without its advice for programmers. */
function yamlMessage(code: string, message: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'not valid YAML: nested too deeply';
  if (code === 'MULTIPLE_DOCS') return 'a file holds one rule pack; remove the `---` or make two files of it';
  return `not valid YAML: ${brief(message)}`;
}

class Reader {
  readonly #pack: PackText;

  constructor(pack: PackText) {
    this.#pack = pack;
  }

  place(node: Node | null): Place {
    return this.#pack.placeOf(node?.range?.[0] ?? 0);
  }

  map(node: unknown, what: string, keys: readonly string[]): YAMLMap {
    if (!isMap(node)) throw new Wrong(this.place(node as Node | null), `${what} is a mapping of ${keys.join(', ')}`);
    for (const { key } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (keys.includes(name)) continue;
      const instead = didYouMean(name, keys) || `: ${keys.join(', ')}`;
      throw new Wrong(this.place(key as Node), `${quote(name)} is no part of ${what}${instead}`);
    }
    return node;
  }

  rule(node: Node): RuleSpec {
    const map = this.map(node, 'a rule', RULE_KEYS);
    const id = this.text(map, 'id');
    if (!RULE_ID_PATTERN.test(id.text))
      throw new Wrong(id.placeAt(0), `rule id ${quote(id.text)}: small letters, digits and dashes, a letter first`);
    const name = this.text(map, 'name');
    const priority = this.text(map, 'priority');
    if (!Object.hasOwn(PRIORITY, priority.text)) {
      throw new Wrong(
        priority.placeAt(0),
        `priority ${quote(priority.text)} is none of ${Object.keys(PRIORITY).join(', ')}`,
      );
    }
    const spec = {
      id: id.text,
      place: id.placeAt(0),
      name: name.text,
      priority: PRIORITY[priority.text as PriorityName],
      trigger: this.trigger(map),
      forMs: this.duration(map, 'for'),
      keepMs: this.duration(map, 'keep'),
      message: this.text(map, 'message'),
    };
    return { ...spec, version: versionOf(spec) };
  }

  trigger(map: YAMLMap): RuleTrigger {
    const when = this.optional(map, 'when');
    const on = this.optional(map, 'on');
    if (when && !on) return { type: 'condition', when, clear: this.optional(map, 'clear') };
    if (!on || when) throw new Wrong(this.place(map), 'a rule has either `when` (a condition) or `on` (an event)');
    const event = on.text.startsWith('driver.') ? on.text.slice('driver.'.length) : '';
    if (!DRIVER_EVENTS.includes(event)) {
      throw new Wrong(
        on.placeAt(0),
        `${quote(`on: ${on.text}`)} is none of ${DRIVER_EVENTS.map((e) => `driver.${e}`).join(', ')}`,
      );
    }
    for (const key of ['clear', 'for', 'keep']) {
      const extra = this.optional(map, key);
      if (extra)
        throw new Wrong(extra.placeAt(0), `\`${key}\` needs a condition; an event rule stays until it is acknowledged`);
    }
    return { type: 'driver-event', event };
  }

  duration(map: YAMLMap, key: string): number {
    const value = this.optional(map, key);
    if (!value) return 0;
    const ms = parseDuration(value.text);
    if (ms === undefined) {
      const message = `${quote(`${key}: ${value.text}`)} is no duration up to ${MAX_DURATION_DAYS}d; write 30s, 5m or 1h`;
      throw new Wrong(value.placeAt(0), message);
    }
    return ms;
  }

  text(map: YAMLMap, key: string): ExpressionText {
    const value = this.optional(map, key);
    if (!value) throw new Wrong(this.place(map), `a rule needs \`${key}\``);
    return value;
  }

  optional(map: YAMLMap, key: string): ExpressionText | undefined {
    const node = map.get(key, true) as Node | undefined;
    if (node === undefined) return undefined;
    if (!isScalar(node) || node.value === null) throw new Wrong(this.place(node), `\`${key}\` must be text`);
    const text = scalarText(node, this.#pack);
    if (text.text === '') throw new Wrong(this.place(node), `\`${key}\` is empty`);
    return text;
  }
}

function versionOf(spec: Omit<RuleSpec, 'version'>): string {
  const t = spec.trigger;
  const trigger = t.type === 'condition' ? ['when', t.when.text, t.clear?.text ?? ''] : ['on', t.event];
  return hashId(spec.id, spec.name, spec.priority, ...trigger, spec.forMs, spec.keepMs, spec.message.text);
}
