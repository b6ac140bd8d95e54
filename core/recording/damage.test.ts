import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { zstdCompressSync } from 'node:zlib';
import { RecordBatchFileWriter, tableFromArrays } from 'apache-arrow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RECORD_KIND } from '../model/records.ts';
import { RecordingError } from './errors.ts';
import { META, stampSeal } from './format.ts';
import { readAll, temporaryDir, writeRecords } from './testing/recording-fixtures.ts';

const RECORDS = Array.from({ length: 40 }, (_, i) => ({
  position: i * 88,
  nextPosition: (i + 1) * 88,
  kind: RECORD_KIND.publish,
  flags: 5,
  count: 1,
  receivedMs: 1_700_000_000_000 + i,
  payload: new TextEncoder().encode(`record ${i} `.repeat(8).slice(0, 60)),
}));
const STATE = new TextEncoder().encode('the state before the first record');
const WRITTEN = { records: RECORDS, state: STATE };

function fixture(name: string): { dir: string; bytes: Buffer } {
  const dir = temporaryDir();
  return { dir, bytes: readFileSync(writeRecords(join(dir, name), RECORDS, { startState: STATE, batchBytes: 600 })) };
}

/** What reading a file says: the error's kind, or `same` when it reads as what was written. */
function outcome(file: string): string {
  try {
    const { records, state } = readAll(file);
    return isDeepStrictEqual({ records, state }, WRITTEN) ? 'same' : 'different';
  } catch (error) {
    if (error instanceof RecordingError) return error.kind;
    throw error;
  }
}

for (const name of ['a.arrow', 'a.arrow.zst']) {
  test(`${name}: a flipped bit is found, or was in bytes that mean nothing`, () => {
    const { dir, bytes } = fixture(name);
    const file = join(dir, 'flipped');
    let found = 0;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] ^= 1 << bit;
        writeFileSync(file, flipped);
        const said = outcome(file);
        expect(['same', 'damaged', 'foreign']).toContain(said);
        if (said !== 'same') found++;
      }),
      { numRuns: 400 },
    );
    expect(found).toBeGreaterThan(200);
  });

  test(`${name}: a file that is cut off says so`, () => {
    const { dir, bytes } = fixture(name);
    const file = join(dir, 'short');
    fc.assert(
      fc.property(fc.integer({ min: 6, max: bytes.length - 1 }), (length) => {
        writeFileSync(file, bytes.subarray(0, length));
        expect(outcome(file)).toBe('damaged');
      }),
      { numRuns: 60 },
    );
  });
}

test('damage is told with its place and what to do', () => {
  const { dir, bytes } = fixture('a.arrow');
  const file = join(dir, 'a.arrow');
  const flipped = Buffer.from(bytes);
  flipped[bytes.indexOf('record 20')] ^= 1;
  writeFileSync(file, flipped);
  expect(() => readAll(file)).toThrow(
    /^The recording .*a\.arrow is damaged: row \d has a wrong checksum in batch 3, at byte \d+ \(journal position \d+\)\. Copy it again/,
  );
  writeFileSync(file, bytes.subarray(0, 3000));
  expect(() => readAll(file)).toThrow('is damaged: it is cut off after 3000 bytes. Copy it again');
});

test('what is no recording is refused in a sentence', () => {
  const dir = temporaryDir();
  const file = join(dir, 'x.arrow');
  const says = (bytes: Uint8Array): (() => void) => {
    writeFileSync(file, bytes);
    return () => readAll(file);
  };
  expect(says(Buffer.alloc(0))).toThrow('does not begin like an Arrow file');
  expect(says(Buffer.from('vehicle_id,lat,lon\n'))).toThrow('is no recording');
  const foreign = RecordBatchFileWriter.writeAll(tableFromArrays({ a: [1, 2, 3] })).toUint8Array(true);
  expect(says(foreign)).toThrow('is an Arrow file, but no recording of Watchfloor');
  expect(says(zstdCompressSync(foreign))).toThrow('another program packed it');
  expect(() => readAll(join(dir, 'none.arrow'))).toThrow(`There is no file ${join(dir, 'none.arrow')}.`);
  mkdirSync(join(dir, 'folder'));
  expect(() => readAll(join(dir, 'folder'))).toThrow('is a folder');
});

test('a recording of a later format asks for a later program', () => {
  const { dir, bytes } = fixture('a.arrow');
  const length = bytes.readInt32LE(bytes.length - 10);
  const footer = bytes.subarray(bytes.length - 10 - length, bytes.length - 10);
  // The value stands before or after its key: the only text of one digit.
  const value = Buffer.from([1, 0, 0, 0, 0x31, 0]);
  expect(footer.indexOf(META.format)).toBeGreaterThan(0);
  footer[footer.indexOf(value) + 4] = '2'.charCodeAt(0);
  footer.write('00000000', footer.indexOf('watchfloor-seal-crc32=') + 22, 'latin1');
  stampSeal(footer);
  const file = join(dir, 'later.arrow');
  writeFileSync(file, bytes);
  expect(() => readAll(file)).toThrow('has format 2; this program reads format 1. Update Watchfloor.');
});
