import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { MAX_DURATION_DAYS, parseDuration } from './duration.ts';
import type { PackText } from './pack-text.ts';
import { didYouMean, quote } from './quote.ts';
import { scalarText } from './source-map.ts';
import type { ExpressionText, Place } from './spec.ts';

/** The first thing wrong with a rule; caught by whoever reads the pack. */
export class Wrong extends Error {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

/** Takes YAML nodes apart and says what is wrong with them, and where. All methods throw Wrong. */
export class PackReader {
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

  /** The items of a list; undefined when the key is missing. */
  list(map: YAMLMap, key: string): Node[] | undefined {
    const node = map.get(key, true) as Node | undefined;
    if (node === undefined) return undefined;
    if (!isSeq(node) || node.items.length === 0) throw new Wrong(this.place(node), `\`${key}\` must be a list`);
    return node.items as Node[];
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

  /** One of some words; undefined when the key is missing. */
  word<W extends string>(map: YAMLMap, key: string, words: readonly W[]): W | undefined {
    const value = this.optional(map, key);
    if (!value) return undefined;
    const word = words.find((w) => w === value.text);
    if (word === undefined)
      throw new Wrong(value.placeAt(0), `${quote(`${key}: ${value.text}`)} is none of ${words.join(', ')}`);
    return word;
  }

  text(map: YAMLMap, key: string, what = 'a rule'): ExpressionText {
    const value = this.optional(map, key);
    if (!value) throw new Wrong(this.place(map), `${what} needs \`${key}\``);
    return value;
  }

  optional(map: YAMLMap, key: string): ExpressionText | undefined {
    const node = map.get(key, true) as Node | undefined;
    return node === undefined ? undefined : this.scalar(node, key);
  }

  scalar(node: Node, key: string): ExpressionText {
    if (!isScalar(node) || node.value === null) throw new Wrong(this.place(node), `\`${key}\` must be text`);
    const text = scalarText(node, this.#pack);
    if (text.text === '') throw new Wrong(this.place(node), `\`${key}\` is empty`);
    return text;
  }
}
