import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openJournal } from './journal.ts';
import { type WriteBytes, writeToDisk } from './segment-writer.ts';
import { appendText, temporaryDir, textsOf } from './testing/journal-fixtures.ts';

/** A disk with room for `bytes` more: writes what fits and refuses the rest, as a real one does. */
function smallDisk(bytes: number): { write: WriteBytes; room: number } {
  const disk = {
    room: bytes,
    write(fd: number, parts: Uint8Array[]) {
      const all = Buffer.concat(parts);
      const fits = Math.min(all.length, disk.room);
      if (fits === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      disk.room -= fits;
      return writeToDisk(fd, [all.subarray(0, fits)]);
    },
  };
  return disk;
}

describe('a disk that fills up', () => {
  it('stops recording, counts what it loses, tries again after a while and goes on', async () => {
    const dir = temporaryDir();
    const disk = smallDisk(200);
    let nowMs = 1_000_000;
    const journal = openJournal({ dir, writeBytes: disk.write, now: () => nowMs });
    let durable = 0;
    const append = (text: string) => journal.append(1, 5, 2, nowMs, Buffer.from(text.padEnd(30)), () => durable++);
    append('one');
    append('two');
    expect(journal.recording).toBe(true);
    const lost = append('three');
    expect(journal.recording).toBe(false);
    expect(journal.failure).toContain('the disk is full');
    expect(journal.unrecordedMessages).toBe(2);
    disk.room = 10_000;
    nowMs += 2999;
    append('four');
    expect(journal.recording).toBe(false);
    nowMs += 1;
    const five = append('five');
    expect(journal.failure).toBeUndefined();
    expect(journal.recording).toBe(true);
    expect(journal.unrecordedMessages).toBe(4);
    expect(journal.messages).toBe(6);
    expect(durable).toBe(5);
    expect(five).toBe(lost + 2 * 58);
    await journal.settled();
    await journal.close();
    expect(textsOf(dir).map((t) => t.trim())).toEqual(['one', 'two', 'five']);
    const again = openJournal({ dir });
    expect(again.messages).toBe(6);
    expect(again.repaired).toBeUndefined();
    await again.close();
  });

  it('opens while the disk is full', async () => {
    const dir = temporaryDir();
    const disk = smallDisk(0);
    let nowMs = 0;
    const journal = openJournal({ dir, writeBytes: disk.write, now: () => nowMs, durability: 'disk' });
    expect(journal.recording).toBe(false);
    for (let i = 0; i < 5; i++) {
      nowMs += 10_000;
      appendText(journal, 'lost');
    }
    expect(readdirSync(dir)).toEqual([]);
    disk.room = 1000;
    nowMs += 10_000;
    appendText(journal, 'kept');
    expect(journal.recording).toBe(true);
    await journal.close();
    expect(textsOf(dir)).toEqual(['kept']);
  });

  it('goes on after short writes as if they were whole', async () => {
    const dir = temporaryDir();
    const write: WriteBytes = (fd, parts) => writeToDisk(fd, [Buffer.concat(parts).subarray(0, 7)]);
    const journal = openJournal({ dir, writeBytes: write });
    const texts = ['', 'a', 'some more text than seven bytes'];
    for (const text of texts) appendText(journal, text);
    await journal.close();
    expect(textsOf(dir)).toEqual(texts);
  });
});

/** Mounts a 1 MiB disk; undefined where that is not allowed (the tests above run everywhere). */
function realSmallDisk(): string | undefined {
  const dir = temporaryDir();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', [dir]);
  });
  return dir;
}

it('lives through a real full disk', async (test) => {
  const dir = realSmallDisk();
  if (!dir) return test.skip('no right to mount a small disk here');
  const filler = join(dir, 'filler');
  writeFileSync(filler, Buffer.alloc(600_000));
  let nowMs = 0;
  const journal = openJournal({ dir: join(dir, 'journal'), segmentBytes: 50_000, now: () => nowMs });
  for (let i = 0; journal.recording; i++) {
    journal.append(1, 5, 1, i, Buffer.from(Array.from({ length: 4000 }, () => Math.random() * 256)));
  }
  expect(journal.failure).toContain('the disk is full');
  await journal.settled();
  rmSync(filler);
  nowMs += 5000;
  appendText(journal, 'recorded again');
  expect(journal.recording).toBe(true);
  await journal.close();
  const texts = textsOf(join(dir, 'journal'));
  expect(texts.at(-1)).toBe('recorded again');
  expect(texts).toHaveLength(journal.messages);
});
