import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { suggest } from '../../model/suggest.ts';

/** A flag of a command: what stands after it in the help (undefined for a switch), and what it does. */
export interface Flag {
  readonly value?: string;
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

export interface Given<F extends Flags> {
  readonly values: { readonly [K in keyof F]?: string | true };
  readonly positionals: readonly string[];
}

/** Reads a command line. Throws an Error in one sentence for a flag that does not exist or lacks its value. */
export function readArguments<F extends Flags>(flags: F, argv: readonly string[]): Given<F> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const) },
    ]),
  );
  for (const argument of argv) {
    const name = /^--([^=]+)/.exec(argument)?.[1];
    if (name === undefined || Object.hasOwn(flags, name)) continue;
    const near = suggest(name, Object.keys(flags));
    throw new Error(`There is no flag --${name}. ${near ? `Did you mean --${near}?` : '--help lists what there is.'}`);
  }
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
    return { values: values as Given<F>['values'], positionals };
  } catch (error) {
    throw new Error(`${(error as Error).message.split('. ')[0]}. --help lists what there is.`);
  }
}

/** A number after a flag, or the fallback. Throws when it is none, or out of range. */
export function numberOf(
  flag: string,
  text: string | true | undefined,
  low: number,
  high: number,
  fallback: number,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text !== true && text.trim() !== '' && value >= low && value <= high) return value;
  throw new Error(`--${flag} takes a number from ${low} to ${high}, not “${text}”.`);
}

/** A whole number after a flag, or the fallback. */
export function wholeNumberOf(
  flag: string,
  text: string | true | undefined,
  low: number,
  high: number,
  fallback: number,
): number {
  const value = numberOf(flag, text, low, high, fallback);
  if (Number.isInteger(value)) return value;
  throw new Error(`--${flag} takes a whole number, not “${text}”.`);
}

/** A time after a flag as Unix ms: ISO 8601 with its zone, or Unix ms as they are. */
export function timeOf(flag: string, text: string | true | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^\d{9,16}$/.test(text)) return Number(text);
  const ms = typeof text === 'string' && /(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new Error(`--${flag} takes a time like 2026-03-01T10:00:00Z, with its zone, not “${text}”.`);
}

export function textOf(text: string | true | undefined): string | undefined {
  return text === true ? undefined : text;
}

/** The one thing a command works on, as an absolute path. */
export function onePath(positionals: readonly string[], what: string): string {
  if (positionals.length === 1) return resolve(positionals[0]);
  if (positionals.length === 0) throw new Error(`${what} is missing. --help shows how it is called.`);
  throw new Error(`Only one of ${positionals.map((p) => `“${p}”`).join(' and ')} can be ${what.toLowerCase()}.`);
}

/** The help page: usage, then one line a flag. */
export function helpText(usage: string, flags: Flags): string {
  const lines = Object.entries(flags).map(([name, { value, help }]) => [`  --${name} ${value ?? ''}`.trimEnd(), help]);
  const width = Math.max(...lines.map(([left]) => left.length)) + 2;
  return `${usage}\n\n${lines.map(([left, help]) => left.padEnd(width) + help).join('\n')}\n`;
}
