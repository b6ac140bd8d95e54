import fc from 'fast-check';
import { PMTiles, type Source, tileIdToZxy } from 'pmtiles';
import { expect, test } from 'vitest';
import { type VectorTile, writePmtiles } from './pmtiles-writer.ts';

const info = {
  minZoom: 0,
  maxZoom: 11,
  bounds: [-180, -85, 180, 85],
  metadata: { name: 'test', attribution: 'nobody' },
} as const;

function open(archive: Uint8Array): PMTiles {
  const source: Source = {
    getKey: () => 'memory',
    getBytes: async (offset, length) => ({ data: Uint8Array.from(archive.subarray(offset, offset + length)).buffer }),
  };
  return new PMTiles(source);
}

function tile(tileId: number, content: number[]): VectorTile {
  const [z, x, y] = tileIdToZxy(tileId);
  return { z, x, y, data: Uint8Array.from(content) };
}

test('every tile comes back as it was written, absent ones are absent', async () => {
  const contents = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 400 }), contents), { minLength: 1, selector: ([id]) => id }),
      async (written) => {
        const archive = open(
          writePmtiles(
            written.map(([id, content]) => tile(id, content)),
            info,
          ),
        );
        const byId = new Map(written);
        for (let id = 0; id <= 401; id++) {
          const found = await archive.getZxy(...tileIdToZxy(id));
          expect(found && Array.from(new Uint8Array(found.data))).toEqual(byId.get(id));
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('header and metadata say what was written', async () => {
  const archive = open(writePmtiles([tile(0, [1]), tile(1, [2]), tile(2, [2]), tile(9, [2])], info));
  expect(await archive.getMetadata()).toEqual(info.metadata);
  expect(await archive.getHeader()).toMatchObject({
    specVersion: 3,
    clustered: true,
    tileType: 1,
    minZoom: 0,
    maxZoom: 11,
    minLon: -180,
    maxLat: 85,
    numAddressedTiles: 4,
    numTileEntries: 3,
    numTileContents: 2,
  });
});

test('a directory too large for the first 16 KiB goes to leaves and is still found', async () => {
  const count = 20_000;
  // Contents of random size at random distances (fixed seed), so that the directory does not compress away.
  const [gaps, sizes] = fc.sample(
    fc.array(fc.integer({ min: 1, max: 200 }), { minLength: count, maxLength: count, size: 'max' }),
    { numRuns: 2, seed: 7 },
  );
  let last = 0;
  const ids = gaps.map((gap) => {
    last += gap;
    return last;
  });
  const contentOf = (i: number) => Array.from({ length: sizes[i] }, (_, k) => (i >> (k % 16)) & 255);
  const bytes = writePmtiles(
    Array.from({ length: count }, (_, i) => tile(ids[i], contentOf(i))),
    info,
  );
  const archive = open(bytes);
  const header = await archive.getHeader();
  expect(header.leafDirectoryLength).toBeGreaterThan(0);
  expect(header.rootDirectoryOffset + header.rootDirectoryLength).toBeLessThanOrEqual(16_384);
  for (const i of [0, 1, 4095, 4096, 17_777, count - 1]) {
    const found = await archive.getZxy(...tileIdToZxy(ids[i]));
    expect(found && Array.from(new Uint8Array(found.data))).toEqual(contentOf(i));
  }
  expect(await archive.getZxy(...tileIdToZxy(ids[0] - 1))).toBeUndefined();
});

test('the order in which tiles arrive does not change the bytes', () => {
  const tiles = [tile(5, [1]), tile(0, [2]), tile(77, [1])];
  expect(writePmtiles(tiles, info).equals(writePmtiles(tiles.toReversed(), info))).toBe(true);
});
