import fc from 'fast-check';

/** An expression written twice: as people write it, and with every number as a double, as the CEL library needs it. */
export interface WrittenExpression {
  readonly ours: string;
  readonly cel: string;
}

export const NUMBER_SIGNALS = ['speed_kmph', 'rpm', 'fuel_pct', 'accel_mps2'];
export const FLAG_SIGNALS = ['ignition', 'doors_open', 'was_moving'];

const same = (text: string): WrittenExpression => ({ ours: text, cel: text });

const both = (make: (part: (e: WrittenExpression) => string) => string): WrittenExpression => ({
  ours: make((e) => e.ours),
  cel: make((e) => e.cel),
});

const integer = fc.integer({ min: 0, max: 120 }).map((n) => ({ ours: `${n}`, cel: `${n}.0` }));
const double = fc.integer({ min: 1, max: 1200 }).map((n) => same((n / 8 + 0.0625).toString()));
const divisor = fc.integer({ min: 1, max: 9 }).map((n) => ({ ours: `${n}`, cel: `${n}.0` }));

/** Conditions over NUMBER_SIGNALS and FLAG_SIGNALS; nothing in them divides by a signal, so no value is ever NaN. */
export const { bool: randomCondition, number: randomNumber } = fc.letrec<{
  bool: WrittenExpression;
  number: WrittenExpression;
}>((tie) => {
  const number = tie('number');
  const bool = tie('bool');
  const chain = (operator: string) =>
    fc
      .array(bool, { minLength: 2, maxLength: 4 })
      .map((parts) => both((part) => `(${parts.map(part).join(` ${operator} `)})`));
  return {
    number: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(...NUMBER_SIGNALS).map(same),
      integer,
      double,
      fc
        .tuple(number, fc.constantFrom('+', '-', '*'), number)
        .map(([a, op, b]) => both((t) => `(${t(a)} ${op} ${t(b)})`)),
      fc
        .tuple(number, divisor)
        .map(([a, b]) => both((t) => `${t(a)} / ${t(b)}`))
        .map((e) => both((t) => `(${t(e)})`)),
      number.map((a) => both((t) => `-(${t(a)})`)),
      fc.tuple(bool, number, number).map(([c, a, b]) => both((t) => `(${t(c)} ? ${t(a)} : ${t(b)})`)),
    ),
    bool: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom(...FLAG_SIGNALS).map(same),
      fc.constantFrom('true', 'false').map(same),
      fc
        .tuple(number, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), number)
        .map(([a, op, b]) => both((t) => `${t(a)} ${op} ${t(b)}`)),
      chain('&&'),
      chain('||'),
      bool.map((a) => both((t) => `!(${t(a)})`)),
      fc.tuple(bool, fc.constantFrom('==', '!='), bool).map(([a, op, b]) => both((t) => `((${t(a)}) ${op} (${t(b)}))`)),
      fc.tuple(bool, bool, bool).map(([c, a, b]) => both((t) => `((${t(c)}) ? (${t(a)}) : (${t(b)}))`)),
    ),
  };
});
