import { afterAll, describe, expect, test } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import type { Alert } from '../../model/alerts.ts';
import type { RulePackSource } from '../../model/records.ts';
import type { BacktestAlert, BacktestResult } from '../../protocol/backtest.ts';
import { openRecording } from '../../recording/open-recording.ts';
import { GOLDEN_FILE } from '../../recording/testing/golden.ts';
import { type BacktestOptions, runBacktest } from './backtest-run.ts';
import { goldenUnder } from './testing/golden-source.ts';
import { type Limits, limitsPack } from './testing/limits-pack.ts';

const golden = openRecording(GOLDEN_FILE);
afterAll(() => golden.close());

function run(packs: readonly RulePackSource[], more: Partial<BacktestOptions> = {}): BacktestResult {
  const source = goldenUnder(golden, limitsPack());
  const options: BacktestOptions = {
    ...{ source, packs, fromMs: source.startMs, toMs: source.endMs + 1, operators: 1 },
    ...{ against: 'rules', tuning: 'none', ...more },
  };
  const steps = runBacktest(options);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** Every alert of rules, as a whole engine raises it. */
function naive(packs: readonly RulePackSource[]): Alert[] {
  const engine = new Engine({ maxVehicles: 100_000, topicPrefix: golden.topicPrefix });
  const alerts = new Map<string, Alert>();
  const source = goldenUnder(golden, packs);
  for (const record of source.records(0)) {
    engine.process(record);
    engine.fleet.lagSampleCount = 0;
  }
  for (const alert of engine.takeOutputs({ vehicles: false, checkpoint: false }).alerts) alerts.set(alert.id, alert);
  return [...alerts.values()].filter((alert) => !alert.ruleId.startsWith('external:'));
}

const byOnset = (a: Alert, b: Alert): number => a.onsetMs - b.onsetMs;

/** Pairs every alert with one of the same onset, else with the first of the other side that overlaps; answers the rest of both. */
function alone(before: readonly Alert[], after: readonly Alert[]): { lost: Alert[]; gained: Alert[] } {
  const lost = new Set(before.toSorted(byOnset));
  const gained = new Set(after.toSorted(byOnset));
  const pair = (isSame: (a: Alert, b: Alert) => boolean): void => {
    for (const a of lost) {
      const b = [...gained].find((b) => a.ruleId === b.ruleId && a.vehicleId === b.vehicleId && isSame(a, b));
      if (b && lost.delete(a)) gained.delete(b);
    }
  };
  const endOf = ({ clearedMs = Number.POSITIVE_INFINITY }: Alert): number => clearedMs;
  pair((a, b) => a.onsetMs === b.onsetMs);
  pair((a, b) => a.onsetMs <= endOf(b) && b.onsetMs <= endOf(a));
  return { lost: [...lost], gained: [...gained] };
}

describe('a back-test', () => {
  test('of the same rules finds no difference', () => {
    const result = run(limitsPack());
    expect(result.unchanged).toBeGreaterThan(20);
    expect(result.gained.total + result.lost.total + result.moved.total).toBe(0);
    expect(result.before).toEqual(result.after);
    expect(result.rules.map(({ ruleId, change }) => [ruleId, change])).toEqual([
      ['fast', 'same'],
      ['hot', 'same'],
      ['sos', 'same'],
    ]);
    expect(result.messages).toBe(golden.messages);
  });

  test.each([50, 80])('of another limit gains and loses what two runs differ in (%i km/h)', (kmph) => {
    const [before, after] = [naive(limitsPack()), naive(limitsPack({ kmph }))];
    const naively = alone(before, after);
    const result = run(limitsPack({ kmph }));
    const sorted = (alerts: readonly BacktestAlert[]): string[] =>
      alerts.map(({ ruleId, vehicleId, raisedMs }) => `${ruleId} ${vehicleId} ${raisedMs}`).sort();
    expect(result.before.alerts).toBe(before.length);
    expect(result.after.alerts).toBe(after.length);
    expect(naively.gained.length + naively.lost.length).toBeGreaterThan(5);
    expect(sorted(result.gained.alerts)).toEqual(sorted(naively.gained));
    expect(sorted(result.lost.alerts)).toEqual(sorted(naively.lost));
    expect(result.rules.find((rule) => rule.ruleId === 'fast')?.change).toBe('changed');
    expect(result.rules.find((rule) => rule.ruleId === 'hot')).toMatchObject({ gained: 0, lost: 0, moved: 0 });
  });

  test('of a longer delay moves what lasts long enough, by as much or more, and loses the rest', () => {
    const result = run(limitsPack({ forS: 20 }));
    expect(result.moved.total).toBeGreaterThan(0);
    expect(result.lost.total).toBeGreaterThan(0);
    expect(result.moved.alerts.every((alert) => alert.deltaMs > 0 && alert.raisedMs - alert.onsetMs >= 20_000)).toBe(
      true,
    );
  });

  test('of an event rule with another text raises the same: what operators did to its alerts is done to the new ones', () => {
    expect(run(limitsPack({ sos: 'Call for help' })).rules.find((rule) => rule.ruleId === 'sos')).toMatchObject({
      ...{ change: 'changed', gained: 0, lost: 0, moved: 0 },
      unchanged: naive(limitsPack()).filter((alert) => alert.ruleId === 'sos').length,
    });
  });

  test('counts only what was raised in the stretch, however the rules were warmed up', () => {
    const fromMs = (golden.startMs + golden.endMs) / 2;
    const position = golden.positionAt(fromMs);
    const result = run(limitsPack(), { fromMs });
    const raised = naive(limitsPack()).filter((alert) => alert.why!.raisedPosition >= position);
    expect(raised.length).toBeGreaterThan(5);
    expect(result.after.alerts).toBe(raised.length);
    expect(result.unchanged).toBe(raised.length);
  });

  test('against other packs runs both', () => {
    const result = run(limitsPack({ kmph: 50 }), { against: { packs: limitsPack({ kmph: 50 }) } });
    expect(result.gained.total + result.lost.total + result.moved.total).toBe(0);
    expect(result.rules.every((rule) => rule.change === 'same')).toBe(true);
  });

  test('of wrong packs is refused with line and column', () => {
    expect(() => run([{ name: 'b.yaml', text: 'rules:\n  - id: x\n' }])).toThrow(/^b\.yaml:2:\d+: /);
  });
});

describe('tuning answers', () => {
  const result = run(limitsPack({ kmph: 61 }), { tuning: 'changed' });
  const answer = (by: string, amount: number) => result.tuning.find((a) => a.by === by && a.amount === amount);

  test('are for changed rules and are what a run with that one thing changed raises', () => {
    expect(new Set(result.tuning.map((a) => a.ruleId))).toEqual(new Set(['fast']));
    const fast = (limits: Limits): number =>
      naive(limitsPack(limits)).filter((alert) => alert.ruleId === 'fast').length;
    const of = fast({ kmph: 61 });
    expect(of).toBeGreaterThan(5);
    for (const s of [5, 10, 20, 30, 60])
      expect(answer('for', s * 1000)).toMatchObject({ of, alerts: fast({ kmph: 61, forS: 5 + s }) });
    for (const s of [10, 30, 60])
      expect(answer('keep', s * 1000)).toMatchObject({ of, alerts: fast({ kmph: 61, keepS: 5 + s }) });
  });

  test('say it in a sentence, deadbands in the unit of the value', () => {
    const delay = answer('for', 10_000)!;
    const percent = Math.round(delay.removedShare * 100);
    expect(delay.text).toBe(`an on-delay of 10 s more removes ${percent} % (of ${delay.of})`);
    expect(result.tuning.filter((a) => a.by === 'deadband').map((a) => a.text)).toEqual([
      expect.stringContaining('a deadband of 0.61 km/h '),
      expect.stringContaining('a deadband of 1.2 km/h '),
      expect.stringContaining('a deadband of 3.1 km/h '),
    ]);
  });

  test('leave the comparison as it is', () => {
    const { tuning: _, notes: __, elapsedMs: ___, messagesPerSecond: ____, ...with_ } = result;
    expect(run(limitsPack({ kmph: 61 }))).toMatchObject(with_);
  });
});
