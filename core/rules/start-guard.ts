/** Values of a column as ranges [lo, hi), ascending and apart from each other, NaN in none of them; or any value, NaN too. */
export type Values = readonly (readonly [lo: number, hi: number])[] | 'any';

type ByColumn = ReadonlyMap<number, Values>;

/** When an expression can take on a certain result. Both may name more values than needed, never fewer. */
export interface Outcome {
  /** If the result was another and becomes this one, one of these columns has changed to one of its values. */
  readonly starts: ByColumn;
  /** While this is the result, each of these columns has one of its values. */
  readonly needs: ByColumn;
}

/**
 * Which changes can make a condition true or false: worked out from its text, so that a rule need not be asked after messages
 * that cannot start it.
 */
export interface Guard {
  readonly isTrue: Outcome;
  readonly isFalse: Outcome;
}

const NONE: ByColumn = new Map();
const EVERYTHING: Values = [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]];

/** Never comes about by a change of a column. */
export const UNMOVED: Outcome = { starts: NONE, needs: NONE };
/** A condition that reads no column. */
export const CONSTANT: Guard = { isTrue: UNMOVED, isFalse: UNMOVED };

/** A condition of which only the columns are known. */
export function opaque(columns: Iterable<number>): Guard {
  const outcome = { starts: new Map([...columns].map((column) => [column, 'any'] as const)), needs: NONE };
  return { isTrue: outcome, isFalse: outcome };
}

/** `column operator constant`, with an operator as CEL names it. */
export function comparison(column: number, operator: string, constant: number): Guard {
  const low = Number.NEGATIVE_INFINITY;
  const high = Number.POSITIVE_INFINITY;
  const up: Values = [[constant, high]];
  const below: Values = [[low, constant]];
  const upTo: Values = [[low, above(constant)]];
  const equal: Values = [[constant, above(constant)]];
  const whenTrue: Record<string, [whenTrue: Values, whenFalse: Values]> = {
    '_>_': [up, upTo],
    '_>=_': [up, below],
    '_<_': [below, up],
    '_<=_': [upTo, up],
    '_==_': [equal, EVERYTHING],
    '_!=_': [EVERYTHING, equal],
  };
  const [isTrue, isFalse] = whenTrue[operator];
  return { isTrue: only(column, isTrue), isFalse: only(column, isFalse) };
}

export function not({ isTrue, isFalse }: Guard): Guard {
  return { isTrue: isFalse, isFalse: isTrue };
}

export function and(a: Guard, b: Guard): Guard {
  return { isTrue: both(a.isTrue, b.isTrue), isFalse: either(a.isFalse, b.isFalse) };
}

export function or(a: Guard, b: Guard): Guard {
  return { isTrue: either(a.isTrue, b.isTrue), isFalse: both(a.isFalse, b.isFalse) };
}

function only(column: number, values: Values): Outcome {
  const map = new Map([[column, values]]);
  return { starts: map, needs: map };
}

/** A number above `n`: the next one, or not far from it. */
function above(n: number): number {
  return n + Math.abs(n) * Number.EPSILON + Number.MIN_VALUE;
}

/** Both parts have their result: the one that had not has got it by a change, and neither may be ruled out by its columns. */
function both(a: Outcome, b: Outcome): Outcome {
  const needs = new Map(a.needs);
  for (const [column, values] of b.needs) needs.set(column, common(needs.get(column) ?? 'any', values));
  const starts = new Map<number, Values>();
  for (const column of new Set([...a.starts.keys(), ...b.starts.keys()])) {
    const values = together(a.starts.get(column) ?? [], b.starts.get(column) ?? []);
    starts.set(column, common(values, needs.get(column) ?? 'any'));
  }
  return { starts, needs };
}

/** One part has its result, and has got it by a change. */
function either(a: Outcome, b: Outcome): Outcome {
  const starts = new Map(a.starts);
  for (const [column, values] of b.starts) starts.set(column, together(starts.get(column) ?? [], values));
  const needs = new Map<number, Values>();
  for (const [column, values] of a.needs) {
    const others = b.needs.get(column);
    if (others) needs.set(column, together(values, others));
  }
  return { starts, needs };
}

function common(a: Values, b: Values): Values {
  if (a === 'any') return b;
  if (b === 'any') return a;
  const pairs = a.flatMap(([lo, hi]) => b.map(([from, to]) => [Math.max(lo, from), Math.min(hi, to)] as const));
  return pairs.filter(([lo, hi]) => lo < hi);
}

function together(a: Values, b: Values): Values {
  if (a === 'any' || b === 'any') return 'any';
  const merged: [number, number][] = [];
  for (const [lo, hi] of [...a, ...b].sort((x, y) => x[0] - y[0])) {
    const last = merged.at(-1);
    if (last && lo <= last[1]) last[1] = Math.max(last[1], hi);
    else merged.push([lo, hi]);
  }
  return merged;
}
