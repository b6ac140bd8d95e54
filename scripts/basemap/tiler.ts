import type { FeatureCollection } from 'geojson';
import GeoJSONVT, { type LegacyTile, type Options } from 'geojson-vt';
import { fromGeojsonVt } from 'vt-pbf';
import type { VectorTile } from './pmtiles-writer.ts';

/** One layer of the archive: its features and the zooms at which they appear. */
export interface TileLayer {
  readonly name: string;
  readonly minZoom: number;
  readonly maxZoom: number;
  readonly features: FeatureCollection;
  /** Line simplification in tile units of 1/4096; points need none. */
  readonly tolerance?: number;
}

const BASE_OPTIONS = { indexMaxZoom: 5, extent: 4096, buffer: 64 } satisfies Options;

/** Features that carry a property `z` start at that zoom. */
function shownAt(zoom: number, tile: LegacyTile): LegacyTile {
  return { features: tile.features.filter(({ tags }) => typeof tags?.z !== 'number' || tags.z <= zoom) };
}

/** Every non-empty vector tile of the world from zoom 0 to `maxZoom`. */
export function* cutTiles(layers: readonly TileLayer[], maxZoom: number): Generator<VectorTile> {
  const indexes = layers.map(
    ({ features, tolerance = 0 }) => new GeoJSONVT(features, { ...BASE_OPTIONS, maxZoom, tolerance }),
  );
  for (let z = 0; z <= maxZoom; z++) {
    for (let x = 0; x < 2 ** z; x++) {
      for (let y = 0; y < 2 ** z; y++) {
        const contents: Record<string, LegacyTile> = {};
        for (const [i, layer] of layers.entries()) {
          if (z < layer.minZoom || z > layer.maxZoom) continue;
          const tile = indexes[i].getTile(z, x, y);
          const shown = tile && shownAt(z, tile);
          if (shown && shown.features.length > 0) contents[layer.name] = shown;
        }
        if (Object.keys(contents).length > 0) yield { z, x, y, data: fromGeojsonVt(contents, { version: 2 }) };
      }
    }
  }
}
