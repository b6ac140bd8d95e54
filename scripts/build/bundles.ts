import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/** Bundled CommonJS packages still ask for Node's own modules with `require`. */
const REQUIRE_BANNER =
  "import { createRequire as createBundleRequire } from 'node:module';\nconst require = createBundleRequire(import.meta.url);";

const EXTERNAL = ['electron', 'better-sqlite3', 'bufferutil', 'utf-8-validate'];

/** Bundles everything that runs in Node or Electron's main process into `dist/node`, and the preload as CommonJS. */
export async function buildBundles(root: string): Promise<void> {
  const outdir = join(root, 'dist/node');
  rmSync(outdir, { recursive: true, force: true });
  const common: BuildOptions = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node24',
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'linked',
    logLevel: 'warning',
    external: EXTERNAL,
  };
  await build({
    ...common,
    entryPoints: nodeEntries(root),
    outdir,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    banner: { js: REQUIRE_BANNER },
  });
  // A sandboxed preload can only be CommonJS.
  await build({
    ...common,
    entryPoints: [join(root, 'electron/preload/preload.ts')],
    outfile: join(outdir, 'preload.cjs'),
    format: 'cjs',
    platform: 'browser',
  });
}

/** Bundle name → source. Workers keep their names: the room looks for them beside its own code. */
function nodeEntries(root: string): Record<string, string> {
  const files = readdirSync(join(root, 'core/control-room'), { recursive: true, encoding: 'utf8' });
  const workers = files.filter((file) => file.endsWith('-worker.ts')).map((file) => file.replaceAll('\\', '/'));
  return {
    watchfloor: 'server/main.ts',
    'electron-main': 'electron/main/electron-main.ts',
    demo: 'simulator/cli/demo.ts',
    'demo-broker': 'simulator/cli/demo-broker.ts',
    fleet: 'simulator/cli/fleet.ts',
    ...Object.fromEntries(workers.map((file) => [basename(file, '.ts'), `core/control-room/${file}`])),
  };
}
