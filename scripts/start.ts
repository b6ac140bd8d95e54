import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasDisplay } from '../server/app-window.ts';
import { findElectron } from '../server/electron-shell.ts';
import { staleSteps } from './build/steps.ts';
import { fetchElectron } from './fetch-electron.ts';
import { requireNode } from './require-node.ts';
import { ROOT, runNode } from './run-tool.ts';

// `npm start`: builds what is not up to date, then is the `watchfloor` command with the same arguments.
requireNode();
if (staleSteps(ROOT).length > 0) {
  console.log('Building …');
  // In a process of its own, so that the room does not carry the build tools in its memory.
  const code = await runNode(join(ROOT, 'scripts/build.ts'), []);
  if (code !== 0) process.exit(code);
}
const wantsElectron = !process.argv.some((arg) =>
  ['--headless', '--no-open', '--help', '-h', '--version'].includes(arg),
);
if (wantsElectron && hasDisplay(process.platform, process.env) && !findElectron()) fetchElectron(ROOT);
await import(pathToFileURL(join(ROOT, 'dist/node/watchfloor.js')).href);
