import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashInputs } from './inputs.ts';

export interface BuildStep {
  readonly name: string;
  /** Files and folders whose contents decide whether the step has to run again. */
  readonly inputs: readonly string[];
  /** What must be there for the step to count as done. */
  readonly output: string;
  run(root: string): Promise<void>;
}

const BUILD_ITSELF = ['package-lock.json', 'tsconfig.base.json', 'scripts/build'];

/** The build tools are loaded by the step that needs them: asking whether all is up to date takes milliseconds. */
export const STEPS: readonly BuildStep[] = [
  {
    name: 'bundles',
    inputs: [...BUILD_ITSELF, 'core', 'electron', 'server', 'simulator'],
    output: 'dist/node/watchfloor.js',
    run: async (root) => (await import('./bundles.ts')).buildBundles(root),
  },
  {
    name: 'screens',
    inputs: [
      ...BUILD_ITSELF,
      'core/model',
      'core/protocol',
      'renderer',
      'vite.config.ts',
      'scripts/bake-basemap.ts',
      'scripts/basemap',
    ],
    output: 'dist/renderer/index.html',
    run: async (root) => {
      const { build } = await import('vite');
      await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
    },
  },
  {
    name: 'resources',
    inputs: ['resources', 'scripts/build/steps.ts'],
    output: 'dist/resources/rules',
    run: async (root) => {
      rmSync(join(root, 'dist/resources'), { recursive: true, force: true });
      cpSync(join(root, 'resources'), join(root, 'dist/resources'), { recursive: true });
    },
  },
];

/** The steps whose inputs have changed since they last ran to the end, or whose output is gone. */
export function staleSteps(root: string): BuildStep[] {
  return STEPS.filter((step) => !existsSync(join(root, step.output)) || readStamp(root, step) !== stampOf(root, step));
}

/** Runs a step; it counts as done only when it has ended well. */
export async function runStep(root: string, step: BuildStep): Promise<void> {
  // Taken before, so that a file edited meanwhile makes the step stale again.
  const stamp = stampOf(root, step);
  rmSync(stampFile(root, step), { force: true });
  await step.run(root);
  mkdirSync(join(root, 'dist/.stamps'), { recursive: true });
  writeFileSync(stampFile(root, step), stamp);
}

function stampOf(root: string, step: BuildStep): string {
  return hashInputs(root, step.inputs);
}

function readStamp(root: string, step: BuildStep): string | undefined {
  const file = stampFile(root, step);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function stampFile(root: string, step: BuildStep): string {
  return join(root, 'dist/.stamps', step.name);
}
