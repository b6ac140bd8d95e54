import { zxyToTileId } from 'pmtiles';
import { type DirectoryEntry, packDirectories, stableGzip } from './pmtiles-directory.ts';

/** One tile: address and uncompressed Mapbox Vector Tile bytes. */
export interface VectorTile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  readonly data: Uint8Array;
}

export interface ArchiveInfo {
  readonly minZoom: number;
  readonly maxZoom: number;
  /** West, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number];
  /** Goes into the archive's JSON block: name, attribution, vector_layers. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

const HEADER_BYTES = 127;
/** Header and root directory must lie in the first 16 KiB (PMTiles v3, section 3). */
const ROOT_LIMIT_BYTES = 16_384 - HEADER_BYTES;
const GZIP = 2;
const MVT = 1;

interface PackedTiles {
  readonly entries: DirectoryEntry[];
  readonly data: Buffer;
  readonly addressed: number;
  readonly contents: number;
}

function packTiles(tiles: Iterable<VectorTile>): PackedTiles {
  const sorted = Array.from(tiles, ({ z, x, y, data }) => ({ tileId: zxyToTileId(z, x, y), data }));
  sorted.sort((a, b) => a.tileId - b.tileId);
  const blobs: Buffer[] = [];
  const stored = new Map<string, { offset: number; length: number }>();
  const entries: DirectoryEntry[] = [];
  let end = 0;
  for (const { tileId, data } of sorted) {
    const content = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
    let place = stored.get(content);
    if (!place) {
      const zipped = stableGzip(data);
      place = { offset: end, length: zipped.length };
      stored.set(content, place);
      blobs.push(zipped);
      end += zipped.length;
    }
    const last = entries.at(-1);
    if (last && last.offset === place.offset && last.tileId + last.run === tileId) last.run++;
    else entries.push({ tileId, ...place, run: 1 });
  }
  return { entries, data: Buffer.concat(blobs), addressed: sorted.length, contents: blobs.length };
}

/**
 * A PMTiles v3 archive of gzipped vector tiles: header, root directory, JSON metadata, leaf directories, clustered tile
 * data; equal tiles are stored once. The same tiles in any order give the same bytes.
 * Layout: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
 */
export function writePmtiles(tiles: Iterable<VectorTile>, info: ArchiveInfo): Buffer {
  const packed = packTiles(tiles);
  const { root, leaves } = packDirectories(packed.entries, ROOT_LIMIT_BYTES);
  const metadata = stableGzip(Buffer.from(JSON.stringify(info.metadata)));
  const metadataAt = HEADER_BYTES + root.length;
  const leavesAt = metadataAt + metadata.length;
  const dataAt = leavesAt + leaves.length;

  const header = Buffer.alloc(HEADER_BYTES);
  header.write('PMTiles', 0, 'latin1');
  header[7] = 3;
  const words = [
    HEADER_BYTES,
    root.length,
    metadataAt,
    metadata.length,
    leavesAt,
    leaves.length,
    dataAt,
    packed.data.length,
    packed.addressed,
    packed.entries.length,
    packed.contents,
  ];
  for (const [i, word] of words.entries()) header.writeBigUInt64LE(BigInt(word), 8 + i * 8);
  header.set([1, GZIP, GZIP, MVT, info.minZoom, info.maxZoom], 96);
  const degrees = (value: number, at: number) => header.writeInt32LE(Math.round(value * 1e7), at);
  const [west, south, east, north] = info.bounds;
  for (const [i, value] of [west, south, east, north].entries()) degrees(value, 102 + i * 4);
  header[118] = info.minZoom;
  degrees((west + east) / 2, 119);
  degrees((south + north) / 2, 123);
  return Buffer.concat([header, root, metadata, leaves, packed.data]);
}
