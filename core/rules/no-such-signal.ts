import { COLUMNS } from '../stream/columns.ts';
import { didYouMean, quote } from './quote.ts';

const NAMES = COLUMNS.map((c) => c.name);

/** The sentence about a signal that does not exist, with the one that was probably meant. */
export function noSuchSignal(name: string): string {
  return `there is no signal ${quote(name)}${didYouMean(name, NAMES)}`;
}
