import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyframeWriter } from './keyframe-writer.ts';
import { Keyframes } from './keyframes.ts';
import { temporaryDir } from './testing/journal-fixtures.ts';

const MIB = 2 ** 20;
const stateOf = (position: number, bytes = 100): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (position * 31 + i * i * 7) & 255);
const keyframeAt = (position: number, bytes?: number) => ({
  position,
  engineMs: position + 0.5,
  state: stateOf(position, bytes),
});

async function filled(positions: readonly number[], maxBytes?: number) {
  const dir = join(temporaryDir(), 'keyframes');
  const notes: string[] = [];
  const keyframes = new Keyframes({ dir, maxBytes, onNote: (note) => notes.push(note) });
  for (const position of positions) await keyframes.write(keyframeAt(position));
  return { dir, keyframes, notes, positions: () => keyframes.list().map((file) => file.position) };
}

describe('keyframes', () => {
  it('gives back what was written, and the nearest one at or before a position', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(1e15), { minLength: 1, maxLength: 6 }),
        fc.nat(1e15),
        async (positions, wanted) => {
          const { keyframes, positions: listed } = await filled(positions);
          const ordered = positions.toSorted((a, b) => a - b);
          expect(listed()).toEqual(ordered);
          for (const position of ordered) expect(keyframes.load(position)).toEqual(keyframeAt(position));
          expect(keyframes.nearest(wanted)?.position).toBe(ordered.findLast((position) => position <= wanted));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('has none without a folder, and an empty state is a state', async () => {
    const keyframes = new Keyframes({ dir: join(temporaryDir(), 'none') });
    expect(keyframes.list()).toEqual([]);
    expect(keyframes.nearest(1)).toBeUndefined();
    expect(keyframes.load(1)).toBeUndefined();
    keyframes.prune(5);
    await keyframes.write(keyframeAt(1, 0));
    expect(keyframes.load(1)?.state).toHaveLength(0);
  });

  it('passes over one with any damaged byte or a cut-off end, and says which', async () => {
    const { keyframes, notes, dir } = await filled([10, 20]);
    const path = join(dir, readdirSync(dir).sort()[1]);
    const good = readFileSync(path);
    for (const at of [0, 4, 8, 17, 25, 33, 40, good.length - 1]) {
      const bad = Buffer.from(good);
      bad[at] ^= 0x10;
      writeFileSync(path, bad);
      expect(keyframes.nearest(99)?.position).toBe(10);
    }
    for (const length of [0, 3, 35, 36, good.length - 1]) {
      writeFileSync(path, good.subarray(0, length));
      expect(keyframes.load(20)).toBeUndefined();
    }
    expect(notes).toHaveLength(13);
    for (const note of notes) expect(note).toContain(path);
    writeFileSync(path, readFileSync(join(dir, readdirSync(dir).sort()[0])));
    expect(keyframes.nearest(99)?.position).toBe(10);
    expect(notes.at(-1)).toContain('belongs to position 10');
    writeFileSync(path, good);
    expect(keyframes.nearest(99, ({ position }) => position !== 20)?.position).toBe(10);
    expect(keyframes.nearest(99)?.position).toBe(20);
  });

  it('prunes what the journal no longer reaches and what a crash left', async () => {
    const { keyframes, dir, positions } = await filled([1, 2, 3, 4, 5]);
    writeFileSync(join(dir, '00000000000000000003.wfk.tmp'), 'half');
    writeFileSync(join(dir, 'notes.txt'), 'not ours');
    keyframes.prune(2, 4);
    expect(positions()).toEqual([2, 3, 4]);
    expect(readdirSync(dir)).toContain('notes.txt');
    expect(readdirSync(dir).some((name) => name.endsWith('.tmp'))).toBe(false);
  });

  it('thins the older half to every second one when they grow too large', async () => {
    const one = (await filled([1])).keyframes.list()[0].bytes;
    const { positions } = await filled([1, 2, 3, 4, 5, 6, 7, 8, 9], one * 8.5);
    expect(positions()).toEqual([1, 3, 5, 6, 7, 8, 9]);
    const many = await filled(
      Array.from({ length: 40 }, (_, i) => i),
      one * 10.5,
    );
    const left = many.positions();
    expect(left.length).toBeLessThanOrEqual(10);
    expect(left[0]).toBe(0);
    expect(left.slice(-4)).toEqual([36, 37, 38, 39]);
    expect((await filled([1, 2], one / 2)).positions()).toEqual([]);
  });

  it('leaves nothing behind when the disk refuses', async () => {
    const dir = temporaryDir();
    mkdirSync(join(dir, '00000000000000000007.wfk'));
    const keyframes = new Keyframes({ dir });
    await expect(keyframes.write(keyframeAt(7))).rejects.toThrow();
    expect(readdirSync(dir)).toEqual(['00000000000000000007.wfk']);
  });
});

describe('a keyframe writer', () => {
  const checkpoint = (position: number, engineMs: number) => ({ position, engineMs, state: stateOf(position) });

  it('keeps a checkpoint when five minutes or 128 MiB have passed, also over a restart', async () => {
    const { keyframes, positions } = await filled([]);
    const offers: [number, number][] = [
      [1, 0],
      [2, 299_999],
      [3, 300_000],
      [3 + 128 * MIB - 1, 300_001],
      [3 + 128 * MIB, 300_001],
      [4 + 128 * MIB, 0],
    ];
    for (const [position, engineMs] of offers) {
      const writer = new KeyframeWriter(keyframes, () => 0);
      writer.offer(checkpoint(position, engineMs));
      await writer.settled();
    }
    expect(positions()).toEqual([1, 3, 3 + 128 * MIB, 4 + 128 * MIB]);
  });

  it('does not wait for the sake of one whose head is damaged', async () => {
    const { keyframes, dir, positions } = await filled([1]);
    expect(keyframes.newest()).toEqual({ position: 1, engineMs: 1.5 });
    writeFileSync(join(dir, readdirSync(dir)[0]), 'junk');
    expect(keyframes.newest()).toBeUndefined();
    const writer = new KeyframeWriter(keyframes, () => 0);
    writer.offer(checkpoint(2, 0));
    await writer.settled();
    expect(positions()).toEqual([1, 2]);
  });

  it('writes one at a time, and deletes those the journal no longer reaches', async () => {
    const { keyframes, positions } = await filled([]);
    const writer = new KeyframeWriter(keyframes, () => 5);
    writer.offer(checkpoint(4, 0));
    writer.offer(checkpoint(5, 1e9));
    await writer.settled();
    expect(positions()).toEqual([]);
    writer.offer(checkpoint(6, 2e9));
    await writer.settled();
    expect(positions()).toEqual([6]);
  });

  it('tries again at the next checkpoint when the disk refused', async () => {
    const { keyframes, dir, positions } = await filled([]);
    const inTheWay = join(dir, '00000000000000000001.wfk');
    const writer = new KeyframeWriter(keyframes, () => 0);
    mkdirSync(inTheWay, { recursive: true });
    writer.offer(checkpoint(1, 0));
    await writer.settled();
    expect(keyframes.load(1)).toBeUndefined();
    rmdirSync(inTheWay);
    writer.offer(checkpoint(1, 0));
    await writer.settled();
    expect(positions()).toEqual([1]);
  });
});
