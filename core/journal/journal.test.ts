import { existsSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JournalRecord, RECORD_KIND } from '../model/records.ts';
import { openJournal } from './journal.ts';
import { type JournalDamage, readJournal } from './read-journal.ts';
import { listSegments } from './segment-files.ts';
import { appendText, temporaryDir, textsOf } from './testing/journal-fixtures.ts';

const recordArbitrary = fc.record({
  kind: fc.constantFrom(...Object.values(RECORD_KIND)),
  flags: fc.integer({ min: 0, max: 255 }),
  count: fc.integer({ min: 0, max: 1000 }),
  receivedMs: fc.double({ min: 0, max: 4e12, noNaN: true }),
  payload: fc.uint8Array({ maxLength: 600 }),
});

describe('append and read', () => {
  it('gives back what was appended, over rolls, compression and restarts, from every position', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(recordArbitrary, { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 100, max: 3000 }),
        fc.constantFrom('os' as const, 'disk' as const),
        async (runs, segmentBytes, durability) => {
          const dir = temporaryDir();
          const expected: JournalRecord[] = [];
          let durable = 0;
          for (const run of runs) {
            const journal = openJournal({ dir, segmentBytes, durability });
            for (const r of run) {
              const position = journal.append(r.kind, r.flags, r.count, r.receivedMs, r.payload, () => durable++);
              expected.push({ ...r, position, nextPosition: journal.position });
            }
            await journal.settled();
            await journal.close();
          }
          expect(durable).toBe(expected.length);
          expect(readAll(dir, 0)).toEqual(expected);
          for (let i = 1; i < expected.length; i++) {
            expect(expected[i].position).toBe(expected[i - 1].nextPosition);
            expect(readAll(dir, expected[i].position)).toEqual(expected.slice(i));
          }
          const middle = expected[expected.length >> 1]?.position ?? 0;
          expect(readAll(dir, 0, middle)).toEqual(expected.slice(0, expected.length >> 1));
          const again = openJournal({ dir });
          expect(again.messages).toBe(expected.reduce((sum, r) => sum + r.count, 0));
          expect(again.position).toBe(expected.at(-1)?.nextPosition ?? 0);
          expect(again.repaired).toBeUndefined();
          await again.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('reads to the end there is while a writer appends', async () => {
    const dir = temporaryDir();
    const journal = openJournal({ dir, segmentBytes: 200 });
    appendText(journal, 'first');
    const reader = readJournal(dir, { from: 0 });
    expect(Buffer.from(reader.next().value?.payload ?? []).toString()).toBe('first');
    const texts = Array.from({ length: 50 }, (_, i) => `later ${i}`);
    for (const text of texts) appendText(journal, text);
    const rest: string[] = [];
    for (const record of reader) rest.push(Buffer.from(record.payload).toString());
    expect(rest).toEqual(texts);
    await journal.close();
  });

  it('reads on while segments are compressed and deleted beneath it', async () => {
    const dir = temporaryDir();
    const journal = openJournal({ dir, segmentBytes: 400 });
    const texts = Array.from({ length: 60 }, (_, i) => `record ${i}`);
    for (const text of texts) appendText(journal, text);
    const damage: JournalDamage[] = [];
    const reader = readJournal(dir, { from: 0, onDamage: (d) => damage.push(d) });
    const read = () => Buffer.from(reader.next().value?.payload ?? []).toString();
    const got = [read(), read()];
    await journal.settled();
    for (let i = 2; i < 30; i++) got.push(read());
    expect(got).toEqual(texts.slice(0, 30));
    for (const s of listSegments(dir).slice(0, 3)) rmSync(s.path);
    for (let text = read(); text !== ''; text = read()) got.push(text);
    expect(got).toEqual(texts);
    expect(damage).toEqual([]);
    await journal.close();
  });

  it('reads payloads longer than its read buffer', async () => {
    const dir = temporaryDir();
    const journal = openJournal({ dir });
    const payload = new Uint8Array(9 * 2 ** 20).fill(7);
    journal.append(RECORD_KIND.publish, 5, 1, 1, payload);
    appendText(journal, 'after');
    await journal.close();
    const lengths = readAll(dir, 0).map((r) => r.payload.length);
    expect(lengths).toEqual([payload.length, 5]);
  });
});

describe('positions', () => {
  it('go on at the position asked for, leaving a gap that reading steps over', async () => {
    const dir = temporaryDir();
    const first = openJournal({ dir });
    appendText(first, 'before', 3);
    const end = first.position;
    await first.close();
    const second = openJournal({ dir, atLeastPosition: end + 1000 });
    expect(second.messages).toBe(3);
    expect(appendText(second, 'after')).toBe(end + 1000);
    await second.close();
    expect(textsOf(dir)).toEqual(['before', 'after']);
    expect(textsOf(dir, { from: end })).toEqual(['after']);
    expect(textsOf(dir, { from: end + 500 })).toEqual(['after']);
    const third = openJournal({ dir, atLeastPosition: end });
    expect(third.messages).toBe(4);
    await third.close();
  });

  it('says so when asked to start inside a record, and starts at the next one', async () => {
    const dir = temporaryDir();
    const journal = openJournal({ dir });
    appendText(journal, 'one');
    appendText(journal, 'two');
    await journal.close();
    const damage: JournalDamage[] = [];
    expect(textsOf(dir, { from: 5, onDamage: (d) => damage.push(d) })).toEqual(['two']);
    expect(damage[0].detail).toContain('no record begins at 5');
  });
});

describe('segments', () => {
  it('roll by age, when they hold something', async () => {
    const dir = temporaryDir();
    let nowMs = 1000;
    const journal = openJournal({ dir, maxSegmentAgeMs: 60_000, now: () => nowMs });
    appendText(journal, 'a');
    nowMs += 59_999;
    appendText(journal, 'b');
    expect(listSegments(dir)).toHaveLength(1);
    nowMs += 1;
    appendText(journal, 'c');
    expect(listSegments(dir)).toHaveLength(2);
    await journal.settled();
    await journal.close();
    expect(textsOf(dir)).toEqual(['a', 'b', 'c']);
  });

  it('are compressed once closed, and one interrupted half-way is done again', async () => {
    const dir = temporaryDir();
    const journal = openJournal({ dir, segmentBytes: 2000 });
    const texts = Array.from({ length: 60 }, (_, i) => `record ${i} ${'x'.repeat(100)}`);
    for (const text of texts) appendText(journal, text);
    await journal.settled();
    const packed = readdirSync(dir).filter((name) => name.endsWith('.zst'));
    expect(packed.length).toBeGreaterThan(2);
    expect(readdirSync(dir).filter((name) => name.endsWith('.wfj'))).toHaveLength(1);
    expect(journal.bytesOnDisk).toBeLessThan(journal.position);
    await journal.close();
    expect(textsOf(dir)).toEqual(texts);
  });

  it('beyond the total size go, oldest first, but none at or after the checkpoint', async () => {
    const dir = temporaryDir();
    const journal = openJournal({ dir, segmentBytes: 1000, maxBytes: 1 });
    for (let i = 0; i < 40; i++) appendText(journal, `${i}`.repeat(50));
    await journal.settled();
    const all = listSegments(dir);
    expect(all[0].base).toBe(0);
    const kept = all[Math.floor(all.length / 2)].base;
    journal.retainFrom = kept + 1;
    for (let i = 0; i < 40; i++) appendText(journal, 'more'.repeat(20));
    await journal.settled();
    expect(listSegments(dir)[0].base).toBe(kept);
    const total = journal.messages;
    await journal.close();
    const again = openJournal({ dir });
    expect(again.messages).toBe(total);
    await again.close();
  });

  it('older than the limit go', async () => {
    const dir = temporaryDir();
    const journal = openJournal({ dir, segmentBytes: 100, maxAgeMs: 3_600_000 });
    appendText(journal, 'old'.repeat(40));
    appendText(journal, 'young'.repeat(40));
    await journal.settled();
    const hoursAgo = Date.now() / 1000 - 7200;
    utimesSync(listSegments(dir)[0].path, hoursAgo, hoursAgo);
    journal.retainFrom = journal.position;
    appendText(journal, 'next'.repeat(40));
    await journal.settled();
    await journal.close();
    expect(textsOf(dir)).toEqual(['young'.repeat(40), 'next'.repeat(40)]);
  });
});

it('syncs before it says durable, and closes with everything said', async () => {
  const dir = temporaryDir();
  const journal = openJournal({ dir, durability: 'disk', segmentBytes: 500 });
  const order: number[] = [];
  for (let i = 0; i < 100; i++) journal.append(RECORD_KIND.tick, 0, 0, i, new Uint8Array(20), () => order.push(i));
  expect(order).toEqual([]);
  await journal.close();
  expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

it('refuses a folder that is a file', () => {
  const dir = temporaryDir();
  openJournal({ dir: join(dir, 'j') }).close();
  expect(existsSync(join(dir, 'j'))).toBe(true);
  expect(() => openJournal({ dir: listSegments(join(dir, 'j'))[0].path })).toThrow(/EEXIST|ENOTDIR/);
});

function readAll(dir: string, from: number, to?: number): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (const r of readJournal(dir, { from, to })) records.push({ ...r, payload: Uint8Array.from(r.payload) });
  return records;
}
