import { type ColumnSpec, findColumn } from '../stream/columns.ts';
import type { FleetState } from '../stream/fleet-state.ts';
import { ExpressionError } from './expression.ts';
import { noSuchSignal } from './no-such-signal.ts';
import { quote } from './quote.ts';
import type { ExpressionText } from './spec.ts';

/**
 * Message text with `{column}` (one digit) or `{column:digits}` with 0 to 9 digits; unknown values read as "?", flags as yes
 * or no. Throws ExpressionError, also for a brace that belongs to no such place: it would be read by people as written.
 */
export function compileTemplate(source: ExpressionText, state: FleetState): (slot: number) => string {
  const parts: (string | { column: ColumnSpec; digits: number })[] = [];
  let last = 0;
  for (const match of source.text.matchAll(/\{([^{}]*)\}|[{}]/g)) {
    const inside = match[1];
    if (inside === undefined) {
      throw new ExpressionError(source.placeAt(match.index), `\`${match[0]}\` without its counterpart; write {signal}`);
    }
    parts.push(source.text.slice(last, match.index), placeholder(source, match.index + 1, inside));
    last = match.index + match[0].length;
  }
  parts.push(source.text.slice(last));
  return (slot) =>
    parts
      .map((part) =>
        typeof part === 'string' ? part : show(part.column, state.values[part.column.column][slot], part.digits),
      )
      .join('');
}

function placeholder(source: ExpressionText, at: number, inside: string): { column: ColumnSpec; digits: number } {
  const [name, digits, ...more] = inside.split(':');
  const column = findColumn(name);
  if (!column) throw new ExpressionError(source.placeAt(at), noSuchSignal(name));
  if (digits !== undefined && (!/^\d$/.test(digits) || more.length > 0)) {
    const message = `${quote(`{${inside}}`)}: after the colon comes one digit, the number of decimals`;
    throw new ExpressionError(source.placeAt(at + name.length + 1), message);
  }
  return { column, digits: Number(digits ?? 1) };
}

function show(column: ColumnSpec, value: number, digits: number): string {
  if (Number.isNaN(value)) return '?';
  if (column.flag) return value === 1 ? 'yes' : 'no';
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}
