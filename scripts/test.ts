import { parseArgs } from 'node:util';
import { requireNode } from './require-node.ts';
import { chooseSteps, removeReports, reportFiles } from './test-steps.ts';
import { sumReports, totalsLine } from './test-totals.ts';

// `npm test [-- --only lint,unit,…]`: sets the machine up, then runs every step and stops at the first that fails.
requireNode();
const { values } = parseArgs({ options: { only: { type: 'string' } } });
removeReports();
for (const step of chooseSteps(values.only)) {
  console.log(`\n── ${step.name} ──`);
  const startMs = performance.now();
  const code = await step.run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(code === 0 ? `${step.name}: done in ${seconds} s` : `${step.name}: FAILED after ${seconds} s`);
  if (code !== 0) {
    process.exitCode = 1;
    break;
  }
}
const totals = sumReports(reportFiles());
if (totals.failed > 0) process.exitCode = 1;
console.log(`\n${totalsLine(totals)}`);
