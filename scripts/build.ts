import { runStep, STEPS, staleSteps } from './build/steps.ts';
import { requireNode } from './require-node.ts';
import { ROOT } from './run-tool.ts';

// `npm run build`: runs the steps whose inputs have changed; `--force` runs them all.
requireNode();
const steps = process.argv.includes('--force') ? STEPS : staleSteps(ROOT);
for (const step of steps) {
  const startMs = performance.now();
  await runStep(ROOT, step);
  console.log(`built ${step.name} in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}
