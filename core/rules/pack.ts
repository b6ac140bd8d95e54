import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { PRIORITY, type PriorityName } from '../model/alerts.ts';
import { hashId } from '../model/hash.ts';
import type { RulePackSource } from '../model/records.ts';
import { suggest } from '../model/suggest.ts';
import { parseDuration } from './duration.ts';
import type { ExpressionText, PackError, Place, RuleSpec, RuleTrigger } from './spec.ts';

const RULE_KEYS = ['id', 'name', 'priority', 'when', 'clear', 'on', 'for', 'keep', 'message'];
const PACK_KEYS = ['pack', 'description', 'rules'];
const DRIVER_EVENTS = ['driver_login', 'driver_logout', 'break_start', 'break_end', 'driver_incident', 'sos'];
const ID_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;

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
  const lines = new LineCounter();
  const doc = parseDocument(source.text, { lineCounter: lines, prettyErrors: false });
  const errors: PackError[] = [];
  const fail = (place: Place, message: string): void => {
    errors.push({ pack: source.name, ...place, message });
  };
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  for (const e of doc.errors) fail(placeOf(e.pos[0]), `not valid YAML: ${e.message.split('\n', 1)[0]}`);
  if (errors.length > 0) return { rules: [], errors };

  const rules: RuleSpec[] = [];
  const reader = new Reader(placeOf);
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      fail(error.place, error.message);
    }
  };
  attempt(() => {
    const root = reader.map(doc.contents, 'a rule pack', PACK_KEYS);
    const list = root.get('rules', true) as Node | undefined;
    if (!isSeq(list)) throw new Wrong(reader.place(list ?? root), 'a rule pack needs a list `rules:`');
    for (const item of list.items) attempt(() => rules.push(reader.rule(item as Node)));
  });
  return { rules, errors };
}

class Reader {
  readonly #placeOf: (offset: number) => Place;

  constructor(placeOf: (offset: number) => Place) {
    this.#placeOf = placeOf;
  }

  place(node: Node | null): Place {
    return this.#placeOf(node?.range?.[0] ?? 0);
  }

  map(node: unknown, what: string, keys: readonly string[]): YAMLMap {
    if (!isMap(node)) throw new Wrong(this.place(node as Node | null), `${what} is a mapping of ${keys.join(', ')}`);
    for (const { key } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (keys.includes(name)) continue;
      const near = suggest(name, keys);
      throw new Wrong(
        this.place(key as Node),
        `\`${name}\` is no part of ${what}${near ? `; did you mean \`${near}\`?` : `: ${keys.join(', ')}`}`,
      );
    }
    return node;
  }

  rule(node: Node): RuleSpec {
    const map = this.map(node, 'a rule', RULE_KEYS);
    const id = this.text(map, 'id');
    if (!ID_PATTERN.test(id.text))
      throw new Wrong(id.place, `rule id \`${id.text}\`: small letters, digits and dashes, a letter first`);
    const name = this.text(map, 'name');
    const priority = this.text(map, 'priority');
    if (!Object.hasOwn(PRIORITY, priority.text)) {
      throw new Wrong(priority.place, `priority \`${priority.text}\` is none of ${Object.keys(PRIORITY).join(', ')}`);
    }
    const spec = {
      id: id.text,
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
      throw new Wrong(on.place, `\`on: ${on.text}\` is none of ${DRIVER_EVENTS.map((e) => `driver.${e}`).join(', ')}`);
    }
    for (const key of ['clear', 'for', 'keep']) {
      const extra = this.optional(map, key);
      if (extra)
        throw new Wrong(extra.place, `\`${key}\` needs a condition; an event rule stays until it is acknowledged`);
    }
    return { type: 'driver-event', event };
  }

  duration(map: YAMLMap, key: string): number {
    const value = this.optional(map, key);
    if (!value) return 0;
    const ms = parseDuration(value.text);
    if (ms === undefined) throw new Wrong(value.place, `\`${key}: ${value.text}\` is no duration; write 30s, 5m or 1h`);
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
    return { text: String(node.value).trim(), place: contentPlace(node, this.place(node)) };
  }
}

/** A quoted scalar's text starts after its quote; a block scalar's on the next line. */
function contentPlace(node: Scalar, place: Place): Place {
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
    return { line: place.line, column: place.column + 1 };
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return { line: place.line + 1, column: 1 };
  return place;
}

function versionOf(spec: Omit<RuleSpec, 'version'>): string {
  const t = spec.trigger;
  const trigger = t.type === 'condition' ? ['when', t.when.text, t.clear?.text ?? ''] : ['on', t.event];
  return hashId(spec.id, spec.name, spec.priority, ...trigger, spec.forMs, spec.keepMs, spec.message.text);
}
