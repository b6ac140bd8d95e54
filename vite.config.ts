import { createReadStream } from 'node:fs';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { ensureBasemap } from './scripts/bake-basemap.ts';

const here = import.meta.dirname;
const outDir = path.join(here, 'dist/renderer');
const bakedFile = path.join(here, '.cache/basemap/world.pmtiles');
const BASEMAP_PATH = 'basemap/world.pmtiles';

/** Bakes the offline basemap when it is missing, serves it in development and puts it beside the built screens. */
function basemap(): Plugin {
  return {
    name: 'watchfloor-basemap',
    buildStart: () => ensureBasemap(bakedFile),
    configureServer(server) {
      server.middlewares.use(`/${BASEMAP_PATH}`, async (_request, response) => {
        const { size } = await stat(bakedFile);
        response.writeHead(200, { 'content-type': 'application/vnd.pmtiles', 'content-length': size });
        createReadStream(bakedFile).pipe(response);
      });
    },
    async writeBundle({ dir = outDir }) {
      const target = path.join(dir, BASEMAP_PATH);
      await mkdir(path.dirname(target), { recursive: true });
      await copyFile(bakedFile, target);
    },
  };
}

// Everything is served from `/`: the same files work at http://127.0.0.1:PORT/ and at app://room/. The page runs under
// `script-src 'self'`, so nothing is inlined.
export default defineConfig({
  root: path.join(here, 'renderer'),
  base: '/',
  publicDir: path.join(here, 'renderer/public'),
  plugins: [react(), basemap()],
  worker: { format: 'es' },
  build: {
    outDir,
    emptyOutDir: true,
    sourcemap: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // MapLibre alone is 1 MB; it is its own file and the window is local.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'maplibre', test: /node_modules[\\/](maplibre-gl|@maplibre|pmtiles)[\\/]/ },
            { name: 'deck', test: /node_modules[\\/](@deck\.gl|@luma\.gl|@math\.gl|@probe\.gl|mjolnir\.js)[\\/]/ },
            { name: 'arrow', test: /node_modules[\\/](apache-arrow|flatbuffers)[\\/]/ },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui)[\\/]/ },
          ],
        },
      },
    },
  },
});
