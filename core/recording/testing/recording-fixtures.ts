import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { onTestFinished } from 'vitest';
import { type JournalRecord, RECORD_KIND, type RecordKind } from '../../model/records.ts';
import { openRecording, type Recording } from '../open-recording.ts';
import { createRecording, type RecordingOptions } from '../write-recording.ts';

/** A folder that goes when the test is over. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-recording-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Runs of records in order, some with places between them where the journal could not be written. */
export const recordRuns: fc.Arbitrary<JournalRecord[]> = fc
  .array(
    fc.record({
      gap: fc.constantFrom(0, 0, 0, 77),
      kind: fc.constantFrom(...Object.values(RECORD_KIND)),
      flags: fc.integer({ min: 0, max: 255 }),
      count: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      receivedMs: fc.double({ min: 0, max: 4e12, noNaN: true }),
      payload: fc.uint8Array({ maxLength: 300 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => {
    let position = 2 ** 40;
    return rows.map(({ gap, kind, payload, ...rest }) => {
      const at = position + gap;
      position = at + 28 + payload.length;
      return { ...rest, kind: kind as RecordKind, payload, position: at, nextPosition: position };
    });
  });

/** Writes records to a file and answers its name. */
export function writeRecords(
  file: string,
  records: Iterable<JournalRecord>,
  options: Partial<RecordingOptions> = {},
): string {
  const writer = createRecording({ file, roomVersion: '1.2.3', createdMs: 1_700_000_000_000, ...options });
  for (const record of records) writer.add(record);
  writer.finish();
  return file;
}

/** The records from a position on, with payloads of their own. */
export function readRecords(recording: Recording, from = 0): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (const record of recording.records(from)) records.push({ ...record, payload: record.payload.slice() });
  return records;
}

/** All that a file holds, read from beginning to end. */
export function readAll(file: string): { records: JournalRecord[]; state: Uint8Array | undefined } {
  const recording = openRecording(file);
  try {
    return { records: readRecords(recording), state: recording.startState };
  } finally {
    recording.close();
  }
}
