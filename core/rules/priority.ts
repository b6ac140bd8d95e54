import { PRIORITY, type Priority, type PriorityName } from '../model/alerts.ts';
import { type Ast, ExpressionError, parseCel } from './expression/cel.ts';
import { type CompiledExpression, compileExpression } from './expression.ts';
import type { RuleInputs } from './inputs.ts';
import { quote } from './quote.ts';
import type { RuleSpec } from './spec.ts';

const NAMES = Object.keys(PRIORITY).join(', ');

export interface CompiledPriority {
  readonly of: (slot: number) => Priority;
  /** True when it can change while the alert goes on. */
  readonly varies: boolean;
  readonly expression: CompiledExpression | undefined;
}

/** The priority of a rule, fixed or by an expression; while that is unknown, the least urgent it can be. Throws ExpressionError. */
export function compilePriority({ priority, priorityBy }: RuleSpec, inputs: RuleInputs): CompiledPriority {
  if (priority !== undefined) return { of: () => priority, varies: false, expression: undefined };
  const source = priorityBy!;
  const parsed = parseCel(source);
  const possible = new Map<number, Priority>();
  const leaf = (node: Ast): void => {
    const { exprKind } = node;
    if (exprKind.case === 'callExpr' && exprKind.value.function === '_?_:_') {
      leaf(exprKind.value.args[1]);
      leaf(exprKind.value.args[2]);
      return;
    }
    const text = exprKind.case === 'constExpr' ? exprKind.value.constantKind : undefined;
    const name = text?.case === 'stringValue' ? text.value : undefined;
    if (name === undefined || !Object.hasOwn(PRIORITY, name)) {
      const said = name === undefined ? 'a priority is' : `${quote(name)} is none of ${NAMES}; write`;
      throw new ExpressionError(parsed.placeOf(node), `${said} one of ${NAMES}, or condition ? 'high' : 'low'`);
    }
    possible.set(inputs.business.codeOf(name), PRIORITY[name as PriorityName]);
  };
  leaf(parsed.expr);
  const expression = compileExpression(source, inputs, { ofAlert: true });
  const lowest = Math.max(...possible.values()) as Priority;
  return { of: (slot) => possible.get(expression.evaluate(slot)) ?? lowest, varies: true, expression };
}
