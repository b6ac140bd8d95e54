import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RECORD_KIND } from '../model/records.ts';
import { RecordingError } from './errors.ts';
import { openRecording } from './open-recording.ts';
import { readAll, readRecords, recordRuns, temporaryDir, writeRecords } from './testing/recording-fixtures.ts';
import { createRecording } from './write-recording.ts';

const state = fc.option(fc.uint8Array({ minLength: 1, maxLength: 2000 }), { nil: undefined });

test('what is written is read again, from any position, packed or not, however it is cut into batches', () => {
  const dir = temporaryDir();
  const name = fc.constantFrom('a.arrow', 'a.arrow.zst');
  const batchBytes = fc.constantFrom(1, 300, 1_000_000);
  fc.assert(
    fc.property(recordRuns, state, name, batchBytes, fc.nat(), (records, startState, file, batch, pick) => {
      const path = writeRecords(join(dir, file), records, { startState, batchBytes: batch });
      const recording = openRecording(path);
      expect(readRecords(recording)).toEqual(records);
      const from = records[pick % records.length].position + (pick % 3);
      expect(readRecords(recording, from)).toEqual(records.filter((r) => r.position >= from));
      expect(recording.startState).toEqual(startState);
      expect(recording).toMatchObject({
        startPosition: records[0].position,
        endPosition: records.at(-1)?.nextPosition,
        startMs: records[0].receivedMs,
        endMs: records.at(-1)?.receivedMs,
        messages: records.reduce((sum, r) => sum + r.count, 0),
      });
      recording.close();
    }),
    { numRuns: 60 },
  );
});

test('the first record at or after a time is found, whatever the clock did', () => {
  const dir = temporaryDir();
  fc.assert(
    fc.property(recordRuns, fc.double({ min: 0, max: 4e12, noNaN: true }), fc.nat(), (records, anyMs, pick) => {
      const recording = openRecording(writeRecords(join(dir, 'a.arrow'), records, { batchBytes: 200 }));
      for (const ms of [anyMs, records[pick % records.length].receivedMs]) {
        const expected = records.find((r) => r.receivedMs >= ms)?.position ?? recording.endPosition;
        expect(recording.positionAt(ms)).toBe(expected);
      }
      recording.close();
    }),
    { numRuns: 40 },
  );
});

const RECORDS = Array.from({ length: 500 }, (_, i) => ({
  position: i * 128,
  nextPosition: (i + 1) * 128,
  kind: RECORD_KIND.publish,
  flags: 5,
  count: 1,
  receivedMs: 1_700_000_000_000 + i,
  payload: new Uint8Array(100).fill(i),
}));

test('the metadata come back, and the content hash does not depend on the cut or the packing', () => {
  const dir = temporaryDir();
  const given = {
    topicPrefix: 'site-a/',
    packs: [{ name: 'base.yaml', text: 'rules: [] # watchfloor-seal-crc32=00000000' }],
    reference: [{ name: 'depots.json', text: '{}' }],
    note: 'Brückenschaden an der A7',
    author: 'kim',
  };
  const first = openRecording(writeRecords(join(dir, 'a.arrow'), RECORDS, given)).info;
  expect(first).toMatchObject({ ...given, roomVersion: '1.2.3', createdMs: 1_700_000_000_000, records: 500 });
  const second = openRecording(writeRecords(join(dir, 'b.arrow.zst'), RECORDS, { batchBytes: 1000 })).info;
  expect(second.contentSha256).toBe(first.contentSha256);
  const other = openRecording(writeRecords(join(dir, 'c.arrow'), RECORDS.slice(1))).info;
  expect(other.contentSha256).not.toBe(first.contentSha256);
});

test('any Arrow reader reads it, and any zstd program unpacks it', () => {
  const dir = temporaryDir();
  const plain = readFileSync(writeRecords(join(dir, 'a.arrow'), RECORDS, { batchBytes: 5000 }));
  const packed = readFileSync(writeRecords(join(dir, 'a.arrow.zst'), RECORDS, { batchBytes: 5000 }));
  expect(zstdDecompressSync(packed).equals(plain)).toBe(true);
  const table = tableFromIPC(plain);
  expect(table.schema.names).toEqual(['position', 'kind', 'flags', 'count', 'receivedMs', 'crc32', 'payload']);
  expect(table.numRows).toBe(500);
  expect(table.get(7)?.toJSON()).toMatchObject({ position: 896n, count: 1, payload: RECORDS[7].payload });
  expect(JSON.parse(table.schema.metadata.get('watchfloor.recording') ?? '')).toMatchObject({ messages: 500 });
});

test('a state and a record larger than a batch come back', () => {
  const startState = new Uint8Array(9 * 2 ** 20).map((_, i) => (i * 7) ^ (i >> 9));
  const payload = startState.slice(0, 6 * 2 ** 20);
  const big = { ...RECORDS[1], payload, nextPosition: RECORDS[1].position + 28 + payload.length };
  const file = writeRecords(join(temporaryDir(), 'a.arrow.zst'), [RECORDS[0], big], { startState, zstdLevel: 1 });
  const { records, state: read } = readAll(file);
  expect(Buffer.from(read ?? []).equals(startState)).toBe(true);
  expect(Buffer.from(records[1].payload).equals(payload)).toBe(true);
});

test('the file has its name only when it is whole; nothing stays of one that is given up', () => {
  const dir = temporaryDir();
  const file = join(dir, 'a.arrow');
  const writer = createRecording({ file, roomVersion: '1', createdMs: 0 });
  writer.add(RECORDS[0]);
  expect(existsSync(file)).toBe(false);
  writer.finish();
  expect(readdirSync(dir)).toEqual(['a.arrow']);
  const other = createRecording({ file: join(dir, 'b.arrow'), roomVersion: '1', createdMs: 0 });
  expect(() => other.finish()).toThrow(RecordingError);
  other.abandon();
  expect(readdirSync(dir)).toEqual(['a.arrow']);
  const nowhere = { file: join(dir, 'no', 'b.arrow'), roomVersion: '1', createdMs: 0 };
  expect(() => createRecording(nowhere)).toThrow('There is no');
});
