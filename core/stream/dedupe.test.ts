import { describe, expect, test } from 'vitest';
import { EventRow } from '../decode/event-row.ts';
import { fingerprint as fingerprintBytes } from '../decode/fingerprint.ts';
import { Dedupe } from './dedupe.ts';

const encoder = new TextEncoder();
const row = new EventRow();

/** The fingerprint of the nth event id of a fleet. */
function fingerprint(n: number): [number, number] {
  const id = encoder.encode(`V-${n % 1000}-${n}`);
  fingerprintBytes(new DataView(id.buffer, id.byteOffset), 0, id.length, row);
  return [row.idA, row.idB];
}

/** Shows `count` different ones, then all again in the same order, as a broker redelivers; answers the share recognised. */
function recall(dedupe: Dedupe, count: number): number {
  for (let i = 0; i < count; i++) dedupe.seen(...fingerprint(i));
  let known = 0;
  for (let i = 0; i < count; i++) {
    if (dedupe.seen(...fingerprint(i))) known++;
  }
  return known / count;
}

const LOG2 = 16;
const ENTRIES = 2 ** LOG2;

describe('what it remembers', () => {
  test('nothing is taken for seen that was not', () => {
    const dedupe = new Dedupe(LOG2);
    let taken = 0;
    for (let i = 0; i < 4 * ENTRIES; i++) if (dedupe.seen(...fingerprint(i))) taken++;
    expect(taken).toBe(0);
  });

  test('of an eighth of its entries everything, of a quarter 99.8 %, of a half 94 %', () => {
    expect(recall(new Dedupe(LOG2), ENTRIES / 8)).toBeGreaterThan(0.9999);
    expect(recall(new Dedupe(LOG2), ENTRIES / 4)).toBeGreaterThan(0.998);
    expect(recall(new Dedupe(LOG2), ENTRIES / 2)).toBeGreaterThan(0.94);
  });

  test('in a long stream, duplicates that come back within a sixteenth of the entries: all a broker may redeliver', () => {
    const dedupe = new Dedupe(LOG2);
    const lag = ENTRIES / 16;
    let taken = 0;
    let missed = 0;
    for (let i = 0; i < 4 * ENTRIES; i++) {
      if (dedupe.seen(...fingerprint(i))) taken++;
      if (i >= lag && !dedupe.seen(...fingerprint(i - lag))) missed++;
    }
    expect([taken, missed]).toEqual([0, 0]);
  });

  test('fingerprints with a half in common, zeros and negative numbers are different ones', () => {
    const dedupe = new Dedupe(8);
    const some: [number, number][] = [
      [0, 0],
      [0, 2],
      [1, 0],
      [1, 2],
      [2, 1],
      [-1, 0],
      [-1, -1],
      [0x7fffffff, -0x80000000],
    ];
    for (const [a, b] of some) expect(dedupe.seen(a, b)).toBe(false);
    for (const [a, b] of some) expect(dedupe.seen(a, b)).toBe(true);
  });
});

describe('its memory', () => {
  test('is 8 bytes an entry and a byte for eight of them, whatever it has seen', () => {
    const dedupe = new Dedupe(LOG2);
    const bytes = (): number => dedupe.arrays().reduce((sum, [, array]) => sum + array.byteLength, 0);
    const before = bytes();
    expect(before).toBe(8 * ENTRIES + ENTRIES / 8);
    recall(dedupe, ENTRIES * 2);
    expect(bytes()).toBe(before);
    expect(new Dedupe().arrays()[0][1].byteLength).toBe(8 * 2 ** 20);
  });

  test('stored and restored it remembers the same; a table of another size starts empty', () => {
    const dedupe = new Dedupe(10);
    for (let i = 0; i < 500; i++) dedupe.seen(...fingerprint(i));
    const stored = new Map(dedupe.arrays().map(([name, array]) => [name, array.slice()]));
    const same = new Dedupe(10);
    same.restore((name) => stored.get(name));
    for (let i = 400; i < 900; i++) expect(same.seen(...fingerprint(i))).toBe(dedupe.seen(...fingerprint(i)));
    expect(same.arrays()).toEqual(dedupe.arrays());
    const other = new Dedupe(9);
    other.restore((name) => stored.get(name));
    expect(other.seen(...fingerprint(499))).toBe(false);
    const none = new Dedupe(10);
    none.restore(() => undefined);
    expect(none.seen(...fingerprint(499))).toBe(false);
  });
});
