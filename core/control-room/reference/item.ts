import { suggest } from '../../model/suggest.ts';
import type { Path, Source } from './source.ts';

/** Sentences about a file beyond this many are counted only. */
const MOST_ERRORS = 20;

/** What is found wrong with files, as sentences with their places. */
export class Findings {
  readonly #errors: string[] = [];
  readonly #hints = new Set<string>();
  #more = 0;

  get errors(): string[] {
    if (this.#more === 0) return this.#errors;
    return [...this.#errors, `${this.#errors[0].split(':')[0]}: there are ${this.#more} more mistakes like these`];
  }

  get hints(): string[] {
    return [...this.#hints];
  }

  wrong(source: Source, path: Path, message: string): undefined {
    if (this.#errors.length < MOST_ERRORS) this.#errors.push(`${source.file}${source.locate(path)}: ${message}`);
    else this.#more++;
    return undefined;
  }

  hint(sentence: string): void {
    this.#hints.add(sentence);
  }
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

/**
 * One thing of a file, a row or an object, of which values are asked by name. What is wrong is noted and answered with undefined, like what is
 * not there: so that all of it is known at once.
 */
export class Item {
  readonly #source: Source;
  readonly #path: Path;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #findings: Findings;

  constructor(source: Source, path: Path, values: Readonly<Record<string, unknown>>, findings: Findings) {
    this.#source = source;
    this.#path = path;
    this.#values = values;
    this.#findings = findings;
  }

  has(name: string): boolean {
    const value = this.#values[name];
    return value !== undefined && value !== null && value !== '';
  }

  /** Notes what is wrong with a value, or with the whole of it. */
  wrong(name: string | undefined, message: string): undefined {
    return this.#findings.wrong(this.#source, name === undefined ? this.#path : [...this.#path, name], message);
  }

  /** Hints at names that are close to one of `known`, once a file. */
  names(known: readonly string[]): void {
    for (const name of Object.keys(this.#values)) {
      const near = known.includes(name) ? undefined : suggest(name, known);
      if (near === undefined || this.has(near)) continue;
      const what = `${this.#source.file}: there is no \`${name}\`; did you mean \`${near}\`?`;
      this.#findings.hint(`${what} What stands there is left out.`);
    }
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (!this.has(name)) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    return this.wrong(name, `\`${name}\` must be a text, not ${shown(value)}`);
  }

  /** Like `text` where it has to be there. */
  id(name: string): string | undefined {
    return this.has(name) ? this.text(name) : this.#missing(name);
  }

  number(name: string, { min, max, unit }: NumberRange): number | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#values[name];
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && number >= min && number <= max) return number;
    const range = `from ${min} to ${max}${unit === '' ? '' : ` ${unit}`}`;
    return this.wrong(name, `\`${name}\` must be a number ${range}, not ${shown(value)}`);
  }

  requiredNumber(name: string, range: NumberRange): number | undefined {
    return this.has(name) ? this.number(name, range) : this.#missing(name);
  }

  /** A time with its zone, as Unix ms. */
  time(name: string): number | undefined {
    if (!this.has(name)) return this.#missing(name);
    const value = this.#values[name];
    const ms = typeof value === 'string' && WITH_ZONE.test(value) ? Date.parse(value) : Number.NaN;
    if (!Number.isNaN(ms)) return ms;
    return this.wrong(
      name,
      `\`${name}\` must be a time with its zone, like 2026-05-04T08:30:00+02:00, not ${shown(value)}`,
    );
  }

  word<W extends string>(name: string, words: readonly W[]): W | undefined {
    if (!this.has(name)) return undefined;
    const word = words.find((w) => w === this.#values[name]);
    return word ?? this.wrong(name, `\`${name}\` must be one of ${words.join(', ')}, not ${shown(this.#values[name])}`);
  }

  /** Texts of a list, or of one text with commas. */
  words(name: string): string[] {
    const value = this.#values[name];
    if (!this.has(name)) return [];
    const words = typeof value === 'string' ? value.split(',').map((word) => word.trim()) : value;
    if (Array.isArray(words) && words.every((word) => typeof word === 'string'))
      return words.filter((word) => word !== '');
    this.wrong(name, `\`${name}\` must be a list of texts, not ${shown(value)}`);
    return [];
  }

  /** The things of a list under that name. */
  items(name: string): Item[] {
    if (!this.has(name)) {
      this.#missing(name);
      return [];
    }
    return itemsOf(this.#source, [...this.#path, name], this.#values[name], this.#findings);
  }

  /** What stands under that name. */
  value(name: string): unknown {
    return this.#values[name];
  }

  #missing(name: string): undefined {
    return this.wrong(undefined, `\`${name}\` is missing`);
  }
}

const WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** The things of a list that stands at `path`; what is none is noted. */
export function itemsOf(source: Source, path: Path, value: unknown, findings: Findings): Item[] {
  if (!Array.isArray(value)) {
    findings.wrong(source, path, `here must be a list, not ${shown(value)}`);
    return [];
  }
  return value.flatMap((item, i) => itemOf(source, [...path, i], item, findings) ?? []);
}

/** The thing that stands at `path`; undefined, and noted, when it is none. */
export function itemOf(source: Source, path: Path, value: unknown, findings: Findings): Item | undefined {
  if (isRecord(value)) return new Item(source, path, value, findings);
  return findings.wrong(source, path, `here must be an object with names and values, not ${shown(value)}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as it is shown in a sentence. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
