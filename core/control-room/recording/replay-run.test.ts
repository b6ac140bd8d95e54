import { afterAll, expect, test } from 'vitest';
import { RecordMaker } from '../../engine/testing/records.ts';
import { openRecording } from '../../recording/open-recording.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { GOLDEN_FILE } from '../../recording/testing/golden.ts';
import { randomStops } from './random-stops.ts';
import { openReplayHistory } from './replay-history.ts';
import { runReplay } from './replay-run.ts';
import { engineAtStart } from './run-forward.ts';
import { sliceSource } from './slice-source.ts';

const golden = openRecording(GOLDEN_FILE);
afterAll(() => golden.close());

test('a replay that waits for its next record can be stopped', async () => {
  const make = new RecordMaker();
  const records = [make.tick(0), make.tick(3_600_000)];
  const source = {
    ...golden,
    startState: undefined,
    startPosition: 0,
    startMs: 0,
    records: () => records,
  } as ReplaySource;
  const history = openReplayHistory();
  const stop = new AbortController();
  const run = runReplay({ source, history: history.writer, speed: 1, signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(run).rejects.toThrow('enough');
  history.close();
});

test('stops are told, and those that fall together are one', async () => {
  const part = sliceSource(golden, golden.startMs, golden.startMs + 20_000);
  const history = openReplayHistory();
  const stopAt = [part.startPosition + 1, part.startPosition + 2, part.endPosition - 1];
  const result = await runReplay({ source: part, history: history.writer, stopAt });
  expect(result).toMatchObject({ messages: part.messages, stops: 1 });
  history.close();
});

test('random stops lie inside and depend on the seed alone', () => {
  const stops = randomStops(golden, 50, 'a');
  expect(stops).toEqual(randomStops(golden, 50, 'a'));
  expect(stops).not.toEqual(randomStops(golden, 50, 'b'));
  expect(stops).toEqual(stops.toSorted((a, b) => a - b));
  expect(stops[0]).toBeGreaterThanOrEqual(golden.startPosition);
  expect(stops[49]).toBeLessThan(golden.endPosition);
});

test('a state of another version is refused in a sentence', () => {
  const source = { ...golden, name: 'old.arrow', startState: new Uint8Array(64) } as ReplaySource;
  expect(() => engineAtStart(source)).toThrow(
    /^The state at the start of old\.arrow was written by another version of Watchfloor \(.*\)\. Replay it with that version\.$/,
  );
});
