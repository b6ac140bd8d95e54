import { parseArgs } from 'node:util';

export interface Flag {
  /** What stands after it in the help, e.g. `N`; undefined for a switch. */
  readonly value?: string;
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** The text of each flag that was given; switches give `true`. */
export type Given<F extends Flags> = { readonly [K in keyof F]?: string | true };

/** Reads a command line. Throws an Error in one sentence for a flag that does not exist or lacks its value. */
export function readArguments<F extends Flags>(flags: F, argv: readonly string[]): Given<F> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const) },
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values as Given<F>;
  } catch (error) {
    throw new Error(`${(error as Error).message.split('. ')[0]}. --help lists what there is.`);
  }
}

/** The number after a flag, or undefined. Throws when it is none or out of range. */
export function numberOf(flag: string, text: string | true | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text === true || text.trim() === '' || !(value >= low && value <= high)) {
    throw new Error(`--${flag} takes a number from ${low} to ${high}, not "${text}".`);
  }
  return value;
}

export function textOf(text: string | true | undefined): string | undefined {
  return text === true ? undefined : text;
}

/** The help page: usage, then one line a flag. */
export function helpText(usage: string, flags: Flags): string {
  const lines = Object.entries(flags).map(([name, { value, help }]) => [`  --${name} ${value ?? ''}`.trimEnd(), help]);
  const width = Math.max(...lines.map(([left]) => left.length)) + 2;
  return `${usage}\n\n${lines.map(([left, help]) => left.padEnd(width) + help).join('\n')}\n`;
}
