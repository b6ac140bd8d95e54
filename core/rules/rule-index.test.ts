import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RuleIndex } from './rule-index.ts';
import type { Values } from './start-guard.ts';
import { anyCondition, FLAG_SIGNALS, NUMBER_SIGNALS, randomCondition, TEXTS } from './testing/random-expression.ts';
import { RuleFleet, rulePack, type WrittenRule } from './testing/rule-fleet.ts';

fc.configureGlobal({ seed: 20_260_301 });

const T0 = Date.UTC(2026, 2, 1, 10);

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
        index.find(columns, 0, Uint16Array.from(changed), changed.length);
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

const rarely = <T>(what: fc.Arbitrary<T>) => fc.option(what, { nil: undefined, freq: 12 });
const signals = fc.record(
  Object.fromEntries([
    ...NUMBER_SIGNALS.map((name) => [name, rarely(fc.integer({ min: -5, max: 125 }))] as const),
    ...FLAG_SIGNALS.map((name) => [name, rarely(fc.boolean())] as const),
  ]),
  { requiredKeys: [] },
);
const place = fc.constantFrom(
  ...([
    [0, 0],
    [5, 5],
    [0.5, 0.5],
  ] as const),
);
const message = fc.record({
  slot: fc.constantFrom(0, 0, 0, 1),
  signals,
  more: fc.record(
    {
      at: place,
      faultCodes: fc.constantFrom('', 'P0217'),
      driver: fc.constantFrom('', ...TEXTS),
      trip: fc.constantFrom('', 't1'),
    },
    { requiredKeys: [] },
  ),
  event: fc.option(fc.constantFrom('driver.sos', 'trip.end'), { nil: undefined, freq: 5 }),
  after: fc.option(fc.constantFrom('silence', 'ticks', 'facts', 'restore', 'new rules'), { nil: undefined, freq: 1 }),
});

/** Comparisons of windows and the like with limits that they cross. */
const overTime = fc.constantFrom(
  "avg(rpm, '10s') > 50",
  "max(rpm, '20s') - rpm > 40",
  "share(ignition, '10s') >= 0.5",
  "count(doors_open, '20s') >= 2",
  "count(rpm, '5s') > 3",
  'held(ignition) >= 5',
  'held(speed_kmph > 50 && !doors_open) > 3',
  "last(fuel_pct, '3s') > 60",
  "!known(last(fuel_pct, '3s'))",
  'prev(rpm) < rpm',
  "events('driver.sos', '10s') > 1",
  "alerts('r0', '20s') >= 2",
  "inside('depots') && !on_trip",
  "geofence('depots') == 'North'",
  "vehicle.class == 'van' || has_fault('P02')",
  'speed_kmph > coalesce(speed_limit, 50) + 10',
  'held(held(ignition) > 2) > 2',
  "share(events('driver.sos', '5s') > 0, '10s') > 0.4",
  "count(avg(rpm, '5s') > 50, '30s') > 1",
  'age(rpm) > 4',
  'silent_s > 3 && was_moving',
);
const condition = fc.oneof(
  randomCondition.map((e) => e.ours),
  anyCondition.map((e) => e.ours).filter((text) => text.length < 500),
  overTime,
  fc.tuple(overTime, randomCondition).map(([a, b]) => `(${a}) && (${b.ours})`),
  fc.tuple(overTime, randomCondition).map(([a, b]) => `(${a}) || (${b.ours})`),
);
const duration = fc.constantFrom('0s', '2s', '5s');
const optional = <T>(what: fc.Arbitrary<T>) => fc.option(what, { nil: undefined, freq: 3 });
const measured = fc.record({
  when: condition,
  clear: optional(condition),
  until: optional(overTime),
  for: duration,
  keep: duration,
  cooldown: optional(fc.constant('4s')),
});
const happens = fc.record({
  on: fc.constantFrom('driver.sos', 'trip.end'),
  when: optional(condition),
  until: optional(randomCondition.map((e) => e.ours)),
});
const step = fc.record({ is: fc.oneof(condition, overTime), times: optional(fc.integer({ min: 1, max: 3 })) });
const sequence = fc.record({
  sequence: fc
    .tuple(fc.array(step, { minLength: 1, maxLength: 3 }), optional(condition))
    .map(([steps, not]) => [...steps, ...(not ? [{ not }] : [])]),
  within: fc.constantFrom('3s', '10s'),
  until: optional(randomCondition.map((e) => e.ours)),
});
const rule: fc.Arbitrary<WrittenRule> = fc.oneof(
  { weight: 6, arbitrary: measured },
  { weight: 1, arbitrary: happens },
  { weight: 2, arbitrary: sequence },
);

/** A fleet whose vehicle 0 is a van of a depot, with a geofence around [0, 0]. */
function fleetOf(pack: string): RuleFleet {
  const fleet = new RuleFleet(pack, 2);
  fleet.business.box('North', ['depots'], [-1, -1, 1, 1]);
  fleet.business.fact('vehicle.class', 'van');
  fleet.business.fact('vehicle.class', 'truck', 1);
  fleet.business.fact('speed_limit', 30, 1);
  fleet.evaluator.factsChanged();
  return fleet;
}

/** All that rules and terms keep; a sequence that has not begun need not know of the messages that it was not asked about. */
function stateOf(fleet: RuleFleet): unknown[] {
  return fleet.evaluator.arrays(2).filter(([name]) => !name.includes('.steps.'));
}

test('rules that are asked only after changes that matter raise and clear the same alerts', () => {
  const seen: Record<string, number> = {};
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 10 }),
      fc.array(message, { minLength: 1, maxLength: 60, size: 'max' }),
      (rules, messages) => {
        const written = rules.map((r, i): WrittenRule => ({ id: `r${i}`, ...r }));
        // The first rule is always there: others count its alerts.
        const packFrom = (i: number): string =>
          rulePack(written[0], ...written.slice(1 + i), { id: 'more', when: 'true' });
        let pack = packFrom(0);
        let [asked, all] = [fleetOf(pack), fleetOf(pack)];
        for (const [second, { slot, signals, more, event, after }] of messages.entries()) {
          const atMs = T0 + 1000 * (second + 1);
          // Every rule is looked at: what business data says may have changed.
          all.evaluator.factsChanged();
          for (const fleet of [asked, all]) {
            if (event) fleet.evaluator.happened(slot, event, atMs);
            fleet.message(atMs, signals, slot, more);
            if (after === 'silence') fleet.evaluator.silence(slot, atMs);
          }
          if (after === 'ticks') {
            for (const silentS of [1, 2, 3, 4, 5, 6]) {
              const silent = slot === 0 ? [silentS] : [0, silentS];
              all.evaluator.factsChanged();
              for (const fleet of [asked, all]) fleet.tickAll(atMs + silentS * 1000, second * 10 + silentS, silent);
            }
          }
          if (after === 'facts') {
            for (const fleet of [asked, all]) {
              fleet.business.fact('speed_limit', second);
              fleet.evaluator.factsChanged();
            }
          }
          const taken = asked.take();
          expect(taken).toEqual(all.take());
          for (const { kind } of taken.transitions) seen[kind] = (seen[kind] ?? 0) + 1;
          if (after === 'restore') [asked, all] = [asked.restored(pack), all.restored(pack)];
          if (after === 'new rules') {
            pack = packFrom(second % written.length);
            for (const fleet of [asked, all]) fleet.putInForce(pack, atMs);
          }
        }
        expect(stateOf(asked)).toEqual(stateOf(all));
      },
    ),
    { numRuns: 200 },
  );
  for (const kind of ['raised', 'cleared', 'unknown', 'resumed', 'repeated']) expect(seen[kind]).toBeGreaterThan(60);
});

test('a rule that cleared while its condition still held is asked again', () => {
  const fleet = new RuleFleet(rulePack({ when: 'speed_kmph > 10', clear: 'rpm > 5' }));
  expect(fleet.event(T0 + 1, { speed_kmph: 20 })).toEqual(['raised']);
  expect(fleet.event(T0 + 2, { rpm: 6 })).toEqual(['cleared']);
  expect(fleet.event(T0 + 3, { fuel_pct: 50 })).toEqual(['raised']);
});
