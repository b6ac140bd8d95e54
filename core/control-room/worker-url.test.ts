import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { type WorkerName, workerUrl } from './worker-url.ts';

test('a worker in a folder of its own has its bundle beside the others', () => {
  const source = workerUrl('replay-worker', 'file:///src/core/control-room/worker-url.ts').href;
  expect(source).toBe('file:///src/core/control-room/replay/replay-worker.ts');
  const bundle = workerUrl('replay-worker', 'file:///app/dist/node/chunk-1.js').href;
  expect(bundle).toBe('file:///app/dist/node/replay-worker.js');
});

test('each worker is there', () => {
  for (const name of readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('-worker.ts')) continue;
    expect(workerUrl(basename(name, '.ts') as WorkerName).pathname.endsWith(`/core/control-room/${name}`)).toBe(true);
  }
});

test.each([
  ['file:///src/core/control-room/worker-url.ts', 'file:///src/core/control-room/engine-worker.ts'],
  ['file:///app/dist/node/chunk-1.js', 'file:///app/dist/node/engine-worker.js'],
  [
    'file:///opt/Watchfloor/resources/app.asar/dist/node/chunk-1.js',
    'file:///opt/Watchfloor/resources/app.asar.unpacked/dist/node/engine-worker.js',
  ],
])('beside %s', (from, url) => {
  expect(workerUrl('engine-worker', from).href).toBe(url);
});
