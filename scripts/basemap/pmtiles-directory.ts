import { constants, gzipSync } from 'node:zlib';

/** One run of equal tiles; `run` 0 marks a pointer to a leaf directory. Offsets and lengths in bytes. */
export interface DirectoryEntry {
  readonly tileId: number;
  readonly offset: number;
  readonly length: number;
  run: number;
}

/** gzip whose header names no operating system and no time, so that equal input gives equal bytes on every platform. */
export function stableGzip(bytes: Uint8Array): Buffer {
  const zipped = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  zipped[9] = 255;
  return zipped;
}

function pushVarint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

/** A directory as PMTiles v3 stores it: columns of varints, ids as differences, gzipped. `entries` sorted by tile id. */
export function serializeDirectory(entries: readonly DirectoryEntry[]): Buffer {
  const out: number[] = [];
  pushVarint(out, entries.length);
  let lastId = 0;
  for (const entry of entries) {
    pushVarint(out, entry.tileId - lastId);
    lastId = entry.tileId;
  }
  for (const entry of entries) pushVarint(out, entry.run);
  for (const entry of entries) pushVarint(out, entry.length);
  for (const [i, entry] of entries.entries()) {
    const before = entries[i - 1];
    const contiguous = before !== undefined && entry.offset === before.offset + before.length;
    pushVarint(out, contiguous ? 0 : entry.offset + 1);
  }
  return stableGzip(Uint8Array.from(out));
}

/** Root and leaf directories; leaves grow until the root fits into `rootLimit` bytes. */
export function packDirectories(
  entries: readonly DirectoryEntry[],
  rootLimit: number,
): { root: Buffer; leaves: Buffer } {
  const flat = serializeDirectory(entries);
  if (flat.length <= rootLimit) return { root: flat, leaves: Buffer.alloc(0) };
  for (let leafSize = 4096; ; leafSize *= 2) {
    const leaves: Buffer[] = [];
    const pointers: DirectoryEntry[] = [];
    let offset = 0;
    for (let i = 0; i < entries.length; i += leafSize) {
      const leaf = serializeDirectory(entries.slice(i, i + leafSize));
      pointers.push({ tileId: entries[i].tileId, offset, length: leaf.length, run: 0 });
      leaves.push(leaf);
      offset += leaf.length;
    }
    const root = serializeDirectory(pointers);
    if (root.length <= rootLimit) return { root, leaves: Buffer.concat(leaves) };
  }
}
