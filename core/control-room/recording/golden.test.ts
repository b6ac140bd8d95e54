import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { FAULT_KINDS } from '../../../simulator/faults/kinds.ts';
import { QUARANTINE_REASONS, type QuarantineReason } from '../../model/quarantine.ts';
import { RECORD_KIND } from '../../model/records.ts';
import { openRecording } from '../../recording/open-recording.ts';
import { GOLDEN_FILE, replayHash, storedHash } from '../../recording/testing/golden.ts';
import { openReplayHistory } from './replay-history.ts';
import { runReplay } from './replay-run.ts';

const NOT_IN_IT: readonly QuarantineReason[] = ['vehicle-limit'];

const golden = openRecording(GOLDEN_FILE);
afterAll(() => golden.close());

describe('the golden recording gives the stored hash', () => {
  test('at full speed', async () => {
    expect(await replayHash(golden)).toBe(storedHash());
  });

  test('in commits of every size', async () => {
    for (const commitEveryMessages of [1, 333, Number.POSITIVE_INFINITY]) {
      expect(await replayHash(golden, { commitEveryMessages })).toBe(storedHash());
    }
  });

  test('at the pace at which it was recorded, only faster', async () => {
    expect(await replayHash(golden, { speed: 3000 })).toBe(storedHash());
  });

  test('stopped at random places and resumed from checkpoints', async () => {
    const place = fc.integer({ min: golden.startPosition, max: golden.endPosition - 1 });
    const places = fc.array(place, { minLength: 1, maxLength: 6 }).map((all) => all.sort((a, b) => a - b));
    const commitEveryMessages = fc.constantFrom(1, 1000, 100_000);
    await fc.assert(
      fc.asyncProperty(places, commitEveryMessages, async (stopAt, every) => {
        expect(await replayHash(golden, { stopAt, commitEveryMessages: every })).toBe(storedHash());
      }),
      { numRuns: 5 },
    );
  }, 40_000);
});

describe('the golden recording holds', () => {
  const records = [...golden.records(0)].map(({ payload: _, ...head }) => head);

  test('every fault of the simulator', () => {
    const faults = golden.info.note.match(/^Faults: ([^;]*);/)?.[1].split(', ');
    expect(faults).toEqual([...FAULT_KINDS].sort());
  });

  test('every kind of record, times without ticks, ticks without a broker, lost positions and a clock put back', () => {
    expect(new Set(records.map((r) => r.kind))).toEqual(new Set(Object.values(RECORD_KIND)));
    const ticks = records.filter((r) => r.kind === RECORD_KIND.tick);
    const gapsMs = ticks.slice(1).map((tick, i) => tick.receivedMs - ticks[i].receivedMs);
    expect(Math.max(...gapsMs)).toBeGreaterThan(60_000);
    expect(Math.min(...gapsMs)).toBeLessThan(0);
    expect(ticks.filter((tick) => tick.flags === 0).length).toBeGreaterThan(20);
    expect(records.some((r, i) => i > 0 && r.position > records[i - 1].nextPosition)).toBe(true);
  });

  test('what rules alert, what operators do, and everything that is set aside', async () => {
    const history = openReplayHistory();
    await runReplay({ source: golden, history: history.writer });
    const column = (sql: string): unknown[] => history.db.prepare(sql).pluck().all();
    const rules = column('SELECT DISTINCT rule_id FROM alert');
    expect(rules).toEqual(expect.arrayContaining(['sos', 'overspeed', 'harsh-braking', 'silent-moving', 'idling']));
    expect(column('SELECT type FROM operator_action')).toEqual(expect.arrayContaining(['acknowledge', 'comment']));
    expect(column("SELECT count(*) FROM alert_transition WHERE kind = 'acknowledged'")).not.toEqual([0]);
    expect(column('SELECT count(*) FROM rules_change')).toEqual([4]);
    const reasons = QUARANTINE_REASONS.filter((reason) => !NOT_IN_IT.includes(reason));
    expect(column('SELECT reason FROM quarantine_count WHERE count > 0').sort()).toEqual(reasons.sort());
    expect(column('SELECT DISTINCT change FROM schema_notice').sort()).toEqual(['new-field', 'type-changed']);
    expect(history.writer.counters().duplicates).toBeGreaterThan(20);
    expect(history.writer.counters().late).toBeGreaterThan(5);
    history.close();
  });
});
