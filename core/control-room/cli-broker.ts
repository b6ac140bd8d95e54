import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BrokerOptions } from './options.ts';

/** Flags as read, by name without dashes. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>;

type Env = Readonly<Record<string, string | undefined>>;

const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];
const NEEDS_BROKER = ['user', 'ca', 'cert', 'key', 'share', 'prefix'];
const LOCAL_BROKER = 'mqtt://localhost:1883';

/** The broker the flags ask for; undefined means the demo. Problems are added to `errors`. */
export function parseBroker(flags: Flags, env: Env, cwd: string, errors: string[]): BrokerOptions | undefined {
  const address = text(flags.broker) ?? (flags['no-demo'] ? LOCAL_BROKER : undefined);
  if (address === undefined) {
    for (const name of NEEDS_BROKER) {
      if (flags[name] !== undefined) errors.push(`--${name} needs --broker URL: the demo brings its own broker.`);
    }
    return undefined;
  }
  const { url, user, password } = parseUrl(address, errors);
  if ((flags.cert === undefined) !== (flags.key === undefined)) {
    errors.push('--cert and --key go together: the certificate and its private key.');
  }
  return {
    url,
    user: text(flags.user) ?? user,
    password: env.WATCHFLOOR_PASSWORD || password,
    caFile: file(flags, 'ca', cwd, errors),
    certFile: file(flags, 'cert', cwd, errors),
    keyFile: file(flags, 'key', cwd, errors),
    shareGroup: shareGroup(text(flags.share), errors),
    topicPrefix: topicPrefix(text(flags.prefix), errors),
  };
}

/** Takes user and password out of the address, so that it can be shown and logged. */
function parseUrl(address: string, errors: string[]): { url: string; user?: string; password?: string } {
  const bad = (why: string): { url: string } => {
    errors.push(`--broker: ${why} Give it as mqtt://host:1883, mqtts://host:8883, ws://host/path or wss://host/path.`);
    return { url: '' };
  };
  // `broker.local:1883` parses as a URL of scheme `broker.local:`, so look for the slashes first.
  if (!/^[a-z]+:\/\//i.test(address)) return bad('this is not the address of a broker.');
  if (!URL.canParse(address)) return bad('this address cannot be read.');
  const parsed = new URL(address);
  if (!PROTOCOLS.includes(parsed.protocol)) return bad(`${parsed.protocol}// is not a way to reach a broker.`);
  if (parsed.hostname === '') return bad('the address names no host.');
  const user = decoded(parsed.username);
  const password = decoded(parsed.password);
  parsed.username = '';
  parsed.password = '';
  return { url: parsed.href, user, password };
}

function decoded(part: string): string | undefined {
  if (part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    // A bare % in a password: it was meant as it stands.
    return part;
  }
}

function file(flags: Flags, name: string, cwd: string, errors: string[]): string | undefined {
  const value = text(flags[name]);
  if (value === undefined) return undefined;
  const path = resolve(cwd, value);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) errors.push(`--${name}: there is no file ${path}.`);
  return path;
}

function shareGroup(value: string | undefined, errors: string[]): string | undefined {
  if (value !== undefined && /[/+#]/.test(value)) {
    errors.push('--share is a plain name without /, + or #.');
  }
  return value;
}

function topicPrefix(value: string | undefined, errors: string[]): string | undefined {
  if (value === undefined) return undefined;
  if (/[+#]/.test(value)) errors.push('--prefix is the start of a topic and holds no + or #.');
  return value.endsWith('/') ? value : `${value}/`;
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
