import * as guard from '../start-guard.ts';
import type { ValueType } from '../terms/term.ts';
import * as emit from './emit.ts';
import type { Evaluate } from './evaluate.ts';

/** A part of an expression, compiled. */
export interface Typed {
  readonly type: ValueType;
  readonly evaluate: Evaluate;
  /** The same as JavaScript. */
  readonly written: emit.Written;
  readonly guard: guard.Guard;
  /** Columns it reads, those of terms too. */
  readonly reads: ReadonlySet<number>;
  readonly unit: string;
  /** True when it is a column and nothing else. */
  readonly isColumn?: true;
  /** The text of a literal. */
  readonly literal?: string;
}

const NO_COLUMNS: ReadonlySet<number> = new Set();

/** The operator for the two sides the other way round. */
const MIRRORED: Record<string, string> = { '_>_': '_<_', '_>=_': '_<=_', '_<_': '_>_', '_<=_': '_>=_' };

export const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '_+_': (a, b) => a + b,
  '_-_': (a, b) => a - b,
  '_*_': (a, b) => a * b,
  '_/_': (a, b) => a / b,
};

/**
 * Comparisons answer NaN when either side is unknown, and then neither `<` nor `>=` holds. Each makes a closure of its own:
 * one closure for all, handed its operator, costs a call through it for every rule and event.
 */
export const COMPARISONS: Record<string, (a: Evaluate, b: Evaluate) => Evaluate> = {
  '_>_': (a, b) => (slot) => {
    const x = a(slot);
    const y = b(slot);
    return x > y ? 1 : x <= y ? 0 : Number.NaN;
  },
  '_>=_': (a, b) => (slot) => {
    const x = a(slot);
    const y = b(slot);
    return x >= y ? 1 : x < y ? 0 : Number.NaN;
  },
  '_<_': (a, b) => (slot) => {
    const x = a(slot);
    const y = b(slot);
    return x < y ? 1 : x >= y ? 0 : Number.NaN;
  },
  '_<=_': (a, b) => (slot) => {
    const x = a(slot);
    const y = b(slot);
    return x <= y ? 1 : x > y ? 0 : Number.NaN;
  },
  '_==_': (a, b) => (slot) => {
    const x = a(slot);
    const y = b(slot);
    return x === y ? 1 : x < y || x > y ? 0 : Number.NaN;
  },
  '_!=_': (a, b) => (slot) => {
    const x = a(slot);
    const y = b(slot);
    return x === y ? 0 : x < y || x > y ? 1 : Number.NaN;
  },
};

export function constant(type: ValueType, value: number, literal?: string): Typed {
  const written = emit.ofNumber(value);
  const typed = { type, evaluate: () => value, written, guard: guard.CONSTANT, reads: NO_COLUMNS, unit: '' };
  return literal === undefined ? typed : { ...typed, literal };
}

/** A value that lies in a column; `values` is asked each time, because growing replaces the arrays. */
export function column(type: ValueType, index: number, unit: string, values: () => Float64Array[]): Typed {
  return {
    type,
    evaluate: (slot) => values()[index][slot],
    written: emit.ofColumn(index),
    guard: type === 'bool' ? flag(index) : guard.opaque([index]),
    reads: new Set([index]),
    unit,
    isColumn: true,
  };
}

/** Something worked out from parts, of which only the columns are known; without `written` it is called. */
export function derived(
  type: ValueType,
  evaluate: Evaluate,
  parts: readonly Typed[],
  unit = '',
  written: emit.Written = emit.called(evaluate),
): Typed {
  const reads = union(...parts.map((part) => part.reads));
  return { type, evaluate, written, guard: guard.opaque(reads), reads, unit };
}

export function comparison(name: string, left: Typed, right: Typed): Typed {
  return {
    type: 'bool',
    evaluate: COMPARISONS[name](left.evaluate, right.evaluate),
    written: writtenComparison(name, left, right),
    guard: comparisonGuard(name, left, right),
    reads: union(left.reads, right.reads),
    unit: '',
  };
}

export function not(a: Typed): Typed {
  const { evaluate } = a;
  const written = emit.ofNot(a.written);
  return { ...a, evaluate: (slot) => 1 - evaluate(slot), written, guard: guard.not(a.guard), isColumn: undefined };
}

export function all(parts: readonly Typed[]): Typed {
  return parts.reduce((a, b) => ({
    type: 'bool',
    evaluate: and(a.evaluate, b.evaluate),
    written: emit.ofAll([a.written, b.written]),
    guard: guard.and(a.guard, b.guard),
    reads: union(a.reads, b.reads),
    unit: '',
  }));
}

export function any(parts: readonly Typed[]): Typed {
  return parts.reduce((a, b) => ({
    type: 'bool',
    evaluate: or(a.evaluate, b.evaluate),
    written: emit.ofAny([a.written, b.written]),
    guard: guard.or(a.guard, b.guard),
    reads: union(a.reads, b.reads),
    unit: '',
  }));
}

export function choice(test: Typed, yes: Typed, no: Typed): Typed {
  const [t, y, n] = [test.evaluate, yes.evaluate, no.evaluate];
  const evaluate: Evaluate = (slot) => {
    const which = t(slot);
    return Number.isNaN(which) ? which : which === 1 ? y(slot) : n(slot);
  };
  const written = emit.ofChoice(test.written, yes.written, no.written, yes.type === 'bool');
  return derived(yes.type, evaluate, [test, yes, no], yes.unit || no.unit, written);
}

/** Flags are compared as conditions, all else by value. */
function writtenComparison(name: string, left: Typed, right: Typed): emit.Written {
  const [a, b] = [left.written, right.written];
  if (left.type !== 'bool') return emit.ofComparison(name, a, b);
  const same = emit.ofAny([emit.ofAll([a, b]), emit.ofAll([emit.ofNot(a), emit.ofNot(b)])]);
  const differ = emit.ofAny([emit.ofAll([a, emit.ofNot(b)]), emit.ofAll([emit.ofNot(a), b])]);
  const equal = emit.ofCondition(same.yes, differ.yes);
  return name === '_==_' ? equal : emit.ofNot(equal);
}

function union(...sets: ReadonlySet<number>[]): ReadonlySet<number> {
  return new Set(sets.flatMap((set) => [...set]));
}

function flag(index: number): guard.Guard {
  return { ...guard.comparison(index, '_==_', 1), isFalse: guard.comparison(index, '_==_', 0).isTrue };
}

/** A column compared with what reads no column has a threshold; of all else only the columns are known. */
function comparisonGuard(name: string, left: Typed, right: Typed): guard.Guard {
  if (left.type !== 'bool' && left.isColumn && right.reads.size === 0) {
    return guard.comparison([...left.reads][0], name, right.evaluate(0));
  }
  if (right.type !== 'bool' && right.isColumn && left.reads.size === 0) {
    return guard.comparison([...right.reads][0], MIRRORED[name] ?? name, left.evaluate(0));
  }
  return guard.opaque(union(left.reads, right.reads));
}

/** The second part is not asked where the first one decides: neither has side effects. */
function and(a: Evaluate, b: Evaluate): Evaluate {
  return (slot) => {
    const x = a(slot);
    if (x === 0) return 0;
    const y = b(slot);
    return y === 0 ? 0 : x * y;
  };
}

function or(a: Evaluate, b: Evaluate): Evaluate {
  return (slot) => {
    const x = a(slot);
    if (x === 1) return 1;
    const y = b(slot);
    return y === 1 ? 1 : x + y;
  };
}
