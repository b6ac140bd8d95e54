import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import { openJournal } from '../../journal/journal.ts';
import { readJournal } from '../../journal/read-journal.ts';
import type { OutputBatch } from '../../model/outputs.ts';
import type { JournalRecord } from '../../model/records.ts';
import { openRecording, type Recording } from '../../recording/open-recording.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { GOLDEN_FILE } from '../../recording/testing/golden.ts';
import { exportRecording, recordSource } from './export-recording.ts';
import { openJournalRange } from './journal-range.ts';
import { openSource } from './open-source.ts';
import { engineAtStart } from './run-forward.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const MINUTE_MS = 60_000;
const room = { roomVersion: '0.1.0' };
const folder = temporaryFolder();
const dataDir = folder.path;
const journalDir = join(dataDir, 'journal');
let startMs: number;
let all: JournalRecord[];

/** The golden recording as a room's journal of many segments, the closed ones compressed. */
beforeAll(async () => {
  const golden = openRecording(GOLDEN_FILE);
  const journal = openJournal({ dir: journalDir, segmentBytes: 500_000 });
  for (const r of golden.records(0)) journal.append(r.kind, r.flags, r.count, r.receivedMs, r.payload);
  await journal.settled();
  await journal.close();
  startMs = golden.startMs;
  golden.close();
  all = copies(readJournal(journalDir, { from: 0 }));
});
afterAll(() => folder.remove());

function copies(records: Iterable<JournalRecord>): JournalRecord[] {
  return Array.from(records, (record) => ({ ...record, payload: new Uint8Array(record.payload) }));
}

async function exported(name: string, fromMs?: number, toMs?: number): Promise<Recording> {
  const file = join(dataDir, name);
  await exportRecording({ ...room, journalDir, file, fromMs, toMs });
  return openRecording(file);
}

/** All that happens in a source, from the engine it begins with. */
function outputsOf(source: ReplaySource): OutputBatch {
  const engine = engineAtStart(source);
  for (const record of source.records(source.startPosition)) engine.process(record);
  return engine.takeOutputs({ vehicles: true, checkpoint: true });
}

/** All that happens in the journal from a position up to another, by an engine that has heard everything before. */
function outputsBetween(from: number, to: number): OutputBatch {
  const engine = new Engine({ maxVehicles: 100_000 });
  for (const record of readJournal(journalDir, { from: 0, to: from })) engine.process(record);
  engine.takeOutputs({ vehicles: false, checkpoint: false });
  for (const record of readJournal(journalDir, { from, to })) engine.process(record);
  return engine.takeOutputs({ vehicles: true, checkpoint: true });
}

describe('an exported stretch', () => {
  test('holds the records of its time and no others', async () => {
    const fromMs = startMs + 6 * MINUTE_MS;
    const toMs = startMs + 9 * MINUTE_MS;
    const recording = await exported('part.arrow.zst', fromMs, toMs);
    const expected = all.filter((r) => r.receivedMs >= fromMs && r.receivedMs < toMs);
    expect(copies(recording.records(0))).toEqual(expected);
    expect(recording.messages).toBe(expected.reduce((sum, r) => sum + r.count, 0));
    recording.close();
  });

  test('goes on as if everything before it had been heard', async () => {
    const recording = await exported('state.arrow', startMs + 10 * MINUTE_MS, startMs + 15 * MINUTE_MS);
    const expected = outputsBetween(recording.startPosition, recording.endPosition);
    expect(expected.alerts.length).toBeGreaterThan(3);
    expect(expected.operatorActions.length).toBeGreaterThan(0);
    expect(recording.info.packs).not.toEqual([]);
    const actual = outputsOf(recording);
    expect(actual.transitions).toEqual(expected.transitions);
    expect({ ...actual, checkpoint: undefined, vehicles: [] }).toEqual({
      ...expected,
      checkpoint: undefined,
      vehicles: [],
    });
    expect(Buffer.from(actual.checkpoint!).equals(Buffer.from(expected.checkpoint!))).toBe(true);
    recording.close();
  });

  test('needs no state when it begins where the journal begins', async () => {
    const recording = await exported('whole.arrow');
    expect(recording.startState).toBeUndefined();
    expect(recording.info).toMatchObject({ stateBytes: 0, packs: [], records: all.length });
    recording.close();
  });

  test('can be cut out of a recording as well', async () => {
    const [fromMs, toMs] = [startMs + 9 * MINUTE_MS, startMs + 10 * MINUTE_MS];
    const whole = await exported('long.arrow.zst', startMs + 5 * MINUTE_MS);
    whole.close();
    const slice = openSource(join(dataDir, 'long.arrow.zst'), { fromMs, toMs });
    const direct = openSource(dataDir, { fromMs, toMs });
    const info = await recordSource(slice, { ...room, file: join(dataDir, 'a.arrow') });
    expect(info).toMatchObject({ startMs: direct.startMs, endMs: direct.endMs, messages: direct.messages });
    const { contentSha256 } = await recordSource(direct, { ...room, file: join(dataDir, 'b.arrow') });
    expect(info.contentSha256).toBe(contentSha256);
    slice.close();
  });
});

describe('a range of a journal', () => {
  test('begins with the nearest known state, when there is one', () => {
    const fromMs = startMs + 12 * MINUTE_MS;
    const plain = openJournalRange({ journalDir, fromMs });
    const earlier = openJournalRange({ journalDir, fromMs: fromMs - MINUTE_MS });
    const stateBefore = vi.fn(() => ({ position: earlier.startPosition, state: earlier.startState as Uint8Array }));
    const range = openJournalRange({ journalDir, fromMs, stateBefore });
    expect(Buffer.from(range.startState!).equals(Buffer.from(plain.startState!))).toBe(true);
    expect(stateBefore).toHaveBeenCalledExactlyOnceWith(range.startPosition);
  });

  test('passes over a state that this program cannot use, and says so', () => {
    const fromMs = startMs + 2 * MINUTE_MS;
    const notes: string[] = [];
    const stateBefore = () => ({ position: 0, state: new Uint8Array(100) });
    const range = openJournalRange({ journalDir, fromMs, stateBefore, onNote: (note) => notes.push(note) });
    const plain = openJournalRange({ journalDir, fromMs });
    expect(Buffer.from(range.startState!).equals(Buffer.from(plain.startState!))).toBe(true);
    expect(notes).toEqual(['The state at 0 was not used: these bytes are no checkpoint.']);
  });

  test('says when what came before it is deleted', () => {
    const notes: string[] = [];
    const dir = join(dataDir, 'pruned', 'journal');
    cpSync(journalDir, dir, { recursive: true });
    rmSync(join(dir, readdirSync(dir).sort()[0]));
    const range = openJournalRange({ journalDir: dir, onNote: (note) => notes.push(note) });
    expect(range.startPosition).toBeGreaterThan(0);
    expect(range.startState).toBeUndefined();
    expect(notes.join()).toMatch(/^What the journal held before position \d+ is deleted/);
  });

  test('finds places by time', () => {
    const range = openJournalRange({ journalDir });
    expect(range).toMatchObject({ startPosition: 0, endPosition: all.at(-1)?.nextPosition, startMs });
    // Up to where the clock was put back every place is the only one that fits.
    const monotonic = all.slice(
      0,
      all.findIndex((r, i) => i > 0 && r.receivedMs < all[i - 1].receivedMs),
    );
    const lastMs = monotonic[monotonic.length - 1].receivedMs - 5000;
    fc.assert(
      fc.property(fc.integer({ min: startMs - 5000, max: lastMs }), (ms) => {
        expect(range.positionAt(ms)).toBe(monotonic.find((r) => r.receivedMs >= ms)?.position);
      }),
      { numRuns: 60 },
    );
    expect(range.positionAt(startMs + 60 * MINUTE_MS)).toBe(range.endPosition);
  });

  test('without a record in it is refused', () => {
    const empty = (fromMs: number, toMs: number) => () => openJournalRange({ journalDir, fromMs, toMs });
    expect(empty(startMs + 90 * MINUTE_MS, startMs + 91 * MINUTE_MS)).toThrow('The journal has nothing of that time');
    expect(empty(0, startMs)).toThrow('nothing of that time');
    expect(empty(startMs + 5000, startMs + 4000)).toThrow('nothing of that time');
  });
});

test('an export that is given up leaves nothing behind', async () => {
  const file = join(dataDir, 'given-up.arrow');
  const stop = new AbortController();
  const onProgress = (): void => stop.abort(new Error('enough'));
  await expect(
    exportRecording({ ...room, journalDir, file, signal: AbortSignal.abort(new Error('no')) }),
  ).rejects.toThrow('no');
  const source = openJournalRange({ journalDir });
  const slow = {
    ...source,
    startPosition: 0,
    *records() {
      for (const record of source.records(0)) {
        const until = performance.now() + 20;
        while (performance.now() < until);
        yield record;
      }
    },
  };
  await expect(recordSource(slow as ReplaySource, { ...room, file, onProgress, signal: stop.signal })).rejects.toThrow(
    'enough',
  );
  expect(readdirSync(dataDir).filter((name) => name.startsWith('given-up'))).toEqual([]);
  expect(existsSync(file)).toBe(false);
});

test('a folder without a journal is refused in a sentence', () => {
  const empty = temporaryFolder();
  expect(() => openSource(empty.path)).toThrow('is no data directory: it has no journal in it');
  empty.remove();
});
