import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBlobStore } from './blob-store.ts';
import { PAGE_BYTES } from './image-pages.ts';
import { indexPass } from './index-pass.ts';
import { MomentStore } from './moment-store.ts';
import { MomentPacker, memoryOf } from './pack-moments.ts';
import type { Moment } from './playhead.ts';
import { memorySource, smallRecording } from './testing/memory-source.ts';
import { temporaryDir } from './testing/temporary-dir.ts';

/** Which pages a moment changes, and how many it has. */
interface Change {
  readonly pages: number;
  readonly changed: readonly number[];
  readonly fill: number;
}

const changes = (maxPages: number): fc.Arbitrary<Change[]> =>
  fc.array(
    fc.record({
      pages: fc.integer({ min: 1, max: maxPages }),
      changed: fc.array(fc.nat(maxPages), { maxLength: 6 }),
      fill: fc.nat(255),
    }),
    { minLength: 1, maxLength: 12 },
  );

function momentsOf(list: readonly Change[]): Moment[] {
  let image = new Uint8Array(0);
  return list.map(({ pages, changed, fill }, i) => {
    const next = new Uint8Array(pages * PAGE_BYTES).fill(i);
    next.set(image.subarray(0, next.length));
    for (const page of changed) next.fill(fill, page * PAGE_BYTES, page * PAGE_BYTES + 10);
    image = next;
    return { position: i * 10, latestMs: i * 1000, messages: i, state: Uint8Array.of(i, fill), image };
  });
}

function unpacked(store: MomentStore, position: number): Moment {
  const steps = store.unpack(position);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

async function stored(moments: readonly Moment[], dir: string, memoryBytes: number): Promise<MomentStore> {
  const store = new MomentStore(openBlobStore(dir, memoryBytes));
  const packer = new MomentPacker();
  for (const moment of moments) store.add(await packer.pack(moment));
  return store;
}

describe('moments of a replay', () => {
  it('come out as they went in, in memory or on the disk, however pages change', async () => {
    await fc.assert(
      fc.asyncProperty(changes(9), fc.constantFrom(0, 700, 2 ** 20), async (list, memoryBytes) => {
        const moments = momentsOf(list);
        const dir = join(temporaryDir(), 'blobs');
        const store = await stored(moments, dir, memoryBytes);
        for (const moment of moments.toReversed()) expect(unpacked(store, moment.position)).toEqual(moment);
        store.close();
        expect(existsSync(dir)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('are handed to another thread whole, small ones too', async () => {
    const moments = momentsOf([
      { pages: 3, changed: [1], fill: 1 },
      { pages: 5, changed: [3], fill: 2 },
    ]);
    const packer = new MomentPacker();
    const store = new MomentStore(openBlobStore(temporaryDir(), 2 ** 20));
    for (const moment of moments) {
      const packed = await packer.pack(moment);
      store.add(structuredClone(packed, { transfer: memoryOf(packed) }));
      expect(packed.state).toHaveLength(0);
      expect(unpacked(store, moment.position)).toEqual(moment);
    }
  });

  it('of many pages come out as they went in', async () => {
    const moments = momentsOf([
      { pages: 1500, changed: [0, 700], fill: 1 },
      { pages: 1501, changed: [3, 1200], fill: 2 },
    ]);
    const store = await stored(moments, join(temporaryDir(), 'blobs'), 2 ** 30);
    for (const { position, image } of moments) {
      expect(Buffer.compare(unpacked(store, position).image, image)).toBe(0);
    }
  });

  it('keep what did not change once: twice as many moments take little more', async () => {
    const pages = 400;
    const sizeOf = async (count: number): Promise<number> => {
      const packer = new MomentPacker();
      let bytes = 0;
      for (let i = 0; i < count; i++) {
        const image = new Uint8Array(pages * PAGE_BYTES);
        for (let at = 0; at < image.length; at++) image[at] = (Math.imul(at, 2654435761) >>> 13) & 255;
        image[i * PAGE_BYTES] = i;
        const packed = await packer.pack({ position: i, latestMs: i, messages: i, state: new Uint8Array(1), image });
        bytes += packed.pages.reduce((sum, piece) => sum + piece.length, 0);
      }
      return bytes;
    };
    expect(await sizeOf(20)).toBeLessThan((await sizeOf(10)) * 1.3);
  });

  it('are found by time: the newest that has read nothing of then or later', async () => {
    const store = await stored(momentsOf(Array(4).fill({ pages: 1, changed: [], fill: 0 })), temporaryDir(), 0);
    expect([0, 0.5, 1000, 1001, 1e9].map((ms) => store.before(ms))).toEqual([undefined, 0, 0, 10, 30]);
  });

  it('beyond the memory they may take go to the folder, and only they', async () => {
    const dir = join(temporaryDir(), 'blobs');
    const blobs = openBlobStore(dir, 10);
    const numbers = [8, 4, 2, 1].map((bytes) => blobs.put(new Uint8Array(bytes).fill(bytes)));
    expect(readdirSync(dir)).toEqual(['1.bin', '3.bin']);
    expect(numbers.map((blob) => blobs.get(blob).length)).toEqual([8, 4, 2, 1]);
  });
});

describe('an index pass', () => {
  it('gives a moment every so many messages, up to the end of the stretch', async () => {
    const source = memorySource(smallRecording(3, 60));
    const taken: number[] = [];
    for await (const moment of indexPass(source, { everyMessages: 100 })) taken.push(moment.messages);
    expect(taken).toHaveLength(3);
    taken.reduce((before, messages) => {
      expect(messages - before).toBeLessThanOrEqual(100);
      expect(messages - before).toBeGreaterThan(75);
      return messages;
    }, 0);
    const half = { ...source, endPosition: source.positionAt((source.startMs + source.endMs) / 2) };
    let last = 0;
    for await (const moment of indexPass(half, { everyMessages: 20 })) last = moment.position;
    expect(last).toBeLessThanOrEqual(half.endPosition);
    expect(last).toBeGreaterThan(half.endPosition * 0.8);
  });
});
