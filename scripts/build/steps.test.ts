import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashInputs } from './inputs.ts';
import { type BuildStep, runStep, STEPS, staleSteps } from './steps.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-'));
  for (const dir of ['core/a', 'core/testing', 'dist/resources', 'resources/rules']) {
    mkdirSync(join(root, dir), { recursive: true });
  }
  put('core/a/one.ts', '1');
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, text: string): void => writeFileSync(join(root, path), text);
const hash = (): string => hashInputs(root, ['core', 'later.ts']);

test('the hash follows contents, names and what comes later, and not tests', () => {
  const first = hash();
  put('core/a/one.test.ts', 'test');
  put('core/testing/helper.ts', 'test');
  expect(hash()).toBe(first);
  const seen = new Set([first]);
  for (const change of [
    () => put('core/a/one.ts', '2'),
    () => put('core/a/two.ts', ''),
    () => put('later.ts', ''),
    () => rmSync(join(root, 'core/a/one.ts')),
  ]) {
    change();
    expect(seen.has(hash())).toBe(false);
    seen.add(hash());
  }
});

test('a step is stale until it has run, when its inputs change, when its output goes, and when it failed', async () => {
  const resources = STEPS.find((step) => step.name === 'resources') as BuildStep;
  const isStale = (): boolean => staleSteps(root).some((step) => step.name === 'resources');
  put('resources/rules/base.yaml', 'a');
  expect(isStale()).toBe(true);
  await runStep(root, resources);
  expect(isStale()).toBe(false);
  put('resources/rules/base.yaml', 'b');
  expect(isStale()).toBe(true);
  await runStep(root, resources);
  rmSync(join(root, 'dist/resources'), { recursive: true });
  expect(isStale()).toBe(true);
  await runStep(root, resources);
  const failing = { ...resources, run: () => Promise.reject(new Error('no')) };
  await expect(runStep(root, failing)).rejects.toThrow('no');
  expect(isStale()).toBe(true);
});
