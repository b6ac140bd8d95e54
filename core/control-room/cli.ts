import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { suggest } from '../model/suggest.ts';
import { type Flags, parseBroker } from './cli-broker.ts';
import type { BrokerOptions } from './options.ts';

export interface DemoOptions {
  readonly vehicles: number;
  /** Telemetry messages per vehicle and second. */
  readonly rate: number;
}

/** A checked command line. Paths are absolute. */
export interface CliOptions {
  readonly headless: boolean;
  readonly open: boolean;
  readonly port: number;
  /** True when the port was given: then another one will not do. */
  readonly portAsked: boolean;
  readonly host: string;
  readonly dataDir: string;
  /** The demo fleet, or undefined when `broker` is set. */
  readonly demo: DemoOptions | undefined;
  readonly broker: BrokerOptions | undefined;
  /** Undefined: the packs that come with Watchfloor. */
  readonly rulesDir: string | undefined;
  readonly durability: 'os' | 'disk';
  /** Fixed token of wall displays, from WATCHFLOOR_TOKEN. */
  readonly token: string | undefined;
}

export type CliResult =
  | { readonly kind: 'run'; readonly options: CliOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'errors'; readonly errors: readonly string[] };

export interface CliEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths in flags start here. */
  readonly cwd: string;
  /** Used when neither --data nor WATCHFLOOR_DATA says where. */
  readonly defaultDataDir: string;
}

export const DEFAULT_PORT = 4800;
export const DEFAULT_HOST = '127.0.0.1';
const MAX_DEMO_VEHICLES = 100_000;
const MIN_TOKEN_LENGTH = 16;

const FLAGS = {
  headless: { type: 'boolean' },
  'no-open': { type: 'boolean' },
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  broker: { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  user: { type: 'string' },
  'no-demo': { type: 'boolean' },
  vehicles: { type: 'string' },
  rate: { type: 'string' },
  rules: { type: 'string' },
  share: { type: 'string' },
  prefix: { type: 'string' },
  durability: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type FlagName = keyof typeof FLAGS;

/** Reads a command line. Every problem is reported at once, as sentences for people; nothing is guessed. */
export function parseCli(args: readonly string[], environment: CliEnvironment): CliResult {
  const errors: string[] = [];
  const flags = readFlags(args, errors);
  if (flags.help) return { kind: 'help' };
  if (flags.version) return { kind: 'version' };
  const options = readOptions(flags, environment, errors);
  return errors.length > 0 ? { kind: 'errors', errors } : { kind: 'run', options };
}

function readFlags(args: readonly string[], errors: string[]): Flags {
  const { tokens } = parseArgs({
    args: [...args],
    options: FLAGS,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const flags: Record<string, string | boolean> = {};
  let unknownAt = -2;
  for (const token of tokens) {
    if (token.kind === 'positional' && token.index !== unknownAt + 1) {
      errors.push(`“${token.value}” is not a flag. Flags start with --; see --help.`);
    }
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(FLAGS, token.name)) {
      unknownAt = token.index;
      errors.push(unknownFlag(token.rawName));
    } else if (FLAGS[token.name as FlagName].type === 'boolean') {
      if (token.value === undefined) flags[token.name] = true;
      else errors.push(`--${token.name} takes no value.`);
    } else if (!token.value || (!token.inlineValue && token.value.startsWith('--'))) {
      errors.push(`--${token.name} needs a value.`);
    } else {
      flags[token.name] = token.value;
    }
  }
  return flags;
}

function unknownFlag(rawName: string): string {
  if (/^--(password|token)$/.test(rawName)) {
    const variable = `WATCHFLOOR_${rawName.slice(2).toUpperCase()}`;
    return `${rawName} is not a flag, because others could read it in the list of processes. Set ${variable} instead.`;
  }
  const near = suggest(
    rawName,
    Object.keys(FLAGS).map((f) => `--${f}`),
  );
  return near
    ? `There is no flag ${rawName}. Did you mean ${near}?`
    : `There is no flag ${rawName}. See --help for those there are.`;
}

function readOptions(flags: Flags, { env, cwd, defaultDataDir }: CliEnvironment, errors: string[]): CliOptions {
  const broker = parseBroker(flags, env, cwd, errors);
  const vehicles = wholeNumber(flags, 'vehicles', 1, MAX_DEMO_VEHICLES, 1000, errors);
  const rate = positiveNumber(flags, 'rate', 100, 1, errors);
  if (broker) {
    for (const name of ['vehicles', 'rate']) {
      if (flags[name] !== undefined) errors.push(`--${name} is for the demo fleet, which does not run here.`);
    }
  }
  const durability = flags.durability ?? 'os';
  if (durability !== 'os' && durability !== 'disk') {
    errors.push(`--durability is either os or disk, not “${durability}”.`);
  }
  const token = env.WATCHFLOOR_TOKEN || undefined;
  if (token && token.length < MIN_TOKEN_LENGTH) {
    errors.push(`WATCHFLOOR_TOKEN is too short to keep anyone out: use ${MIN_TOKEN_LENGTH} characters or more.`);
  }
  const open = flags['no-open'] !== true;
  return {
    headless: flags.headless === true || !open,
    open,
    port: wholeNumber(flags, 'port', 0, 65_535, DEFAULT_PORT, errors),
    portAsked: flags.port !== undefined,
    host: text(flags.host) ?? DEFAULT_HOST,
    dataDir: resolve(cwd, text(flags.data) ?? (env.WATCHFLOOR_DATA || defaultDataDir)),
    demo: broker ? undefined : { vehicles, rate },
    broker,
    rulesDir: rulesDir(text(flags.rules), cwd, errors),
    durability: durability === 'disk' ? 'disk' : 'os',
    token,
  };
}

function rulesDir(flag: string | undefined, cwd: string, errors: string[]): string | undefined {
  if (flag === undefined) return undefined;
  const dir = resolve(cwd, flag);
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    errors.push(`--rules: there is no folder ${dir}.`);
  }
  return dir;
}

function wholeNumber(flags: Flags, name: string, min: number, max: number, fallback: number, errors: string[]): number {
  const value = flags[name];
  if (value === undefined) return fallback;
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  errors.push(`--${name} is a whole number from ${min} to ${max}, not “${value}”.`);
  return fallback;
}

function positiveNumber(flags: Flags, name: string, max: number, fallback: number, errors: string[]): number {
  const value = flags[name];
  if (value === undefined) return fallback;
  const number = Number(value);
  if (number > 0 && number <= max) return number;
  errors.push(`--${name} is a number above 0 and up to ${max}, not “${value}”.`);
  return fallback;
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
