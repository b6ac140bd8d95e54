import { celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { findColumn } from '../stream/columns.ts';
import { parseCel } from './expression/cel.ts';
import { show } from './expression/show.ts';
import { type CompiledExpression, compileExpression, MAX_EXPRESSION_CHARS } from './expression.ts';
import { RuleInputs } from './inputs.ts';
import { DEVIATIONS } from './testing/deviations.ts';
import {
  anyCondition,
  anyNumber,
  FLAG_SIGNALS,
  FLAG_TERMS,
  knownName,
  NUMBER_SIGNALS,
  NUMBER_TERMS,
  TEXT_TERMS,
  TEXTS,
  type WrittenExpression,
} from './testing/random-expression.ts';
import { expressionText } from './testing/rule-fleet.ts';

fc.configureGlobal({ seed: 20_260_301 });

type Value = number | boolean | string;
/** By signal, or by the library's name of a term; what is not there was never reported. */
type Values = Readonly<Record<string, Value>>;

const TERMS = { ...NUMBER_TERMS, ...FLAG_TERMS, ...TEXT_TERMS };
const NAMES = [...NUMBER_SIGNALS, ...FLAG_SIGNALS, ...Object.keys(TERMS)];

const inputs = new RuleInputs();
const { state, business } = inputs;
state.use(0, 0);
state.clockMs[0] = 10_000_000;
const termReaders = Object.entries(TERMS).map(([name, text]) => {
  const { evaluate, type, terms } = compileExpression(expressionText(text), inputs);
  return { name, evaluate, type, column: inputs.terms.find([...terms].at(-1)!)!.column };
});

const numberValue = fc.integer({ min: -80, max: 960 }).map((n) => n / 8);
const valuesOf = (names: readonly string[], value: fc.Arbitrary<Value>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });

/** What lies in the columns of signals and terms. */
const someValues: fc.Arbitrary<Values> = fc
  .tuple(
    valuesOf([...NUMBER_SIGNALS, ...Object.keys(NUMBER_TERMS)], numberValue),
    valuesOf([...FLAG_SIGNALS, ...Object.keys(FLAG_TERMS)], fc.boolean()),
    valuesOf(Object.keys(TEXT_TERMS), fc.constantFrom(...TEXTS)),
  )
  .map((parts) => Object.assign({}, ...parts) as Values);

const encoded = (value: Value | undefined): number =>
  value === undefined ? Number.NaN : typeof value === 'string' ? business.codeOf(value) : Number(value);

/** Writes the values into the columns. Answers what the library is told: of terms what they say, by an expression of their own. */
function put(values: Values): Values {
  for (const name of [...NUMBER_SIGNALS, ...FLAG_SIGNALS])
    state.values[findColumn(name)!.column][0] = encoded(values[name]);
  const told: Record<string, Value> = {};
  for (const name of [...NUMBER_SIGNALS, ...FLAG_SIGNALS]) if (name in values) told[name] = values[name];
  for (const { name, column } of termReaders) state.values[column][0] = encoded(values[name]);
  for (const { name, evaluate, type } of termReaders) {
    const value = evaluate(0);
    if (!Number.isNaN(value))
      told[name] = type === 'text' ? business.textOf(value) : type === 'bool' ? value === 1 : value;
  }
  for (const name of NAMES) told[knownName(name)] = name in told;
  return told;
}

/** What the CEL library says: an error is unknown. */
function reference(cel: string): (told: Values) => number {
  const run = plan(celEnv(), parse(cel).expr);
  return (told) => {
    const result = run(told);
    if (isCelError(result)) return Number.NaN;
    if (typeof result === 'boolean') return Number(result);
    if (typeof result === 'number') return result;
    throw new Error(`the reference answered ${String(result)}`);
  };
}

const compiled = (text: string): CompiledExpression => compileExpression(expressionText(text), inputs);

/** The same without code of its own, as where code may not be generated. */
function withClosures(text: string): CompiledExpression {
  const { Function: real } = globalThis;
  globalThis.Function = class {
    constructor() {
      throw new EvalError('code generation is not allowed');
    }
  } as unknown as FunctionConstructor;
  try {
    return compiled(text);
  } finally {
    globalThis.Function = real;
  }
}

const fits = ({ ours }: WrittenExpression): boolean => ours.length <= MAX_EXPRESSION_CHARS;

function compare(expression: fc.Arbitrary<WrittenExpression>, numRuns: number): Record<string, number> {
  const answers: Record<string, number> = {};
  const many = fc.tuple(someValues, someValues);
  fc.assert(
    fc.property(expression.filter(fits), many, ({ ours, cel }, samples) => {
      const expected = reference(cel);
      const actual = compiled(ours);
      const plain = withClosures(ours);
      for (const values of samples) {
        const right = expected(put(values));
        // 0 and -0 are one number.
        for (const { evaluate } of [actual, plain]) expect(evaluate(0) + 0).toBe(right + 0);
        if (actual.type === 'bool')
          expect([actual.isTrue(0) === 1, plain.isTrue(0) === 1]).toEqual([right === 1, right === 1]);
        answers[String(right)] = (answers[String(right)] ?? 0) + 1;
      }
    }),
    { numRuns },
  );
  return answers;
}

afterEach(() => vi.unstubAllGlobals());

test('8000 random conditions answer as CEL does: true, false, or unknown where CEL has an error', () => {
  const { 0: no = 0, 1: yes = 0, NaN: unknown = 0, ...others } = compare(anyCondition, 8000);
  expect(others).toEqual({});
  for (const count of [no, yes, unknown]) expect(count).toBeGreaterThan(1500);
});

test('2500 random numbers are the same doubles', () => {
  const answers = compare(anyNumber, 2500);
  expect(Object.keys(answers).length).toBeGreaterThan(500);
  expect(answers.NaN).toBeGreaterThan(500);
});

test('shown in our spelling and read again, an expression is the same', () => {
  fc.assert(
    fc.property(fc.oneof(anyCondition, anyNumber).filter(fits), someValues, ({ ours }, values) => {
      const shown = show(parseCel(expressionText(ours)).expr);
      expect(show(parseCel(expressionText(shown)).expr)).toBe(shown);
      put(values);
      expect(compiled(shown).evaluate(0)).toBe(compiled(ours).evaluate(0));
    }),
    { numRuns: 1500 },
  );
});

test('what is generated is made of operators, numbers and places only', () => {
  const sources: string[] = [];
  const { Function: real } = globalThis;
  vi.stubGlobal('Function', function record(...args: string[]) {
    sources.push(args.at(-1)!);
    return real(...args);
  });
  fc.assert(
    fc.property(fc.oneof(anyCondition, anyNumber).filter(fits), ({ ours }) => void compiled(ours)),
    { numRuns: 300 },
  );
  compiled("driver == 'process.exit(1)' && geofence('`1`;//') != '\\\\' && vehicle.class.contains('v[0]')");
  expect(sources.length).toBeGreaterThan(300);
  const token =
    /v\[\d+\]\[s\]|f\[\d+\]\(s\)|Math\.(?:min|max|abs)|k\(|true|false|\d+(?:\.\d+)?(?:e[+-]?\d+)?|[-+*/()<>=!?:&|,]/g;
  for (const source of sources) {
    const [, body] = /^return function\(s\)\{const v=d\.values;return (.*)\}$/.exec(source) ?? [];
    expect(body?.replace(token, '')).toBe('');
  }
});

test.each(DEVIATIONS)('$text', ({ text, values, cel, ours }) => {
  expect(reference(text)(put(values))).toBe(cel);
  expect(compiled(text).evaluate(0)).toBe(ours);
});

test('infinity compares as in CEL', () => {
  for (const text of ['speed_kmph / rpm > 1000.0', '-speed_kmph / rpm < 0.0', 'speed_kmph / rpm == 1.0 / 0.0']) {
    const told = put({ speed_kmph: 1, rpm: 0 });
    expect([text, compiled(text).evaluate(0)]).toEqual([text, reference(text)(told)]);
  }
});
