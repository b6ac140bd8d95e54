import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shellArgs } from './shell-args.ts';
import { loadWindowState, saveWindowState } from './window-state.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'state-'));
  file = join(dir, 'state.json');
});
afterEach(() => rmSync(dir, { recursive: true }));

const displays = [{ x: 0, y: 0, width: 1920, height: 1080 }];
const normal = { bounds: { width: 1440, height: 900 }, maximized: false };

test('a saved place comes back', () => {
  const state = { bounds: { x: 50, y: 60, width: 1300, height: 700 }, maximized: true };
  saveWindowState(file, state);
  expect(loadWindowState(file, displays)).toEqual(state);
});

test('a place on a display that is gone keeps its size only; sizes have a minimum', () => {
  saveWindowState(file, { bounds: { x: 3000, y: 60, width: 1300, height: 700 }, maximized: false });
  expect(loadWindowState(file, displays).bounds).toEqual({ width: 1300, height: 700 });
  saveWindowState(file, { bounds: { x: 0, y: 0, width: 10, height: 10 }, maximized: false });
  expect(loadWindowState(file, displays).bounds).toEqual({ width: 1024, height: 640 });
});

test.each(['', '{}', '{"bounds":{"width":"1","height":2}}', 'null'])('%j is no state', (content) => {
  writeFileSync(file, content);
  expect(loadWindowState(file, displays)).toEqual(normal);
});

test('no file is no state', () => {
  expect(loadWindowState(file, displays)).toEqual(normal);
});

test('the room’s arguments are those after the entry, without Chromium’s', () => {
  expect(shellArgs(['electron', '--no-sandbox', '/x/electron-main.js', '--port', '1', '--inspect=0'], false)).toEqual([
    '--port',
    '1',
  ]);
  expect(shellArgs(['electron', '-r', 'loader.js', '.', '--data', 'd'], false)).toEqual(['--data', 'd']);
  expect(shellArgs(['watchfloor', '--no-sandbox', '--broker', 'mqtt://b'], true)).toEqual(['--broker', 'mqtt://b']);
});
