import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import { RecordMaker, telemetry } from '../../engine/testing/records.ts';
import { openJournal } from '../../journal/journal.ts';
import { Keyframes } from '../../journal/keyframes.ts';
import type { RulePackSource } from '../../model/records.ts';
import { journalDirOf, keyframesDirOf } from '../data-folders.ts';
import { checkPacks, lookBackOf } from './check-packs.ts';
import { Rebuild } from './rebuild.ts';

const START_MS = Date.UTC(2026, 2, 1, 10);
const MINUTES = 30;
const MAX_VEHICLES = 100;

const packs = (span: string): RulePackSource[] => [
  {
    name: 'a.yaml',
    text: `rules:
  - id: fast
    name: Fast
    priority: low
    when: avg(speed_kmph, '${span}') > 50
    message: fast
`,
  },
];

/** Half an hour of one vehicle in a journal, with a keyframe at each of some minutes. */
async function recorded(keyframesAt: readonly number[]) {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-rebuild-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const journal = openJournal({ dir: journalDirOf(dataDir) });
  const keyframes = new Keyframes({ dir: keyframesDirOf(dataDir) });
  const engine = new Engine({ maxVehicles: MAX_VEHICLES });
  const maker = new RecordMaker();
  const positions = new Map<number, number>();
  for (let minute = 0; minute < MINUTES; minute++) {
    const atMs = START_MS + minute * 60_000;
    positions.set(minute, engine.position);
    if (keyframesAt.includes(minute)) {
      await keyframes.write({ position: engine.position, engineMs: engine.engineMs, state: engine.checkpoint() });
    }
    const record = maker.messages(atMs, ['telemetry', telemetry('v1', atMs, { speed_kmph: minute })]);
    const position = journal.append(record.kind, record.flags, record.count, atMs, record.payload);
    engine.process({ ...record, position, nextPosition: journal.position });
  }
  await journal.close();
  return { dataDir, end: journal.position, positionOf: (minute: number) => positions.get(minute) as number };
}

function rebuild(dataDir: string, span: string, maxBytes = 2 ** 30): Rebuild {
  const { rules } = checkPacks(packs(span));
  const atMs = START_MS + (MINUTES - 1) * 60_000;
  const engine = { maxVehicles: MAX_VEHICLES };
  return new Rebuild({ dataDir, engine, packs: packs(span), lookBackMs: lookBackOf(rules), atMs, maxBytes });
}

/** The state of the rules had they been in force from the beginning. */
function stateOf(dataDir: string, span: string): string {
  const work = new Rebuild({
    ...{ dataDir, engine: { maxVehicles: MAX_VEHICLES }, packs: packs(span) },
    ...{ lookBackMs: 86_400_000, atMs: START_MS, maxBytes: Number.POSITIVE_INFINITY },
  });
  for (const _ of work.run());
  return work.state(versionsOf(span));
}

const versionsOf = (span: string) => new Set(checkPacks(packs(span)).rules.map((rule) => rule.version));

test('begins at the newest keyframe with enough journal behind it, and knows what it would have known all along', async () => {
  const { dataDir, end, positionOf } = await recorded([5, 15, 28]);
  const work = rebuild(dataDir, '10m');
  expect(work.position).toBe(positionOf(15));
  for (const _ of work.run());
  expect(work.position).toBe(end);
  expect(work.state(versionsOf('10m'))).toBe(stateOf(dataDir, '10m'));
  expect(work.notes).toEqual([]);
});

test('begins later, and says so, where it must not read so much', async () => {
  const { dataDir, end, positionOf } = await recorded([15, 28]);
  const work = rebuild(dataDir, '10m', end - positionOf(20));
  expect(work.position).toBe(positionOf(28));
  expect(work.notes).toEqual(['They look back 11 min and begin with what 2 min of the journal tell.']);
});

test('refuses where there is no state to begin with', async () => {
  const { dataDir, end, positionOf } = await recorded([5]);
  expect(() => rebuild(dataDir, '10m', end - positionOf(20))).toThrow('the journal does not reach back far enough');
});

test('leaves out keyframes that cannot be used', async () => {
  const { dataDir, positionOf } = await recorded([5]);
  const state = new TextEncoder().encode('not a checkpoint at all');
  const position = positionOf(16);
  await new Keyframes({ dir: keyframesDirOf(dataDir) }).write({ position, engineMs: START_MS, state });
  const work = rebuild(dataDir, '10m');
  expect(work.position).toBe(positionOf(5));
  expect(work.notes[0]).toMatch(new RegExp(`^The state at ${position} was not used: `));
});
