import { suggest } from '../model/suggest.ts';
import { COLUMNS, type ColumnSpec, findColumn } from '../stream/columns.ts';
import type { FleetState } from '../stream/fleet-state.ts';
import { ExpressionError } from './expression.ts';
import type { ExpressionText } from './spec.ts';

/** Message text with `{column}` (one digit) or `{column:digits}`; unknown values read as "?". Throws ExpressionError. */
export function compileTemplate(source: ExpressionText, state: FleetState): (slot: number) => string {
  const parts: (string | { column: ColumnSpec; digits: number })[] = [];
  let last = 0;
  for (const match of source.text.matchAll(/\{([^{}:]*)(?::(\d))?\}/g)) {
    const column = findColumn(match[1]);
    if (!column) {
      const near = suggest(
        match[1],
        COLUMNS.map((c) => c.name),
      );
      const place = { line: source.place.line, column: source.place.column + match.index + 1 };
      throw new ExpressionError(
        place,
        `there is no signal \`${match[1]}\`${near ? `; did you mean \`${near}\`?` : ''}`,
      );
    }
    parts.push(source.text.slice(last, match.index), { column, digits: Number(match[2] ?? 1) });
    last = match.index + match[0].length;
  }
  parts.push(source.text.slice(last));
  return (slot) =>
    parts
      .map((part) => (typeof part === 'string' ? part : show(state.values[part.column.column][slot], part.digits)))
      .join('');
}

function show(value: number, digits: number): string {
  return Number.isNaN(value) ? '?' : value.toFixed(digits);
}
