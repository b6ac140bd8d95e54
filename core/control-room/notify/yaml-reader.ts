import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { suggest } from '../../model/suggest.ts';

/** What a key of a mapping holds. */
export interface Entry {
  readonly key: Node;
  readonly value: Node | null;
}

export type Entries = ReadonlyMap<string, Entry>;

/**
 * Takes a YAML file apart and gathers what is wrong with it as sentences with file, line and column, so that all of it is known at
 * once. What is wrong is answered with undefined.
 */
export class YamlReader {
  readonly errors: string[] = [];
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #contents: Node | null;

  constructor(file: string, text: string) {
    this.#file = file;
    const doc = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    for (const error of doc.errors) this.#say(error.pos[0], error.message);
    this.#contents = doc.errors.length > 0 ? null : doc.contents;
  }

  /** The file's top level; an empty file has no entries. */
  top(keys: readonly string[]): Entries {
    return this.#contents === null ? new Map() : (this.map(this.#contents, 'the file', keys) ?? new Map());
  }

  wrong(node: Node | null, message: string): undefined {
    this.#say(node?.range?.[0] ?? 0, message);
    return undefined;
  }

  /** A mapping; `keys` are those it may have, none for any. */
  map(node: Node | null, what: string, keys: readonly string[] = []): Entries | undefined {
    if (!isMap(node)) return this.wrong(node, `${what} must be lines of the form \`name: value\``);
    const entries = new Map<string, Entry>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (keys.length > 0 && !keys.includes(name))
        this.wrong(key as Node, `${what} has no \`${name}\`${meant(name, keys)}`);
      else entries.set(name, { key: key as Node, value: value as Node | null });
    }
    return entries;
  }

  list(node: Node | null, what: string): readonly Node[] | undefined {
    if (!isSeq(node)) return this.wrong(node, `${what} must be a list`);
    return node.items as Node[];
  }

  text(node: Node | null, what: string): string | undefined {
    if (!isScalar(node) || typeof node.value !== 'string' || node.value === '')
      return this.wrong(node, `${what} must be a text`);
    return node.value;
  }

  texts(node: Node | null, what: string): string[] | undefined {
    const items = this.list(node, what)?.map((item) => this.text(item, `each of ${what}`));
    return items?.every((item) => item !== undefined) ? items : undefined;
  }

  /** One of some words. */
  word<W extends string>(node: Node | null, what: string, words: readonly W[]): W | undefined {
    const value = isScalar(node) ? String(node.value) : '';
    const word = words.find((w) => w === value);
    return word ?? this.wrong(node, `${what} is one of ${words.join(', ')}${meant(value, words)}`);
  }

  words<W extends string>(node: Node | null, what: string, words: readonly W[]): W[] | undefined {
    const items = this.list(node, what)?.map((item) => this.word(item, `each of ${what}`, words));
    return items?.every((item) => item !== undefined) ? items : undefined;
  }

  flag(node: Node | null, what: string): boolean | undefined {
    if (!isScalar(node) || typeof node.value !== 'boolean') return this.wrong(node, `${what} must be true or false`);
    return node.value;
  }

  whole(node: Node | null, what: string, min: number, max: number): number | undefined {
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
      return this.wrong(node, `${what} must be a whole number from ${min} to ${max}`);
    return value;
  }

  #say(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.errors.push(`${this.#file}:${line}:${col}: ${message}`);
  }
}

function meant(word: string, words: readonly string[]): string {
  const near = suggest(word, words);
  return near ? `; did you mean \`${near}\`?` : '';
}
