import type { ColumnSpec } from '../stream/columns.ts';
import { FleetState } from '../stream/fleet-state.ts';
import { ExpressionError, MAX_EXPRESSION_CHARS, parseCel } from './expression/cel.ts';
import { type CompileOptions, Compiler, type Part, type Watched } from './expression/compiler.ts';
import { generate, truth } from './expression/emit.ts';
import type { Evaluate } from './expression/evaluate.ts';
import type { Typed } from './expression/typed.ts';
import { RuleInputs } from './inputs.ts';
import type { ExpressionText } from './spec.ts';
import type { Guard } from './start-guard.ts';

export type { Evaluate, Part, Watched };
export { ExpressionError, MAX_EXPRESSION_CHARS };

export interface CompiledExpression {
  readonly evaluate: Evaluate;
  /** Of a condition: 1 where it is true; anything else is not. Cheaper than `evaluate`. */
  readonly isTrue: Evaluate;
  readonly type: Typed['type'];
  readonly unit: string;
  /** Signals it reads itself, in the order they are written; those in windows are left out. */
  readonly columns: readonly ColumnSpec[];
  /** Values it looks at, for explanations. */
  readonly parts: readonly Part[];
  /** Keys of the terms it needs. */
  readonly terms: ReadonlySet<string>;
  /** The first comparison's value and the direction in which it gets worse, where there is one. */
  readonly watched: Watched | undefined;
  /** Which changes can make it true or false. */
  readonly guard: Guard;
  /** Each tells whether the value may change at a vehicle by the passing of time. */
  readonly timers: readonly ((slot: number) => boolean)[];
  /** It changes every second, without messages. */
  readonly onTick: boolean;
  /** How far back it looks, ms. */
  readonly lookBackMs: number;
}

/**
 * Compiles a CEL expression over the fleet's columns to closures. Numbers are doubles throughout (JSON has no other), so
 * integer literals are promoted. Text of the expression never becomes code. Throws ExpressionError.
 */
export function compileExpression(
  source: ExpressionText,
  inputs: RuleInputs | FleetState,
  options?: CompileOptions,
): CompiledExpression {
  const compiler = new Compiler(parseCel(source), asInputs(inputs), options);
  const typed = compiler.compile();
  const { type, guard, unit, written } = typed;
  const { evaluate } = compiler.generated(typed);
  const isTrue = type === 'bool' ? generate(truth(written), compiler.inputs.state, evaluate) : evaluate;
  const { columns, parts, terms, timers, watched, onTick, lookBackMs } = compiler;
  return { type, evaluate, isTrue, guard, unit, columns, parts, terms, timers, watched, onTick, lookBackMs };
}

/** Like compileExpression, but refuses what is not a condition. */
export function compileCondition(
  source: ExpressionText,
  inputs: RuleInputs | FleetState,
  options?: CompileOptions,
): CompiledExpression {
  const compiled = compileExpression(source, inputs, options);
  if (compiled.type !== 'bool')
    throw new ExpressionError(source.placeAt(0), `a condition must be true or false, this is a ${compiled.type}`);
  return compiled;
}

/** A bare fleet has no business data. */
export function asInputs(inputs: RuleInputs | FleetState): RuleInputs {
  return inputs instanceof FleetState ? new RuleInputs(inputs) : inputs;
}
