import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COLUMNS, findColumn } from '../stream/columns.ts';
import { RuleIndex } from './rule-index.ts';
import type { Values } from './start-guard.ts';
import { FLAG_SIGNALS, NUMBER_SIGNALS, randomCondition } from './testing/random-expression.ts';
import { RuleFleet, rulePack } from './testing/rule-fleet.ts';

const edge = fc.integer({ min: -6, max: 6 });
const values: fc.Arbitrary<Values> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(edge, edge).map(([a, b]) => [[Math.min(a, b), Math.max(a, b) + 1]] as const) },
  edge.map((a) => [[Number.NEGATIVE_INFINITY, a]] as const),
  edge.map((a) => [[a, Number.POSITIVE_INFINITY]] as const),
  edge.map(
    (a) =>
      [
        [a - 3, a],
        [a + 1, a + 2],
      ] as const,
  ),
  fc.constant('any' as const),
);

test('finds exactly the rules with a range around a changed value, however many there are', () => {
  const starts = fc.dictionary(fc.constantFrom('0', '1', '3'), values);
  const value = fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: -9, max: 9, noNaN: true }) },
    edge,
    fc.constant(Number.NaN),
  );
  const look = fc.tuple(fc.array(value, { minLength: 4, maxLength: 4 }), fc.uniqueArray(fc.nat(3)));
  fc.assert(
    fc.property(fc.array(starts, { maxLength: 80 }), fc.array(look, { maxLength: 20 }), (rules, looks) => {
      const byColumn = rules.map((r) => new Map(Object.entries(r).map(([column, v]) => [Number(column), v])));
      const index = new RuleIndex(byColumn.map((starts) => ({ starts, needs: new Map() })));
      const columns = Array.from({ length: 4 }, () => new Float64Array(1));
      for (const [row, changed] of looks) {
        for (let c = 0; c < 4; c++) columns[c][0] = row[c];
        index.find(columns, 0, Uint8Array.from(changed), changed.length);
        const expected = byColumn.flatMap((r, rule) =>
          changed.some((c) => {
            const v = r.get(c);
            return v === 'any' || v?.some(([lo, hi]) => row[c] >= lo && row[c] < hi);
          })
            ? [rule]
            : [],
        );
        const found = rules.flatMap((_, rule) => ((index.found[rule >> 5] >> (rule & 31)) & 1 ? [rule] : []));
        expect(found).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});

test('rules out a rule exactly when a value is outside the range it needs', () => {
  const needs: [column: number, values: Values][] = [
    [0, [[5, Number.POSITIVE_INFINITY]]],
    [2, [[-1, 1]]],
    [1, 'any'],
  ];
  const index = new RuleIndex([
    { starts: new Map(), needs: new Map() },
    { starts: new Map(), needs: new Map(needs) },
  ]);
  const value = fc.oneof(edge, fc.constant(Number.NaN));
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      const columns = [a, b, c].map((v) => Float64Array.of(0, v));
      expect(index.mayHold(0, columns, 1)).toBe(true);
      expect(index.mayHold(1, columns, 1)).toBe(a >= 5 && c >= -1 && c < 1);
    }),
  );
});

const signal = fc.oneof(
  fc.record({
    name: fc.constantFrom(...NUMBER_SIGNALS),
    value: fc.option(fc.integer({ min: -5, max: 125 }), { nil: undefined }),
  }),
  fc.record({ name: fc.constantFrom(...FLAG_SIGNALS), value: fc.option(fc.boolean(), { nil: undefined }) }),
);
const duration = fc.constantFrom('0s', '2s', '5s');
const rule = fc.record({ when: randomCondition, clear: fc.option(randomCondition), for: duration, keep: duration });

test('rules that are asked only after changes that matter raise and clear the same alerts', () => {
  const steps = fc.array(
    fc.record({
      slot: fc.nat(1),
      signals: fc.array(signal, { minLength: 1, maxLength: 3 }),
      after: fc.option(fc.constantFrom('silence', 'restore', 'new rules' as const), { freq: 8 }),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 40 }), steps, (rules, events) => {
      const written = rules.map((r, i) => ({
        id: `r${i}`,
        when: r.when.ours,
        ...(r.clear ? { clear: r.clear.ours } : {}),
        for: r.for,
        keep: r.keep,
      }));
      let pack = rulePack(...written);
      let [asked, all] = [new RuleFleet(pack, 2), new RuleFleet(pack, 2)];
      for (const [second, { slot, signals, after }] of events.entries()) {
        const atMs = 1000 * (second + 1);
        const set = Object.fromEntries(signals.map((s) => [s.name, s.value]));
        for (const fleet of [asked, all]) fleet.set(set, slot);
        const changed = Uint8Array.from(Object.keys(set), (name) => findColumn(name)!.column);
        asked.evaluator.event(slot, atMs, changed, changed.length);
        all.evaluator.event(slot, atMs);
        if (after === 'silence') for (const fleet of [asked, all]) fleet.evaluator.silence(slot, atMs);
        expect(asked.take()).toEqual(all.take());
        if (after === 'restore') [asked, all] = [asked.restored(pack), all.restored(pack)];
        if (after === 'new rules') {
          pack = rulePack(...written.slice(second % written.length), { id: 'more', when: 'true' });
          for (const fleet of [asked, all]) fleet.putInForce(pack, atMs);
        }
      }
      expect(asked.evaluator.arrays(2)).toEqual(all.evaluator.arrays(2));
    }),
    { numRuns: 300 },
  );
});

test('a rule that cleared while its condition still held is asked again', () => {
  const fleet = new RuleFleet(rulePack({ when: 'speed_kmph > 10', clear: 'rpm > 5' }));
  const event = (atMs: number, name: string, value: number): string[] => {
    fleet.set({ [name]: value });
    fleet.evaluator.event(0, atMs, Uint8Array.of(findColumn(name)!.column), 1);
    return fleet.kinds();
  };
  expect(event(1, 'speed_kmph', 20)).toEqual(['raised']);
  expect(event(2, 'rpm', 6)).toEqual(['cleared']);
  expect(event(3, 'fuel_pct', 50)).toEqual(['raised']);
  expect(COLUMNS.length).toBeLessThan(256);
});
