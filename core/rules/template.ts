import type { FleetState } from '../stream/fleet-state.ts';
import { asInputs, type CompiledExpression, compileExpression, ExpressionError } from './expression.ts';
import type { RuleInputs } from './inputs.ts';
import { quote } from './quote.ts';
import type { ExpressionText } from './spec.ts';

interface Placeholder {
  readonly expression: CompiledExpression;
  readonly digits: number;
}

/** A text with values in it. */
export interface CompiledTemplate {
  readonly text: (slot: number) => string;
  readonly terms: ReadonlySet<string>;
}

/**
 * Text with `{expression}` (one digit) or `{expression:digits}` with 0 to 9 digits; unknown values read as "?", flags as yes
 * or no. Throws ExpressionError, also for a brace that belongs to no such place: it would be read by people as written.
 */
export function compileTemplate(source: ExpressionText, inputs: RuleInputs | FleetState): CompiledTemplate {
  const ruleInputs = asInputs(inputs);
  const parts: (string | Placeholder)[] = [];
  let last = 0;
  for (const match of source.text.matchAll(/\{([^{}]*)\}|[{}]/g)) {
    const inside = match[1];
    if (inside === undefined) {
      throw new ExpressionError(source.placeAt(match.index), `\`${match[0]}\` without its counterpart; write {signal}`);
    }
    parts.push(source.text.slice(last, match.index), placeholder(source, match.index + 1, inside, ruleInputs));
    last = match.index + match[0].length;
  }
  parts.push(source.text.slice(last));
  return {
    text: (slot) => parts.map((part) => (typeof part === 'string' ? part : show(part, slot, ruleInputs))).join(''),
    terms: new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [...part.expression.terms]))),
  };
}

function placeholder(source: ExpressionText, at: number, inside: string, inputs: RuleInputs): Placeholder {
  if (inside.trim() === '')
    throw new ExpressionError(source.placeAt(at), 'nothing stands between the braces; write {signal}');
  // A colon after a name can only be about digits; elsewhere it may be part of `? :`.
  const [, text, digits] = /^([\w.]+):(.*)$/s.exec(inside) ?? /^(.*):(\d)$/s.exec(inside) ?? [undefined, inside];
  if (digits !== undefined && !/^\d$/.test(digits)) {
    const message = `${quote(`{${inside}}`)}: after the colon comes one digit, the number of decimals`;
    throw new ExpressionError(source.placeAt(at + text.length + 1), message);
  }
  const expression = compileExpression({ text, placeAt: (offset) => source.placeAt(at + offset) }, inputs, {
    ofAlert: true,
  });
  return { expression, digits: Number(digits ?? 1) };
}

function show({ expression, digits }: Placeholder, slot: number, { business }: RuleInputs): string {
  const value = expression.evaluate(slot);
  if (Number.isNaN(value)) return '?';
  if (expression.type === 'bool') return value === 1 ? 'yes' : 'no';
  if (expression.type === 'text') return business.textOf(value);
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}
