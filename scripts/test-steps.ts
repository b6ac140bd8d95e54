import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './find-browser.ts';
import { ROOT, runNode, toolPath } from './run-tool.ts';
import { setUp } from './set-up.ts';

export interface TestStep {
  readonly name: string;
  /** Steps that have to come before it, when it is asked for alone. */
  readonly needs: readonly string[];
  /** Resolves with an exit code; a rejection is a failure with its message. */
  run(): Promise<number>;
}

const TYPE_PROJECTS = ['tsconfig.pure.json', 'tsconfig.node.json', 'tsconfig.dom.json'];
const ROOMS = ['core', 'electron', 'server', 'renderer', 'simulator', 'bench', 'e2e', 'scripts'];
const VITEST_PROJECTS = ['unit', 'integration', 'e2e'];

export const TEST_STEPS: readonly TestStep[] = [
  { name: 'setup', needs: [], run: () => setUp().then(() => 0) },
  { name: 'build', needs: [], run: () => runNode(join(ROOT, 'scripts/build.ts'), []) },
  {
    name: 'lint',
    needs: [],
    run: () => runNode(toolPath('@biomejs/biome', 'biome'), ['check', '--error-on-warnings', '.']),
  },
  { name: 'types', needs: [], run: checkTypes },
  {
    name: 'boundaries',
    needs: [],
    run: () => runNode(toolPath('dependency-cruiser', 'depcruise'), ROOMS),
  },
  { name: 'unit', needs: [], run: () => runVitest('unit') },
  { name: 'integration', needs: ['setup', 'build'], run: () => runVitest('integration') },
  { name: 'e2e', needs: ['setup', 'build'], run: () => runVitest('e2e') },
];

/** The steps that were asked for and what they need, in order. Throws with a sentence on a name that is none. */
export function chooseSteps(only: string | undefined): TestStep[] {
  if (only === undefined) return [...TEST_STEPS];
  const names = only.split(',').map((name) => name.trim());
  const known = TEST_STEPS.map((step) => step.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no step “${unknown}”. Steps: ${known.join(', ')}.`);
  const wanted = new Set(TEST_STEPS.filter((step) => names.includes(step.name)).flatMap((s) => [s.name, ...s.needs]));
  return TEST_STEPS.filter((step) => wanted.has(step.name));
}

export function reportFiles(): string[] {
  return VITEST_PROJECTS.map(reportFile);
}

/** Reports of earlier runs must not be counted again. */
export function removeReports(): void {
  for (const file of reportFiles()) rmSync(file, { force: true });
}

async function checkTypes(): Promise<number> {
  for (const project of TYPE_PROJECTS) {
    const code = await runNode(toolPath('typescript', 'tsc'), ['-p', project]);
    if (code !== 0) return code;
  }
  return 0;
}

function runVitest(project: string): Promise<number> {
  const browser = findBrowser();
  return runNode(
    toolPath('vitest'),
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile(project)}`],
    browser ? { CHROME_PATH: browser } : {},
  );
}

function reportFile(project: string): string {
  return join(ROOT, 'test-results', `${project}.json`);
}
