import { parse } from '@bufbuild/cel';
import { type ColumnSpec, findColumn } from '../stream/columns.ts';
import type { FleetState } from '../stream/fleet-state.ts';
import { noSuchSignal } from './no-such-signal.ts';
import { brief } from './quote.ts';
import type { ExpressionText, Place } from './spec.ts';
import * as guard from './start-guard.ts';

/**
 * Value of an expression for a slot. Conditions answer 1 (true), 0 (false) or NaN (unknown: a signal it needs was never
 * reported or is gone); NaN follows CEL's error absorption: `unknown && false` is false, `unknown || true` is true.
 */
export type Evaluate = (slot: number) => number;

export interface CompiledExpression {
  readonly evaluate: Evaluate;
  readonly type: 'number' | 'bool';
  /** Columns it reads, in the order they are written. */
  readonly columns: readonly ColumnSpec[];
  /** The first comparison's column and the direction in which it gets worse, where there is one. */
  readonly watched: { readonly column: ColumnSpec; readonly worse: 'higher' | 'lower' } | undefined;
  /** Which changes can make it true or false. */
  readonly guard: guard.Guard;
}

/** An expression that cannot be compiled, with the place that is to blame. */
export class ExpressionError extends Error {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

type Ast = NonNullable<ReturnType<typeof parse>['expr']>;
interface Typed {
  readonly type: 'number' | 'bool';
  readonly evaluate: Evaluate;
  readonly guard: guard.Guard;
  /** Numbers of the columns it reads. */
  readonly reads: ReadonlySet<number>;
  /** True when it is a column and nothing else. */
  readonly isColumn?: true;
}

/** The operator for the two sides the other way round. */
const MIRRORED: Record<string, string> = { '_>_': '_<_', '_>=_': '_<=_', '_<_': '_>_', '_<=_': '_>=_' };
const NO_COLUMNS: ReadonlySet<number> = new Set();

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '_+_': (a, b) => a + b,
  '_-_': (a, b) => a - b,
  '_*_': (a, b) => a * b,
  '_/_': (a, b) => a / b,
};

/**
 * Comparisons answer NaN when either side is unknown, and then neither `<` nor `>=` holds. Each makes a closure of its own:
 * one closure for all, handed its operator, costs a call through it for every rule and event.
 */
const COMPARISONS: Record<string, (a: Evaluate, b: Evaluate) => Evaluate> = {
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

/** Longer ones are refused: the compiler and what it makes recurse as deep as an expression is nested. */
export const MAX_EXPRESSION_CHARS = 2000;

const UNSUPPORTED = 'only signals, numbers, + - * /, comparisons, &&, ||, ! and ?: may be used here';

/**
 * Compiles a CEL condition over the fleet's columns to closures. Numbers are doubles throughout (JSON has no other), so
 * integer literals are promoted. Text of the expression never becomes code. Throws ExpressionError.
 */
export function compileExpression(source: ExpressionText, state: FleetState): CompiledExpression {
  const compiler = new Compiler(source, state);
  const { type, evaluate, guard } = compiler.compile(parseCel(source));
  return { type, evaluate, guard, columns: compiler.columns, watched: compiler.watched };
}

/** Like compileExpression, but refuses what is not a condition. */
export function compileCondition(source: ExpressionText, state: FleetState): CompiledExpression {
  const compiled = compileExpression(source, state);
  if (compiled.type !== 'bool')
    throw new ExpressionError(source.placeAt(0), 'a condition must be true or false, this is a number');
  return compiled;
}

function parseCel(source: ExpressionText): { expr: Ast; positions: Record<string, number> } {
  const { length } = source.text;
  if (length > MAX_EXPRESSION_CHARS) {
    const message = `an expression of ${length} characters, the limit is ${MAX_EXPRESSION_CHARS}; make several rules of it`;
    throw new ExpressionError(source.placeAt(0), message);
  }
  try {
    // A comment at the end needs its line end.
    const parsed = parse(`${source.text}\n`);
    return { expr: parsed.expr, positions: parsed.sourceInfo?.positions ?? {} };
  } catch (error) {
    const { location, rawMessage } = error as { location?: { start: { offset: number } }; rawMessage?: string };
    const message = rawMessage ?? (error instanceof Error ? error.message : 'unreadable');
    throw new ExpressionError(at(source, location?.start.offset ?? 0), `not an expression: ${brief(message)}`);
  }
}

/** The place of an offset; the library gives the white space before an operator as the operator's. */
function at(source: ExpressionText, offset: number): Place {
  const rest = source.text.slice(offset);
  return source.placeAt(offset + rest.length - rest.trimStart().length);
}

class Compiler {
  readonly columns: ColumnSpec[] = [];
  watched: CompiledExpression['watched'];
  readonly #source: ExpressionText;
  readonly #state: FleetState;
  #positions: Record<string, number> = {};

  constructor(source: ExpressionText, state: FleetState) {
    this.#source = source;
    this.#state = state;
  }

  compile({ expr, positions }: { expr: Ast; positions: Record<string, number> }): Typed {
    this.#positions = positions;
    return this.#node(expr);
  }

  #node(node: Ast): Typed {
    const { exprKind } = node;
    switch (exprKind.case) {
      case 'constExpr':
        return this.#constant(node, exprKind.value.constantKind);
      case 'identExpr':
        return this.#column(node, exprKind.value.name);
      case 'callExpr':
        if (exprKind.value.target) throw this.#error(node, UNSUPPORTED);
        return this.#call(node, exprKind.value.function, exprKind.value.args);
      default:
        throw this.#error(node, UNSUPPORTED);
    }
  }

  #constant(node: Ast, constant: { case?: string; value?: unknown }): Typed {
    switch (constant.case) {
      case 'int64Value':
      case 'uint64Value':
      case 'doubleValue': {
        const number = Number(constant.value);
        if (!Number.isFinite(number)) throw this.#error(node, 'this number is too large');
        return { type: 'number', evaluate: () => number, guard: guard.CONSTANT, reads: NO_COLUMNS };
      }
      case 'boolValue': {
        const bit = constant.value ? 1 : 0;
        return { type: 'bool', evaluate: () => bit, guard: guard.CONSTANT, reads: NO_COLUMNS };
      }
      default:
        throw this.#error(node, UNSUPPORTED);
    }
  }

  #column(node: Ast, name: string): Typed {
    const column = findColumn(name);
    if (!column) throw this.#error(node, noSuchSignal(name));
    if (!this.columns.includes(column)) this.columns.push(column);
    const state = this.#state;
    const index = column.column;
    return {
      type: column.flag ? 'bool' : 'number',
      evaluate: (slot) => state.values[index][slot],
      guard: column.flag ? flag(index) : guard.opaque([index]),
      reads: new Set([index]),
      isColumn: true,
    };
  }

  #call(node: Ast, name: string, args: Ast[]): Typed {
    if (Object.hasOwn(ARITHMETIC, name)) return this.#arithmetic(ARITHMETIC[name], args);
    if (Object.hasOwn(COMPARISONS, name)) return this.#comparison(node, name, args);
    switch (name) {
      case '-_': {
        const { evaluate: a, reads } = this.#expect('number', args[0]);
        return { type: 'number', evaluate: (slot) => -a(slot), guard: guard.opaque(reads), reads };
      }
      case '!_': {
        const { evaluate: a, guard: of, reads } = this.#expect('bool', args[0]);
        return { type: 'bool', evaluate: (slot) => 1 - a(slot), guard: guard.not(of), reads };
      }
      case '_&&_':
        return this.#logic(args, and, guard.and);
      case '_||_':
        return this.#logic(args, or, guard.or);
      case '_?_:_':
        return this.#choice(node, args);
      default:
        throw this.#error(node, UNSUPPORTED);
    }
  }

  #arithmetic(operation: (a: number, b: number) => number, args: Ast[]): Typed {
    const { evaluate: a, reads: ofA } = this.#expect('number', args[0]);
    const { evaluate: b, reads: ofB } = this.#expect('number', args[1]);
    const reads = union(ofA, ofB);
    return { type: 'number', evaluate: (slot) => operation(a(slot), b(slot)), guard: guard.opaque(reads), reads };
  }

  #comparison(node: Ast, name: string, args: Ast[]): Typed {
    const compare = COMPARISONS[name];
    const left = this.#node(args[0]);
    const right = this.#node(args[1]);
    if (left.type !== right.type)
      throw this.#error(node, 'the two sides of a comparison must both be numbers or both be flags');
    if (left.type === 'bool' && name !== '_==_' && name !== '_!=_')
      throw this.#error(node, 'flags are compared with == or !=');
    this.#watch(name, args);
    return {
      type: 'bool',
      evaluate: compare(left.evaluate, right.evaluate),
      guard: comparisonGuard(name, left, right),
      reads: union(left.reads, right.reads),
    };
  }

  #watch(name: string, args: Ast[]): void {
    const first = args[0].exprKind;
    if (this.watched || first.case !== 'identExpr') return;
    const column = findColumn(first.value.name);
    if (!column || column.flag) return;
    if (name === '_>_' || name === '_>=_') this.watched = { column, worse: 'higher' };
    if (name === '_<_' || name === '_<=_') this.watched = { column, worse: 'lower' };
  }

  #logic(
    args: Ast[],
    combine: (a: Evaluate, b: Evaluate) => Evaluate,
    guardOf: (a: guard.Guard, b: guard.Guard) => guard.Guard,
  ): Typed {
    const parts = args.map((arg) => this.#expect('bool', arg));
    return parts.reduce((a, b) => ({
      type: 'bool',
      evaluate: combine(a.evaluate, b.evaluate),
      guard: guardOf(a.guard, b.guard),
      reads: union(a.reads, b.reads),
    }));
  }

  #choice(node: Ast, args: Ast[]): Typed {
    const { evaluate: test, reads: ofTest } = this.#expect('bool', args[0]);
    const yes = this.#node(args[1]);
    const no = this.#node(args[2]);
    if (yes.type !== no.type) throw this.#error(node, 'both results of ?: must be of one type');
    const reads = union(ofTest, yes.reads, no.reads);
    return {
      type: yes.type,
      evaluate: (slot) => {
        const t = test(slot);
        return Number.isNaN(t) ? t : t === 1 ? yes.evaluate(slot) : no.evaluate(slot);
      },
      guard: guard.opaque(reads),
      reads,
    };
  }

  #expect(type: 'number' | 'bool', node: Ast): Typed {
    const typed = this.#node(node);
    if (typed.type === type) return typed;
    throw this.#error(
      node,
      type === 'bool'
        ? 'a flag or a comparison is needed here, this is a number'
        : 'a number is needed here, this is true or false',
    );
  }

  #error(node: Ast, message: string): ExpressionError {
    return new ExpressionError(at(this.#source, this.#positions[String(node.id)] ?? 0), message);
  }
}

function union(...sets: ReadonlySet<number>[]): ReadonlySet<number> {
  return new Set(sets.flatMap((set) => [...set]));
}

function flag(column: number): guard.Guard {
  return { ...guard.comparison(column, '_==_', 1), isFalse: guard.comparison(column, '_==_', 0).isTrue };
}

/** A column compared with what reads no column has a threshold; of all else only the columns are known. */
function comparisonGuard(name: string, left: Typed, right: Typed): guard.Guard {
  if (left.type === 'number' && left.isColumn && right.reads.size === 0) {
    return guard.comparison([...left.reads][0], name, right.evaluate(0));
  }
  if (right.type === 'number' && right.isColumn && left.reads.size === 0) {
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
