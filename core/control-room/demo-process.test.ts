import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Health } from '../protocol/health.ts';
import type { CliOptions } from './cli.ts';
import type { ControlRoom } from './control-room.ts';
import { startDemo } from './demo-process.ts';
import { appLayout } from './layout.ts';
import type { RoomOptions } from './options.ts';
import { startRoom } from './start-room.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'demo-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const entry = join(import.meta.dirname, 'testing/fake-demo.ts');
const settings = () => ({
  entry,
  vehicles: 50,
  rate: 0.5,
  streetsFile: join(dir, 'demo-streets.geojson'),
  referenceDir: join(dir, 'reference'),
});

test('the demo is a process that is given its size and says where its broker is', async () => {
  const demo = await startDemo(settings());
  expect(demo.url).toBe('mqtt://127.0.0.1:10.5');
  const { args } = JSON.parse(readFileSync(settings().streetsFile, 'utf8'));
  const files = ['--streets-out', settings().streetsFile, '--reference', settings().referenceDir];
  expect(args).toEqual(['--vehicles', '50', '--rate', '0.5', ...files]);
  const ended = vi.fn();
  demo.onEnded(ended);
  await demo.close();
  await demo.close();
  expect(ended).not.toHaveBeenCalled();
});

test('a demo that ends at once, or says nothing, is an error in plain words', async () => {
  await expect(startDemo({ ...settings(), vehicles: 1 })).rejects.toMatchObject({
    kind: 'demo',
    message: 'The demo fleet did not start: exit code 3.',
  });
  await expect(startDemo({ ...settings(), vehicles: 2, readyTimeoutMs: 200 })).rejects.toThrow(
    'no answer within 0.2 s',
  );
});

test('a demo that ends later says so once', async () => {
  const demo = await startDemo({ ...settings(), vehicles: 3 });
  const reason = await new Promise<string>((resolve) => demo.onEnded(resolve));
  expect(reason).toBe('The demo fleet ended (exit code 4). Start Watchfloor again to bring it back.');
  await demo.close();
});

const layout = { ...appLayout(import.meta.url), demoEntry: entry };
const options = (overrides: Partial<CliOptions> = {}): CliOptions => ({
  headless: true,
  open: false,
  port: 0,
  portAsked: true,
  host: '127.0.0.1',
  dataDir: join(dir, 'data'),
  demo: { vehicles: 50, rate: 0.5 },
  broker: undefined,
  rulesDir: undefined,
  durability: 'disk',
  token: undefined,
  ...overrides,
});
const room: ControlRoom = {
  onFailure() {},
  onNotice() {},
  connect() {},
  health: () => new Promise<Health>(() => {}),
  close: async () => {},
};

test('a shell starts the demo, then the room on its broker', async () => {
  const open = vi.fn(async (_options: RoomOptions) => room);
  const started = await startRoom({ options: options(), layout, open, onWarning: () => {}, onFailure: () => {} });
  expect(open).toHaveBeenCalledWith({
    version: layout.version,
    dataDir: join(dir, 'data'),
    broker: { url: 'mqtt://127.0.0.1:10.5' },
    demo: true,
    rulesDir: layout.rulesDir,
    rulesDirAsked: false,
    durability: 'disk',
  });
  expect(started.streetsFile).toBe(join(dir, 'data/demo-streets.geojson'));
  await started.close();
});

test('with a broker there is no demo', async () => {
  const open = vi.fn(async (_options: RoomOptions) => room);
  const broker = { url: 'mqtt://b' };
  const started = await startRoom({
    options: options({ demo: undefined, broker, rulesDir: '/r' }),
    layout,
    open,
    onWarning: () => {},
    onFailure: () => {},
  });
  expect(open).toHaveBeenCalledWith(expect.objectContaining({ broker, demo: false, rulesDir: '/r' }));
  expect(started.streetsFile).toBeUndefined();
  await started.close();
});

test('a room that does not open takes the demo down with it', async () => {
  const warned = vi.fn();
  const open = () => Promise.reject(new Error('no'));
  await expect(startRoom({ options: options(), layout, open, onWarning: warned, onFailure: () => {} })).rejects.toThrow(
    'no',
  );
  expect(warned).not.toHaveBeenCalled();
});

test('a data directory that cannot be made is a sentence', async () => {
  const started = startRoom({
    options: options({ dataDir: '/dev/null/x' }),
    layout,
    open: vi.fn(),
    onWarning: () => {},
    onFailure: () => {},
  });
  await expect(started).rejects.toMatchObject({ kind: 'data-dir', message: expect.stringContaining('--data DIR') });
});

test('the layout of sources and of bundles', () => {
  const root = join(import.meta.dirname, '../..');
  const { pathname } = new URL(`file://${root}/dist/node/chunk.js`);
  const bundled = appLayout(`file://${pathname}`);
  expect(bundled.rulesDir).toBe(join(root, 'dist/resources/rules'));
  expect(bundled.demoEntry).toBe(join(root, 'dist/node/demo.js'));
  expect(appLayout(import.meta.url).demoEntry).toBe(join(root, 'simulator/cli/demo.ts'));
  expect(bundled.rendererDir).toBe(appLayout(import.meta.url).rendererDir);
  expect(bundled.version).toMatch(/^\d+\.\d+\.\d+/);
});
