import { expect, test } from 'vitest';
import { workerUrl } from './worker-url.ts';

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
