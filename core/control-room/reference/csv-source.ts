import { CsvError, parse } from 'csv-parse/sync';
import type { Source, Unreadable } from './source.ts';

const DELIMITERS = [',', ';', '\t'];

const MEANINGS: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'the file ends inside a cell whose quotation mark is never closed',
  CSV_INVALID_CLOSING_QUOTE:
    'behind a closing quotation mark comes the next cell; a quotation mark in a text is written twice',
  INVALID_OPENING_QUOTE:
    'a quotation mark stands in a cell that does not begin with one; put the cell in quotation marks',
};

interface Line {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

/**
 * Takes a CSV file apart: a head with the columns' names, then a row an item. The delimiter is a comma, a semicolon or a tab, whichever the
 * head has most of. Empty cells are left out.
 */
export function csvSource(file: string, text: string): Source | Unreadable {
  let lines: Line[];
  try {
    lines = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Line[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? `:${error.lines}` : '';
    return { error: `${file}${line}: ${MEANINGS[error.code] ?? error.message}` };
  }
  const [head, ...rows] = lines;
  if (head === undefined) return { file, value: [], locate: () => ':1' };
  const names = head.record;
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    return { error: `${file}:${head.info.lines}: the column \`${twice}\` is there twice; take one out` };
  const odd = rows.find(({ record }) => record.length !== names.length);
  if (odd) {
    const cells = `${odd.record.length} ${odd.record.length === 1 ? 'cell' : 'cells'}`;
    return { error: `${file}:${odd.info.lines}: this row has ${cells} and the head ${names.length}; make them equal` };
  }
  const value = rows.map(({ record }) =>
    Object.fromEntries(names.flatMap((name, i) => (record[i] === '' ? [] : [[name, record[i]]]))),
  );
  return { file, value, locate: ([row]) => `:${rows[row as number]?.info.lines ?? head.info.lines}` };
}

function delimiterOf(text: string): string {
  const [head] = text.split('\n', 1);
  const count = (delimiter: string): number => head.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}
