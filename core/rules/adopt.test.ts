import { expect, test } from 'vitest';
import type { StateArray } from '../stream/fleet-state.ts';
import { RuleFleet, rulePack, type SignalValues, type WrittenRule } from './testing/rule-fleet.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;

const KEPT = { id: 'kept', when: 'fuel_pct < 5', for: '10s' };
const OLD = { id: 'hot', when: 'engine_temp_c > 120', for: '1m' };

const messages: SignalValues[] = Array.from({ length: 100 }, (_, s) => ({
  engine_temp_c: s < 20 ? 90 : 112,
  rpm: s,
  fuel_pct: s > 93 ? 3 : 50,
  ignition: s > 40,
}));

function play(f: RuleFleet, from: number, to: number): void {
  for (let s = from; s < to; s++) f.message(T0 + s * S, messages[s]);
}

/**
 * A room in which, at second 95, a pack replaced another, with the state of its new rules as a room has it that had them all the time: what
 * a live edit does.
 */
function edited(...rules: WrittenRule[]): RuleFleet {
  const before = new RuleFleet(rulePack(KEPT, OLD), 2);
  play(before, 0, 95);
  before.take();
  const elsewhere = new RuleFleet(rulePack(...rules), 2);
  play(elsewhere, 0, 95);
  const old = new Set(before.evaluator.rules.map((r) => r.spec.version));
  const oldTerms = new Set(before.evaluator.rules.flatMap((r) => [...r.terms]));
  const versions = new Set(elsewhere.evaluator.rules.map((r) => r.spec.version).filter((v) => !old.has(v)));
  const stored = new Map<string, StateArray>(elsewhere.evaluator.arrays(2, versions));
  before.evaluator.position = 777;
  before.putInForce(rulePack(...rules), T0 + 95 * S);
  const terms = new Set(before.evaluator.rules.flatMap((r) => [...r.terms]).filter((key) => !oldTerms.has(key)));
  before.evaluator.adopt(2, (name) => stored.get(name), versions, terms, T0 + 95 * S);
  return before;
}

const kinds = (f: RuleFleet): string[] =>
  f.take().transitions.map((t) => `${t.kind} ${f.book.get(t.alertId)?.ruleId} ${(t.atMs - T0) / S}`);

test('a changed rule that would be firing raises now, with its true onset', () => {
  const f = edited(KEPT, { ...OLD, when: 'engine_temp_c > 110' });
  expect(kinds(f)).toEqual(['raised hot 95']);
  expect(f.book.openAlerts()).toMatchObject([
    { onsetMs: T0 + 20 * S, raisedMs: T0 + 95 * S, why: { raisedPosition: 777 } },
  ]);
  f.message(T0 + 96 * S, { engine_temp_c: 90 });
  expect(kinds(f)).toEqual(['cleared hot 96']);
});

test('one that would be pending goes on being so', () => {
  const f = edited(KEPT, { ...OLD, when: 'engine_temp_c > 110', for: '78s' });
  expect(kinds(f)).toEqual([]);
  play(f, 95, 100);
  expect(kinds(f)).toEqual(['raised hot 98']);
});

test('a window has what lay in it', () => {
  const f = edited(KEPT, { id: 'mean', when: "avg(rpm, '30s') > 81" });
  expect(f.value("avg(rpm, '30s')")).toBeGreaterThan(70);
  play(f, 95, 100);
  expect(kinds(f)).toEqual(['raised mean 97']);
});

test('rules that did not change keep what they have', () => {
  const f = edited(KEPT, { ...OLD, when: 'engine_temp_c > 110', for: '2m' });
  // It is pending since second 94, here and elsewhere; what was stored of it is not read.
  f.message(T0 + 103 * S, { rpm: 1 });
  expect(kinds(f)).toEqual([]);
  f.message(T0 + 104 * S, { rpm: 1 });
  expect(kinds(f)).toEqual(['raised kept 104']);
});

test('a term that was there before keeps its readings, whatever was stored elsewhere', () => {
  const reads = { id: 'mean', when: "max(rpm, '1m') > 1000" };
  const f = new RuleFleet(rulePack(reads));
  f.message(T0, { rpm: 500 });
  const elsewhere = new RuleFleet(rulePack(reads, { id: 'b', when: "max(rpm, '1m') > 2000" }));
  elsewhere.message(T0, { rpm: 3000 });
  const versions = new Set([elsewhere.evaluator.rules[1].spec.version]);
  const stored = new Map<string, StateArray>(elsewhere.evaluator.arrays(1, versions));
  f.putInForce(rulePack(reads, { id: 'b', when: "max(rpm, '1m') > 2000" }), T0 + S);
  f.evaluator.adopt(1, (name) => stored.get(name), versions, new Set(), T0 + S);
  expect(f.value("max(rpm, '1m')")).toBe(500);
});

test('sequences that have begun go on, and event rules wait for their next event', () => {
  const sequence = { id: 'seq', sequence: [{ is: 'ignition && rpm < 42' }, { is: 'rpm > 97' }], within: '2m' };
  const f = edited(KEPT, sequence, { id: 'sos', on: 'driver.sos' });
  play(f, 95, 100);
  expect(kinds(f)).toEqual(['raised seq 98']);
  expect(f.book.openAlerts()[0].onsetMs).toBe(T0 + 41 * S);
});
