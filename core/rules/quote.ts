import { suggest } from '../model/suggest.ts';

const LONGEST = 60;

/** Text of a pack as error messages show it: in backticks, cut when it is long. */
export function quote(text: string): string {
  return `\`${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}\``;
}

/** `; did you mean …?` for a word that is close to a candidate, else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = word.length > LONGEST ? undefined : suggest(word, candidates);
  return near === undefined ? '' : `; did you mean ${quote(near)}?`;
}
