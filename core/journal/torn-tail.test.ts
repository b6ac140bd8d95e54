import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compressSegment } from './compress-segment.ts';
import { openJournal } from './journal.ts';
import type { JournalDamage } from './read-journal.ts';
import { RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES } from './record-format.ts';
import { compressedPath, listSegments, plainPath } from './segment-files.ts';
import { appendText, temporaryDir, textsOf } from './testing/journal-fixtures.ts';

async function threeRecords(): Promise<{ dir: string; path: string; bytes: Buffer; lastAt: number }> {
  const dir = temporaryDir();
  const journal = openJournal({ dir });
  appendText(journal, 'first', 2);
  appendText(journal, 'second', 3);
  const lastAt = appendText(journal, 'the last one', 4);
  await journal.close();
  const path = plainPath(dir, 0);
  return { dir, path, bytes: readFileSync(path), lastAt };
}

/** Opens, checks what was repaired, and that the journal goes on from there. */
async function expectRepaired(dir: string, position: number, cut: number | undefined): Promise<void> {
  const journal = openJournal({ dir });
  expect(journal.repaired).toEqual(cut === undefined ? undefined : { position, bytes: cut });
  expect(journal.position).toBe(position);
  expect(journal.messages).toBe(5);
  appendText(journal, 'new', 1);
  await journal.close();
  expect(textsOf(dir)).toEqual(['first', 'second', 'new']);
}

describe('a torn end', () => {
  it('is cut at the last complete record, wherever inside the last one it was torn', async () => {
    const { path, bytes, lastAt, dir } = await threeRecords();
    const whole = SEGMENT_HEADER_BYTES + lastAt;
    for (let length = whole; length < bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length));
      await expectRepaired(dir, lastAt, length === whole ? undefined : length - whole);
    }
  });

  it('is cut where a byte of the last record is wrong, whichever', async () => {
    const { path, bytes, lastAt, dir } = await threeRecords();
    for (let at = SEGMENT_HEADER_BYTES + lastAt; at < bytes.length; at++) {
      const wrong = Buffer.from(bytes);
      wrong[at] ^= 0x41;
      writeFileSync(path, wrong);
      await expectRepaired(dir, lastAt, bytes.length - SEGMENT_HEADER_BYTES - lastAt);
    }
  });

  it('may be zeros, as a power cut leaves them', async () => {
    const { path, bytes, lastAt, dir } = await threeRecords();
    const whole = SEGMENT_HEADER_BYTES + lastAt;
    for (const kept of [whole, whole + 3, whole + RECORD_HEADER_BYTES + 2]) {
      writeFileSync(path, Buffer.concat([bytes.subarray(0, kept), Buffer.alloc(9000)]));
      await expectRepaired(dir, lastAt, kept - whole + 9000);
    }
    const torn = readdirSync(dir).filter((name) => name.endsWith('.torn'));
    expect(torn).toHaveLength(1);
    expect(readFileSync(join(dir, torn[0]))).toEqual(bytes.subarray(whole, whole + RECORD_HEADER_BYTES + 2));
  });

  it('may be a segment that was only just begun', async () => {
    for (const header of [Buffer.alloc(0), Buffer.alloc(7, 1), Buffer.alloc(SEGMENT_HEADER_BYTES)]) {
      const { dir, lastAt } = await threeRecords();
      truncateSync(plainPath(dir, 0), SEGMENT_HEADER_BYTES + lastAt);
      writeFileSync(plainPath(dir, 10_000), header);
      await expectRepaired(dir, lastAt, header.length || undefined);
    }
  });

  it('is not an error for a reader of a running journal', async () => {
    const { dir, path, bytes, lastAt } = await threeRecords();
    truncateSync(path, bytes.length - 1);
    const damage: JournalDamage[] = [];
    expect(textsOf(dir, { onDamage: (d) => damage.push(d) })).toEqual(['first', 'second']);
    expect(textsOf(dir, { from: lastAt })).toEqual([]);
    expect(damage).toEqual([]);
  });
});

describe('damage in a closed segment', () => {
  it('is reported and reading goes on with the next segment', async () => {
    const dir = temporaryDir();
    const journal = openJournal({ dir, segmentBytes: 150 });
    for (const text of ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2']) appendText(journal, text.padEnd(12, '.'));
    await journal.settled();
    await journal.close();
    const [first, second] = listSegments(dir);
    expect(first.compressed).toBe(true);
    const packed = readFileSync(first.path);
    packed[packed.length - 5] ^= 0xff;
    writeFileSync(first.path, packed);
    const damage: JournalDamage[] = [];
    const texts = textsOf(dir, { onDamage: (d) => damage.push(d) });
    expect(damage).toHaveLength(1);
    expect(damage[0]).toMatchObject({ file: first.path, position: 0 });
    expect(texts).toEqual(textsOf(dir, { from: second.base }));
    expect(texts.length).toBeGreaterThan(0);
  });

  it('keeps what stands before it', async () => {
    const { dir, path, bytes, lastAt } = await threeRecords();
    bytes[SEGMENT_HEADER_BYTES + lastAt - 1] ^= 1;
    writeFileSync(path, bytes);
    const elsewhere = temporaryDir();
    const later = openJournal({ dir: elsewhere, atLeastPosition: 5000 });
    appendText(later, 'later');
    await later.close();
    const damage: JournalDamage[] = [];
    cpSync(plainPath(elsewhere, 5000), plainPath(dir, 5000));
    expect(textsOf(dir, { onDamage: (d) => damage.push(d) })).toEqual(['first', 'later']);
    expect(damage[0].detail).toContain('checksum');
  });
});

describe('compression interrupted', () => {
  it('leaves the plain segment in force and cleans up', async () => {
    const dir = temporaryDir();
    const journal = openJournal({ dir, segmentBytes: 100 });
    appendText(journal, 'one'.repeat(40));
    appendText(journal, 'two'.repeat(40));
    await journal.close();
    writeFileSync(compressedPath(dir, 0), 'half of it');
    writeFileSync(`${plainPath(dir, 0)}.zst.tmp`, 'and less');
    expect(textsOf(dir)).toEqual(['one'.repeat(40), 'two'.repeat(40)]);
    const again = openJournal({ dir });
    await again.settled();
    await again.close();
    expect(existsSync(plainPath(dir, 0))).toBe(false);
    expect(readdirSync(dir).some((name) => name.endsWith('.tmp'))).toBe(false);
    expect(textsOf(dir)).toEqual(['one'.repeat(40), 'two'.repeat(40)]);
  });

  it('ends at once when it is told to', async () => {
    const { dir, bytes, path } = await threeRecords();
    appendFileSync(path, Buffer.alloc(1000));
    await expect(compressSegment(dir, 0, AbortSignal.abort())).rejects.toThrow();
    expect(existsSync(compressedPath(dir, 0))).toBe(false);
    expect(readFileSync(path).length).toBe(bytes.length + 1000);
  });
});

it('refuses a journal of a later format with a sentence', async () => {
  const { dir, path, bytes } = await threeRecords();
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 32)), 32);
  writeFileSync(path, bytes);
  expect(() => openJournal({ dir })).toThrow(/format 2.*reads format 1/);
});
