import { REFERENCE_FIELDS } from '../../model/reference.ts';
import { COLUMNS } from '../../stream/columns.ts';
import { didYouMean, quote } from '../quote.ts';
import { FUNCTIONS } from './functions.ts';
import { NAME_TERMS } from './name-terms.ts';

/** Every name an expression can read. */
export function readableNames(): string[] {
  return [...COLUMNS.map((c) => c.name), ...Object.keys(NAME_TERMS), ...REFERENCE_FIELDS.map((f) => f.name)];
}

/** The sentence about a name that does not exist, with the one that was probably meant. */
export function noSuchName(name: string): string {
  const what = name.includes('.') ? 'field' : 'signal';
  return `there is no ${what} ${quote(name)}${didYouMean(name, readableNames())}`;
}

export function noSuchFunction(name: string): string {
  return `there is no function ${quote(name)}${didYouMean(name, Object.keys(FUNCTIONS))}`;
}
