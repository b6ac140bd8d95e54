import type { RuleInputs } from '../inputs.ts';
import type { Term } from '../terms/term.ts';
import type { Ast, ExpressionError } from './cel.ts';
import type { Typed } from './typed.ts';

/** `kept`: what the column of the term keeps; `clockMs`: the vehicle's clock, Unix ms. */
export type ReadTimed = (slot: number, kept: number, clockMs: number) => number;

/** What functions and methods of the language are compiled with. */
export interface CompileContext {
  readonly inputs: RuleInputs;
  compile(node: Ast): Typed;
  /** The same, but refuses another type. */
  expect(type: Typed['type'], node: Ast): Typed;
  /**
   * Compiles the inside of a window: what is read there is read through the window only. Refuses what no message changes. `reads` also
   * names the vehicle's clock where the value may change with it.
   */
  inner(node: Ast, type?: Typed['type']): Typed;
  /** The term of that key as a value; made if there is none. */
  term(node: Ast, key: string, make: () => Term): Typed;
  /** The same for one that people are not shown: it serves another. */
  hidden(node: Ast, key: string, make: () => Term): Typed;
  /**
   * A term whose value also depends on the vehicle's clock: `read` works it out from what its column keeps. While that is above 0 it
   * may change without a message that says so, and a rule over it is looked at after every message. `lookBackMs`: how far `read` looks back.
   */
  timed(node: Ast, key: string, unit: string, make: () => Term, read: ReadTimed, lookBackMs?: number): Typed;
  error(node: Ast, message: string): ExpressionError;
}
