import fc from 'fast-check';

/**
 * An expression written for us and for the CEL library, which needs every number as a double and does not know our functions. `known`
 * is a condition of the library: whether the expression has a value.
 */
export interface WrittenExpression {
  readonly ours: string;
  readonly cel: string;
  readonly known: () => string;
}

export const NUMBER_SIGNALS = ['speed_kmph', 'rpm', 'fuel_pct', 'accel_mps2'];
export const FLAG_SIGNALS = ['ignition', 'doors_open', 'was_moving'];

/** What is worked out from messages, by the name under which the library is told its value. */
export const NUMBER_TERMS: Readonly<Record<string, string>> = {
  t_avg: "avg(rpm, '5m')",
  t_min: "min(fuel_pct, '1h')",
  t_share: "share(speed_kmph > 80, '10m')",
  t_prev: 'prev(rpm)',
  t_held: 'held(ignition && speed_kmph < 1)',
  t_last: "last(fuel_pct, '1m')",
  t_limit: 'speed_limit',
  t_moved: 'moved_m',
};
export const FLAG_TERMS: Readonly<Record<string, string>> = {
  t_inside: "inside('depots')",
  t_fault: "has_fault('P02')",
  t_trip: 'on_trip',
  t_reserved: 'reservation.active',
};
export const TEXT_TERMS: Readonly<Record<string, string>> = {
  t_class: 'vehicle.class',
  t_driver: 'driver',
  t_place: "geofence('depots')",
};
export const TEXTS = ['van', 'va', 'truck', '', 'a b', "it's", 'é😀', 'van\\'];

/** A name of the library that is true while that variable is set. */
export const knownName = (variable: string): string => `known_${variable}`;

const always = (): string => 'true';

function variable(ours: string, name: string): WrittenExpression {
  return { ours, cel: name, known: () => knownName(name) };
}

const literal = (ours: string, cel = ours): WrittenExpression => ({ ours, cel, known: always });

/** Known when all its parts are. */
function of(
  make: (part: (e: WrittenExpression) => string) => string,
  ...parts: WrittenExpression[]
): WrittenExpression {
  return {
    ours: make((e) => e.ours),
    cel: make((e) => e.cel),
    known: () => (parts.length === 0 ? 'true' : `(${parts.map((part) => part.known()).join(' && ')})`),
  };
}

/** `&&` is known when all parts are or one is false, `||` when all are or one is true. */
function chain(operator: '&&' | '||', parts: readonly WrittenExpression[]): WrittenExpression {
  const decides = (e: WrittenExpression): string => `(${e.known()} && ${operator === '&&' ? '!' : ''}(${e.cel}))`;
  const joined = (text: (e: WrittenExpression) => string): string => `(${parts.map(text).join(` ${operator} `)})`;
  return {
    ours: joined((e) => e.ours),
    cel: joined((e) => e.cel),
    known: () => `(${parts.map(decides).join(' || ')} || (${parts.map((e) => e.known()).join(' && ')}))`,
  };
}

function choice(test: WrittenExpression, yes: WrittenExpression, no: WrittenExpression): WrittenExpression {
  return {
    ours: `((${test.ours}) ? (${yes.ours}) : (${no.ours}))`,
    cel: `((${test.cel}) ? (${yes.cel}) : (${no.cel}))`,
    known: () => `(${test.known()} && ((${test.cel}) ? ${yes.known()} : ${no.known()}))`,
  };
}

function coalesce(first: WrittenExpression, second: WrittenExpression): WrittenExpression {
  return {
    ours: `coalesce(${first.ours}, ${second.ours})`,
    cel: `(${first.known()} ? (${first.cel}) : (${second.cel}))`,
    known: () => `(${first.known()} || ${second.known()})`,
  };
}

/** The lower or higher of two numbers. */
function extreme(name: 'min' | 'max', a: WrittenExpression, b: WrittenExpression): WrittenExpression {
  return {
    ours: `${name}(${a.ours}, ${b.ours})`,
    cel: `((${a.cel}) ${name === 'min' ? '<' : '>'} (${b.cel}) ? (${a.cel}) : (${b.cel}))`,
    known: of(() => '', a, b).known,
  };
}

function abs(a: WrittenExpression): WrittenExpression {
  return { ours: `abs(${a.ours})`, cel: `((${a.cel}) < 0.0 ? -(${a.cel}) : (${a.cel}))`, known: a.known };
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const termOf = (terms: Readonly<Record<string, string>>) =>
  fc.constantFrom(...Object.entries(terms)).map(([name, ours]) => variable(ours, name));
const signalOf = (names: readonly string[]) => fc.constantFrom(...names).map((name) => variable(name, name));

const integer = fc.integer({ min: 0, max: 120 }).map((n) => literal(`${n}`, `${n}.0`));
const double = fc.integer({ min: 1, max: 1200 }).map((n) => literal((n / 8 + 0.0625).toString()));
const divisor = fc.integer({ min: 1, max: 9 }).map((n) => literal(`${n}`, `${n}.0`));
const someText = fc.constantFrom(...TEXTS).map((text) => literal(quoted(text)));
const listed = <T>(element: fc.Arbitrary<T>) => fc.array(element, { minLength: 1, maxLength: 4 });

function among(what: WrittenExpression, list: readonly WrittenExpression[]): WrittenExpression {
  const elements = (text: (e: WrittenExpression) => string): string => list.map(text).join(', ');
  return of((t) => `((${t(what)}) in [${elements(t)}])`, what);
}

type Random = Record<'bool' | 'number' | 'text', WrittenExpression>;

/** Expressions over those signals, and with `terms` over what is worked out; nothing divides by a signal, so no value is ever NaN. */
function expressions(terms: boolean): { [K in keyof Random]: fc.Arbitrary<Random[K]> } {
  return fc.letrec<Random>((tie) => {
    const number = tie('number');
    const bool = tie('bool');
    const text = tie('text');
    const parts = fc.array(bool, { minLength: 2, maxLength: 4 });
    return {
      number: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        signalOf(NUMBER_SIGNALS),
        ...(terms ? [termOf(NUMBER_TERMS)] : []),
        integer,
        double,
        fc
          .tuple(number, fc.constantFrom('+', '-', '*'), number)
          .map(([a, op, b]) => of((t) => `(${t(a)} ${op} ${t(b)})`, a, b)),
        fc.tuple(number, divisor).map(([a, b]) => of((t) => `(${t(a)} / ${t(b)})`, a)),
        number.map((a) => of((t) => `-(${t(a)})`, a)),
        fc.tuple(bool, number, number).map(([c, a, b]) => choice(c, a, b)),
        fc.tuple(fc.constantFrom('min' as const, 'max' as const), number, number).map((e) => extreme(...e)),
        number.map(abs),
        fc.tuple(number, number).map(([a, b]) => coalesce(a, b)),
      ),
      text: fc.oneof(
        { maxDepth: 2, withCrossShrink: true },
        terms ? termOf(TEXT_TERMS) : someText,
        someText,
        fc.tuple(bool, text, text).map(([c, a, b]) => choice(c, a, b)),
        fc.tuple(text, text).map(([a, b]) => coalesce(a, b)),
      ),
      bool: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        signalOf(FLAG_SIGNALS),
        ...(terms ? [termOf(FLAG_TERMS)] : []),
        fc.constantFrom('true', 'false').map((flag) => literal(flag)),
        fc
          .tuple(number, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), number)
          .map(([a, op, b]) => of((t) => `${t(a)} ${op} ${t(b)}`, a, b)),
        fc.tuple(text, fc.constantFrom('==', '!='), text).map(([a, op, b]) => of((t) => `${t(a)} ${op} ${t(b)}`, a, b)),
        fc.tuple(number, listed(integer)).map((e) => among(...e)),
        fc.tuple(text, listed(someText)).map((e) => among(...e)),
        fc
          .tuple(text, fc.constantFrom('startsWith', 'endsWith', 'contains'), someText)
          .map(([a, method, b]) => of((t) => `(${t(a)}).${method}(${t(b)})`, a)),
        parts.map((all) => chain('&&', all)),
        parts.map((any) => chain('||', any)),
        bool.map((a) => of((t) => `!(${t(a)})`, a)),
        fc
          .tuple(bool, fc.constantFrom('==', '!='), bool)
          .map(([a, op, b]) => of((t) => `((${t(a)}) ${op} (${t(b)}))`, a, b)),
        fc.tuple(bool, bool, bool).map(([c, a, b]) => choice(c, a, b)),
        fc.oneof(bool, number, text).map((a) => ({ ours: `known(${a.ours})`, cel: a.known(), known: always })),
        fc.tuple(bool, bool).map(([a, b]) => coalesce(a, b)),
      ),
    };
  });
}

/** Over what messages report only. */
export const { bool: randomCondition } = expressions(false);

/** Of the whole language. */
export const { bool: anyCondition, number: anyNumber } = expressions(true);
