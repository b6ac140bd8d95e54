import { parse } from '@bufbuild/cel';
import { brief } from '../quote.ts';
import type { ExpressionText, Place } from '../spec.ts';

/** A node of CEL's standard syntax tree. */
export type Ast = NonNullable<ReturnType<typeof parse>['expr']>;

/** An expression that cannot be compiled, with the place that is to blame. */
export class ExpressionError extends Error {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

/** Longer ones are refused: the compiler and what it makes recurse as deep as an expression is nested. */
export const MAX_EXPRESSION_CHARS = 2000;

export interface ParsedExpression {
  readonly expr: Ast;
  /** Where a node of the tree stands. */
  placeOf(node: Ast): Place;
}

/** Reads an expression. Throws ExpressionError. */
export function parseCel(source: ExpressionText): ParsedExpression {
  const { length } = source.text;
  if (length > MAX_EXPRESSION_CHARS) {
    const message = `an expression of ${length} characters, the limit is ${MAX_EXPRESSION_CHARS}; make several rules of it`;
    throw new ExpressionError(source.placeAt(0), message);
  }
  try {
    // A comment at the end needs its line end.
    const parsed = parse(`${source.text}\n`);
    const positions = parsed.sourceInfo?.positions ?? {};
    return { expr: parsed.expr, placeOf: (node) => placeAt(source, positions[String(node.id)] ?? 0) };
  } catch (error) {
    const { location, rawMessage } = error as { location?: { start: { offset: number } }; rawMessage?: string };
    const message = rawMessage ?? (error instanceof Error ? error.message : 'unreadable');
    throw new ExpressionError(placeAt(source, location?.start.offset ?? 0), `not an expression: ${brief(message)}`);
  }
}

/** The place of an offset; the library gives the white space before an operator as the operator's. */
function placeAt(source: ExpressionText, offset: number): Place {
  const rest = source.text.slice(offset);
  return source.placeAt(offset + rest.length - rest.trimStart().length);
}
