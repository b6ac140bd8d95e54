import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editDistance, suggest } from '../model/suggest.ts';
import { type CliOptions, parseCli } from './cli.ts';
import { HELP } from './cli-help.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'cli-'));
  for (const name of ['ca.pem', 'cert.pem', 'key.pem']) writeFileSync(join(dir, name), 'pem');
});
afterAll(() => rmSync(dir, { recursive: true }));

function parse(line: string, env: Record<string, string> = {}) {
  const args = line.split(' ').filter((a) => a !== '');
  return parseCli(args, { env, cwd: dir, defaultDataDir: join(dir, 'default') });
}
function options(line: string, env?: Record<string, string>): CliOptions {
  const result = parse(line, env);
  if (result.kind !== 'run') throw new Error(JSON.stringify(result));
  return result.options;
}
function errors(line: string, env?: Record<string, string>): readonly string[] {
  const result = parse(line, env);
  return result.kind === 'errors' ? result.errors : [];
}

test('no flags: the demo in the default place', () => {
  expect(options('')).toEqual({
    headless: false,
    open: true,
    port: 4800,
    portAsked: false,
    host: '127.0.0.1',
    dataDir: join(dir, 'default'),
    demo: { vehicles: 1000, rate: 1 },
    broker: undefined,
    rulesDir: undefined,
    durability: 'os',
    token: undefined,
  });
});

test('every documented flag is read', () => {
  const run = options(
    '--headless --no-open --port 5000 --data d --broker mqtts://b:8883 --ca ca.pem --cert cert.pem --key key.pem ' +
      '--user u --rules . --share g --prefix site-a --durability disk --host 0.0.0.0 --no-demo',
    { WATCHFLOOR_PASSWORD: 'secret', WATCHFLOOR_TOKEN: 'a-long-enough-token' },
  );
  expect(run).toMatchObject({ headless: true, open: false, port: 5000, portAsked: true, host: '0.0.0.0' });
  expect(run).toMatchObject({ dataDir: join(dir, 'd'), rulesDir: dir, durability: 'disk', demo: undefined });
  expect(run.token).toBe('a-long-enough-token');
  expect(run.broker).toEqual({
    url: 'mqtts://b:8883',
    user: 'u',
    password: 'secret',
    caFile: join(dir, 'ca.pem'),
    certFile: join(dir, 'cert.pem'),
    keyFile: join(dir, 'key.pem'),
    shareGroup: 'g',
    topicPrefix: 'site-a/',
  });
  for (const flag of ['headless', 'no-open', 'port', 'data', 'broker', 'ca', 'cert', 'key', 'user', 'no-demo']) {
    expect(HELP).toContain(`--${flag}`);
  }
});

test('--no-open needs no Electron; the demo takes a size and a rate', () => {
  expect(options('--no-open').headless).toBe(true);
  expect(options('--vehicles 50 --rate 0.2').demo).toEqual({ vehicles: 50, rate: 0.2 });
});

test('the data directory: flag, then WATCHFLOOR_DATA, then the default', () => {
  expect(options('--data x', { WATCHFLOOR_DATA: '/e' }).dataDir).toBe(join(dir, 'x'));
  expect(options('', { WATCHFLOOR_DATA: '/e' }).dataDir).toBe(resolve('/e'));
});

test('--no-demo alone connects to the broker on this machine', () => {
  expect(options('--no-demo')).toMatchObject({ demo: undefined, broker: { url: 'mqtt://localhost:1883' } });
});

describe('credentials', () => {
  test('leave the address and are decoded', () => {
    const { broker } = options('--broker mqtt://kim:p%40ss@host:1884/x');
    expect(broker).toMatchObject({ url: 'mqtt://host:1884/x', user: 'kim', password: 'p@ss' });
    expect(options('--broker mqtt://kim:50%@host').broker?.password).toBe('50%');
  });
  test('WATCHFLOOR_PASSWORD wins over the address; --user over its user', () => {
    const { broker } = options('--broker mqtt://a:b@host --user c', { WATCHFLOOR_PASSWORD: 'd' });
    expect(broker).toMatchObject({ user: 'c', password: 'd' });
  });
  test('a password is never a flag', () => {
    expect(errors('--password x')).toEqual([expect.stringContaining('WATCHFLOOR_PASSWORD')]);
    expect(errors('--token x')).toEqual([expect.stringContaining('WATCHFLOOR_TOKEN')]);
  });
});

test('unknown flags are refused with what was meant', () => {
  expect(errors('--vehicels 5')).toEqual(['There is no flag --vehicels. Did you mean --vehicles?']);
  expect(errors('--headles')).toEqual(['There is no flag --headles. Did you mean --headless?']);
  expect(errors('--quux=1')).toEqual(['There is no flag --quux. See --help for those there are.']);
  expect(errors('demo')).toEqual([expect.stringContaining('“demo” is not a flag')]);
});

test.each([
  ['--port', '--port needs a value'],
  ['--data --headless', '--data needs a value'],
  ['--headless=yes', '--headless takes no value'],
  ['--port 70000', 'from 0 to 65535'],
  ['--port 48x', 'not “48x”'],
  ['--vehicles 0', '--vehicles is a whole number'],
  ['--rate -1', '--rate is a number above 0'],
  ['--rate NaN', '--rate is a number above 0'],
  ['--durability ram', 'either os or disk'],
  ['--rules nowhere', 'there is no folder'],
  ['--broker host:1883', 'not the address of a broker'],
  ['--broker http://host', 'http:// is not a way'],
  ['--broker mqtt://', 'names no host'],
  ['--broker mqtt://h --ca missing.pem', 'there is no file'],
  ['--broker mqtt://h --cert cert.pem', '--cert and --key go together'],
  ['--broker mqtt://h --share a/b', '--share is a plain name'],
  ['--broker mqtt://h --prefix a/#', '--prefix is the start of a topic'],
  ['--broker mqtt://h --vehicles 5', '--vehicles is for the demo fleet'],
  ['--user kim', '--user needs --broker'],
])('%s is refused', (line, message) => {
  expect(errors(line)).toEqual([expect.stringContaining(message)]);
});

test('all problems are reported at once', () => {
  expect(errors('--port x --rate y --wat')).toHaveLength(3);
  expect(errors('', { WATCHFLOOR_TOKEN: 'short' })).toEqual([expect.stringContaining('WATCHFLOOR_TOKEN is too short')]);
});

test('--help and --version win over everything else', () => {
  expect(parse('--help --wat')).toEqual({ kind: 'help' });
  expect(parse('-h')).toEqual({ kind: 'help' });
  expect(parse('--version')).toEqual({ kind: 'version' });
});

test('suggestions are close or absent', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(suggest('--brokr', ['--broker', '--rate'])).toBe('--broker');
  expect(suggest('--zzz', ['--broker', '--rate'])).toBeUndefined();
});
