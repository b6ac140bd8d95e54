import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the parts of this installation lie; absolute paths. */
export interface Layout {
  readonly version: string;
  readonly rendererDir: string;
  /** The rule packs that come with Watchfloor. */
  readonly rulesDir: string;
  /** Entry of the demo fleet's process. */
  readonly demoEntry: string;
  /** Entry of the Electron shell; only there once built. */
  readonly electronEntry: string;
  readonly preloadEntry: string;
}

/** The layout as seen from a module: its `import.meta.url` says whether sources or bundles are running. */
export function appLayout(moduleUrl: string): Layout {
  const file = fileURLToPath(moduleUrl);
  const root = packageRoot(dirname(file));
  const bundled = extname(file) === '.js';
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    version,
    rendererDir: unpacked(join(root, 'dist/renderer')),
    rulesDir: unpacked(join(root, bundled ? 'dist/resources/rules' : 'resources/rules')),
    demoEntry: unpacked(join(root, bundled ? 'dist/node/demo.js' : 'simulator/cli/demo.ts')),
    electronEntry: join(root, 'dist/node/electron-main.js'),
    preloadEntry: join(root, 'dist/node/preload.cjs'),
  };
}

function packageRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('Watchfloor is not complete: its package.json is missing. Install it again.');
  return packageRoot(parent);
}

/** Inside an installer's archive, files that are read by other processes lie unpacked beside it. */
function unpacked(path: string): string {
  return path.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2');
}
