import { celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findColumn } from '../stream/columns.ts';
import { FleetState } from '../stream/fleet-state.ts';
import { compileExpression } from './expression.ts';
import {
  FLAG_SIGNALS,
  NUMBER_SIGNALS,
  randomCondition,
  randomNumber,
  type WrittenExpression,
} from './testing/random-expression.ts';
import { expressionText } from './testing/rule-fleet.ts';

fc.configureGlobal({ seed: 20_260_301 });

type Values = Record<string, number | boolean>;

const numberValue = fc.integer({ min: -80, max: 960 }).map((n) => n / 8);
const valuesOf = (names: string[], value: fc.Arbitrary<number | boolean>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });

/** Signals by name; the absent ones were never reported. */
const someValues: fc.Arbitrary<Values> = fc
  .tuple(valuesOf(NUMBER_SIGNALS, numberValue), valuesOf(FLAG_SIGNALS, fc.boolean()))
  .map(([numbers, flags]) => ({ ...numbers, ...flags }) as Values);

/** What the CEL library says: an error is unknown. */
function reference(cel: string): (values: Values) => number {
  const run = plan(celEnv(), parse(cel).expr);
  return (values) => {
    const result = run(values);
    if (isCelError(result)) return Number.NaN;
    if (typeof result === 'boolean') return Number(result);
    if (typeof result === 'number') return result;
    throw new Error(`the reference answered ${String(result)}`);
  };
}

const state = new FleetState();
state.use(0, 0);

function ours(text: string): (values: Values) => number {
  const { evaluate } = compileExpression(expressionText(text), state);
  return (values) => {
    for (const name of [...NUMBER_SIGNALS, ...FLAG_SIGNALS]) {
      state.values[findColumn(name)!.column][0] = name in values ? Number(values[name]) : Number.NaN;
    }
    return evaluate(0);
  };
}

function compare(expression: fc.Arbitrary<WrittenExpression>, numRuns: number): Record<string, number> {
  const answers: Record<string, number> = {};
  const many = fc.array(someValues, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(expression, many, (written, samples) => {
      const expected = reference(written.cel);
      const actual = ours(written.ours);
      const inDoubles = ours(written.cel);
      for (const values of samples) {
        const answer = actual(values);
        expect(answer).toBe(expected(values));
        expect(inDoubles(values)).toBe(answer);
        answers[String(answer)] = (answers[String(answer)] ?? 0) + 1;
      }
    }),
    { numRuns },
  );
  return answers;
}

test('3200 random conditions answer as CEL does: true, false, or unknown where CEL has an error', () => {
  const { 0: no = 0, 1: yes = 0, NaN: unknown = 0, ...others } = compare(randomCondition, 3200);
  expect(others).toEqual({});
  for (const count of [no, yes, unknown]) expect(count).toBeGreaterThan(1000);
});

test('1000 random numbers are the same doubles', () => {
  const answers = compare(randomNumber, 1000);
  expect(Object.keys(answers).length).toBeGreaterThan(500);
  expect(answers.NaN).toBeGreaterThan(500);
});

/** Where the two differ on purpose (docs/rules.md). */
test.each<[text: string, values: Values, cel: number, ours: number]>([
  // Whole numbers are doubles: JSON has no other numbers. CEL divides them as integers and does not mix them with doubles.
  ['7 / 2 == 3', {}, 1, 0],
  ['speed_kmph + 1 > 50', { speed_kmph: 50 }, Number.NaN, 1],
  ['1 / 0 > 5', {}, Number.NaN, 1],
  // What has no value is unknown; CEL has NaN, to which nothing compares.
  ['0.0 / 0.0 > 5.0', {}, 0, Number.NaN],
  ['0.0 / 0.0 != 5.0', {}, 1, Number.NaN],
  ['!(speed_kmph / rpm < 5.0)', { speed_kmph: 0, rpm: 0 }, 1, Number.NaN],
  // Whole numbers beyond 2^53 are rounded.
  ['9007199254740993 == 9007199254740992', {}, 0, 1],
])('%s', (text, values, cel, expected) => {
  expect(reference(text)(values)).toBe(cel);
  expect(ours(text)(values)).toBe(expected);
});

test('infinity compares as in CEL', () => {
  for (const text of ['speed_kmph / rpm > 1000.0', '-speed_kmph / rpm < 0.0', 'speed_kmph / rpm == 1.0 / 0.0']) {
    const values = { speed_kmph: 1, rpm: 0 };
    expect([text, ours(text)(values)]).toEqual([text, reference(text)(values)]);
  }
});
